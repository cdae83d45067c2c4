/** Health and readiness: two paths for whoever watches the process. */
import type { Middleware } from 'koa';

/** Whether the server still takes requests. */
export interface Readiness {
  closing: boolean;
}

/** `GET /healthz`: the process answers. */
export function health(): Middleware {
  return (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    ctx.body = { status: 'up' };
  };
}

/** `GET /readyz`: 200 while serving, 503 from the moment `close()` began. */
export function ready(readiness: Readiness): Middleware {
  return (ctx) => {
    ctx.status = readiness.closing ? 503 : 200;
    ctx.set('Cache-Control', 'no-store');
    ctx.body = { status: readiness.closing ? 'closing' : 'ready' };
  };
}
