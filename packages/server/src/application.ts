/** The Koa application of a server: the way of a request, from its id to the answer nobody else gave. */
import type { Context, Middleware } from 'koa';
import type { Configuration } from './configuration.js';
import { compose, HostApplication, type Way } from './host-application.js';
import { auditAccepted, writeAudit } from './observability/audit.js';
import type { Metrics } from './observability/metrics.js';
import { bodyFits } from './requests/body-limit.js';
import { checkCookies } from './requests/cookie-size.js';
import { crossOrigin } from './requests/cross-origin.js';
import { answerError } from './requests/error-response.js';
import { formatProblem } from './requests/problem-format.js';
import { refuse } from './requests/refusals.js';
import { requestGuard } from './requests/request-guard.js';
import { logFailures, logRequest, newRequestId } from './requests/request-log.js';
import { standingHeaders } from './requests/security-headers.js';
import { somethingThrown } from './requests/thrown.js';
import { believeForwarded } from './requests/trusted-proxies.js';

/** Builds the application. `own` is what `server.use` gathered, `routes` what dispatches. */
export function createApplication(
  configuration: Configuration,
  own: readonly Middleware[],
  routes: readonly Middleware[],
  metrics: Metrics | undefined,
): HostApplication {
  const { log, audit, security, listeners } = configuration;
  // Without a list Koa must not read X-Forwarded-* at all; with one, only what may be read is left.
  const app = new HostApplication({ proxy: security.proxies !== undefined });
  // Schemes and token endpoints refuse secrets over plain HTTP, unless a listener was told that a proxy in front does the TLS.
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
  app.way = wayOf(configuration, compose([...own, ...routes]), metrics);
  return app;
}

/**
 * What the host does itself, around the handlers. One function and no chain of middleware: a link of such a chain costs
 * more time than most of these steps take.
 */
function wayOf(
  { log, audit, limits, security: { proxies, hosts, headers, cors } }: Configuration,
  handlers: (ctx: Context) => Promise<unknown>,
  metrics: Metrics | undefined,
): Way {
  const stand = standingHeaders(headers);
  const isAdmitted = requestGuard(limits, hosts);
  const across = cors && crossOrigin(cors);
  const begin = (ctx: Context): void => {
    (ctx as Begun)[BEGAN] = performance.now();
    const requestId = newRequestId();
    ctx.state['requestId'] = requestId;
    stand(ctx, requestId);
  };
  const handle = async (ctx: Context): Promise<void> => {
    if (!bodyFits(ctx, limits.bodyLimit)) return;
    try {
      await handlers(ctx);
      checkCookies(ctx);
    } catch (thrown) {
      throw somethingThrown(thrown);
    } finally {
      if (audit !== undefined) auditAccepted(audit, ctx);
    }
    giveBody(ctx);
  };
  return {
    go: async (ctx) => {
      if (proxies !== undefined) believeForwarded(ctx.req, proxies);
      begin(ctx);
      if (isAdmitted(ctx)) await (across === undefined ? handle(ctx) : across(ctx, () => handle(ctx)));
      formatProblem(ctx);
    },
    ended: (ctx) => {
      const took = performance.now() - ((ctx as Begun)[BEGAN] ?? Number.NaN);
      logRequest(log, ctx, took);
      metrics?.count(ctx, took / 1_000);
    },
  };
}

const BEGAN = Symbol('began');

/** A request that has begun, and when. */
interface Begun extends Context {
  [BEGAN]?: number;
}

/** Gives a problem document to a refusal without a body: an unknown path, or a handler that set a status and no more. */
function giveBody(ctx: Context): void {
  const empty = ctx.body === undefined || ctx.body === null;
  if (empty && ctx.status >= 400 && ctx.respond !== false && !ctx.headerSent) refuse(ctx, ctx.status);
}
