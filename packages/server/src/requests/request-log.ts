/** What a request leaves in the log: one line at its end, one for an error. Never a credential. */
import { randomUUID } from 'node:crypto';
import type Application from 'koa';
import type { Context, Middleware } from 'koa';
import type { Logger } from 'pino';
import { PlainRecord } from '../observability/redaction.js';
import { errorRecord } from './error-record.js';
import { errorStatus } from './error-response.js';

/** Longer paths are cut in the log. */
const PATH_LENGTH = 512;
/** What the network does all day: no fault of the server. */
const DISCONNECTED = ['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE'];

/** Gives every request its id, and the log its line when the response has ended or the client has gone. */
export function requestLog(log: Logger): Middleware {
  return (ctx, next) => {
    const requestId = randomUUID();
    ctx.state['requestId'] = requestId;
    ctx.set('X-Request-Id', requestId);
    const began = performance.now();
    ctx.res.once('close', () => writeLine(log, ctx, requestId, performance.now() - began));
    return next();
  };
}

/** Sends the errors Koa reports to the log instead of to the console. */
export function logFailures(app: Application, log: Logger): void {
  app.silent = true;
  app.on('error', (error: unknown, ctx?: Context) => logError(log, error, ctx));
}

function writeLine(log: Logger, ctx: Context, requestId: string, duration: number): void {
  const { auth } = ctx.state as { auth?: { scheme?: string; subject?: string } };
  const { req, res } = ctx;
  // The client can be gone before there was any answer: then the status is only what Node would have begun with.
  const status = res.headersSent ? { status: res.statusCode } : {};
  const line = Object.assign(new PlainRecord(), {
    requestId,
    method: req.method,
    path: pathOf(ctx),
    ...status,
    duration: Math.round(duration * 10) / 10,
    ...(auth === undefined ? {} : { scheme: auth.scheme, subject: auth.subject }),
    ...(res.writableFinished ? {} : { aborted: true }),
  });
  log.info(line, `${line.method} ${line.path} ${status.status ?? 'aborted'} ${line.duration} ms`);
}

/** Without the query string: clients do put tokens there (RFC 6750 §5.3). */
function pathOf(ctx: Context): string {
  return ctx.originalUrl.split('?', 1)[0]?.slice(0, PATH_LENGTH) ?? '';
}

/** It never throws: it runs where nobody would catch that. */
function logError(log: Logger, error: unknown, ctx: Context | undefined): void {
  const record = { requestId: ctx?.state['requestId'], err: errorRecord(error) };
  const disconnected = DISCONNECTED.includes(String(record.err.code));
  if (disconnected || errorStatus(error) < 500) log.debug(record, 'request ended early');
  else log.error(record, 'request failed');
}
