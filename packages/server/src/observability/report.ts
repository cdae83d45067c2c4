/** Tells what happened after it has happened, so a log that is down must not change the answer. */
import type { Context } from 'koa';
import { somethingThrown } from '../requests/thrown.js';

/** As much of a context as a report needs; without an application nobody is told. */
export type Reporting = Partial<Pick<Context, 'app'>>;

/** Emits an event on the application of a request. What a listener throws goes to its `error` event. */
export function report(ctx: Reporting, event: 'audit' | 'refusal', facts: object): void {
  withoutHarm(ctx, () => ctx.app?.emit(event, facts, ctx));
}

/**
 * Calls what tells of a request. What it throws goes to the application's `error` event: a refresh token is spent by then,
 * and its successor has to reach the client.
 */
export function withoutHarm(ctx: Reporting, tell: () => void): void {
  try {
    tell();
  } catch (error) {
    ctx.app?.emit('error', somethingThrown(error), ctx);
  }
}
