/** The door for encryption keys: it reads every form that the door for signing keys reads, and binds to one algorithm. */
import type { KeyObject } from 'node:crypto';
import { InvalidKey, InvalidOption } from '../errors.js';
import { checkKeyIds, checkNameless } from '../keys/candidates.js';
import { kindOf } from '../keys/material.js';
import { checkStrength } from '../keys/strength.js';
import { thumbprintOf } from '../keys/thumbprint.js';
import { oneOf } from '../nearest.js';
import { checkOptionNames } from '../option-names.js';
import {
  CONTENT_ENCRYPTION_ALGORITHMS,
  type ContentEncryption,
  contentEncryption,
  contentEncryptionOf,
  defaultKeyManagement,
  FEWEST_ITERATIONS,
  KEY_MANAGEMENT_ALGORITHMS,
  type KeyManagement,
  keyManagement,
  takes,
} from './algorithms.js';
import { agreed, allows, claimOf } from './claim.js';
import { checkHalves } from './halves.js';
import { EncryptionKey } from './key.js';
import type { EncryptionFacts, EncryptionKeySource } from './sources.js';

/** NIST SP 800-63B-4 §3.1.1.2, for a password that nothing else protects. */
const SHORTEST_PASSWORD = 15;

/** More iterations than this would let one token keep a processor for seconds, whoever allowed them. */
const MOST_ITERATIONS = 10_000_000;

/** What may be asked for beside the source of a key. */
type AskedAlgorithms = Pick<EncryptionFacts, 'alg' | 'enc' | 'iterations'>;

/** The names of what may be asked for beside the source of a key. */
export const ASKED_ALGORITHMS: Readonly<Record<keyof AskedAlgorithms, true>> = {
  alg: true,
  enc: true,
  iterations: true,
};

/**
 * Imports an encryption key from any source and binds it to one key management algorithm; see {@link EncryptionFacts} for
 * what is taken where nothing is named.
 *
 * @param asked must not contradict what the source says itself.
 * @throws InvalidKey when the source is not what it says, is meant for something else (`use`, `key_ops`, `alg`), has the
 * wrong size, does not go with the algorithm, or has two halves that do not belong together; InvalidOption for a name in
 * `asked` that there is not.
 * @example
 * ```ts
 * const key = importEncryptionKey({ pem: await readFile('key.pem', 'utf8') }, { alg: 'RSA-OAEP-256' });
 * ```
 */
export function importEncryptionKey(
  source: EncryptionKeySource,
  asked: Pick<EncryptionFacts, 'alg' | 'enc' | 'iterations'> = {},
): EncryptionKey {
  checkOptionNames(asked, ASKED_ALGORITHMS, 'importEncryptionKey()');
  if (source instanceof EncryptionKey) return sameFacts(source, asked);
  const { key, publicSide: encrypting, kid, ...claimed } = claimOf(source, asked);
  const row = algorithmFor(key, agreed('alg', asked.alg, claimed.alg));
  const givenContent = contentFor(agreed('enc', asked.enc, claimed.enc));
  const content = givenContent ?? defaultContent(row, key);
  checkSize(encrypting, row, content);
  const iterations = checkedIterations(row, agreed('iterations', asked.iterations, claimed.iterations));
  if (key.type === 'private') checkHalves(key, encrypting);
  const thumbprint = key.type === 'secret' ? undefined : thumbprintOf(encrypting);
  const mayEncrypt = allows(claimed.operations, row.operations.encrypt);
  const mayDecrypt = allows(claimed.operations, row.operations.decrypt) && key.type !== 'public';
  if (!mayEncrypt && !mayDecrypt) {
    throw new InvalidKey(
      `The key is not for ${row.name}: its \`key_ops\` or usages do not allow it (RFC 7517 §4.3).`,
      'Use another key.',
    );
  }
  return new EncryptionKey({
    algorithm: row,
    encrypting: mayEncrypt ? encrypting : undefined,
    decrypting: mayDecrypt ? key : undefined,
    content,
    contentGiven: givenContent !== undefined || row.name === 'dir',
    kid: kid ?? thumbprint,
    kidGiven: kid !== undefined,
    thumbprint,
    iterations,
  });
}

/**
 * The keys that decrypt, in the order given.
 *
 * @throws InvalidKey as {@link importEncryptionKey}; InvalidOption for none, for one that cannot decrypt, for two of one key
 * ID, or for many that have none.
 */
export function decryptionKeys(
  sources: EncryptionKeySource | readonly EncryptionKeySource[],
  option: string,
): readonly EncryptionKey[] {
  const list = (Array.isArray(sources) ? sources : [sources]) as readonly EncryptionKeySource[];
  if (list.length === 0 || list[0] === undefined) {
    throw new InvalidOption(option, 'is missing', 'Give the key that decrypts.');
  }
  const keys = list.map((source) => importEncryptionKey(source));
  if (!keys.every((key) => key.canDecrypt)) {
    throw new InvalidOption(
      option,
      'has a key that cannot decrypt',
      'Give the private key, or the shared secret.',
    );
  }
  checkKeyIds(keys, option);
  checkNameless(keys, option);
  return Object.freeze(keys);
}

function sameFacts(key: EncryptionKey, asked: AskedAlgorithms): EncryptionKey {
  agreed('alg', asked.alg, key.algorithm);
  if (asked.enc !== undefined || asked.iterations !== undefined) {
    throw new InvalidKey(
      'The key was imported already, with its enc and iterations.',
      'Import it anew with others, or leave them out.',
    );
  }
  return key;
}

function algorithmFor(key: KeyObject, name: unknown): KeyManagement {
  const row = name === undefined ? defaultKeyManagement(key) : keyManagement(String(name));
  if (row === undefined) {
    throw new InvalidKey(
      name === undefined
        ? `No encryption algorithm here takes ${kindOf(key)} of that size without being named.`
        : 'The key management algorithm is not one there is here.',
      oneOf(KEY_MANAGEMENT_ALGORITHMS, name),
    );
  }
  if (!takes(row, key)) {
    throw new InvalidKey(
      `${row.name} does not go with ${kindOf(key)}.`,
      `Use ${defaultKeyManagement(key)?.name ?? 'another key'}, or give a key for ${row.name}.`,
    );
  }
  return row;
}

function contentFor(name: unknown): ContentEncryption | undefined {
  if (name === undefined) return undefined;
  const row = contentEncryption(String(name));
  if (row !== undefined) return row;
  throw new InvalidKey(
    'The content encryption algorithm is not one there is here.',
    oneOf(CONTENT_ENCRYPTION_ALGORITHMS, name),
  );
}

function defaultContent(row: KeyManagement, key: KeyObject): ContentEncryption {
  const content =
    row.name === 'dir' ? contentEncryptionOf(key.symmetricKeySize ?? 0) : contentEncryption('A256GCM');
  if (content !== undefined) return content;
  throw new InvalidKey(
    'dir needs a key of 16, 24, 32, 48 or 64 bytes.',
    'Give a key of the size that enc needs.',
  );
}

function checkSize(key: KeyObject, row: KeyManagement, content: ContentEncryption): void {
  checkStrength(key, row);
  if (row.name.startsWith('PBES2') && (key.symmetricKeySize ?? 0) < SHORTEST_PASSWORD) {
    throw new InvalidKey(
      `The password has fewer than ${SHORTEST_PASSWORD} bytes, and anybody who has a token can guess at it.`,
      'Take a longer one, or better a random key.',
    );
  }
  const exact = row.name === 'dir' ? content.keyBytes : row.keyBytes;
  if (exact === undefined || key.symmetricKeySize === exact) return;
  throw new InvalidKey(
    `${row.name === 'dir' ? content.name : row.name} needs a key of exactly ${exact} bytes, and this one has ${key.symmetricKeySize}.`,
    `Make one: node -p "crypto.randomBytes(${exact}).toString('hex')"`,
  );
}

function checkedIterations(row: KeyManagement, iterations: unknown): number {
  if (!row.name.startsWith('PBES2')) {
    if (iterations === undefined) return 0;
    throw new InvalidKey(`${row.name} has no iterations.`, 'They belong to PBES2: leave them out.');
  }
  const isSensible =
    Number.isSafeInteger(iterations) &&
    (iterations as number) >= FEWEST_ITERATIONS &&
    (iterations as number) <= MOST_ITERATIONS;
  if (isSensible) return iterations as number;
  throw new InvalidKey(
    `${row.name} needs its \`iterations\`, from ${FEWEST_ITERATIONS} to ${MOST_ITERATIONS}.`,
    'Give { text, alg, iterations: 600_000 }: no token may ask for more work than that.',
  );
}
