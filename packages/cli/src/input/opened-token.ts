/** The signed token inside an encrypted one (RFC 7519 §5.2). It is opened, and still nobody has checked it. */
import { decryptCompact, type EncryptionKey, JOSEError } from '@tokenwright/jwt';
import { inspect } from '@tokenwright/jwt/inspect';
import { EXIT } from '../exit-codes.js';
import { Failure, usage } from '../failure.js';
import { readDecryptionKey } from './encryption-key.js';
import { isStdin, readToken } from './token.js';

/**
 * Reads a token, and decrypts it where it is encrypted.
 *
 * @throws Failure when the key does not open it, or it holds no token.
 */
export async function openToken(argument: string | undefined, decryptKey: string): Promise<string> {
  if (decryptKey === '-' && isStdin(argument)) {
    throw usage('Token and key cannot both come from standard input.', 'Give one of them as @FILE.');
  }
  const key = await readDecryptionKey(decryptKey);
  return signedIn(await readToken(argument), key);
}

/**
 * The signed token inside an encrypted one; any other token as it is.
 *
 * @throws Failure when the key does not open it.
 */
export async function signedIn(token: string, key: EncryptionKey): Promise<string> {
  if (inspect(token).kind !== 'encrypted') return token;
  try {
    const { plaintext } = await decryptCompact(token, key);
    return Buffer.from(plaintext).toString('utf8');
  } catch (error) {
    if (!(error instanceof JOSEError)) throw error;
    throw new Failure(
      EXIT.refused,
      'The key does not open the token.',
      'Give the private key, or the secret, that it was encrypted for.',
    );
  }
}
