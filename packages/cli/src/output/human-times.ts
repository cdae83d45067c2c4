/** The times of a token (RFC 7519 §2) as people read them: "expired 3 minutes ago". */

/** What each claim's time means when it has passed, and when it lies ahead. */
const MEANINGS: ReadonlyMap<string, { past: string; future: string }> = new Map([
  ['exp', { past: 'expired', future: 'expires' }],
  ['nbf', { past: 'became valid', future: 'not valid yet: becomes valid' }],
  ['iat', { past: 'issued', future: 'issued in the future:' }],
  ['auth_time', { past: 'authenticated', future: 'authenticated in the future:' }],
]);

/** Seconds from here on were meant as milliseconds: as seconds they are the year 5138 and later. */
const LOOKS_LIKE_MILLISECONDS = 1e11;

/**
 * What the value of a claim means as a time; undefined for a claim that holds none.
 *
 * @param now milliseconds since 1970.
 * @example
 * ```ts
 * humanTime('exp', 1_700_000_000, 1_700_000_180_000); // '2023-11-14T22:13:20Z, expired 3 minutes ago'
 * ```
 */
export function humanTime(claim: string, value: unknown, now: number): string | undefined {
  const meaning = MEANINGS.get(claim);
  if (meaning === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'is not a number of seconds';
  if (Math.abs(value) >= LOOKS_LIKE_MILLISECONDS) return 'looks like milliseconds: tokens hold seconds';
  const difference = value - Math.floor(now / 1000);
  const date = new Date(value * 1000).toISOString().replace('.000Z', 'Z');
  return `${date}, ${difference <= 0 ? meaning.past : meaning.future} ${relative(difference)}`;
}

/** Each unit is used until two of the next one, so that a rounded number never hides much. */
const UNITS = [
  ['second', 1, 120],
  ['minute', 60, 7200],
  ['hour', 3600, 172_800],
  ['day', 86_400, 63_072_000],
  ['year', 31_536_000, Number.POSITIVE_INFINITY],
] as const;

function relative(difference: number): string {
  const size = Math.abs(difference);
  if (size < 1) return 'just now';
  const [unit, length] = UNITS.find(([, , end]) => size < end) ?? UNITS[0];
  const count = Math.round(size / length);
  const words = `${count} ${unit}${count === 1 ? '' : 's'}`;
  return difference < 0 ? `${words} ago` : `in ${words}`;
}
