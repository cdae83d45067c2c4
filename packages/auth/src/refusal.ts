/** A refused request: what the client is told, and what the log gets under the same trace id. */
import { randomUUID } from 'node:crypto';
import type { Context } from 'koa';
import { type AuditEvent, audit } from './audit.js';
import type { DecisionReport, Reporter } from './decision-report.js';
import type { Principal } from './principal.js';
import { writeProblem } from './problem.js';
import type { Failure, PublicErrorCode, Scheme } from './scheme.js';
import { SENTENCES } from './sentences.js';
import { thrown } from './thrown.js';
import { unclaimedAuthorization } from './unclaimed-authorization.js';

/** What went wrong with one scheme: for the log, never for the client. */
export interface RefusalReason {
  /** Its kind; `none` where no scheme took what the request's `Authorization` field holds. */
  readonly scheme: string;
  readonly code: string;
  readonly hint?: string | undefined;
  readonly fix?: string | undefined;
  /** What every check of the verifier said, where it can explain itself. */
  readonly report?: DecisionReport | undefined;
}

/** A 400, 401, 403 or 429 in full. It holds no token, key or password. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 429;
  /** What the client learns as `code`. */
  readonly code: PublicErrorCode;
  /** What the client learns as `detail`. */
  readonly description: string;
  /** What the client learns as `trace`: finds this refusal in the log. */
  readonly trace: string;
  /** The values of `WWW-Authenticate`; none with a 429, which other credentials would not mend. */
  readonly challenges: readonly string[];
  /** Seconds in `Retry-After`, with a 429. */
  readonly retryAfter?: number | undefined;
  /** Log only; empty when no credentials came. */
  readonly reasons: readonly RefusalReason[];
  /** Who was refused, where that is known (403). */
  readonly subject?: string | undefined;
}

/** Lets an application answer in its own format. It must write the response; status and challenges are already set. */
export type OnRefusal = (ctx: Context, refusal: Refusal) => void | Promise<void>;

/** What {@link refuse} needs to know. */
export interface RefusalFacts {
  schemes: readonly Scheme<object>[];
  failed?: { scheme: Scheme<object>; failure: Failure } | undefined;
  principal?: Principal<object> | undefined;
  onRefusal?: OnRefusal | undefined;
  /** What was refused. Default `authenticate`. */
  action?: AuditEvent['action'] | undefined;
}

/** Answers the request with a refusal and tells the application (`app.on('refusal', (refusal, ctx) => …)`). */
export async function refuse(ctx: Context, facts: RefusalFacts): Promise<void> {
  const refusal = reportRefusal(ctx, facts);
  answerRefusal(ctx, refusal);
  if (facts.onRefusal === undefined) return;
  await facts.onRefusal(ctx, refusal);
  // Koa makes a 204 of an answer that is given no body, and a refusal must not look like a success.
  if (ctx.status === 204 && (ctx.body === null || ctx.body === undefined)) ctx.status = refusal.status;
}

/** Answers the request with what a client may know of a refusal. */
export function answerRefusal(ctx: Context, refusal: Refusal): void {
  writeProblem(ctx, {
    status: refusal.status,
    code: refusal.code,
    detail: refusal.description,
    trace: refusal.trace,
    headers: {
      'WWW-Authenticate': refusal.challenges,
      'Retry-After': refusal.retryAfter === undefined ? [] : String(refusal.retryAfter),
    },
  });
}

/**
 * Tells the application and its audit of a refusal, and leaves the answer to the caller. What a listener throws goes to the
 * application's `error` event: a log that is down makes no 500 of a 401.
 */
export function reportRefusal(ctx: Context, facts: RefusalFacts): Refusal {
  const refusal = describe(ctx, facts);
  try {
    ctx.app.emit('refusal', refusal, ctx);
  } catch (error) {
    ctx.app.emit('error', thrown(error, 'a refusal listener'), ctx);
  }
  audit(ctx, {
    action: facts.action ?? 'authenticate',
    outcome: 'refused',
    scheme: facts.failed?.scheme.kind,
    subject: refusal.subject,
    code: refusal.reasons[0]?.code ?? refusal.code,
    trace: refusal.trace,
  });
  return refusal;
}

/** A failure with its report, where there is one. Where nobody listens there is nothing to explain it for. */
export async function explained(
  failure: Failure,
  report: Reporter | undefined,
  token: string,
  ctx: Context,
): Promise<Failure> {
  if (report === undefined || ctx.app.listenerCount('refusal') === 0) return failure;
  return { ...failure, report: await report(token) };
}

function describe(ctx: Context, { schemes, failed, principal }: RefusalFacts): Refusal {
  const failure = failed?.failure;
  return Object.freeze({
    status: failure?.status ?? 401,
    code: failure?.error ?? 'credentials_required',
    description: failure?.description ?? SENTENCES.credentialsRequired,
    trace: randomUUID(),
    challenges: Object.freeze(
      failure?.status === 429
        ? []
        : schemes.map((scheme) => scheme.challenge(scheme === failed?.scheme ? failure : undefined)),
    ),
    retryAfter: failure?.retryAfter,
    reasons: Object.freeze(reasonsOf(ctx, schemes, failed)),
    subject: principal?.subject,
  });
}

function reasonsOf(
  ctx: Context,
  schemes: readonly Scheme<object>[],
  failed: RefusalFacts['failed'],
): RefusalReason[] {
  if (failed !== undefined) return [reason(failed.scheme.kind, failed.failure)];
  const unclaimed = unclaimedAuthorization(ctx.req.headers.authorization, schemes);
  return unclaimed === undefined ? [] : [reason('none', unclaimed)];
}

function reason(scheme: string, failure: Pick<Failure, 'code' | 'hint' | 'fix' | 'report'>): RefusalReason {
  return Object.freeze({
    scheme,
    code: failure.code,
    hint: failure.hint,
    fix: failure.fix,
    report: failure.report,
  });
}
