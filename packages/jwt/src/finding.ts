/** What a check found, where it failed. */
import type { ReasonName } from './reasons.js';

/** A failed check. */
export interface Finding {
  readonly reason: ReasonName;
  /** The claim or header parameter it is about. */
  readonly claim?: string;
  /** Says more than the reason's cause where more can be said; never with a value from the token. */
  readonly hint?: string;
  readonly expected?: string;
  /** What the token has instead, escaped and bounded. */
  readonly actual?: string;
}

/** Of what is shown of a value. */
const MOST_CHARACTERS = 120;
/** Direction marks and other invisible characters could make a report read as what it is not. */
const INVISIBLE = /^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]$/u;

/** A value from a token as it may stand in a report: one line, escaped, at most 120 characters. */
export function shown(value: unknown): string {
  const pieces: string[] = [];
  let length = 0;
  for (const character of jsonOf(value)) {
    const piece = INVISIBLE.test(character) ? `\\u{${character.codePointAt(0)?.toString(16)}}` : character;
    pieces.push(piece);
    length += piece.length;
    if (length > MOST_CHARACTERS) return cut(pieces, length);
  }
  return pieces.join('');
}

/** Between characters, and with room for the mark that something is missing. */
function cut(pieces: string[], length: number): string {
  let rest = length;
  while (rest >= MOST_CHARACTERS) rest -= pieces.pop()?.length ?? rest;
  return `${pieces.join('')}…`;
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // Deeper than the stack, or with itself inside: what is shown for a refusal must not fail itself.
    return 'something that cannot be shown';
  }
}
