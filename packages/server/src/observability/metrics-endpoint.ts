/** Where the metrics can be read: on a listener of their own, or on a route that a scheme protects. Never open to all. */
import type { RequestListener } from 'node:http';
import { authenticate, authorize, type Policy, type Scheme } from '@tokenwright/auth';
import type { Context, Middleware } from 'koa';
import { arrivalOf } from '../listeners/arrival.js';
import { checkListener, type Listener, type ListenerOptions } from '../listeners/listener.js';
import { refuseUnknownOptions } from '../nearest-name.js';
import { isNamed } from '../requests/host-names.js';
import { checkPolicy } from '../routes/policy-check.js';
import type { Metrics } from './metrics.js';

/** Options of `.metrics()`: one of the two. `Names` are the schemes of the server. */
export type MetricsOptions<Names extends string = string> =
  | {
      /** A listener that serves nothing else; loopback unless it says otherwise. It asks for no credentials. */
      readonly listener: ListenerOptions;
    }
  | {
      /** The scheme that protects `/metrics` on the listeners of the server. */
      readonly auth: Names;
      /** What the principal must be or have. */
      readonly policy?: Policy | undefined;
    };

/** The same, checked. */
export type MetricsPlace =
  | { readonly listener: Listener }
  | { readonly name: string; readonly scheme: Scheme<object>; readonly policy: Policy | undefined };

/** The path, on either. */
export const METRICS_PATH = '/metrics';

/**
 * Checks the options.
 *
 * @throws TypeError when they name neither or both, an unknown scheme, a listener or a policy that is none
 */
export function checkMetrics(
  options: MetricsOptions,
  schemes: ReadonlyMap<string, Scheme<object>>,
): MetricsPlace {
  refuseUnknownOptions(options, ['listener', 'auth', 'policy'], '.metrics()');
  if ('listener' in options && !('auth' in options)) return { listener: checkListener(options.listener) };
  if ('listener' in options || !('auth' in options)) {
    throw new TypeError(
      ".metrics(): say where they are read: { listener: { port: 9464 } } for a port of their own, or { auth: 'Bearer' } for /metrics behind a scheme.",
    );
  }
  checkPolicy(options.policy, '.metrics()');
  const scheme = schemes.get(options.auth);
  if (scheme === undefined) {
    throw new TypeError(
      `.metrics(): no scheme is called '${options.auth}'. Add it with .scheme() before .metrics().`,
    );
  }
  return { name: options.auth, scheme, policy: options.policy };
}

/** `GET /metrics` behind its scheme. */
export function protectedMetrics(
  metrics: Metrics,
  { scheme, policy }: Extract<MetricsPlace, { scheme: unknown }>,
): Middleware {
  const guard = authenticate(scheme) as Middleware;
  const answer = async (ctx: Context) => {
    ctx.set('Cache-Control', 'no-store');
    ctx.set('Content-Type', metrics.contentType);
    ctx.body = await metrics.text();
  };
  const judge = policy === undefined ? undefined : (authorize(policy) as Middleware);
  return (ctx, next) =>
    guard(ctx, () =>
      judge === undefined ? answer(ctx as Context) : judge(ctx, () => answer(ctx as Context)),
    ) as typeof next;
}

/** Answers on the listener of their own, for its own names alone: no page can rebind its name to it (DNS rebinding). */
export function metricsHandler(metrics: Metrics): RequestListener {
  return (req, res) => {
    req.resume();
    const { answersFor } = arrivalOf(req.socket);
    if (answersFor !== undefined && !isNamed(req.headers.host ?? '', answersFor)) {
      res.writeHead(421).end();
      return;
    }
    const known = req.url?.split('?', 1)[0] === METRICS_PATH;
    if (!known || (req.method !== 'GET' && req.method !== 'HEAD')) {
      res.writeHead(known ? 405 : 404, known ? { Allow: 'GET, HEAD' } : {}).end();
      return;
    }
    metrics.text().then(
      (text) =>
        res.writeHead(200, { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' }).end(text),
      () => res.writeHead(500).end(),
    );
  };
}
