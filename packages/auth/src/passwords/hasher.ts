/** What hashes passwords: an algorithm with its parameters. */
import type { PhcHash } from './phc.js';

/** An algorithm with its parameters: `scrypt()`, or `argon2id` of `@tokenwright/auth/argon2id`. */
export interface PasswordHasher {
  /** The name in the PHC string. */
  readonly algorithm: string;
  /** The parameters of new hashes, as the PHC string writes them. */
  readonly parameters: string;
  /** Hashes with a fresh salt; answers a PHC string. */
  hash(password: Uint8Array): Promise<string>;
  /** Compares in constant time. */
  verify(password: Uint8Array, stored: PhcHash, text: string): Promise<boolean>;
  /** Whether parameters of this algorithm are within what it will compute. */
  accepts(parameters: string): boolean;
}

/** The hashers in use: the first one hashes, all compare. scrypt can always be compared. */
export type PasswordHashers = readonly [PasswordHasher, ...PasswordHasher[]];
