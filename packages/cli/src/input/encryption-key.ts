/** Keys for encrypted tokens (RFC 7516), in the forms in which every other key is given. */
import {
  type ContentEncryptionName,
  type EncryptionKey,
  importEncryptionKey,
  type KeyManagementName,
} from '@tokenwright/jwt';
import { usage } from '../failure.js';
import { readGivenKey, sourceOf, warnWhenOpen } from './key.js';

/** The algorithms that may be named beside a key. */
export interface EncryptionAlgorithms {
  readonly alg?: string | undefined;
  readonly enc?: string | undefined;
}

/** Reads the key that tokens are encrypted with. @throws Failure or InvalidKey for what is none. */
export async function readEncryptionKey(
  specification: string,
  { alg, enc }: EncryptionAlgorithms = {},
): Promise<EncryptionKey> {
  const given = await readGivenKey(specification);
  const key = importEncryptionKey(sourceOf(given), {
    // Names that there are not are the library's to refuse.
    ...(alg === undefined ? {} : { alg: alg as KeyManagementName }),
    ...(enc === undefined ? {} : { enc: enc as ContentEncryptionName }),
  });
  if (key.canDecrypt) warnWhenOpen(given);
  return key;
}

/** Reads the key that tokens are decrypted with. @throws Failure or InvalidKey for what is none. */
export async function readDecryptionKey(specification: string): Promise<EncryptionKey> {
  const key = await readEncryptionKey(specification);
  if (key.canDecrypt) return key;
  throw usage('The key to decrypt with is a public key.', 'Give the private one.');
}
