/** Signs a token that is built, and encrypts it where that was asked for. */
import type { Settings } from './builder-settings.js';
import type { Claims } from './claims.js';
import { nestToken } from './encryption/nested-token.js';
import { InvalidOption } from './errors.js';
import type { EncodedClaims } from './issued-claims.js';
import { encodedPart, type Signing } from './signing.js';
import type { ProtectedHeader } from './token.js';

/** A token that was built. Its header and claims are frozen. */
export interface IssuedToken {
  readonly token: string;
  /** Of the signed token, also where that was encrypted. */
  readonly header: ProtectedHeader;
  readonly claims: Claims;
  readonly issuedAt: Date;
  /** When it ends; undefined after `neverExpires()`. */
  readonly expiresAt: Date | undefined;
  /** Seconds from issue to end; undefined after `neverExpires()`. */
  readonly expiresIn: number | undefined;
}

/**
 * Signs claims.
 *
 * @param now seconds since 1970.
 * @throws InvalidOption for a token that would be longer than is accepted.
 */
export function signedToken(
  { claims, json }: EncodedClaims,
  now: number,
  signing: Signing,
  maxTokenLength: number,
): IssuedToken {
  const { key, header, encoded } = signing.forTokenUntil(claims.exp);
  const signingInput = `${encoded}.${encodedPart(json)}`;
  const { exp } = claims;
  return {
    token: bounded(`${signingInput}.${key.sign(signingInput)}`, maxTokenLength),
    header,
    claims,
    issuedAt: new Date(now * 1000),
    expiresAt: exp === undefined ? undefined : new Date(exp * 1000),
    expiresIn: exp === undefined ? undefined : exp - now,
  };
}

/** The token encrypted, where a key was set for that; else as it is. @throws InvalidOption for one that would be too long. */
export async function encryptedToken(
  signed: IssuedToken,
  { encryption, maxTokenLength }: Pick<Settings, 'encryption' | 'maxTokenLength'>,
): Promise<IssuedToken> {
  return encryption === undefined
    ? signed
    : { ...signed, token: bounded(await nestToken(signed.token, encryption), maxTokenLength) };
}

function bounded(token: string, maxTokenLength: number): string {
  if (token.length <= maxTokenLength) return token;
  throw new InvalidOption(
    'maxTokenLength',
    `is ${maxTokenLength} characters, and the token would have ${token.length}`,
    'Put less into the token; or raise it here and with whoever reads it: web servers, too, refuse long fields.',
  );
}
