/** What a builder signs with: one key, or the current key of a ring; with the header, which is encoded once for each key. */
import { InvalidOption } from './errors.js';
import { importKey } from './keys/import.js';
import type { Key } from './keys/key.js';
import { KeyRing } from './keys/key-ring.js';
import type { KeySet } from './keys/key-set.js';
import type { KeySource } from './keys/sources.js';
import type { ProtectedHeader } from './token.js';

/** A key with the header that its tokens get. */
export interface SigningHeader {
  readonly key: Key;
  readonly header: ProtectedHeader;
  readonly encoded: string;
}

/** What a builder adds to the header of every token. */
export interface OwnHeader {
  readonly typ: string;
  readonly header: Readonly<Record<string, unknown>>;
}

/** The signing side of a builder. */
export class Signing {
  readonly #source: Key | KeyRing;
  readonly #own: OwnHeader;
  #made: SigningHeader | undefined;

  constructor(source: Key | KeyRing, own: OwnHeader) {
    this.#source = source;
    this.#own = own;
  }

  /** The key for a token that ends then, and its header. @param end seconds since 1970; undefined for a token without an end. */
  forTokenUntil(end: number | undefined): SigningHeader {
    const key = this.#source instanceof KeyRing ? this.#source.signs(end) : this.#source;
    if (this.#made?.key !== key) this.#made = signingHeader(key, this.#own);
    return this.#made;
  }

  /** The same keys with another header. */
  withHeader(own: OwnHeader): Signing {
    return new Signing(this.#source, own);
  }

  /** What verifies these tokens. */
  get verifyingSide(): Key | KeySet {
    return this.#source instanceof KeyRing ? this.#source : this.#source.verifyingSide();
  }

  /** The public keys. */
  publicJwks(): readonly Readonly<Record<string, unknown>>[] {
    if (this.#source instanceof KeyRing) return this.#source.jwks().keys;
    const jwk = this.#source.publicJwk();
    return jwk === undefined ? [] : [jwk];
  }
}

/**
 * The signing side made from what `signWith` was given.
 *
 * @throws InvalidKey for a key that cannot be used; InvalidOption for one that cannot sign, or an algorithm beside a ring.
 */
export function signingFrom(
  source: KeySource | KeyRing,
  algorithm: string | undefined,
  own: OwnHeader,
): Signing {
  if (source instanceof KeyRing) {
    if (algorithm === undefined) return new Signing(source, own);
    throw new InvalidOption(
      'signWith',
      'got an algorithm beside a KeyRing',
      'The keys of a ring have theirs.',
    );
  }
  const key = importKey(source, algorithm);
  if (key.canSign) return new Signing(key, own);
  throw new InvalidOption('signWith', 'got a public key, which cannot sign', 'Give the private key.');
}

/** Parts of usual size are encoded here, one after the other: making a buffer for each costs as much as encoding it. */
const scratch = Buffer.allocUnsafeSlow(8192);

/** JSON as a part of a token. */
export function encodedPart(json: string): string {
  // A character takes three bytes at most (a pair of surrogates four).
  const fits = json.length * 3 <= scratch.length;
  return fits
    ? scratch.toString('base64url', 0, scratch.write(json))
    : Buffer.from(json).toString('base64url');
}

function signingHeader(key: Key, { typ, header: own }: OwnHeader): SigningHeader {
  const header: ProtectedHeader = Object.freeze({
    alg: key.algorithm,
    typ,
    ...(key.kid === undefined ? {} : { kid: key.kid }),
    ...own,
  });
  return Object.freeze({ key, header, encoded: encodedPart(JSON.stringify(header)) });
}
