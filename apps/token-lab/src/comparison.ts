/** Two tokens side by side: what was kept and what is another, in header, claims and signature. */
import { inspect } from '@tokenwright/jwt/inspect';
import { cut, pointInTime, shortened, valueText } from './words.ts';

/** One header parameter, claim or other part of both tokens, as it is shown. */
export interface Compared {
  readonly part: 'header' | 'claim' | 'other';
  readonly name: string;
  /** Undefined where the token has none. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly change: 'kept' | 'changed' | 'added' | 'gone';
}

type Members = Readonly<Record<string, unknown>>;

/** Longer values are cut in a table. */
const MOST = 300;
/** The claims that are points in time. */
export const TIMES: readonly string[] = ['exp', 'nbf', 'iat', 'auth_time'];
const SIGNED_PARTS = ['signature'];
/** The parts behind the header of an encrypted token (RFC 7516 §7.1). */
const ENCRYPTED_PARTS = ['encrypted key', 'initialization vector', 'ciphertext', 'tag'];

/** Header, claims and signature of either token: those of the first in its order, then what the second has more. */
export function compareTokens(before: string, after: string): Compared[] {
  const [old, fresh] = [inspect(before), inspect(after)];
  return [
    ...compared('header', texts(old.header), texts(fresh.header)),
    ...compared('claim', texts(old.claims), texts(fresh.claims)),
    ...compared('other', otherParts(before), otherParts(after)),
  ].map((row) => ({ ...row, before: shown(row, row.before), after: shown(row, row.after) }));
}

function compared(
  part: Compared['part'],
  old: ReadonlyMap<string, string>,
  fresh: ReadonlyMap<string, string>,
): Compared[] {
  return [...new Set([...old.keys(), ...fresh.keys()])].map((name) => {
    const [before, after] = [old.get(name), fresh.get(name)];
    return { part, name, before, after, change: changeOf(before, after) };
  });
}

function changeOf(before: string | undefined, after: string | undefined): Compared['change'] {
  if (before === undefined) return 'added';
  if (after === undefined) return 'gone';
  return before === after ? 'kept' : 'changed';
}

function texts(members: Members = {}): ReadonlyMap<string, string> {
  return new Map(Object.entries(members).map(([name, value]) => [name, valueText(value)]));
}

/** What is neither header nor claims; an empty part is none. */
function otherParts(token: string): ReadonlyMap<string, string> {
  const parts = token.split('.', 6);
  const [names, first] = parts.length === 5 ? [ENCRYPTED_PARTS, 1] : [SIGNED_PARTS, 2];
  const named = names.map((name, index) => [name, parts[first + index] ?? ''] as const);
  return new Map(named.filter(([, text]) => text !== ''));
}

function shown({ part, name }: Compared, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (part === 'other') return shortened(text);
  const when = part === 'claim' && TIMES.includes(name) ? pointInTime(Number(text)) : undefined;
  return when ?? cut(text, MOST);
}
