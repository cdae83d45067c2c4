/** Compact JWE on bytes (RFC 7516 §7.1): encrypted and decrypted below the level of claims. */
import { bytesOf, MAX_COMPACT_LENGTH } from '../compact.js';
import { InvalidOption } from '../errors.js';
import { addedHeader } from '../header-parameters.js';
import { checkOptionNames } from '../option-names.js';
import { refusalError } from '../refusal.js';
import { isFinding } from '../token.js';
import {
  CONTENT_ENCRYPTION_ALGORITHMS,
  type ContentEncryptionName,
  KEY_MANAGEMENT_ALGORITHMS,
  type KeyManagementName,
} from './algorithms.js';
import { decryptToken } from './decrypt.js';
import { type EncryptedHeader, parseEncryptedToken } from './encrypted-token.js';
import { ASKED_ALGORITHMS, decryptionKeys, importEncryptionKey } from './import.js';
import type { EncryptionFacts, EncryptionKeySource } from './sources.js';

/** Options of {@link encryptCompact}. */
export interface EncryptCompactOptions extends Pick<EncryptionFacts, 'alg' | 'enc' | 'iterations'> {
  /** Header parameters beside those of the algorithms and `kid`, for example `{ cty: 'text/plain' }`. */
  header?: Readonly<Record<string, unknown>>;
}

const ENCRYPT_COMPACT: Readonly<Record<keyof EncryptCompactOptions, true>> = {
  ...ASKED_ALGORITHMS,
  header: true,
};

/** Options of {@link decryptCompact}. Both lists only narrow down what the keys are for. */
export interface DecryptCompactOptions {
  /** The key management algorithms (`alg`) that are accepted. Default: those of the keys. */
  keyManagementAlgorithms?: readonly KeyManagementName[];
  /** The content encryption algorithms (`enc`) that are accepted. Default: those of the keys. */
  contentEncryptionAlgorithms?: readonly ContentEncryptionName[];
  /** The longest accepted JWE, in characters. Default 1,000,000. */
  maxLength?: number;
}

const DECRYPT_COMPACT: Readonly<Record<keyof DecryptCompactOptions, true>> = {
  keyManagementAlgorithms: true,
  contentEncryptionAlgorithms: true,
  maxLength: true,
};

/** A JWE that was decrypted. It says nothing about who encrypted it, unless the key is a shared secret. */
export interface DecryptedJwe {
  readonly protectedHeader: EncryptedHeader;
  readonly plaintext: Uint8Array;
}

/**
 * Encrypts bytes, or text as UTF-8, for whoever holds the key.
 *
 * @param source is imported at every call; import it once (`importEncryptionKey`) where that matters.
 * @throws InvalidKey, InvalidOption for a key that cannot encrypt or does not go with the algorithms, or a header parameter
 * that is reserved.
 * @example
 * ```ts
 * const jwe = await encryptCompact('hello', { pem: publicPem }, { alg: 'RSA-OAEP-256', enc: 'A256GCM' });
 * ```
 */
export async function encryptCompact(
  plaintext: Uint8Array | string,
  source: EncryptionKeySource,
  options: EncryptCompactOptions = {},
): Promise<string> {
  checkOptionNames(options, ENCRYPT_COMPACT, 'encryptCompact()');
  const { header, ...facts } = options;
  const key = importEncryptionKey(source, facts);
  if (!key.canEncrypt) {
    throw new InvalidOption('key', 'may not encrypt: its key_ops do not allow it', 'Use another key.');
  }
  return key.encrypt(bytesOf(plaintext, 'plaintext'), addedHeader(header));
}

/**
 * Decrypts a compact JWE. Whatever fails once a key is involved fails with one and the same error, JWEDecryptionFailed.
 *
 * @param keys are imported at every call; import them once (`importEncryptionKey`) where that matters.
 * @throws one of jose's errors, with `hint` and `fix`, for a JWE that is refused; InvalidKey, InvalidOption for keys or
 * options that are wrong.
 * @example
 * ```ts
 * const { plaintext } = await decryptCompact(jwe, { pem: privatePem, alg: 'RSA-OAEP-256' });
 * ```
 */
export async function decryptCompact(
  jwe: string,
  keys: EncryptionKeySource | readonly EncryptionKeySource[],
  options: DecryptCompactOptions = {},
): Promise<DecryptedJwe> {
  checkOptionNames(options, DECRYPT_COMPACT, 'decryptCompact()');
  const imported = decryptionKeys(keys, 'keys');
  const algs = listed('keyManagementAlgorithms', options.keyManagementAlgorithms, KEY_MANAGEMENT_ALGORITHMS);
  const encs = listed(
    'contentEncryptionAlgorithms',
    options.contentEncryptionAlgorithms,
    CONTENT_ENCRYPTION_ALGORITHMS,
  );
  const parsed = parseEncryptedToken(jwe, options.maxLength ?? MAX_COMPACT_LENGTH);
  if (isFinding(parsed)) throw refusalError(parsed);
  const { alg, enc } = parsed.header;
  for (const [claim, name, accepted] of [
    ['alg', alg, algs],
    ['enc', enc, encs],
  ] as const) {
    if (!accepted.includes(name)) throw refusalError({ reason: 'encryption_not_allowed', claim });
  }
  const plaintext = await decryptToken(parsed, imported);
  if (!(plaintext instanceof Uint8Array)) throw refusalError(plaintext);
  return { protectedHeader: parsed.header, plaintext };
}

function listed(
  option: string,
  names: readonly string[] | undefined,
  known: readonly string[],
): readonly string[] {
  if (names === undefined) return known;
  if (Array.isArray(names) && names.length > 0 && names.every((name) => known.includes(name))) return names;
  throw new InvalidOption(
    option,
    'is no list of algorithms that there are',
    `There are ${known.join(', ')}.`,
  );
}
