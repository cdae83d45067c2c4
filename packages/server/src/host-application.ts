/** Koa with less to do for each request: the same context, the same answers. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import Koa, { type Context, type Middleware, type Next } from 'koa';

/** Several middlewares as one. */
export type Composed = (ctx: Context, next?: Next) => Promise<unknown>;

/** The part of Koa's application that its types leave out. */
interface Internals {
  readonly compose: (middleware: readonly Middleware[]) => Composed;
  handleRequest(ctx: Context, composed: Composed): Promise<void>;
}

const koa = Koa.prototype as unknown as Internals;

/** Makes one middleware of several, as Koa does. */
export const compose: Internals['compose'] = (new Koa() as unknown as Internals).compose;

/** Statuses of answers without a body (RFC 9110 §15.3.5, §15.3.6, §15.4.5). */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/** What an application does with each request. */
export interface Way {
  /** Brings the request to its answer, which the context has then. */
  readonly go: (ctx: Context) => Promise<unknown>;
  /** Called when the answer is out, or the connection gone. */
  readonly ended: (ctx: Context) => void;
}

/**
 * An application that goes one way, without a chain of middleware around it, that writes texts and bytes itself, and leaves
 * streams, JSON, `HEAD` and all the rest to Koa. Koa watches each response with four listeners (on-finished) to hear of an
 * error of its connection; here one listener looks at the end.
 */
export class HostApplication extends Koa {
  /** Set once, before the first request. */
  way: Way = { go: async () => undefined, ended: () => undefined };

  /** For HTTP/1, whatever the types of Koa allow. */
  override callback(): ReturnType<Koa['callback']> {
    // As in Koa: an `error` event without a listener would be thrown.
    if (this.listenerCount('error') === 0) this.on('error', this.onerror);
    return (req, res) =>
      this.#handle(this.createContext(req as IncomingMessage, res as ServerResponse) as Context);
  }

  async #handle(ctx: Context): Promise<void> {
    const { res } = ctx;
    const { go, ended } = this.way;
    res.statusCode = 404;
    let isLeftToKoa = false;
    res.on('close', () => {
      // The connection broke before the answer was out.
      if (!res.writableFinished && !isLeftToKoa) ctx.onerror(ctx.req.socket.errored as Error);
      ended(ctx);
    });
    try {
      await go(ctx);
      const { body } = ctx;
      if (isSimple(body) && hasBody(ctx)) {
        res.end(body);
        return;
      }
      isLeftToKoa = true;
      const { statusCode } = res;
      await koa.handleRequest.call(this, ctx, async () => {
        // Koa begins with a 404 and then writes what is there.
        res.statusCode = statusCode;
      });
    } catch (error) {
      ctx.onerror(error as Error);
    }
  }
}

function isSimple(body: unknown): body is string | Buffer {
  return typeof body === 'string' || Buffer.isBuffer(body);
}

function hasBody(ctx: Context): boolean {
  return (
    ctx.respond !== false && ctx.writable && ctx.req.method !== 'HEAD' && !BODILESS.has(ctx.res.statusCode)
  );
}
