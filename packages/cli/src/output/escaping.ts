/** Makes text safe to show: whatever a terminal would obey, or a reader would not see, is written as \uXXXX (CWE-150). */
import { malformed } from '../failure.js';
import { withExactNumbers } from '../input/exact-json.js';

/** Controls, direction marks, line separators, unassigned and default-ignorable characters. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{DI}]/gu;
/** The same without the line feed, which in printed JSON stands between values and never inside one. */
const UNSEEN_IN_JSON = /(?!\n)[\p{C}\p{Zl}\p{Zp}\p{DI}]/gu;

/** Text on one line, with nothing in it that a terminal obeys. */
export function printable(text: string): string {
  return text.replace(UNSEEN, escaped);
}

/**
 * A value as JSON that is as safe to show as it is to parse: JSON reads the escapes back.
 *
 * @throws Failure for a value so deep that it cannot be written: a repeated claim's earlier value may be.
 */
export function escapedJson(value: unknown, indent?: number): string {
  try {
    return withExactNumbers(JSON.stringify(value, undefined, indent)).replace(UNSEEN_IN_JSON, escaped);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw malformed('The token is nested too deep to be shown.', 'No honest token is.');
  }
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, unit) => character.charCodeAt(unit))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
}
