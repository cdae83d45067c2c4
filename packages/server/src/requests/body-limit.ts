/** The limit of a request body (413, RFC 9110 §15.5.14), whether or not a handler reads it. */
import type { Context } from 'koa';
import { reportError, writeError } from './error-response.js';

/**
 * How much more of a refused body is read and thrown away, and for how long (ms). A connection that is closed with
 * bytes unread is reset, and the client may never see its 413 (RFC 9112 §9.6): so the server lingers, with an end.
 */
const LINGER = { bytes: 16 * 1024 * 1024, time: 1_000 };

/** The body was longer than the limit. Whoever reads it gets this error. */
class PayloadTooLarge extends Error {
  override readonly name = 'PayloadTooLarge';
  readonly status = 413;
  readonly expose = true;
}

/**
 * Whether the body of a request may be read: one with a declared length above `limit` bytes is refused before the handler
 * runs. One that turns out longer is cut later.
 */
export function bodyFits(ctx: Context, limit: number): boolean {
  const { 'content-length': declared, 'transfer-encoding': coding } = ctx.req.headers;
  if (declared === undefined && coding === undefined) return true;
  const body = new WatchedBody(ctx, limit);
  if (declared === undefined || Number(declared) <= limit) return true;
  body.refuse();
  return false;
}

/**
 * Stands between Node's parser and the stream `ctx.req`: it counts in `push`, the one place every byte passes
 * however the stream is read, and changes nothing of its flow while the body is within the limit.
 */
class WatchedBody {
  readonly #ctx: Context;
  readonly #error: PayloadTooLarge;
  readonly #push: Context['req']['push'];
  #left: number;
  #refused = false;
  #lingered = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(ctx: Context, limit: number) {
    const { req, res } = ctx;
    this.#ctx = ctx;
    this.#error = new PayloadTooLarge(`The body may have ${limit} bytes at most.`);
    this.#left = limit;
    this.#push = req.push.bind(req);
    req.push = (chunk, encoding) => this.#pass(chunk, encoding);
    // Before Node's own listener, which would throw the rest away uncounted.
    res.prependOnceListener('finish', () => this.#readOn());
    res.once('close', () => clearTimeout(this.#timer));
  }

  /** Answers 413 now, complete; the response stays open while the rest of the body is thrown away. */
  refuse(): void {
    const { res } = this.#ctx;
    this.#refused = true;
    this.#timer = setTimeout(() => this.#finish(), LINGER.time);
    if (res.headersSent || !this.#ctx.writable) return;
    reportError(this.#ctx, this.#error);
    this.#ctx.set('Connection', 'close');
    const payload = writeError(this.#ctx, this.#error);
    this.#ctx.respond = false;
    res.write(payload);
  }

  #pass(chunk: Buffer | null, encoding?: BufferEncoding): boolean {
    if (!this.#refused) {
      this.#left -= chunk?.length ?? 0;
      if (this.#left >= 0) return this.#push(chunk, encoding);
      this.refuse();
    }
    this.#lingered += chunk?.length ?? 0;
    if (chunk === null || this.#lingered > LINGER.bytes) this.#finish();
    return true;
  }

  #finish(): void {
    const { req, res } = this.#ctx;
    clearTimeout(this.#timer);
    if (res.writableFinished || this.#ctx.respond !== false) req.destroy(this.#error);
    else res.end();
  }

  /** The response is out. What is still to come of the body is counted on, or the reader is told. */
  #readOn(): void {
    const { req } = this.#ctx;
    if (this.#refused) req.destroy(this.#error);
    else if (!req.complete) {
      req.read();
      req.resume();
    }
  }
}
