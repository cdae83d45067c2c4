/** The seam between a session and its tokens: what a session asks of a token builder, and what it reads in a token. */
import type { TokenVerifier } from '../schemes/bearer.js';

/**
 * Makes and verifies tokens: a `JwtBuilder`, or anything shaped like it. With `encryptWith` the cookie is encrypted; the
 * keys that verify (a `KeyRing` with its retired ones, say) are the validator's.
 */
export interface SessionTokens {
  typ(typ: string): SessionTokens;
  subject(subject: string): SessionTokens;
  claims(claims: Readonly<Record<string, unknown>>): SessionTokens;
  expiresAt(seconds: number): SessionTokens;
  build(): Promise<{ readonly token: string }>;
  validator(options: { readonly typ: string }): TokenVerifier<object>;
}

/** The options that `jwt.validator()` takes: `isRevoked`, `keys`, … */
export type ValidatorOptionsOf<Jwt extends SessionTokens> = NonNullable<Parameters<Jwt['validator']>[0]>;

/** The claims that `jwt.validator().verify(token)` answers. */
export type ClaimsOf<Jwt extends SessionTokens> = Awaited<
  ReturnType<ReturnType<Jwt['validator']>['verify']>
>['claims'];

/** RFC 8725 §3.11: a session is no access token, and an access token no session, whatever key has signed them. */
export const SESSION_TYP = 'session+jwt';

/** What a session's token says of the session. Times in seconds since 1970. */
export interface Session {
  readonly id: string;
  readonly subject: string;
  /** When the user signed in (`auth_time`). */
  readonly began: number;
  /** When this token was made (`iat`). */
  readonly issued: number;
  /** When this token ends (`exp`). */
  readonly expires: number;
}

/** Reads a session in verified claims; undefined when they are no session's. */
export function sessionIn(claims: object): Session | undefined {
  const { sid, sub, auth_time, iat, exp } = claims as Record<string, unknown>;
  if (typeof sid !== 'string' || sid === '' || typeof sub !== 'string' || sub === '') return undefined;
  if (!isTime(auth_time) || !isTime(iat) || !isTime(exp)) return undefined;
  return { id: sid, subject: sub, began: auth_time, issued: iat, expires: exp };
}

/** Written anew into every token. */
const OWN_CLAIMS: ReadonlySet<string> = new Set(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti']);

/** The claims that the next token of a session takes over: all but those that every token has of its own. */
export function keptClaims(claims: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !OWN_CLAIMS.has(name)));
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
