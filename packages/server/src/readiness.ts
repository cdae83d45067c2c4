/** Health and readiness: two paths for whoever watches the process. */
import type { Middleware } from 'koa';

/** Whether the server takes requests. */
export interface Readiness {
  state: 'starting' | 'ready' | 'closing';
}

/** `GET /healthz`: the process answers. */
export function health(): Middleware {
  return (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    ctx.body = { status: 'up' };
  };
}

/** `GET /readyz`: 200 while serving; 503 until every listener is open, and from the moment `close()` began. */
export function ready(readiness: Readiness): Middleware {
  return (ctx) => {
    ctx.status = readiness.state === 'ready' ? 200 : 503;
    ctx.set('Cache-Control', 'no-store');
    ctx.body = { status: readiness.state };
  };
}
