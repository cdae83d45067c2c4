/** What stays and what changes when a verified token is issued again. */
import type { Claims, Verified } from './claims.js';
import { type Duration, inWords, seconds } from './duration.js';
import { InvalidOption, JOSEError } from './errors.js';
import type { Finding } from './finding.js';
import { isObject } from './json.js';
import { newJwtId } from './jwt-id.js';
import { mediaType } from './media-type.js';
import { checkOptionNames } from './option-names.js';
import { refusalError } from './refusal.js';

/** Options of a renewal. */
export interface RenewalOptions {
  /** How long after `auth_time` the last renewed token ends: seconds or '12h'. Default '12h'. */
  maxSession?: Duration;
  /** The lifetime of the new token: seconds or '15m'. Default: the builder's. */
  validFor?: Duration;
  /**
   * What verifies the token that is to be renewed, in place of the builder's own validator: one with `isRevoked`, so that
   * what was taken back is not renewed, with keys that are retired, or with stricter rules. Issuer and audience of the
   * builder are asked for all the same, and its `typ` of every answer that has a `header`, as those of a `JwtValidator` do:
   * a token for another purpose must not become one for this (RFC 8725 §3.11).
   */
  validator?: Verifier;
}

/** What verifies: a `JwtValidator`, or anything else whose claims it made. */
export interface Verifier {
  verify(token: string | undefined): Promise<{ readonly claims: Verified<object> }>;
}

const RENEWAL_OPTIONS: Readonly<Record<keyof RenewalOptions, true>> = {
  maxSession: true,
  validFor: true,
  validator: true,
};

/** @throws InvalidOption for an option that there is not, or a validator that is none. */
export function checkRenewalOptions(options: RenewalOptions): void {
  checkOptionNames(options, RENEWAL_OPTIONS, 'renew()');
  const { validator } = options;
  if (validator === undefined || typeof validator?.verify === 'function') return;
  throw new InvalidOption('validator', 'is no validator', 'Give a JwtValidator, or leave it out.');
}

/** What a verifier answered. @throws InvalidOption where there are no claims: then it did not vouch for the token. */
export function vouchedFor(answer: unknown): VouchedToken {
  const { claims, header } = isObject(answer) ? answer : {};
  if (isObject(claims)) return { claims: claims as Verified, header: isObject(header) ? header : undefined };
  throw new InvalidOption(
    'validator',
    'answered without claims',
    'Its verify() answers { claims } for a good token and throws for any other.',
  );
}

/**
 * The claims of the renewed token: all of the old one's but its times and `jti`.
 *
 * @param claims of a token that was verified.
 * @param validFor seconds.
 * @throws JWTSessionOver when `auth_time` (where absent, `iat`) and `maxSession` have passed, or when neither is there.
 */
export function renewedClaims(
  claims: Verified,
  now: number,
  validFor: number,
  maxSession: Duration | undefined,
): Claims {
  const session = sessionLength(maxSession);
  const fault = sessionFault(claims, now, session);
  if (fault !== undefined) throw markedAsRenewal(refusalError(fault));
  const began = beginningOf(claims, now) as number;
  const sessionEnd = Math.floor(began + session);
  const { iat: _iat, nbf: _nbf, exp: _exp, jti: _jti, ...kept } = claims;
  return Object.freeze({
    ...kept,
    auth_time: began,
    iat: now,
    exp: Math.min(now + validFor, sessionEnd),
    jti: newJwtId(),
  });
}

/** The seconds a session may last. @throws InvalidOption for zero or a duration without sense. */
export function sessionLength(maxSession: Duration = '12h'): number {
  const length = seconds(maxSession, 'maxSession');
  if (length > 0) return length;
  throw new InvalidOption('maxSession', 'is zero', 'Give sessions time to be used.');
}

/** Why a token with these claims is not renewed; undefined when its session still lasts. @param length seconds. */
export function sessionFault(claims: Claims, now: number, length: number): Finding | undefined {
  const began = beginningOf(claims, now);
  if (began === undefined) {
    return {
      reason: 'claim_invalid',
      claim: 'auth_time',
      hint: 'The token does not say when its session began: auth_time and iat are missing or no numbers.',
    };
  }
  const end = Math.floor(began + length);
  if (end > now) return undefined;
  return {
    reason: 'session_over',
    claim: 'auth_time',
    hint: `The session ended ${inWords(now - end)} ago: it may last ${inWords(length)}.`,
  };
}

/** When the session began; undefined when the token does not say. A beginning in the future would be a session without an end. */
export function beginningOf({ auth_time, iat }: Claims, now: number): number | undefined {
  const began: unknown = auth_time ?? iat;
  return typeof began === 'number' && Number.isFinite(began) ? Math.min(began, now) : undefined;
}

/** A token that another validator than the builder's accepted. */
interface VouchedToken {
  readonly claims: Verified;
  readonly header: Readonly<Record<string, unknown>> | undefined;
}

/** What a builder writes into all of its tokens. */
interface BuilderMarks {
  readonly issuer: string | undefined;
  readonly audience: string | readonly string[] | undefined;
  readonly typ: string;
}

/** Why a token that another validator accepted is none of a builder's: its issuer, its audience or its purpose is another. */
export function strangerFault(
  { claims: { iss, aud }, header }: VouchedToken,
  builder: BuilderMarks,
): Finding | undefined {
  const typ = header?.['typ'];
  const isOfType = typeof typ === 'string' && mediaType(typ) === mediaType(builder.typ);
  if (header !== undefined && !isOfType) return { reason: 'typ_mismatch', claim: 'typ' };
  if (builder.issuer !== undefined && iss !== builder.issuer)
    return { reason: 'issuer_mismatch', claim: 'iss' };
  const own = builder.audience === undefined ? undefined : [builder.audience].flat();
  if (own === undefined || [aud].flat().some((one) => own.includes(one as string))) return undefined;
  return { reason: 'audience_mismatch', claim: 'aud' };
}

/** Marks what refuses a renewal, so that whoever catches it can tell it from what some other token threw. */
export function markedAsRenewal(error: unknown): unknown {
  if (error instanceof JOSEError) Object.defineProperty(error, 'renewal', { value: true });
  return error;
}
