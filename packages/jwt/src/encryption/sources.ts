/** Where encryption keys come from: every form that `encryptWith`, `decryptWith` and the compact functions take. */
import type { KeyObject, webcrypto } from 'node:crypto';
import type {
  Base64urlKey,
  HexKey,
  JwkKey,
  PassphraseKey,
  PemKey,
  TextKey,
  X509Key,
} from '../keys/sources.js';
import type { ContentEncryptionName, KeyManagementName } from './algorithms.js';
import type { EncryptionKey } from './key.js';

/** What may accompany any source that does not say it itself. */
export interface EncryptionFacts {
  /**
   * The one key management algorithm of the key; where absent the JWK's `alg`, else the default of its type: AES Key Wrap
   * for 16, 24 and 32 bytes, dir for 48 and 64, RSA-OAEP-256, ECDH-ES+A256KW.
   */
  alg?: KeyManagementName;
  /**
   * The one content encryption the key is used with. Where absent it encrypts with A256GCM and decrypts any; with `dir` it
   * follows from the JWK's `alg` or the size of the key, and there is always one.
   */
  enc?: ContentEncryptionName;
  /** The key ID; where absent the JWK's `kid`, else the thumbprint (RFC 7638) of an asymmetric key. */
  kid?: string;
  /**
   * With a `passphrase`, the iterations of PBKDF2 that make a key of it. Else only with PBES2, which needs it: by how many iterations the password is stretched when it encrypts, and the most that
   * are done for a token when it decrypts. The password has at least 15 bytes and is given as { text }. 1,000 to 10,000,000; 600,000 or more is advised for new passwords.
   */
  iterations?: number;
}

/**
 * Every form of an encryption key. A passphrase makes a shared key of the size that the algorithm takes, A256KW unless another
 * is named; a certificate gives its public key, and with `pem` the private one.
 */
export type EncryptionKeySource =
  | ((HexKey | Base64urlKey | TextKey | PassphraseKey | PemKey | X509Key | JwkKey) & EncryptionFacts)
  | KeyObject
  | webcrypto.CryptoKey
  | EncryptionKey;
