/** Turns an error into a response. Koa calls it for all that is thrown, in a handler or while a body is written. */
import { STATUS_CODES } from 'node:http';
import type { Context } from 'koa';
import { explainingHeaders, UNAVAILABLE } from './error-headers.js';
import { formatProblem } from './problem-format.js';
import { refuse } from './refusals.js';
import { isSecurityHeader } from './security-headers.js';
import { isError, member } from './thrown.js';

/** Header fields that outlive an error, besides those for security; all others belonged to the answer that failed. */
const KEPT = ['x-request-id', 'connection'];

/**
 * Takes the place of Koa's `ctx.onerror`: the same contract, but the answer is a problem document, in the form
 * the client asks for, and says nothing internal.
 * An error of http-errors (`ctx.throw(403, 'why')`) keeps its status and, when it is exposed, its message and the headers
 * that explain a refusal; a 503 keeps its `Retry-After` in any case. It never throws: nobody would catch that, and the process would end.
 */
export function answerError(ctx: Context, thrown: unknown): void {
  if (thrown === null || thrown === undefined) return;
  reportError(ctx, thrown);
  const { res } = ctx;
  if (res.headersSent || !ctx.writable) {
    // Half an answer is out: only a cut connection tells the client that the rest is missing.
    if (!res.writableEnded) res.destroy();
    return;
  }
  try {
    res.end(writeError(ctx, thrown));
  } catch {
    for (const name of res.getHeaderNames()) res.removeHeader(name);
    res.statusCode = 500;
    res.end();
  }
}

/** Tells whoever listens to Koa's `error` event, and outlives a listener that throws. */
export function reportError(ctx: Context, thrown: unknown): void {
  try {
    ctx.app.emit('error', thrown, ctx);
  } catch {
    process.emitWarning("a listener of the application's error event threw", {
      code: 'TOKENWRIGHT_ERROR_LISTENER',
    });
  }
}

/** Replaces whatever the response was by the problem of an error, and gives the payload to send. */
export function writeError(ctx: Context, thrown: unknown): string {
  for (const name of ctx.res.getHeaderNames()) {
    if (!KEPT.includes(name) && !isSecurityHeader(name)) ctx.remove(name);
  }
  const { status, detail, headers } = publicPart(thrown);
  refuse(ctx, status, { detail, headers });
  formatProblem(ctx);
  const payload = String(ctx.body);
  ctx.length = Buffer.byteLength(payload);
  return payload;
}

/** The status an error asks for, where it asks for a refusal; else 500. */
export function errorStatus(thrown: unknown): number {
  if (!isError(thrown)) return 500;
  const asked = member(thrown, 'status') ?? member(thrown, 'statusCode');
  const refusal = typeof asked === 'number' && asked >= 400 && asked in STATUS_CODES;
  return refusal ? asked : 500;
}

interface PublicPart {
  readonly status: number;
  readonly detail?: string | undefined;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

function publicPart(thrown: unknown): PublicPart {
  const status = errorStatus(thrown);
  if (!isError(thrown)) return { status };
  if (member(thrown, 'expose') !== true) {
    // Whose message is not for the client may still say when to come back.
    return status === 503
      ? { status, headers: explainingHeaders(member(thrown, 'headers'), UNAVAILABLE) }
      : { status };
  }
  const message = member(thrown, 'message');
  return {
    status,
    detail: typeof message === 'string' ? message : undefined,
    headers: explainingHeaders(member(thrown, 'headers')),
  };
}
