/** The PHC string format: a password's hash that names its algorithm and parameters (`$scrypt$ln=15,r=8,p=3$salt$hash`). */
import { randomBytes } from 'node:crypto';

/** A PHC string, taken apart. */
export interface PhcHash {
  /** `scrypt`, `argon2id`, … */
  readonly algorithm: string;
  /** The parameters as they are written, a version in front of them included. */
  readonly parameters: string;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

const PHC =
  /^\$([a-z0-9-]{1,32})\$((?:v=\d{1,10}\$)?[a-z0-9-]{1,32}=[a-zA-Z0-9/+.-]{1,32}(?:,[a-z0-9-]{1,32}=[a-zA-Z0-9/+.-]{1,32}){0,7})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

/** Takes a PHC string apart; undefined for anything else, and for one without a salt of 8 and a hash of 16 bytes at least. */
export function parsePhc(text: string): PhcHash | undefined {
  const [, algorithm, parameters, salt, hash] = PHC.exec(text) ?? [];
  if (algorithm === undefined || parameters === undefined || salt === undefined || hash === undefined)
    return undefined;
  const parsed = {
    algorithm,
    parameters,
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
  // Only one spelling of each hash: unused bits that are set would be a second one.
  return writePhc(parsed) === text ? parsed : undefined;
}

/** Writes a PHC string; its base64 has no padding. */
export function writePhc({ algorithm, parameters, salt, hash }: PhcHash): string {
  return `$${algorithm}$${parameters}$${unpadded(salt)}$${unpadded(hash)}`;
}

/**
 * A hash that no password has, as costly to compare with as others of this cost: for users that do not exist.
 *
 * @param cost a PHC string up to its salt, as `$scrypt$ln=15,r=8,p=3`
 */
export function decoy(cost: string): string {
  return `${cost}$${unpadded(randomBytes(16))}$${unpadded(randomBytes(32))}`;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
