/** What a request leaves in the log: one line at its end, one for an error. Never a credential. */
import { randomUUID } from 'node:crypto';
import type Application from 'koa';
import type { Context } from 'koa';
import type { Logger } from 'pino';
import { PlainRecord } from '../observability/redaction.js';
import { errorRecord } from './error-record.js';
import { errorStatus } from './error-response.js';

/** Longer paths are cut in the log. */
const PATH_LENGTH = 512;
/** What the network does all day: no fault of the server. */
const DISCONNECTED = ['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE'];

/** Makes the id of a request. */
export function newRequestId(): string {
  return randomUUID();
}

/** Sends the errors Koa reports to the log instead of to the console. */
export function logFailures(app: Application, log: Logger): void {
  app.silent = true;
  app.on('error', (error: unknown, ctx?: Context) => logError(log, error, ctx));
}

/** The line of a request. pino leaves out what is undefined. */
class RequestLine extends PlainRecord {
  readonly requestId: string;
  readonly method: string | undefined;
  readonly path: string;
  readonly status: number | undefined;
  readonly duration: number;
  readonly scheme: string | undefined;
  readonly subject: string | undefined;
  readonly aborted: true | undefined;

  constructor({ req, res, state, originalUrl }: Context, duration: number) {
    super();
    const { requestId, auth } = state as { requestId: string; auth?: { scheme?: string; subject?: string } };
    this.requestId = requestId;
    this.method = req.method;
    this.path = pathOf(originalUrl);
    // The client can be gone before there was any answer: then the status is only what Node would have begun with.
    this.status = res.headersSent ? res.statusCode : undefined;
    this.duration = Math.round(duration * 10) / 10;
    this.scheme = auth?.scheme;
    this.subject = auth?.subject;
    this.aborted = res.writableFinished ? undefined : true;
  }
}

/**
 * Writes the line of a request that has ended.
 *
 * @param duration - milliseconds
 */
export function logRequest(log: Logger, ctx: Context, duration: number): void {
  if (!log.isLevelEnabled('info')) return;
  const line = new RequestLine(ctx, duration);
  log.info(line, `${line.method} ${line.path} ${line.status ?? 'aborted'} ${line.duration} ms`);
}

/** Without the query string: clients do put tokens there (RFC 6750 §5.3). */
function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 && url.length <= PATH_LENGTH
    ? url
    : url.slice(0, query === -1 ? PATH_LENGTH : Math.min(query, PATH_LENGTH));
}

/** It never throws: it runs where nobody would catch that. */
function logError(log: Logger, error: unknown, ctx: Context | undefined): void {
  const record = { requestId: ctx?.state['requestId'], err: errorRecord(error) };
  const disconnected = DISCONNECTED.includes(String(record.err.code));
  if (disconnected || errorStatus(error) < 500) log.debug(record, 'request ended early');
  else log.error(record, 'request failed');
}
