/** Spans, points in time and values as people read them. */

/** A span of seconds: `59 min 12 s`, `3 h 5 min`, `2 days`. */
export function inWords(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return join([Math.floor(whole / 60), 'min'], [whole % 60, 's']);
  if (whole < 48 * 3600)
    return join([Math.floor(whole / 3600), 'h'], [Math.floor((whole % 3600) / 60), 'min']);
  return `${Math.floor(whole / 86_400).toLocaleString('en')} days`;
}

/** A point in time as it is on this clock, or undefined for a value that is none. */
export function pointInTime(seconds: unknown): string | undefined {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || Math.abs(seconds) > 8.64e12)
    return undefined;
  return new Date(seconds * 1000).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
}

/** The time of day alone. */
export function timeOfDay(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

/** A claim's value on one line. */
export function valueText(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

/** A token that is too long to be read anyway: its beginning and its end. */
export function shortened(token: string): string {
  return token.length <= 48 ? token : `${token.slice(0, 28)}…${token.slice(-12)}`;
}

function join([more, unit]: readonly [number, string], [less, smaller]: readonly [number, string]): string {
  return less === 0 ? `${more} ${unit}` : `${more} ${unit} ${less} ${smaller}`;
}
