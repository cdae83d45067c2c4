/** Spans, points in time and values as people read them, in one time zone, and without what cannot be seen (CWE-451). */

/** A span of seconds: `59 min 12 s`, `3 h 5 min`, `2 days`. */
export function inWords(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return join([Math.floor(whole / 60), 'min'], [whole % 60, 's']);
  if (whole < 48 * 3600)
    return join([Math.floor(whole / 3600), 'h'], [Math.floor((whole % 3600) / 60), 'min']);
  return `${Math.floor(whole / 86_400).toLocaleString('en')} days`;
}

/** A number of seconds since 1970 that a Date can hold (ECMA-262 §21.4.1.1), as validators ask for. */
export function isNumericDate(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= 8.64e12;
}

/** A point in time, in UTC as the reports have it; undefined for a value that is none. */
export function pointInTime(seconds: unknown): string | undefined {
  return isNumericDate(seconds) ? timeWritten(new Date(seconds * 1000).toISOString()) : undefined;
}

const ISO = /^([+-]?\d{4,6}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/;

/** The time of a report (ISO 8601) as {@link pointInTime} has it; any other text as it is. */
export function timeWritten(text: string): string {
  return text.replace(ISO, '$1 $2 UTC');
}

/** The time of day, or the day where that is another than now's. */
export function timeOrDay(seconds: number, now: number): string {
  const [day = '', time = ''] = (pointInTime(seconds) ?? '').split(' ');
  return day === pointInTime(now)?.split(' ')[0] ? `${time.slice(0, 5)} UTC` : day;
}

/** A claim's value on one line. */
export function valueText(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

/** A token that is too long to be read anyway: its beginning and its end. */
export function shortened(token: string): string {
  return token.length <= 48 ? token : `${token.slice(0, 28)}…${token.slice(-12)}`;
}

/** The beginning of a text, and how much was left out. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  // Half a surrogate pair is no character.
  const whole = text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '');
  return `${whole}… (${(text.length - whole.length).toLocaleString('en')} more characters)`;
}

/** Part of a text: as it is, or an escape for what would not be seen, or would turn what stands beside it. */
interface Piece {
  readonly text: string;
  readonly escaped: boolean;
}

/** Controls, direction and other format marks, line separators, blanks that are no space, and what is not drawn. */
const UNSEEN = /((?:[\p{C}\p{Zl}\p{Zp}\p{DI}]|(?! )\p{Zs})+)/u;
/** The same, but for the line feeds of a text in lines. */
const UNSEEN_IN_LINES = /((?:(?!\n)[\p{C}\p{Zl}\p{Zp}\p{DI}]|(?! )\p{Zs})+)/u;

/** A text with everything that cannot be seen written as `\uXXXX`, as JSON has it. */
export function visiblePieces(text: string, lines = false): Piece[] {
  return text
    .split(lines ? UNSEEN_IN_LINES : UNSEEN)
    .map((piece, index) =>
      index % 2 === 1 ? { text: escapes(piece), escaped: true } : { text: piece, escaped: false },
    )
    .filter((piece) => piece.text !== '');
}

/** The same as one text. */
export function visible(text: string): string {
  return visiblePieces(text)
    .map((piece) => piece.text)
    .join('');
}

function escapes(text: string): string {
  return Array.from({ length: text.length }, (_, unit) => text.charCodeAt(unit))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
}

function join([more, unit]: readonly [number, string], [less, smaller]: readonly [number, string]): string {
  return less === 0 ? `${more} ${unit}` : `${more} ${unit} ${less} ${smaller}`;
}
