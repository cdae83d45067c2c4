/** What the source of an encryption key says of it: the key, and the algorithms and operations it is meant for. */
import { KeyObject, type webcrypto } from 'node:crypto';
import { types } from 'node:util';
import { InvalidKey } from '../errors.js';
import { type Material, materialOf, publicSide } from '../keys/material.js';
import { contentEncryption, keyManagement } from './algorithms.js';
import type { EncryptionFacts } from './sources.js';

/** A key with what its source says; nothing of it is checked against the key yet. */
export interface EncryptionKeyClaim {
  readonly key: KeyObject;
  /** The public half, as the source states it; a secret as it is. */
  readonly publicSide: KeyObject;
  readonly alg: unknown;
  readonly enc: unknown;
  readonly kid: string | undefined;
  readonly iterations: unknown;
  /** `key_ops` of a JWK, usages of a CryptoKey; undefined allows all. */
  readonly operations: ReadonlySet<string> | undefined;
}

/**
 * @param asked beside the source; it says how long a key made from a passphrase is.
 * @throws InvalidKey for what is no key for encryption, or contradicts itself.
 */
export function claimOf(
  source: unknown,
  asked: Pick<EncryptionFacts, 'alg' | 'enc'> = {},
): EncryptionKeyClaim {
  if (types.isCryptoKey(source)) return claimOfCryptoKey(source as webcrypto.CryptoKey);
  const { form, enc, iterations } = splitSource(source);
  const material = materialOf(form, 'enc', (alg) => passphraseBytes(asked.alg ?? alg, asked.enc ?? enc));
  const { alg, enc: jwkEnc } = algorithmsIn(material);
  const { key, kid, jwk } = material;
  return {
    key,
    publicSide: publicSide(material),
    kid,
    alg,
    enc: agreed('enc', enc, jwkEnc),
    iterations,
    operations: jwk?.operations,
  };
}

/** A key made from a passphrase has the one size of its algorithm; where none is named, that of A256KW. */
function passphraseBytes(alg = 'A256KW', enc: unknown = 'A256GCM'): number {
  const row = keyManagement(alg);
  const bytes = row?.name === 'dir' ? contentEncryption(String(enc))?.keyBytes : row?.keyBytes;
  if (bytes !== undefined) return bytes;
  throw new InvalidKey(
    'A passphrase makes a shared key of one size, and the algorithm takes none.',
    'Use dir, A256KW or A256GCMKW. PBES2 makes its own key of a password: { text, alg, iterations }.',
  );
}

/** The one of two that is there. @throws InvalidKey when both are and they differ. */
export function agreed(what: string, asked: unknown, own: unknown): unknown {
  if (asked !== undefined && own !== undefined && asked !== own) {
    throw new InvalidKey(
      `The key is for one ${what}, and another was asked for.`,
      'Use the one it is for, or a key of its own.',
    );
  }
  return asked ?? own;
}

/** Whether one of the operations an algorithm needs is allowed; some need none. */
export function allows(allowed: ReadonlySet<string> | undefined, needed: readonly string[]): boolean {
  return allowed === undefined || needed.length === 0 || needed.some((operation) => allowed.has(operation));
}

/** `enc` and `iterations` concern encryption only; the rest is a source as the common door knows it. */
function splitSource(source: unknown): { form: unknown; enc?: unknown; iterations?: unknown } {
  const isPlain =
    typeof source === 'object' &&
    source !== null &&
    !(source instanceof KeyObject) &&
    !(source instanceof Uint8Array);
  if (!isPlain) return { form: source };
  const { enc, ...rest } = source as Record<string, unknown>;
  // Beside a passphrase, iterations are those of the function that makes a key of it.
  if (rest['passphrase'] !== undefined) return { form: rest, enc };
  const { iterations, ...form } = rest;
  return { form, enc, iterations };
}

/** With dir, a JWK names the content encryption in its `alg` (RFC 7520 §5.6). */
function algorithmsIn({ alg, jwk }: Material): { alg: unknown; enc: unknown } {
  const own = jwk?.alg;
  if (own !== undefined && contentEncryption(own) !== undefined) {
    return { alg: agreed('alg', alg === own ? undefined : alg, 'dir'), enc: own };
  }
  return { alg: agreed('alg', alg, own), enc: undefined };
}

/** What WebCrypto binds to a key: what it is for, and its hash, which is part of the algorithm's name here. */
function claimOfCryptoKey(source: webcrypto.CryptoKey): EncryptionKeyClaim {
  const { name, hash, length } = source.algorithm as {
    name: string;
    hash?: { name: string };
    length?: number;
  };
  const bits = hash?.name.slice(4);
  const material = materialOf(source, 'enc', passphraseBytes);
  return {
    key: material.key,
    publicSide: publicSide(material),
    alg:
      name === 'RSA-OAEP'
        ? `RSA-OAEP${bits === '1' ? '' : `-${bits}`}`
        : name === 'AES-KW'
          ? `A${length}KW`
          : undefined,
    enc: undefined,
    kid: undefined,
    iterations: undefined,
    operations: new Set<string>(source.usages),
  };
}
