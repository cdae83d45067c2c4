/** The keys in a JWK Set that somebody else publishes (RFC 7517 §5): public ones only, each bound to one algorithm. */
import { InvalidKey, InvalidOption } from '../errors.js';
import { isObject } from '../json.js';
import { importKey } from '../keys/import.js';
import type { Key } from '../keys/key.js';
import { checkKeys } from '../keys/local-keys.js';
import { FetchFault } from './bounded-fetch.js';

/** Nobody publishes as many; each costs time to import. */
const MAX_KEYS = 100;

/** What no published JWK has: a secret's value, and what is private in RSA, EC and OKP (`d`) and AKP keys. */
const PRIVATE_MEMBERS = ['k', 'd', 'priv'] as const;

/**
 * The usable keys of a set. One that is not understood, is not for signatures or is too weak is left out, as RFC 7517 §5
 * has it. A key that was there before stays the same object, so that tokens known to be signed with it stay known.
 *
 * @param allowed algorithms, or undefined for all; a JWK without `alg` gets the default of its type, else the first allowed one that fits.
 * @throws FetchFault for a set that is not used at all: it publishes a secret, has a key ID twice, or far too many keys.
 */
export function publishedKeys(
  jwks: readonly unknown[],
  allowed: readonly string[] | undefined,
  before: readonly Key[],
): readonly Key[] {
  if (jwks.length > MAX_KEYS) throw new FetchFault(`publishes more than ${MAX_KEYS} keys`);
  if (jwks.some(isSecret)) {
    throw new FetchFault('publishes a secret or private key: whoever read it can sign');
  }
  const keys = jwks.map((jwk) => usable(jwk, allowed)).filter((key) => key !== undefined);
  try {
    checkKeys(keys, 'the JWK Set');
  } catch (error) {
    throw error instanceof InvalidOption ? new FetchFault('publishes two keys of one key ID') : error;
  }
  return Object.freeze(keys.map((key) => before.find((known) => isSame(known, key)) ?? key));
}

function isSecret(jwk: unknown): boolean {
  return isObject(jwk) && (jwk['kty'] === 'oct' || PRIVATE_MEMBERS.some((name) => Object.hasOwn(jwk, name)));
}

function usable(jwk: unknown, allowed: readonly string[] | undefined): Key | undefined {
  if (!isObject(jwk)) return undefined;
  const own = imported(jwk);
  if (own === undefined || allowed === undefined || allowed.includes(own.algorithm)) return own;
  // Its own `alg` is not to be changed; only where it has none does the configuration decide.
  if (jwk['alg'] !== undefined) return undefined;
  for (const algorithm of allowed) {
    const key = imported(jwk, algorithm);
    if (key !== undefined) return key;
  }
  return undefined;
}

function imported(jwk: Record<string, unknown>, algorithm?: string): Key | undefined {
  try {
    return importKey({ jwk }, algorithm).verifyingSide();
  } catch (error) {
    if (error instanceof InvalidKey) return undefined;
    throw error;
  }
}

function isSame(one: Key, other: Key): boolean {
  return one.kid === other.kid && one.algorithm === other.algorithm && one.thumbprint === other.thumbprint;
}
