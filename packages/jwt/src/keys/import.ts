/** The one door for keys: whatever its form, a key is checked here once, bound to one algorithm, and only then used. */
import type { KeyObject } from 'node:crypto';
import {
  defaultAlgorithm,
  goesWith,
  primaryName,
  SIGNATURE_ALGORITHMS,
  type SignatureAlgorithm,
  signatureAlgorithm,
} from '../algorithms.js';
import { InvalidKey } from '../errors.js';
import { shown } from '../finding.js';
import { oneOf } from '../nearest.js';
import type { JwkFacts } from './jwk.js';
import { Key } from './key.js';
import { kindOf, type Material, materialOf, publicSide } from './material.js';
import { missingInRuntime } from './runtime.js';
import type { KeySource } from './sources.js';
import { checkStrength } from './strength.js';
import { thumbprintOf } from './thumbprint.js';

/**
 * Imports a key from any source and binds it to one algorithm: the one named, else the source's own `alg`, else the
 * default of its type (oct HS256, RSA RS256, P-256 ES256, P-384 ES384, P-521 ES512, Ed25519 EdDSA, ML-DSA its own).
 * `Ed25519` is taken as the other name of `EdDSA`, which is the one that is written.
 *
 * @throws InvalidKey when the source is not what it says, the key is too weak, algorithm and key do not go together, or
 * the two halves of the key do not.
 * @example
 * ```ts
 * const key = importKey({ pem: await readFile('key.pem', 'utf8') }, 'ES256');
 * ```
 */
export function importKey(source: KeySource, algorithm?: string): Key {
  if (source instanceof Key) return algorithm === undefined ? source : sameAlgorithm(source, algorithm);
  const material = materialOf(source, 'sig', (own) => passphraseBytes(algorithm ?? own));
  const { key, kid, jwk } = material;
  const row = algorithmFor(material, algorithm);
  const verifying = publicSide(material);
  checkStrength(verifying, row);
  if (key.type === 'private') checkHalves(key, verifying, row);
  const thumbprint = key.type === 'secret' ? undefined : thumbprintOf(verifying);
  return new Key({
    algorithm: row,
    signing: key.type !== 'public' && allows(jwk, 'sign') ? key : undefined,
    verifying,
    // What `key_ops` says of a private key says nothing of its public half.
    canVerify: key.type === 'private' || allows(jwk, 'verify'),
    kid: kid ?? thumbprint,
    kidGiven: kid !== undefined,
    thumbprint,
    exportable: jwk?.exportable ?? true,
  });
}

/** A key made from a passphrase is as long as the hash. */
function passphraseBytes(algorithm = 'HS256'): number {
  const row = signatureAlgorithm(algorithm);
  if (row?.keyType === 'secret') return (row.minimumBits ?? 512) / 8;
  throw new InvalidKey(
    'Of the signature algorithms, a passphrase makes a key for HMAC only.',
    'Use HS256, HS384 or HS512, or another key.',
  );
}

function sameAlgorithm(key: Key, algorithm: string): Key {
  if (key.algorithm === primaryName(algorithm)) return key;
  throw new InvalidKey(
    `The key was imported for ${key.algorithm}, and ${plain(algorithm)} was asked for.`,
    'A key has one algorithm (RFC 8725 §3.1): import it again for the other, or leave the algorithm out.',
  );
}

function allows(jwk: JwkFacts | undefined, operation: 'sign' | 'verify'): boolean {
  return jwk?.operations?.has(operation) ?? true;
}

/** The one algorithm. Whoever names one, the caller, the source or the JWK in it, must name the same. */
function algorithmFor({ key, alg, jwk }: Material, asked: string | undefined): SignatureAlgorithm {
  const [name, ...others] = [asked, alg, jwk?.alg].filter((one) => one !== undefined);
  const row = name === undefined ? defaultAlgorithm(key) : signatureAlgorithm(name);
  if (row === undefined) {
    throw new InvalidKey(
      name === undefined ? `No algorithm here takes ${kindOf(key)}.` : unknownAlgorithm(name),
      oneOf(SIGNATURE_ALGORITHMS, name),
    );
  }
  const other = others.find((one) => signatureAlgorithm(one) !== row);
  if (other !== undefined) {
    throw new InvalidKey(
      `The key is for ${plain(other)}, and ${row.name} was asked for.`,
      `Use a key of its own for ${row.name}; a key has one algorithm (RFC 8725 §3.1).`,
    );
  }
  const missing = missingInRuntime(row);
  if (missing !== undefined) throw missing;
  if (!goesWith(key, row)) {
    throw new InvalidKey(
      `${row.name} does not go with ${kindOf(key)}.`,
      `Use ${defaultAlgorithm(key)?.name ?? 'another key'}, or give a key for ${row.name}.`,
    );
  }
  return row;
}

/** The families of RFC 7518 §4 and §5, of which there is none that signs. */
const FOR_ENCRYPTION = /^(?:dir$|A\d{3}|RSA|ECDH-ES|PBES2)/;

function unknownAlgorithm(name: string): string {
  return FOR_ENCRYPTION.test(name)
    ? `The key is for encryption (${plain(name)}), and signatures need a key of their own.`
    : 'The algorithm is not one there is here.';
}

/** A name without quotes when it is one, and otherwise made harmless. */
function plain(name: string): string {
  return /^[\w+-]{1,40}$/.test(name) ? name : shown(name);
}

/**
 * A JWK, a SEC1 key or a certificate states the public half beside the private one, and neither Node.js nor OpenSSL
 * compares them. A signature tells: what the one makes, the other must accept.
 */
function checkHalves(privateKey: KeyObject, publicKey: KeyObject, row: SignatureAlgorithm): void {
  try {
    if (row.verify(publicKey, 'probe', row.sign(privateKey, 'probe'))) return;
  } catch {
    // Halves that fit so badly that OpenSSL stumbles over them.
  }
  throw new InvalidKey(
    'The private key and the public key do not belong together.',
    'Take both from the same place; one of them was changed or mixed up.',
  );
}
