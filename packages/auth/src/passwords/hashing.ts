/** Hashes passwords and compares them: the one door to every algorithm, a few at a time. */
import type { PasswordHasher, PasswordHashers } from './hasher.js';
import { MAX_PASSWORD_BYTES, opaqueString } from './opaque-string.js';
import { type PhcHash, parsePhc } from './phc.js';
import { scrypt } from './scrypt.js';
import { Turnstile } from './turnstile.js';

/** What hashes where nothing else is said. */
export const DEFAULT_HASHERS: PasswordHashers = Object.freeze([scrypt()]);

/**
 * A hash takes a thread of libuv's pool (four, by default) and its memory for as long as it is computed. Two at a time
 * leave half the pool to files and names; those who find 256 waiting are told to come back.
 */
const turnstile = new Turnstile(2, 256);

/**
 * Hashes a password for storage.
 *
 * @param password as the user typed it; it is prepared as RFC 8265 §4.2 says (NFC), and never cut off
 * @param hasher default `scrypt()`
 * @returns a PHC string: `$scrypt$ln=15,r=8,p=3$salt$hash`
 * @throws TypeError for an empty password, one of more than 1,024 bytes, or one with a control character
 * @throws TurnstileFull when 256 others are waiting to be hashed
 * @example
 * ```ts
 * const users = new Map([['ada', await hashPassword('correct horse')]]);
 * ```
 */
export async function hashPassword(
  password: string,
  hasher: PasswordHasher = DEFAULT_HASHERS[0],
): Promise<string> {
  if (typeof password !== 'string' || password === '')
    throw new TypeError('a password must be a non-empty string');
  if (/\p{Cc}/u.test(password)) {
    throw new TypeError(
      'a password must not hold control characters, which could never be sent (RFC 7617 §2)',
    );
  }
  const bytes = opaqueString(password);
  if (bytes === undefined)
    throw new TypeError(`a password must have at most ${MAX_PASSWORD_BYTES} bytes in UTF-8`);
  return turnstile.pass(() => hasher.hash(bytes));
}

/**
 * Whether a password is the one that was hashed. False for one that is too long.
 *
 * @param stored a PHC string, of any parameters
 * @param hashers those whose hashes may be stored; scrypt is always understood
 * @throws TypeError for what is no hash, or one that none of the hashers understands
 * @throws TurnstileFull when 256 others are waiting to be compared
 * @example
 * ```ts
 * await verifyPassword('correct horse', await hashPassword('correct horse')); // true
 * ```
 */
export async function verifyPassword(
  password: string,
  stored: string,
  hashers: PasswordHashers = DEFAULT_HASHERS,
): Promise<boolean> {
  const { hasher, phc } = understood(stored, hashers);
  const bytes = opaqueString(password);
  if (bytes === undefined) return false;
  return turnstile.pass(() => hasher.verify(bytes, phc, stored));
}

/**
 * Whether a hash was made by another algorithm or with other parameters than the hasher's.
 *
 * @example
 * ```ts
 * if (needsRehash(user.hash)) user.hash = await hashPassword(password);
 * ```
 */
export function needsRehash(stored: string, hasher: PasswordHasher = DEFAULT_HASHERS[0]): boolean {
  const phc = parsePhc(stored);
  return phc?.algorithm !== hasher.algorithm || phc.parameters !== hasher.parameters;
}

/**
 * Finds who understands a stored hash.
 *
 * @throws TypeError when nobody does; the message never holds the hash.
 */
export function understood(
  stored: string,
  hashers: PasswordHashers,
): { hasher: PasswordHasher; phc: PhcHash } {
  const phc = typeof stored === 'string' ? parsePhc(stored) : undefined;
  if (phc === undefined) {
    throw new TypeError('what is stored is no password hash in PHC format; make one with hashPassword()');
  }
  const hasher = [...hashers, ...DEFAULT_HASHERS].find((one) => one.algorithm === phc.algorithm);
  if (hasher === undefined) {
    throw new TypeError(
      'a stored password hash is of an algorithm that none of the `hashers` understands; for argon2id give them argon2id() of @tokenwright/auth/argon2id',
    );
  }
  if (!hasher.accepts(phc.parameters)) {
    throw new TypeError(
      `a stored ${hasher.algorithm} hash has parameters that are malformed or out of bounds`,
    );
  }
  return { hasher, phc };
}
