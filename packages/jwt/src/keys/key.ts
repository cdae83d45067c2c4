/** A key that passed the door: bound to one algorithm (RFC 8725 §3.1), and silent about its material. */
import type { KeyObject } from 'node:crypto';
import { inspect } from 'node:util';
import type { SignatureAlgorithm, SignatureAlgorithmName } from '../algorithms.js';
import { InvalidKey } from '../errors.js';
import { checkOptionNames } from '../option-names.js';

/** What the door knows of a key it lets in. */
export interface KeyParts {
  algorithm: SignatureAlgorithm;
  /** Present when it can sign. */
  signing: KeyObject | undefined;
  /** A secret, or a public key. */
  verifying: KeyObject;
  /** False for a secret whose source allows signing only. */
  canVerify: boolean;
  kid: string | undefined;
  /** Whether `kid` was given, rather than computed: only then must a token that names a key name this one. */
  kidGiven: boolean;
  thumbprint: string | undefined;
  /** False when its source says that its private part is not to be exported. */
  exportable: boolean;
}

/** A key with its one algorithm. Made by {@link importKey} and {@link generateKey}; it prints as `[Key HS256]`. */
export class Key {
  readonly #parts: KeyParts;

  /** @internal */
  constructor(parts: KeyParts) {
    this.#parts = parts;
  }

  /** The one algorithm the key is used with. */
  get algorithm(): SignatureAlgorithmName {
    return this.#parts.algorithm.name;
  }

  /** The key ID that a token signed with it names; undefined for a secret that was given none. */
  get kid(): string | undefined {
    return this.#parts.kid;
  }

  /** The thumbprint of RFC 7638 with SHA-256; undefined for a secret, whose hash would help to guess it (§7). */
  get thumbprint(): string | undefined {
    return this.#parts.thumbprint;
  }

  /** Whether it is a shared secret. */
  get isSecret(): boolean {
    return this.#parts.verifying.type === 'secret';
  }

  /** Whether it can sign, and not only verify. */
  get canSign(): boolean {
    return this.#parts.signing !== undefined;
  }

  /**
   * The same key without what signs; a secret stays whole, for it verifies with what it signs.
   *
   * @throws InvalidKey for a secret whose `key_ops` or usages allow signing only (RFC 7517 §4.3).
   */
  verifyingSide(): Key {
    if (!this.#parts.canVerify) {
      throw new InvalidKey(
        'The key is for signing only: its `key_ops` do not allow verify (RFC 7517 §4.3).',
        'Import it with "verify" among them, or use another key.',
      );
    }
    return this.isSecret || !this.canSign ? this : new Key({ ...this.#parts, signing: undefined });
  }

  /** @internal The same key under this key ID. */
  withKid(kid: string): Key {
    return new Key({ ...this.#parts, kid, kidGiven: true });
  }

  /** @internal The secret, the private key where there is one, else the public key. For a ring's state and its next key. */
  material(): KeyObject {
    return this.#parts.signing ?? this.#parts.verifying;
  }

  /** Whether a token that names this key ID may be this key's; a token may name none. */
  answersTo(kid: string | undefined): boolean {
    return kid === undefined || !this.#parts.kidGiven || kid === this.#parts.kid;
  }

  /** The public key as a JWK (RFC 7517), fit for a JWK Set; undefined for a secret, which has no public part. */
  publicJwk(): Record<string, unknown> | undefined {
    return this.isSecret ? undefined : this.#jwk(this.#parts.verifying);
  }

  /** The public key as PEM (SPKI, RFC 5280 §4.1.2.7); undefined for a secret, which has no public part. */
  publicPem(): string | undefined {
    return this.isSecret
      ? undefined
      : this.#parts.verifying.export({ type: 'spki', format: 'pem' }).toString();
  }

  /**
   * The whole key as a JWK (RFC 7517), with what signs in it: keep it as one keeps a password.
   *
   * @throws InvalidKey for a key that has nothing private, or whose source forbids exporting it.
   */
  exportPrivateJwk(): Record<string, unknown> {
    return this.#jwk(this.#privatePart());
  }

  /**
   * The private key as PEM (PKCS#8, RFC 5208), encrypted when there is a passphrase: with AES-256, by a key that
   * OpenSSL's 2,048 iterations of PBKDF2 make of it, so take a long random one.
   *
   * @throws InvalidKey for a secret, which has no PEM form, a key without a private part, one whose source forbids
   * exporting it, or an empty passphrase; InvalidOption for an option that there is not, for a slip would leave the key bare.
   */
  exportPrivatePem(options: { passphrase?: string } = {}): string {
    checkOptionNames(options, { passphrase: true }, 'exportPrivatePem()');
    const part = this.#privatePart();
    if (this.isSecret) {
      throw new InvalidKey('A shared secret has no PEM form.', 'Use exportPrivateJwk().');
    }
    const { passphrase } = options;
    if (passphrase === undefined) return part.export({ type: 'pkcs8', format: 'pem' }).toString();
    if (typeof passphrase !== 'string' || passphrase === '') {
      throw new InvalidKey('The passphrase is not a non-empty string.', 'Give one, or leave it out.');
    }
    return part.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString();
  }

  /** @internal Signs a JWS signing input. */
  sign(input: string): string {
    const { algorithm, signing } = this.#parts;
    if (signing === undefined) throw new TypeError('this key can only verify');
    return algorithm.sign(signing, input);
  }

  /** @internal Whether the signature is this key's. */
  verify(input: string, signature: string): boolean {
    return this.#parts.algorithm.verify(this.#parts.verifying, input, signature);
  }

  toString(): string {
    const { algorithm, thumbprint } = this.#parts;
    return thumbprint === undefined ? `[Key ${algorithm.name}]` : `[Key ${algorithm.name} ${thumbprint}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  #privatePart(): KeyObject {
    const { signing, exportable } = this.#parts;
    if (signing === undefined) {
      throw new InvalidKey('The key has nothing private to export.', 'Use publicJwk() or publicPem().');
    }
    if (!exportable) {
      throw new InvalidKey(
        'The key is not to be exported: its source says so.',
        'Export it where it was made.',
      );
    }
    return signing;
  }

  #jwk(key: KeyObject): Record<string, unknown> {
    const { kid, algorithm } = this.#parts;
    const named = kid === undefined ? {} : { kid };
    return { ...key.export({ format: 'jwk' }), ...named, alg: algorithm.name, use: 'sig' };
  }

  static {
    Object.defineProperty(Key.prototype, inspect.custom, { value: Key.prototype.toString });
  }
}
