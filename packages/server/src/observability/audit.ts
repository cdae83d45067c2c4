/** The audit log: who was let in, who was refused and why, who got a token or began a session. A stream of its own, apart from the rest. */
import { auditOf, type Refusal } from '@tokenwright/auth';
import type Application from 'koa';
import type { Context } from 'koa';
import type { Logger } from 'pino';
import { withoutHarm } from './report.js';

/**
 * What code may report with `ctx.app.emit('audit', event, ctx)`: a name and facts. Nothing in it may be a token, a key
 * or a password.
 */
export interface AuditEntry {
  /** For example `token.issued`. */
  readonly event: string;
  /** Whom it concerns. */
  readonly subject?: string | undefined;
  readonly [fact: string]: unknown;
}

/**
 * Writes refusals and audit events of the application; to a log of its own the sessions that begin and end, too.
 *
 * @param log - the log of the server, which gets them as a child `{ channel: 'audit' }` unless there is an `own` one
 * @param own - the logger of `.audit()`
 */
export function writeAudit(app: Application, log: Logger, own: Logger | undefined): void {
  const audit = own ?? log.child({ channel: 'audit' });
  app.on('refusal', (refusal: Refusal, ctx: Context) => {
    const record = { event: 'auth.refused', ...request(ctx), ...refusal };
    audit.warn(record, `refused: ${refusal.code}`);
  });
  app.on('audit', ({ event, ...facts }: AuditEntry, ctx: Context) => {
    audit.info({ ...request(ctx), ...facts, event }, event);
  });
  if (own !== undefined) writeSessions(app, own);
}

/**
 * Writes who signs in and out by cookie. Of the rest that auth tells here the audit log has the refusals already, and
 * whoever is let in by way of {@link auditAccepted}.
 */
function writeSessions(app: Application, own: Logger): void {
  auditOf(app).on('audit', ({ action, outcome, scheme, subject, requestId }) => {
    const event = SESSIONS.get(action);
    // A sign-out without a session ends none.
    if (event === undefined || outcome !== 'granted' || subject === undefined) return;
    own.info({ event, requestId, scheme, subject }, event);
  });
}

const SESSIONS: ReadonlyMap<string, string> = new Map([
  ['signIn', 'session.begun'],
  ['signOut', 'session.ended'],
]);

/**
 * Writes to a stream of its own that a request had a principal. In the log of the server the line of the request says
 * that already.
 */
export function auditAccepted(own: Logger, ctx: Context): void {
  const { auth } = ctx.state as { auth?: { scheme: string; subject: string } };
  if (auth === undefined) return;
  const record = { event: 'auth.accepted', ...request(ctx), scheme: auth.scheme, subject: auth.subject };
  withoutHarm(ctx, () => own.info({ ...record, status: ctx.status }, 'auth.accepted'));
}

function request(ctx: Context): object {
  return { requestId: ctx.state['requestId'], address: ctx.ip };
}
