/** What an authentication scheme is: the seam between a credential on the wire and a {@link Principal}. */
import type { Context } from 'koa';
import type { DecisionReport } from './decision-report.js';
import type { Principal, PrincipalClaims } from './principal.js';

/** The error codes of RFC 6750 §3.1, with those that a client meets where that RFC has none. */
export type PublicErrorCode =
  | 'invalid_request'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'invalid_credentials'
  | 'too_many_requests'
  | 'credentials_required'
  | 'cross_site_request'
  | 'insecure_connection';

/** Why a credential that was present is not accepted. `description` is for the client, all else for the log. */
export interface Failure {
  readonly failed: true;
  readonly status: 400 | 401 | 403 | 429;
  /** What the client learns as `code`, and as `error` where the challenge has one. */
  readonly error: PublicErrorCode;
  /** One sentence of a closed set; it never says more than the client may know. */
  readonly description: string;
  /** The fine-grained code: log only. */
  readonly code: string;
  /** What was wrong, in words: log only. */
  readonly hint?: string | undefined;
  /** What to do about it: log only. */
  readonly fix?: string | undefined;
  /** The scopes that would have been enough (RFC 6750 §3), with `insufficient_scope`. */
  readonly scope?: string | undefined;
  /** Seconds after which it may be tried again (RFC 9110 §10.2.3), with 429. */
  readonly retryAfter?: number | undefined;
  /** What every check of the verifier said: log only. */
  readonly report?: DecisionReport | undefined;
}

/** A principal, a failure, or nothing: the request has no credential of this scheme's kind. */
export type Outcome<Claims extends object = PrincipalClaims> = Principal<Claims> | Failure | undefined;

/**
 * A way to authenticate a request.
 *
 * @example
 * ```ts
 * const anyone: Scheme = {
 *   kind: 'Anyone',
 *   authenticate: () => createPrincipal({ scheme: 'Anyone', subject: 'anyone' }),
 *   challenge: () => 'Anyone',
 * };
 * ```
 */
export interface Scheme<Claims extends object = PrincipalClaims> {
  /** The name of the scheme on the wire: `Basic`, `Bearer`, … (RFC 9110 §11.1). */
  readonly kind: string;
  /** Reads the request's credential. Answers, never throws, for whatever a stranger sends. */
  authenticate(ctx: Context): Outcome<Claims> | Promise<Outcome<Claims>>;
  /**
   * Whether an error thrown further down the chain means that the credential is no longer good, as when a handler renews
   * a token whose session is over. Undefined for every other error, which is then passed on. Default: none does.
   */
  failureFrom?(error: unknown): Failure | undefined;
  /**
   * How an OpenAPI document describes the scheme: a Security Scheme Object (OpenAPI 3.1 §4.8.27), or a list of them where
   * the credential may stand in one of several places. Default: what its `kind` says.
   */
  readonly openapi?: object | readonly object[] | undefined;
  /** How often what verifies the scheme's tokens knew one already, for a metric. Default: it does not say. */
  cacheStatistics?(): { readonly hits: number; readonly misses: number };
  /** The value of `WWW-Authenticate` for this scheme (RFC 9110 §11.6.1), after a failure of its own or without one. */
  challenge(failure?: Failure): string;
}

/**
 * Tells a failure from a principal.
 *
 * @example
 * ```ts
 * const outcome = await bearer(validator).authenticate(ctx);
 * if (outcome !== undefined && !isFailure(outcome)) console.log(outcome.subject);
 * ```
 */
export function isFailure(outcome: Principal<object> | Failure): outcome is Failure {
  return 'failed' in outcome;
}
