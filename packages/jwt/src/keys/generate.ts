/** Makes new keys, from the runtime's random numbers, for every algorithm of the table. */
import { createSecretKey, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import {
  SIGNATURE_ALGORITHMS,
  type SignatureAlgorithm,
  type SignatureAlgorithmName,
  signatureAlgorithm,
} from '../algorithms.js';
import { InvalidOption } from '../errors.js';
import { oneOf } from '../nearest.js';
import { checkOptionNames } from '../option-names.js';
import { importKey } from './import.js';
import type { Key } from './key.js';
import { missingInRuntime } from './runtime.js';

/** Options of {@link generateKey}. */
export interface GenerateKeyOptions {
  /**
   * The size in bits. HMAC: as long as the hash or longer, in whole bytes; default the hash. RSA: 2048 to 16,384 in
   * steps of 256; default 3072, because 2048 bits are worth 112 of strength, which NIST SP 800-131A and IR 8547 end in
   * 2030, and a key made today signs beyond it. The other kinds have one size.
   */
  bits?: number;
  /** The key ID. Default: the thumbprint; none for a secret. */
  kid?: string;
}

const OPTIONS: Readonly<Record<keyof GenerateKeyOptions, true>> = { bits: true, kid: true };

const RSA_BITS = 3072;
/** The largest key that is made: for RSA the largest that is taken, for HMAC more than any hash can use. */
export const LARGEST_BITS = 16_384;

/**
 * Makes a new key. RSA takes a good part of a second, in a thread of its own.
 *
 * @throws InvalidOption for an algorithm, an option or a size that there is not; InvalidKey for an algorithm that this runtime
 * does not have.
 * @example
 * ```ts
 * const key = await generateKey('ES256');
 * const jwt = new JwtBuilder().signWith(key);
 * ```
 */
export async function generateKey(
  algorithm: SignatureAlgorithmName | 'Ed25519',
  options: GenerateKeyOptions = {},
): Promise<Key> {
  checkOptionNames(options, OPTIONS, 'generateKey()');
  const row = signatureAlgorithm(algorithm);
  if (row === undefined) {
    throw new InvalidOption(
      'algorithm',
      algorithm === undefined ? 'is missing' : 'is not one there is here',
      oneOf(SIGNATURE_ALGORITHMS, algorithm),
    );
  }
  const missing = missingInRuntime(row);
  if (missing !== undefined) throw missing;
  const { bits, kid } = options;
  if (kid !== undefined && (typeof kid !== 'string' || kid === '')) {
    throw new InvalidOption('kid', 'is not a non-empty string', 'Give a key ID, or leave it out.');
  }
  const key = importKey(await material(row, checkedBits(row, bits)), row.name);
  return kid === undefined ? key : key.withKid(kid);
}

function checkedBits(row: SignatureAlgorithm, bits: number | undefined): number {
  const minimum = row.minimumBits;
  if (bits === undefined) return row.keyType === 'rsa' ? RSA_BITS : (minimum ?? 0);
  if (minimum === undefined) {
    throw new InvalidOption(
      'bits',
      `does not go with ${row.name}, whose keys have one size`,
      'Leave it out.',
    );
  }
  const step = row.keyType === 'rsa' ? 256 : 8;
  if (!Number.isInteger(bits) || bits < minimum || bits > LARGEST_BITS || bits % step !== 0) {
    throw new InvalidOption(
      'bits',
      `is no size of a key for ${row.name}`,
      `Give a multiple of ${step} from ${minimum} to ${LARGEST_BITS}.`,
    );
  }
  return bits;
}

const keyPair = promisify(generateKeyPair);

async function material({ keyType, curve }: SignatureAlgorithm, bits: number): Promise<KeyObject> {
  switch (keyType) {
    case 'secret':
      return createSecretKey(randomBytes(bits / 8));
    case 'rsa':
      return (await keyPair('rsa', { modulusLength: bits })).privateKey;
    case 'ec':
      return (await keyPair('ec', { namedCurve: curve ?? '' })).privateKey;
    case 'ed25519':
      return (await keyPair('ed25519')).privateKey;
    default:
      // The three sizes are three overloads in the types and one call at run time.
      return (await keyPair(keyType as 'ml-dsa-44')).privateKey;
  }
}
