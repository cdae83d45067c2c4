/** Secrets from passphrases: PBKDF2 with HMAC-SHA-256 (RFC 8018 §5.2) or scrypt (RFC 7914), at a cost that hinders guessing. */
import { pbkdf2Sync, scryptSync } from 'node:crypto';
import { InvalidKey } from '../errors.js';
import { isObject } from '../json.js';
import { checkOptionNames } from '../option-names.js';
import { formatOf } from './formats.js';
import { bytesFromBase64url, bytesFromHex, nonEmptyText } from './secret.js';

/** NIST SP 800-63B-4 §3.1.1.2: what a password must have where nothing else protects it. */
const MINIMUM_CHARACTERS = 15;
/** NIST SP 800-132 §5.1: 128 bits. */
const MINIMUM_SALT = 16;
/** OWASP Password Storage Cheat Sheet, 2023, for PBKDF2-HMAC-SHA256. */
const MINIMUM_ITERATIONS = 600_000;
/** Ten seconds and more: rather a slip of the keyboard than a wish. */
const MAXIMUM_ITERATIONS = 20_000_000;
/** The same source for scrypt: N = 2^17, r = 8, p = 1. */
const SCRYPT = { cost: 131_072, blockSize: 8, parallelization: 1 };
const SCRYPT_COST = { cost: true, blockSize: true, parallelization: true } as const;
const MAXIMUM_SCRYPT_MEMORY = 2 ** 30;

/** What comes with a passphrase, not checked yet. */
export interface PassphraseInput {
  passphrase: unknown;
  salt: unknown;
  iterations: unknown;
  scrypt: unknown;
}

/** @throws InvalidKey for a short passphrase, a short salt, a function that costs too little, or both functions. */
export function bytesFromPassphrase(input: PassphraseInput, length: number): Buffer {
  const passphrase = nonEmptyText(input.passphrase, 'passphrase').normalize('NFC');
  const format = formatOf(passphrase);
  if (format !== undefined) {
    throw new InvalidKey(
      `What was given as a passphrase is ${format.what}, which others may know.`,
      format.fix,
    );
  }
  if ([...passphrase].length < MINIMUM_CHARACTERS) {
    throw new InvalidKey(
      `The passphrase has fewer than ${MINIMUM_CHARACTERS} characters.`,
      'Take several words, or better a random key: generateKey.',
    );
  }
  const salt = saltFrom(input.salt);
  if ((input.iterations === undefined) === (input.scrypt === undefined)) {
    throw new InvalidKey(
      `A passphrase needs ${input.scrypt === undefined ? 'a function that makes a key of it' : 'one function and has two'}.`,
      `Give { passphrase, salt, iterations: ${MINIMUM_ITERATIONS} } for PBKDF2 or { passphrase, salt, scrypt: {} }.`,
    );
  }
  return input.scrypt === undefined
    ? pbkdf2Sync(passphrase, salt, iterationsFrom(input.iterations), length, 'sha256')
    : scryptSync(passphrase, salt, length, scryptFrom(input.scrypt));
}

function saltFrom(salt: unknown): Buffer {
  const hex = isObject(salt) ? salt['hex'] : undefined;
  const base64url = isObject(salt) ? salt['base64url'] : undefined;
  if ((hex === undefined) === (base64url === undefined)) {
    throw new InvalidKey(
      'The passphrase has no salt, or one in no known form.',
      `Give ${MINIMUM_SALT} random bytes as salt: { hex } or { base64url }, and keep them beside the key.`,
    );
  }
  const bytes = hex === undefined ? bytesFromBase64url(base64url, 'salt') : bytesFromHex(hex, 'salt');
  if (bytes.length < MINIMUM_SALT) {
    throw new InvalidKey(
      `The salt has ${bytes.length} bytes, and ${MINIMUM_SALT} are the least.`,
      `Make one: node -p "crypto.randomBytes(${MINIMUM_SALT}).toString('hex')"`,
    );
  }
  return bytes;
}

function iterationsFrom(iterations: unknown): number {
  if (
    typeof iterations === 'number' &&
    Number.isInteger(iterations) &&
    iterations >= MINIMUM_ITERATIONS &&
    iterations <= MAXIMUM_ITERATIONS
  ) {
    return iterations;
  }
  throw new InvalidKey(
    'The number of iterations is not one that PBKDF2 is safe and quick enough with.',
    `Give a whole number from ${MINIMUM_ITERATIONS} to ${MAXIMUM_ITERATIONS}.`,
  );
}

function scryptFrom(value: unknown): { N: number; r: number; p: number; maxmem: number } {
  if (isObject(value)) checkOptionNames(value, SCRYPT_COST, 'scrypt');
  const {
    cost: N,
    blockSize: r,
    parallelization: p,
  } = { ...SCRYPT, ...(isObject(value) ? value : { cost: 0 }) };
  const whole = [N, r, p].every((number) => Number.isInteger(number) && number > 0);
  const memory = 128 * N * r;
  // Work and memory both count: OWASP's cheaper memory is never below 8 MiB, and then with more work.
  const enough = N * r * p >= SCRYPT.cost * SCRYPT.blockSize && memory >= 2 ** 23;
  if (!whole || !Number.isInteger(Math.log2(N)) || !enough || memory > MAXIMUM_SCRYPT_MEMORY || p > 64) {
    throw new InvalidKey(
      'The cost of scrypt is not one that is safe and possible here.',
      `Give { cost, blockSize, parallelization } that together cost ${SCRYPT.cost}, ${SCRYPT.blockSize}, ${SCRYPT.parallelization} or more, cost being a power of two.`,
    );
  }
  return { N, r, p, maxmem: memory + 128 * r * p + 2 ** 20 };
}
