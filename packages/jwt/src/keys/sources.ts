/** Where keys come from: every form that `signWith`, the validator's `keys` and `importKey` take. */
import type { KeyObject, webcrypto } from 'node:crypto';
import type { SignatureAlgorithmName } from '../algorithms.js';
import type { Key } from './key.js';

/** The members that say in which form a key is. */
type Form = 'hex' | 'base64url' | 'text' | 'passphrase' | 'pem' | 'x509' | 'jwk';

/** Every member but these must be absent, so that two forms at once do not compile. */
type Only<Members extends Form> = { [member in Exclude<Form, Members>]?: never };

/** What may accompany any form. */
export interface KeyFacts {
  /**
   * The one algorithm the key is used with; where absent the source's own (a JWK's `alg`, a CryptoKey's algorithm), else
   * the default of the key's type. `Ed25519` is the other name of `EdDSA` (RFC 9864 §2.2).
   */
  alg?: SignatureAlgorithmName | 'Ed25519';
  /** The key ID; where absent the JWK's `kid`, else the thumbprint (RFC 7638) of an asymmetric key. */
  kid?: string;
}

/** An HMAC key as hexadecimal digits. */
export interface HexKey extends Only<'hex'> {
  hex: string;
}

/** An HMAC key as base64url (RFC 4648 §5, without padding). */
export interface Base64urlKey extends Only<'base64url'> {
  base64url: string;
}

/** An HMAC key as random text whose UTF-8 bytes are the key. For what people can remember there is {@link PassphraseKey}. */
export interface TextKey extends Only<'text'> {
  text: string;
}

/** Random bytes, as many as the salt of {@link PassphraseKey} needs or more. */
export type Salt = { hex: string } | { base64url: string };

/** What scrypt costs (RFC 7914 §2). Default: 131,072, 8 and 1, which take 128 MiB and about half a second. */
export interface ScryptCost {
  /** N: a power of two. With the others at least as costly as the default (OWASP). Default 131,072. */
  cost?: number;
  /** r. Default 8. */
  blockSize?: number;
  /** p. Default 1. */
  parallelization?: number;
}

/**
 * A shared key made from a passphrase by a function that is slow on purpose, for a passphrase can be guessed. For HMAC it has
 * the length of the algorithm's hash, for encryption the one size of its algorithm; the passphrase is normalized (NFC) first, so that every keyboard makes the same key.
 * PBKDF2 with HMAC-SHA-256 (RFC 8018 §5.2) takes `iterations`, at least 600,000; scrypt (RFC 7914) takes `scrypt`.
 * Making the key blocks the process for a good part of a second: once, when it is imported.
 */
export type PassphraseKey = Only<'passphrase'> & {
  /** At least 15 characters. */
  passphrase: string;
  /** At least 16 random bytes. Not secret, made once for each key and kept beside it. */
  salt: Salt;
} & ({ iterations: number; scrypt?: never } | { scrypt: ScryptCost; iterations?: never });

/** One PEM block (RFC 7468), or the `file:` URL of one: PKCS#8, PKCS#1, SEC1, also encrypted, or SPKI. */
export interface PemKey extends Only<'pem' | 'passphrase'> {
  pem: string | URL;
  /** Opens an encrypted PEM. */
  passphrase?: string;
}

/**
 * An X.509 certificate (RFC 5280), as PEM or as a `file:` URL of PEM or DER, for its public key; with `pem` also its
 * private key, which must belong to it. Of a chain the first counts. Its dates, its issuer and its purpose are not looked
 * at: they say who vouches for a key until when, and here the key was chosen by hand.
 */
export interface X509Key extends Only<'x509' | 'pem' | 'passphrase'> {
  x509: string | URL;
  /** The private key of the certificate. */
  pem?: string | URL;
  /** Opens an encrypted `pem`. */
  passphrase?: string;
}

/** A JSON Web Key (RFC 7517): the object, its JSON text, or the `file:` URL of that. */
export interface JwkKey extends Only<'jwk'> {
  jwk: Readonly<Record<string, unknown>> | string | URL;
}

/** Every form of a key. */
export type KeySource =
  | ((HexKey | Base64urlKey | TextKey | PassphraseKey | PemKey | X509Key | JwkKey) & KeyFacts)
  | KeyObject
  | webcrypto.CryptoKey
  | Key;
