/** Two tokens side by side: what a renewal kept and what it changed. */
import { inspect } from '@tokenwright/jwt/inspect';

/** One claim in both tokens. */
export interface ComparedClaim {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly change: 'kept' | 'changed' | 'added' | 'gone';
}

/** Every claim of either token, those of the first in its order, then what the second has more. */
export function compareClaims(before: string, after: string): ComparedClaim[] {
  const [old, fresh] = [claimsOf(before), claimsOf(after)];
  const names = new Set([...Object.keys(old), ...Object.keys(fresh)]);
  return [...names].map((name) => {
    const [was, is] = [old[name], fresh[name]];
    return { name, before: was, after: is, change: changeOf(was, is) };
  });
}

function changeOf(was: unknown, is: unknown): ComparedClaim['change'] {
  if (was === undefined) return 'added';
  if (is === undefined) return 'gone';
  return JSON.stringify(was) === JSON.stringify(is) ? 'kept' : 'changed';
}

function claimsOf(token: string): Readonly<Record<string, unknown>> {
  return inspect(token).claims ?? {};
}
