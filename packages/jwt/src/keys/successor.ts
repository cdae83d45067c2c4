/** Makes the key that follows another: of the same algorithm and size, or larger where that size is made no more. */
import { randomUUID } from 'node:crypto';
import type { SignatureAlgorithmName } from '../algorithms.js';
import { generateKey, LARGEST_BITS } from './generate.js';
import type { Key } from './key.js';

/** A new key for an algorithm. A secret, which has no thumbprint, gets a random key ID, for a ring tells keys by it. */
export function newKey(algorithm: SignatureAlgorithmName, bits?: number): Promise<Key> {
  return generateKey(algorithm, {
    ...(bits === undefined ? {} : { bits }),
    ...(algorithm.startsWith('HS') ? { kid: randomUUID() } : {}),
  });
}

/** A new key like this one. */
export function successorOf(key: Key): Promise<Key> {
  const material = key.material();
  if (material.type === 'secret')
    return newKey(key.algorithm, Math.min((material.symmetricKeySize ?? 0) * 8, LARGEST_BITS));
  const modulus = material.asymmetricKeyDetails?.modulusLength;
  return newKey(key.algorithm, modulus === undefined ? undefined : Math.ceil(modulus / 256) * 256);
}
