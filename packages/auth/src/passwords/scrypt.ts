/** scrypt (RFC 7914) of node:crypto, the built-in password hash. */
import { scrypt as computeScrypt, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { checkOptionNames, type OptionNames } from '../option-names.js';
import type { PasswordHasher } from './hasher.js';
import { writePhc } from './phc.js';

/** Parameters of {@link scrypt}. */
export interface ScryptParameters {
  /** Binary logarithm of the cost N, 10 to 20. Default 15. */
  ln?: number;
  /** Block size, 1 to 32. Default 8. */
  r?: number;
  /** How often it is done in a row, 1 to 16. Default 3. */
  p?: number;
}

const PARAMETERS: OptionNames<ScryptParameters> = {
  ln: true,
  r: true,
  p: true,
};

interface Cost {
  ln: number;
  r: number;
  p: number;
}

const compute = promisify<Uint8Array, Buffer, number, object, Buffer>(computeScrypt);

/** One hash takes no more memory than this, whoever wrote its parameters. */
const MAX_MEMORY = 512 * 1024 * 1024;

/**
 * A hasher that uses scrypt. The default parameters are one of OWASP's equivalent sets, chosen for its memory: 32 MiB for
 * each hash.
 *
 * @throws TypeError for parameters that there are not, out of bounds, or such that a hash would take more than 512 MiB.
 * @example
 * ```ts
 * basic({ realm: 'Init', users, hashers: [scrypt({ ln: 17, p: 1 })] });
 * ```
 */
export function scrypt(options: ScryptParameters = {}): PasswordHasher {
  checkOptionNames(options, PARAMETERS, 'scrypt()');
  const { ln = 15, r = 8, p = 3 } = options;
  const parameters = `ln=${ln},r=${r},p=${p}`;
  const cost = costOf(parameters);
  if (cost === undefined) {
    throw new TypeError(
      'scrypt() takes ln from 10 to 20, r from 1 to 32, p from 1 to 16, and 512 MiB in all',
    );
  }
  return Object.freeze({
    algorithm: 'scrypt',
    parameters,
    async hash(password: Uint8Array): Promise<string> {
      const salt = randomBytes(16);
      const hash = await derive(password, salt, 32, cost);
      return writePhc({ algorithm: 'scrypt', parameters, salt, hash });
    },
    async verify(...[password, stored]: Parameters<PasswordHasher['verify']>): Promise<boolean> {
      const itsCost = costOf(stored.parameters);
      if (itsCost === undefined) return false;
      const computed = await derive(password, stored.salt, stored.hash.length, itsCost);
      return timingSafeEqual(computed, stored.hash);
    },
    accepts: (theirs: string) => costOf(theirs) !== undefined,
  });
}

function derive(password: Uint8Array, salt: Buffer, length: number, { ln, r, p }: Cost): Promise<Buffer> {
  // OpenSSL counts a little more than the 128 * N * r bytes of RFC 7914 §2 and refuses at the limit itself.
  return compute(password, salt, length, { N: 2 ** ln, r, p, maxmem: MAX_MEMORY * 2 });
}

function costOf(parameters: string): Cost | undefined {
  const [, ln, r, p] = /^ln=([1-9]\d?),r=([1-9]\d?),p=([1-9]\d?)$/.exec(parameters)?.map(Number) ?? [];
  if (ln === undefined || r === undefined || p === undefined) return undefined;
  const isWithin = ln >= 10 && ln <= 20 && r <= 32 && p <= 16 && 128 * r * 2 ** ln <= MAX_MEMORY;
  return isWithin ? { ln, r, p } : undefined;
}
