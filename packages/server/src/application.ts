/** The Koa application of a server: the way of a request, from its id to the answer nobody else gave. */
import Koa, { type Context, type Middleware } from 'koa';
import type { Configuration } from './configuration.js';
import { auditAccepted, writeAudit } from './observability/audit.js';
import type { Metrics } from './observability/metrics.js';
import { bodyLimit } from './requests/body-limit.js';
import { cookiesFit } from './requests/cookie-size.js';
import { crossOrigin } from './requests/cross-origin.js';
import { answerError } from './requests/error-response.js';
import { problemsAsAsked } from './requests/problem-format.js';
import { refuse } from './requests/refusals.js';
import { requestGuard } from './requests/request-guard.js';
import { logFailures, requestLog } from './requests/request-log.js';
import { sendSecurityHeaders } from './requests/security-headers.js';
import { nothingThrown } from './requests/thrown.js';
import { forwarded } from './requests/trusted-proxies.js';

/** Builds the application. `own` is what `server.use` gathered, `routes` what dispatches. */
export function createApplication(
  { log, audit, limits, security, listeners }: Configuration,
  own: readonly Middleware[],
  routes: readonly Middleware[],
  metrics: Metrics | undefined,
): Koa {
  const { proxies, headers, cors } = security;
  // Without a list Koa must not read X-Forwarded-* at all; with one, `forwarded` leaves only what may be read.
  const app = new Koa({ proxy: proxies !== undefined });
  // Schemes refuse passwords and keys over plain HTTP, unless a listener was told that a proxy in front does the TLS.
  if (listeners.some(({ allowInsecureHttp }) => allowInsecureHttp)) {
    Object.assign(app, { [Symbol.for('tokenwright.allowInsecureHttp')]: true });
  }
  // Koa calls this for errors from everywhere, also from writing a body, where no middleware could catch them.
  app.context.onerror = function onerror(this: Context, error: unknown) {
    answerError(this, error);
  };
  logFailures(app, log);
  writeAudit(app, log, audit);
  metrics?.follow(app);
  const way = [
    proxies && forwarded(proxies),
    requestLog(log),
    metrics?.middleware,
    headers && sendSecurityHeaders(headers),
    problemsAsAsked,
    requestGuard(limits, security.hosts),
    cors && crossOrigin(cors),
    bodyLimit(limits.bodyLimit),
    refusalsHaveBodies,
    audit && auditAccepted(audit),
    cookiesFit,
    nothingThrown,
    ...own,
    ...routes,
  ];
  for (const middleware of way) if (middleware !== undefined) app.use(middleware);
  return app;
}

/** Gives a problem document to a refusal without a body: an unknown path, or a handler that set a status and no more. */
const refusalsHaveBodies: Middleware = async (ctx, next) => {
  await next();
  const empty = ctx.body === undefined || ctx.body === null;
  if (empty && ctx.status >= 400 && ctx.respond !== false && !ctx.headerSent) refuse(ctx, ctx.status);
};
