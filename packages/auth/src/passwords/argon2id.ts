/** argon2id (RFC 9106) of the native package @node-rs/argon2, an optional peer: `@tokenwright/auth/argon2id`. */
import { createRequire } from 'node:module';
import { checkOptionNames, type OptionNames } from '../option-names.js';
import type { PasswordHasher } from './hasher.js';

/** Parameters of {@link argon2id}. */
export interface Argon2idParameters {
  /** Memory for one hash in KiB, 1,024 to 524,288. Default 19,456 (19 MiB). */
  memory?: number;
  /** Passes over the memory, 1 to 16. Default 2. */
  passes?: number;
  /** Lanes, 1 to 16. Default 1. */
  parallelism?: number;
}

const PARAMETERS: OptionNames<Argon2idParameters> = {
  memory: true,
  passes: true,
  parallelism: true,
};

/**
 * A hasher that uses argon2id, by default with the parameters that OWASP recommends.
 *
 * @throws TypeError for parameters that there are not, or out of bounds, Error when @node-rs/argon2 is not installed.
 * @example
 * ```ts
 * import { argon2id } from '@tokenwright/auth/argon2id';
 *
 * basic({ realm: 'Init', users, hashers: [argon2id()] }); // scrypt hashes are still good, and become argon2id at login
 * ```
 */
export function argon2id(options: Argon2idParameters = {}): PasswordHasher {
  checkOptionNames(options, PARAMETERS, 'argon2id()');
  const { memory = 19_456, passes = 2, parallelism = 1 } = options;
  const parameters = `v=19$m=${memory},t=${passes},p=${parallelism}`;
  if (!accepts(parameters)) {
    throw new TypeError(
      'argon2id() takes memory from 1024 to 524288 KiB, passes from 1 to 16, parallelism from 1 to 16',
    );
  }
  const argon2 = loadPeer();
  return Object.freeze({
    algorithm: 'argon2id',
    parameters,
    hash: (password: Uint8Array) =>
      argon2.hash(password, { memoryCost: memory, timeCost: passes, parallelism, outputLen: 32 }),
    verify: (...[password, , text]: Parameters<PasswordHasher['verify']>) => argon2.verify(text, password),
    accepts,
  });
}

type Argon2 = typeof import('@node-rs/argon2');

/** Loaded when it is asked for, so that whoever lacks it reads what to do instead of a resolver's error. */
function loadPeer(): Argon2 {
  try {
    return createRequire(import.meta.url)('@node-rs/argon2') as Argon2;
  } catch (cause) {
    throw new Error('argon2id() needs an optional package: npm install @node-rs/argon2', { cause });
  }
}

function accepts(parameters: string): boolean {
  const [, m, t, p] =
    /^v=19\$m=([1-9]\d{0,9}),t=([1-9]\d?),p=([1-9]\d?)$/.exec(parameters)?.map(Number) ?? [];
  if (m === undefined || t === undefined || p === undefined) return false;
  return m >= 1024 && m <= 524_288 && t <= 16 && p <= 16;
}
