/** Audit events: who asked for what by which scheme, and what became of it. Never a secret. */
import { EventEmitter } from 'node:events';
import type { Context, default as Koa } from 'koa';

/** One decision. It holds no token, key, password or claim but the subject. */
export interface AuditEvent {
  readonly action: 'authenticate' | 'authorize' | 'signIn' | 'signOut';
  /** `failed`: the scheme or the policy itself broke down, and nobody was let in. */
  readonly outcome: 'granted' | 'refused' | 'failed';
  /** The kind of the scheme that decided; undefined when there were no credentials for one. */
  readonly scheme: string | undefined;
  /** Who it was; undefined where nobody was established. What a stranger claims to be is not repeated. */
  readonly subject: string | undefined;
  /** Why it was refused: the fine-grained code of the log. */
  readonly code: string | undefined;
  /** The `trace` of the refusal, which its answer carries, too. */
  readonly trace: string | undefined;
  /** `ctx.state.requestId`, where something before `authenticate` has set it. */
  readonly requestId: string | undefined;
}

/** The events of {@link auditOf}. */
export interface AuditEvents {
  audit: [event: AuditEvent];
}

const emitters = new WeakMap<object, EventEmitter<AuditEvents>>();

/**
 * The emitter of an application's audit events. Without a listener nothing is put together, so it costs nothing. What a
 * listener throws goes to the application's `error` event and changes no decision.
 *
 * @example
 * ```ts
 * auditOf(app).on('audit', ({ outcome, ...event }) => log.info({ outcome, ...event }, `audit: ${outcome}`));
 * ```
 */
export function auditOf(app: Koa): EventEmitter<AuditEvents> {
  const known = emitters.get(app);
  if (known !== undefined) return known;
  const emitter = new EventEmitter<AuditEvents>();
  emitters.set(app, emitter);
  return emitter;
}

/** What {@link audit} is told; the rest comes from the request. */
export type AuditFacts = Pick<AuditEvent, 'action' | 'outcome'> &
  Partial<Pick<AuditEvent, 'scheme' | 'subject' | 'code' | 'trace'>>;

/** Tells the application's listeners, if there are any. */
export function audit(ctx: Context, facts: AuditFacts): void {
  const emitter = emitters.get(ctx.app);
  if (emitter === undefined || emitter.listenerCount('audit') === 0) return;
  const requestId: unknown = ctx.state['requestId'];
  const event: AuditEvent = Object.freeze({
    action: facts.action,
    outcome: facts.outcome,
    scheme: facts.scheme,
    subject: facts.subject,
    code: facts.code,
    trace: facts.trace,
    requestId: typeof requestId === 'string' ? requestId : undefined,
  });
  try {
    emitter.emit('audit', event);
  } catch (error) {
    ctx.app.emit('error', error ?? new Error('an audit listener failed without an error'), ctx);
  }
}
