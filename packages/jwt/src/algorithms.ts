/** Everything known about each signature algorithm (RFC 7518 §3, RFC 8037 §3.1, RFC 9964), one row each; nothing else lists them. */
import {
  constants,
  createHmac,
  sign as cryptoSign,
  verify as cryptoVerify,
  generateKeyPairSync,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto';
import { ecdsaToDer, ecdsaToJose } from './ecdsa-signature.js';

/** The signature algorithms there are. `none` does not exist here. */
export type SignatureAlgorithmName =
  | 'HS256'
  | 'HS384'
  | 'HS512'
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA'
  | 'ML-DSA-44'
  | 'ML-DSA-65'
  | 'ML-DSA-87';

/** One row: what the algorithm asks of its key, and how it signs and verifies. */
export interface SignatureAlgorithm {
  readonly name: SignatureAlgorithmName;
  /** Another name for the very same algorithm, accepted wherever `name` is and never written. */
  readonly otherName?: 'Ed25519';
  /** The kind of key: `secret`, or what node:crypto calls the asymmetric key type. */
  readonly keyType: 'secret' | 'rsa' | 'ec' | 'ed25519' | MlDsa;
  /** The smallest key: the hash for HMAC (RFC 7518 §3.2), 2048 for RSA (§3.3, §3.5). */
  readonly minimumBits?: number;
  /** The one curve, as node:crypto names it (RFC 7518 §3.4). */
  readonly curve?: string;
  /** What the runtime must be to have it; absent for what every supported one has. */
  readonly needs?: { readonly runtime: string; isMet(): boolean };
  /** The object identifier that its keys have in SPKI and PKCS#8, as hexadecimal digits; where `needs` is, so that a key that cannot be read is known. */
  readonly identifier?: string;
  /** Signs the JWS signing input; the answer is base64url. */
  sign(key: KeyObject, input: string): string;
  /** Whether the signature, canonical base64url, is the key's for this input. */
  verify(key: KeyObject, input: string, signature: string): boolean;
}

/** What node:crypto calls the key types of FIPS 204. */
type MlDsa = 'ml-dsa-44' | 'ml-dsa-65' | 'ml-dsa-87';

function hmac(bits: 256 | 384 | 512): SignatureAlgorithm {
  const hash = `sha${bits}`;
  const length = Math.ceil(bits / 6);
  const expected = Buffer.alloc(length);
  const actual = Buffer.alloc(length);
  const sign = (key: KeyObject, input: string): string =>
    createHmac(hash, key).update(input, 'latin1').digest('base64url');
  return {
    name: `HS${bits}`,
    keyType: 'secret',
    minimumBits: bits,
    sign,
    // Comparing the two spellings is comparing the bytes, because base64url was checked to be canonical.
    verify(key, input, signature) {
      if (signature.length !== length) return false;
      expected.write(sign(key, input), 0, length, 'latin1');
      actual.write(signature, 0, length, 'latin1');
      return timingSafeEqual(expected, actual);
    },
  };
}

function rsa(name: SignatureAlgorithmName, bits: 256 | 384 | 512): SignatureAlgorithm {
  const hash = `sha${bits}`;
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
  // A bare key means PKCS #1 padding, and verifies in half the time of one wrapped in options.
  const padded = (key: KeyObject) => (name.startsWith('PS') ? { key, padding, saltLength } : key);
  return {
    name,
    keyType: 'rsa',
    minimumBits: 2048,
    sign: (key, input) => cryptoSign(hash, bytes(input), padded(key)).toString('base64url'),
    verify(key, input, signature) {
      const decoded = decode(signature);
      // RFC 8017 §8.1.2: as long as the modulus. OpenSSL takes a PSS signature also without its leading zeros.
      if (decoded.length !== modulusBytes(key)) return false;
      return cryptoVerify(hash, bytes(input), padded(key), decoded);
    },
  };
}

/** Asking a key for its details costs half a microsecond each time, so each is asked once: when it is imported or first used. */
const KNOWN_MODULUS_BYTES = new WeakMap<KeyObject, number>();

function modulusBytes(key: KeyObject): number {
  let length = KNOWN_MODULUS_BYTES.get(key);
  if (length === undefined) {
    length = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
    KNOWN_MODULUS_BYTES.set(key, length);
  }
  return length;
}

function ecdsa(bits: 256 | 384 | 512, curve: string, coordinateLength: number): SignatureAlgorithm {
  const hash = `sha${bits}`;
  return {
    name: `ES${bits}`,
    keyType: 'ec',
    curve,
    sign: (key, input) =>
      ecdsaToJose(cryptoSign(hash, bytes(input), key), coordinateLength).toString('base64url'),
    verify(key, input, signature) {
      const der = ecdsaToDer(decode(signature), coordinateLength);
      return der !== undefined && cryptoVerify(hash, bytes(input), key, der);
    },
  };
}

const eddsa: SignatureAlgorithm = {
  name: 'EdDSA',
  // RFC 9864 §2.2 gives Ed25519 a name of its own. EdDSA stays the one that is written: every verifier knows it.
  otherName: 'Ed25519',
  keyType: 'ed25519',
  sign: (key, input) => cryptoSign(null, bytes(input), key).toString('base64url'),
  verify: (key, input, signature) => cryptoVerify(null, bytes(input), key, decode(signature)),
};

/** @param identifier the last byte of 2.16.840.1.101.3.4.3.x (RFC 9881 §2). */
function mlDsa(size: 44 | 65 | 87, identifier: string): SignatureAlgorithm {
  return {
    name: `ML-DSA-${size}`,
    keyType: `ml-dsa-${size}`,
    needs: { runtime: 'Node.js 24.7 or later with OpenSSL 3.5 or later', isMet: runtimeHasMlDsa },
    identifier: `6086480165030403${identifier}`,
    sign: (key, input) => cryptoSign(null, bytes(input), key).toString('base64url'),
    verify: (key, input, signature) => cryptoVerify(null, bytes(input), key, decode(signature)),
  };
}

let mlDsaWasMade: boolean | undefined;

/** Trying is the one way to know: it depends on Node.js and on the OpenSSL that it was built with. */
function runtimeHasMlDsa(): boolean {
  if (mlDsaWasMade === undefined) {
    try {
      generateKeyPairSync('ml-dsa-44');
      mlDsaWasMade = true;
    } catch {
      mlDsaWasMade = false;
    }
  }
  return mlDsaWasMade;
}

/** A JWS signing input is ASCII, and one byte a character is the fastest way to bytes. */
function bytes(input: string): Buffer {
  return Buffer.from(input, 'latin1');
}

function decode(signature: string): Buffer {
  return Buffer.from(signature, 'base64url');
}

const TABLE: ReadonlyMap<string, SignatureAlgorithm> = new Map(
  [
    hmac(256),
    hmac(384),
    hmac(512),
    rsa('RS256', 256),
    rsa('RS384', 384),
    rsa('RS512', 512),
    rsa('PS256', 256),
    rsa('PS384', 384),
    rsa('PS512', 512),
    ecdsa(256, 'prime256v1', 32),
    ecdsa(384, 'secp384r1', 48),
    ecdsa(512, 'secp521r1', 66),
    eddsa,
    mlDsa(44, '11'),
    mlDsa(65, '12'),
    mlDsa(87, '13'),
  ].map((row) => [row.name, Object.freeze(row)]),
);

/**
 * The names of all signature algorithms there are, whether or not this runtime has them.
 *
 * @example
 * ```ts
 * SIGNATURE_ALGORITHMS.includes('none'); // false
 * ```
 */
export const SIGNATURE_ALGORITHMS: readonly string[] = Object.freeze([...TABLE.keys()]);

const OTHER_NAMES: ReadonlyMap<string, string> = new Map(
  [...TABLE.values()].flatMap(({ name, otherName }) => (otherName === undefined ? [] : [[otherName, name]])),
);

/** The name that is written, for either name of an algorithm; any other name as it is. */
export function primaryName(name: string): string {
  return OTHER_NAMES.get(name) ?? name;
}

/**
 * The row of an algorithm, by either of its names; undefined for every other name, `none` included. Names are
 * case-sensitive (RFC 7515 §4.1.1).
 */
export function signatureAlgorithm(name: string): SignatureAlgorithm | undefined {
  return TABLE.get(primaryName(name));
}

/** The row of an algorithm that not every runtime has, by the object identifier of its keys. */
export function algorithmWithIdentifier(identifier: string): SignatureAlgorithm | undefined {
  return [...TABLE.values()].find((row) => row.identifier === identifier);
}

/** Whether a key is of the type and the curve that an algorithm takes. */
export function goesWith(key: KeyObject, row: SignatureAlgorithm): boolean {
  const type = key.type === 'secret' ? 'secret' : key.asymmetricKeyType;
  return (
    row.keyType === type && (row.curve === undefined || row.curve === key.asymmetricKeyDetails?.namedCurve)
  );
}

/** The algorithm of a key for which none was named: the first of the table that goes with it. */
export function defaultAlgorithm(key: KeyObject): SignatureAlgorithm | undefined {
  return [...TABLE.values()].find((row) => goesWith(key, row));
}
