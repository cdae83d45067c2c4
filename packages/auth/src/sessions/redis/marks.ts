/** How a revocation stands in Redis: the mark `<kind>:<id>`, with the value `<until>:<at>:<era>:<nonce>`. */
import type { Revocation, Sought } from '../revocation.js';

/** The mark that is looked for. */
export function markOf({ kind, id }: Sought): string {
  return `${kind}:${id}`;
}

/** A mark with its value; undefined where there is no value. */
export function readMark(mark: string, value: string | null | undefined): Revocation | undefined {
  if (value === null || value === undefined) return undefined;
  const colon = mark.indexOf(':');
  const kind = mark.slice(0, colon) as Sought['kind'];
  const id = mark.slice(colon + 1);
  const [until, at, era] = value.split(':', 3).map(Number) as [number, number, number];
  return kind === 'subject' ? { kind, id, at, until, era } : { kind, id, until };
}

/** The part of a value that no other revocation has. */
export function nonceOf(value: string): string {
  return value.slice(value.lastIndexOf(':') + 1);
}

/** What was revoked for all; undefined where nothing was. */
export function revokedForAll(
  era: string | null | undefined,
  at: string | null | undefined,
): Revocation | undefined {
  return era === null || era === undefined ? undefined : { kind: 'all', at: Number(at), era: Number(era) };
}
