/** What compact JWS and JWE on bytes have in common: bytes, and a limit. */
import { InvalidOption } from './errors.js';

/** Longer than any token; still small enough to be handled in milliseconds. */
export const MAX_COMPACT_LENGTH = 1_000_000;

/** @throws InvalidOption for what is neither bytes nor text. */
export function bytesOf(value: unknown, what: string): Uint8Array {
  if (typeof value === 'string') return Buffer.from(value, 'utf8');
  if (value instanceof Uint8Array) return value;
  throw new InvalidOption(what, 'is neither bytes nor text', 'Give a Uint8Array or a string.');
}
