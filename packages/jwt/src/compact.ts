/** What compact JWS and JWE on bytes have in common: bytes, header parameters of one's own, and a limit. */
import { jsonCopy } from './claims.js';
import { InvalidOption } from './errors.js';

/** Longer than any token; still small enough to be handled in milliseconds. */
export const MAX_COMPACT_LENGTH = 1_000_000;

/** Written by the package, from the key or for the algorithm, or refused by it when it reads a token. */
const RESERVED: ReadonlySet<string> = new Set([
  ...['alg', 'enc', 'kid', 'crit', 'b64', 'zip', 'jwk', 'jku', 'x5u'],
  ...['epk', 'apu', 'apv', 'iv', 'tag', 'p2s', 'p2c'],
]);

/**
 * A frozen copy of the header parameters a caller adds: any but those that change how the whole is read.
 *
 * @throws InvalidOption for a reserved parameter or a value that JSON does not have.
 */
export function addedHeader(
  header: Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, unknown>> {
  for (const name of Object.keys(header ?? {})) {
    if (!RESERVED.has(name)) continue;
    throw new InvalidOption(
      `header ${name}`,
      'is reserved',
      'It comes from the key and its algorithm, or is not supported.',
    );
  }
  return jsonCopy(header ?? {}, 'header') as Readonly<Record<string, unknown>>;
}

/** @throws InvalidOption for what is neither bytes nor text. */
export function bytesOf(value: unknown, what: string): Uint8Array {
  if (typeof value === 'string') return Buffer.from(value, 'utf8');
  if (value instanceof Uint8Array) return value;
  throw new InvalidOption(what, 'is neither bytes nor text', 'Give a Uint8Array or a string.');
}
