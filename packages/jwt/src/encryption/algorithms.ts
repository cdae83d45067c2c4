/**
 * Everything known about each encryption algorithm (RFC 7518 §4 and §5, RFC 8037 §3.2), one row each; nothing else lists
 * them. RSA1_5 is not among them: its padding is an oracle (RFC 8725 §3.2). Neither is `zip` (RFC 8725 §3.6).
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { isBase64url } from '../base64url.js';
import { isObject } from '../json.js';
import type { ProtectedHeader } from '../token.js';

type AesBits = 128 | 192 | 256;

/** How the key of the content comes to the recipient (`alg`, RFC 7518 §4). */
export type KeyManagementName =
  | 'dir'
  | `A${AesBits}KW`
  | `A${AesBits}GCMKW`
  | 'RSA-OAEP'
  | 'RSA-OAEP-256'
  | 'RSA-OAEP-384'
  | 'RSA-OAEP-512'
  | 'ECDH-ES'
  | `ECDH-ES+A${AesBits}KW`
  | 'PBES2-HS256+A128KW'
  | 'PBES2-HS384+A192KW'
  | 'PBES2-HS512+A256KW';

/** How the content is encrypted (`enc`, RFC 7518 §5). */
export type ContentEncryptionName = `A${AesBits}GCM` | 'A128CBC-HS256' | 'A192CBC-HS384' | 'A256CBC-HS512';

/** One row of content encryption; all lengths in bytes. */
export interface ContentEncryption {
  readonly name: ContentEncryptionName;
  readonly keyBytes: number;
  readonly ivBytes: number;
  readonly tagBytes: number;
}

/** What a token says to its recipient, and the key that shall read it. */
export interface Recipient {
  readonly header: ProtectedHeader;
  /** The encrypted key as base64url. */
  readonly encryptedKey: string;
  readonly contentKeyBytes: number;
  readonly key: KeyObject;
  /** The most iterations a password is stretched by. */
  readonly iterations: number;
}

/** One row of key management: what the algorithm asks of its key and of a token. */
export interface KeyManagement {
  readonly name: KeyManagementName;
  readonly keyType: 'secret' | 'rsa' | 'agreement';
  /** The one size of a shared key, in bytes; undefined where the content encryption (dir) or nothing (PBES2) decides. */
  readonly keyBytes?: number;
  /** The smallest key where more than one size will do. */
  readonly minimumBits?: number;
  /** The `key_ops` of a JWK (RFC 7517 §4.3) of which one must be there; an empty list asks for none. */
  readonly operations: { readonly encrypt: readonly string[]; readonly decrypt: readonly string[] };
  /**
   * Whether header and encrypted key have the one form this algorithm gives them. Asked before the engine sees the
   * token: the engine decodes leniently, and a wrong form must cost nothing.
   */
  fits(recipient: Recipient): boolean;
}

const WRAPPING = { encrypt: ['wrapKey', 'encrypt'], decrypt: ['unwrapKey', 'decrypt'] };
/** A public key that agrees on a key has no operation of its own in WebCrypto. */
const AGREEMENT = { encrypt: [], decrypt: ['deriveKey', 'deriveBits'] };
/** AES Key Wrap adds eight bytes (RFC 3394 §2.2.1). */
const WRAP_BYTES = 8;

const direct: KeyManagement = {
  name: 'dir',
  keyType: 'secret',
  operations: { encrypt: ['encrypt'], decrypt: ['decrypt'] },
  fits: ({ encryptedKey }) => encryptedKey === '',
};

function keyWrap(bits: AesBits): KeyManagement {
  return {
    name: `A${bits}KW`,
    keyType: 'secret',
    keyBytes: bits / 8,
    operations: WRAPPING,
    fits: isWrapped,
  };
}

function gcmKeyWrap(bits: AesBits): KeyManagement {
  return {
    name: `A${bits}GCMKW`,
    keyType: 'secret',
    keyBytes: bits / 8,
    operations: WRAPPING,
    // A shorter tag would be easier to forge, and some engines take it (RFC 7518 §4.7.1.2).
    fits: ({ header, encryptedKey, contentKeyBytes }) =>
      bytesIn(encryptedKey) === contentKeyBytes &&
      bytesIn(header['iv']) === 12 &&
      bytesIn(header['tag']) === 16,
  };
}

function rsaOaep(name: KeyManagementName): KeyManagement {
  return {
    name,
    keyType: 'rsa',
    minimumBits: 2048,
    operations: WRAPPING,
    fits: ({ key, encryptedKey }) =>
      bytesIn(encryptedKey) === Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8),
  };
}

function ecdh(wrapping?: AesBits): KeyManagement {
  return {
    name: wrapping === undefined ? 'ECDH-ES' : `ECDH-ES+A${wrapping}KW`,
    keyType: 'agreement',
    operations: AGREEMENT,
    fits: (recipient) =>
      (wrapping === undefined ? recipient.encryptedKey === '' : isWrapped(recipient)) &&
      isEphemeralKeyFor(recipient.key, recipient.header['epk']) &&
      ['apu', 'apv'].every((name) => isOptionalBase64url(recipient.header[name])),
  };
}

function pbes2(hash: 256 | 384 | 512, wrapping: AesBits): KeyManagement {
  return {
    name: `PBES2-HS${hash}+A${wrapping}KW` as KeyManagementName,
    keyType: 'secret',
    operations: { encrypt: ['deriveKey', 'deriveBits'], decrypt: ['deriveKey', 'deriveBits'] },
    // RFC 7518 §4.8.1: at least eight bytes of salt and, as recommended, a thousand iterations.
    fits: (recipient) =>
      isWrapped(recipient) &&
      bytesIn(recipient.header['p2s']) >= 8 &&
      isCount(recipient.header['p2c'], recipient.iterations),
  };
}

/** The fewest iterations that a password is stretched by (RFC 7518 §4.8.1.2). */
export const FEWEST_ITERATIONS = 1000;

function isCount(count: unknown, most: number): boolean {
  return Number.isSafeInteger(count) && (count as number) >= FEWEST_ITERATIONS && (count as number) <= most;
}

function isWrapped({ encryptedKey, contentKeyBytes }: Recipient): boolean {
  return bytesIn(encryptedKey) === contentKeyBytes + WRAP_BYTES;
}

/** How many bytes canonical base64url holds; 0 for anything else. */
function bytesIn(text: unknown): number {
  return typeof text === 'string' && isBase64url(text) ? Math.floor((text.length * 3) / 4) : 0;
}

function isOptionalBase64url(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && isBase64url(value));
}

/** What node:crypto calls a curve, what a JWK calls it, and the bytes of one of its coordinates. */
const CURVES: ReadonlyMap<string | undefined, { kty: string; crv: string; coordinate: number }> = new Map([
  ['prime256v1', { kty: 'EC', crv: 'P-256', coordinate: 32 }],
  ['secp384r1', { kty: 'EC', crv: 'P-384', coordinate: 48 }],
  ['secp521r1', { kty: 'EC', crv: 'P-521', coordinate: 66 }],
  ['x25519', { kty: 'OKP', crv: 'X25519', coordinate: 32 }],
]);

function curveOf(key: KeyObject): { kty: string; crv: string; coordinate: number } | undefined {
  return CURVES.get(
    key.asymmetricKeyType === 'ec' ? key.asymmetricKeyDetails?.namedCurve : key.asymmetricKeyType,
  );
}

/** Whether `epk` is a public key on the curve of the recipient's; a point beside it would give the private key away. */
function isEphemeralKeyFor(key: KeyObject, epk: unknown): boolean {
  const curve = curveOf(key);
  if (curve === undefined || !isObject(epk)) return false;
  const { kty, crv, x, y } = epk;
  if (kty !== curve.kty || crv !== curve.crv || epk['d'] !== undefined) return false;
  if (bytesIn(x) !== curve.coordinate) return false;
  if (kty === 'EC' ? bytesIn(y) !== curve.coordinate : y !== undefined) return false;
  try {
    createPublicKey({
      key: { kty, crv, x, ...(kty === 'EC' ? { y } : {}) } as Record<string, string>,
      format: 'jwk',
    });
    return true;
  } catch {
    return false;
  }
}

function gcm(bits: AesBits): ContentEncryption {
  return { name: `A${bits}GCM`, keyBytes: bits / 8, ivBytes: 12, tagBytes: 16 };
}

/** Half of the key is for HMAC, half for AES; the tag is half a hash (RFC 7518 §5.2). */
function cbc(bits: AesBits): ContentEncryption {
  return {
    name: `A${bits}CBC-HS${bits * 2}` as ContentEncryptionName,
    keyBytes: bits / 4,
    ivBytes: 16,
    tagBytes: bits / 8,
  };
}

const KEY_MANAGEMENT: ReadonlyMap<string, KeyManagement> = tableOf([
  direct,
  keyWrap(128),
  keyWrap(192),
  keyWrap(256),
  gcmKeyWrap(128),
  gcmKeyWrap(192),
  gcmKeyWrap(256),
  rsaOaep('RSA-OAEP-256'),
  rsaOaep('RSA-OAEP-384'),
  rsaOaep('RSA-OAEP-512'),
  rsaOaep('RSA-OAEP'),
  ecdh(),
  ecdh(128),
  ecdh(192),
  ecdh(256),
  pbes2(256, 128),
  pbes2(384, 192),
  pbes2(512, 256),
]);

const CONTENT_ENCRYPTION: ReadonlyMap<string, ContentEncryption> = tableOf([
  gcm(256),
  gcm(192),
  gcm(128),
  cbc(256),
  cbc(192),
  cbc(128),
]);

function tableOf<Row extends { name: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row.name, Object.freeze(row)]));
}

/** The names of the table of key management. */
export const KEY_MANAGEMENT_ALGORITHMS: readonly string[] = Object.freeze([...KEY_MANAGEMENT.keys()]);

/** The names of the table of content encryption. */
export const CONTENT_ENCRYPTION_ALGORITHMS: readonly string[] = Object.freeze([...CONTENT_ENCRYPTION.keys()]);

/** The row of a key management algorithm; undefined for every other name. Names are case-sensitive (RFC 7516 §4.1.1). */
export function keyManagement(name: string): KeyManagement | undefined {
  return KEY_MANAGEMENT.get(name);
}

/** The row of a content encryption algorithm; undefined for every other name. */
export function contentEncryption(name: string): ContentEncryption | undefined {
  return CONTENT_ENCRYPTION.get(name);
}

/** The content encryption whose key has this size: GCM where there is a choice. */
export function contentEncryptionOf(keyBytes: number): ContentEncryption | undefined {
  return [...CONTENT_ENCRYPTION.values()].find((row) => row.keyBytes === keyBytes);
}

/** Whether the row takes a key of this type and curve; sizes are not looked at. */
export function takes(row: KeyManagement, key: KeyObject): boolean {
  if (row.keyType === 'agreement') return key.type !== 'secret' && curveOf(key) !== undefined;
  return row.keyType === (key.type === 'secret' ? 'secret' : key.asymmetricKeyType);
}

/**
 * The algorithm of a key for which none was named: a wrapping one for a shared key of its size, else dir; RSA-OAEP-256;
 * ECDH-ES with A256KW. Never a password's.
 */
export function defaultKeyManagement(key: KeyObject): KeyManagement | undefined {
  if (key.type !== 'secret') {
    return [keyManagement('RSA-OAEP-256'), keyManagement('ECDH-ES+A256KW')].find(
      (row) => row !== undefined && takes(row, key),
    );
  }
  const bytes = key.symmetricKeySize ?? 0;
  return keyManagement(`A${bytes * 8}KW`) ?? (contentEncryptionOf(bytes) === undefined ? undefined : direct);
}
