/** What `signIn` and `signOut` throw when a request may not do that, and how it is answered. */
import type { Context } from 'koa';
import { answerRefusal, type Refusal } from '../refusal.js';
import type { PublicErrorCode } from '../scheme.js';

/**
 * A sign-in or sign-out that was refused. Where nothing catches it, the answer is a problem document as every other refusal
 * is; error handlers of one's own find its status, code and trace. It was reported as a `refusal` already, under that trace.
 */
export class SessionRefused extends Error {
  readonly status = 403;
  readonly code: PublicErrorCode;
  /** Finds the refusal in the log. */
  readonly trace: string;
  /** Whether the message is for the client, and the matter not worth Koa's error log. */
  readonly expose: boolean;
  constructor(refusal: Refusal, message: string, expose: boolean) {
    super(message);
    this.name = 'SessionRefused';
    this.code = refusal.code;
    this.trace = refusal.trace;
    this.expose = expose;
  }
}

/**
 * Throws the refusal. Koa would answer what nobody catches in text/plain, without a trace, so that this request is given an
 * `onerror` that does better; an application that has an `onerror` of its own keeps it.
 */
export function throwSessionRefused(ctx: Context, refusal: Refusal, message: string, expose: boolean): never {
  const refused = new SessionRefused(refusal, message, expose);
  if (!Object.hasOwn(ctx.app.context, 'onerror')) {
    const { onerror } = ctx;
    ctx.onerror = (error) => {
      if (error !== refused || ctx.headerSent || !ctx.writable) return onerror.call(ctx, error);
      ctx.app.emit('error', error, ctx);
      // What was set before belongs to the answer that was not to be: a cookie of the session, say.
      for (const name of ctx.res.getHeaderNames()) ctx.remove(name);
      answerRefusal(ctx, refusal);
      ctx.res.end(ctx.body);
    };
  }
  throw refused;
}
