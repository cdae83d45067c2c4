/** Whether a key is strong enough for its algorithm (RFC 7518 §3), and made as its kind is made. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { InvalidKey } from '../errors.js';
import { type DerElement, derElement, derElements } from './der.js';
import { isRocaModulus, SMALL_PRIMES } from './roca.js';

/** OpenSSL's own limit: beyond it there is no verifying, and long before it no sense. */
const MAXIMUM_RSA_BITS = 16_384;
/** What OpenSSL accepts with every size of modulus. */
const MAXIMUM_RSA_EXPONENT = 2n ** 64n;

/** @throws InvalidKey for a key that is too small, or known to be weak. */
export function checkStrength(key: KeyObject, { name, minimumBits }: Strength): void {
  const rsa = key.asymmetricKeyType === 'rsa' ? rsaNumbers(key) : undefined;
  const bits = rsa === undefined ? (key.symmetricKeySize ?? 0) * 8 : bitsOf(rsa.modulus);
  if (minimumBits !== undefined && bits < minimumBits) {
    throw new InvalidKey(
      `${name} needs a key of at least ${minimumBits} bits, and this one has ${bits} (RFC 7518 §3).`,
      rsa === undefined
        ? `Make one of ${minimumBits / 8} random bytes: node -p "crypto.randomBytes(${minimumBits / 8}).toString('hex')"`
        : `Make one: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:${minimumBits}`,
    );
  }
  if (rsa !== undefined) checkRsa(rsa);
}

/** What an algorithm asks for. */
interface Strength {
  readonly name: string;
  readonly minimumBits?: number;
}

/**
 * Before anything else is asked of it: on Node.js 24 the details, or the JWK, of so large a key leave an error behind
 * that the next private key to be read stumbles over.
 *
 * @throws InvalidKey for an RSA key of more than 16,384 bits.
 */
export function checkNotHuge(key: KeyObject): void {
  if (key.asymmetricKeyType !== 'rsa' || bitsOf(rsaNumbers(key).modulus) <= MAXIMUM_RSA_BITS) return;
  throw new InvalidKey(
    `The RSA key has more than ${MAXIMUM_RSA_BITS} bits, which are not taken.`,
    'Make one of 3072 or 4096 bits.',
  );
}

interface RsaNumbers {
  readonly modulus: bigint;
  readonly exponent: bigint;
}

function checkRsa({ modulus, exponent }: RsaNumbers): void {
  // No product of two large primes has a small one, and an exponent of 1 makes every signature valid (RFC 8017 §3.1).
  const divisible = [2, ...SMALL_PRIMES].some((prime) => modulus % BigInt(prime) === 0n);
  if (divisible || exponent < 3n || exponent % 2n === 0n || exponent >= MAXIMUM_RSA_EXPONENT) {
    throw new InvalidKey(
      'The RSA key has a modulus or an exponent that no RSA key has.',
      'Make a new key; 65537 is the usual exponent.',
    );
  }
  if (isRocaModulus(modulus)) {
    throw new InvalidKey(
      'The RSA key was made by a library whose keys can be broken (ROCA, CVE-2017-15361).',
      'Make a new key with another library, and trust nothing that this one signed.',
    );
  }
}

/**
 * The two numbers of a public key (RFC 8017 §A.1.1), from the bits in its SPKI. Node.js 24 does not write PKCS#1 for a
 * key that it read from PKCS#1.
 */
function rsaNumbers(key: KeyObject): RsaNumbers {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const [, bits] = sequence(publicKey.export({ type: 'spki', format: 'der' }));
  // The first byte says that no bit of the last is unused (X.690 §8.6.2).
  const numbers = sequence(bits?.content.subarray(1) ?? Buffer.alloc(0));
  const [modulus = 0n, exponent = 0n] = numbers.map(({ content }) => BigInt(`0x0${content.toString('hex')}`));
  return { modulus, exponent };
}

function sequence(der: Buffer): readonly DerElement[] {
  return derElements(derElement(der)?.content ?? Buffer.alloc(0)) ?? [];
}

function bitsOf(number: bigint): number {
  return number.toString(2).length;
}
