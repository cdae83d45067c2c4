/** The claims of a token that is built, with their JSON: most of it is the same from token to token and is written once. */
import type { Claims } from './claims.js';
import { newJwtId } from './jwt-id.js';
import { checkLifetime, type End, endBeforeBeginning } from './lifetime.js';

/** What a builder knows about the claims of its tokens. */
export interface ClaimSettings {
  readonly issuer: string | undefined;
  readonly audience: string | readonly string[] | undefined;
  readonly subject: string | undefined;
  readonly own: Readonly<Record<string, unknown>>;
  readonly jwtId: string | undefined;
  /** Seconds since 1970. */
  readonly notBefore: number | undefined;
  readonly end: End;
  /** Seconds. */
  readonly maxLifetime: number | undefined;
}

/** Claims with their JSON. */
export interface EncodedClaims {
  readonly claims: Claims;
  readonly json: string;
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** The claims that are the same in all tokens of a builder, and their JSON as far as that is written once. */
export function lastingClaims({ issuer, subject, audience, own }: ClaimSettings): EncodedClaims {
  const claims: Claims = {
    ...(issuer === undefined ? {} : { iss: issuer }),
    ...(subject === undefined ? {} : { sub: subject }),
    ...(audience === undefined ? {} : { aud: audience }),
    ...own,
  };
  const json = JSON.stringify(claims).slice(0, -1);
  return { claims, json: json === '{' ? json : `${json},` };
}

/**
 * The claims of a token that is built now.
 *
 * @param now seconds since 1970.
 * @param lasting what {@link lastingClaims} made of the same settings.
 * @throws InvalidOption when the token would end before it begins, or last longer than it may.
 */
export function claimsAt(now: number, settings: ClaimSettings, lasting: EncodedClaims): EncodedClaims {
  const { jwtId, notBefore, end, maxLifetime } = settings;
  const exp = end === 'never' ? undefined : 'after' in end ? now + end.after : end.at;
  if (exp !== undefined && exp <= Math.max(now, notBefore ?? now)) throw endBeforeBeginning(end);
  if (exp !== undefined) checkLifetime(exp - now, maxLifetime);
  const jti = jwtId ?? newJwtId();
  // Set and written one by one: a spread for each and a second JSON.stringify cost as much as the signature.
  const claims: Mutable<Claims> = { ...lasting.claims, iat: now, jti };
  let times = `"iat":${now},"jti":${jwtId === undefined ? `"${jti}"` : JSON.stringify(jti)}`;
  if (claims.auth_time === undefined) {
    claims.auth_time = now;
    times += `,"auth_time":${now}`;
  }
  if (notBefore !== undefined) {
    claims.nbf = notBefore;
    times += `,"nbf":${notBefore}`;
  }
  if (exp !== undefined) {
    claims.exp = exp;
    times += `,"exp":${exp}`;
  }
  return { claims: Object.freeze(claims), json: `${lasting.json}${times}}` };
}
