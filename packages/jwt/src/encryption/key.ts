/** An encryption key that passed the door: bound to one key management algorithm, and silent about its material. */
import type { KeyObject } from 'node:crypto';
import { inspect } from 'node:util';
import { compactDecrypt } from 'jose/jwe/compact/decrypt';
import { CompactEncrypt } from 'jose/jwe/compact/encrypt';
import { isBase64url } from '../base64url.js';
import {
  CONTENT_ENCRYPTION_ALGORITHMS,
  type ContentEncryption,
  contentEncryption,
  type KeyManagement,
  type KeyManagementName,
} from './algorithms.js';
import type { EncryptedToken } from './encrypted-token.js';

/** What the door knows of an encryption key it lets in. */
export interface EncryptionKeyParts {
  algorithm: KeyManagement;
  /** A secret, or a public key; undefined when its `key_ops` do not allow encrypting. */
  encrypting: KeyObject | undefined;
  /** A secret, or a private key; undefined when it cannot decrypt. */
  decrypting: KeyObject | undefined;
  /** What it encrypts content with. */
  content: ContentEncryption;
  /** Whether it decrypts nothing else. */
  contentGiven: boolean;
  kid: string | undefined;
  /** Whether `kid` was given, rather than computed. */
  kidGiven: boolean;
  thumbprint: string | undefined;
  /** Zero for all but PBES2. */
  iterations: number;
}

/** A key with its one key management algorithm. Made by {@link importEncryptionKey}; it prints as `[Key A256KW]`. */
export class EncryptionKey {
  readonly #parts: EncryptionKeyParts;

  /** @internal */
  constructor(parts: EncryptionKeyParts) {
    this.#parts = parts;
  }

  /** The one key management algorithm (`alg`) the key is used with. */
  get algorithm(): KeyManagementName {
    return this.#parts.algorithm.name;
  }

  /** The key ID that a token encrypted with it names; undefined for a secret that was given none. */
  get kid(): string | undefined {
    return this.#parts.kid;
  }

  /** The thumbprint of RFC 7638 with SHA-256; undefined for a secret, whose hash would help to guess it (§7). */
  get thumbprint(): string | undefined {
    return this.#parts.thumbprint;
  }

  /** Whether it is a shared secret. */
  get isSecret(): boolean {
    return this.#parts.algorithm.keyType === 'secret';
  }

  get canEncrypt(): boolean {
    return this.#parts.encrypting !== undefined;
  }

  get canDecrypt(): boolean {
    return this.#parts.decrypting !== undefined;
  }

  /** Whether a token that names this key ID may be this key's; a token may name none. */
  answersTo(kid: string | undefined): boolean {
    return kid === undefined || !this.#parts.kidGiven || kid === this.#parts.kid;
  }

  /** Whether the key decrypts content that was encrypted so. */
  decryptsContent(enc: string): boolean {
    const { content, contentGiven } = this.#parts;
    return contentGiven ? enc === content.name : CONTENT_ENCRYPTION_ALGORITHMS.includes(enc);
  }

  /** @internal Encrypts for whoever holds the key; `header` comes after what the key writes itself. */
  async encrypt(plaintext: Uint8Array, header: Readonly<Record<string, unknown>>): Promise<string> {
    const { algorithm, encrypting, content, kid, iterations } = this.#parts;
    if (encrypting === undefined) throw new TypeError('this key cannot encrypt');
    const jwe = new CompactEncrypt(plaintext).setProtectedHeader({
      alg: algorithm.name,
      enc: content.name,
      ...(kid === undefined ? {} : { kid }),
      ...header,
    });
    if (iterations > 0) jwe.setKeyManagementParameters({ p2c: iterations });
    return jwe.encrypt(encrypting);
  }

  /**
   * @internal The plaintext; undefined when the token is not this key's or was changed. Why is not told: answers that
   * differ are what padding oracles are made of (RFC 7516 §11.5).
   */
  async decrypt(jwe: EncryptedToken): Promise<Uint8Array | undefined> {
    const { algorithm, decrypting, iterations } = this.#parts;
    const content = contentEncryption(jwe.header.enc);
    if (decrypting === undefined || content === undefined) return undefined;
    const { header, encryptedKey } = jwe;
    const recipient = {
      header,
      encryptedKey,
      contentKeyBytes: content.keyBytes,
      key: decrypting,
      iterations,
    };
    if (!hasForm(jwe, content) || !algorithm.fits(recipient)) return undefined;
    try {
      const { plaintext } = await compactDecrypt(jwe.token, decrypting, {
        keyManagementAlgorithms: [algorithm.name],
        contentEncryptionAlgorithms: [content.name],
        ...(iterations > 0 ? { maxPBES2Count: iterations } : {}),
      });
      return plaintext;
    } catch {
      return undefined;
    }
  }

  toString(): string {
    const { algorithm, thumbprint } = this.#parts;
    return thumbprint === undefined ? `[Key ${algorithm.name}]` : `[Key ${algorithm.name} ${thumbprint}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  static {
    Object.defineProperty(EncryptionKey.prototype, inspect.custom, {
      value: EncryptionKey.prototype.toString,
    });
  }
}

/** Initialization vector and tag have the one length of the algorithm: engines take shorter tags, which are easier to forge. */
function hasForm({ iv, tag }: EncryptedToken, content: ContentEncryption): boolean {
  return hasBytes(iv, content.ivBytes) && hasBytes(tag, content.tagBytes);
}

function hasBytes(text: string, bytes: number): boolean {
  return isBase64url(text) && Math.floor((text.length * 3) / 4) === bytes;
}
