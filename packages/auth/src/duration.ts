/** Durations as options take them. */

/** A number of seconds, or a number with a unit: `'90s'`, `'30m'`, `'12h'`, `'7d'`. */
export type Duration = number | `${number}${'s' | 'm' | 'h' | 'd'}`;

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** The whole seconds in a duration; NaN for what is none. */
export function secondsIn(duration: Duration): number {
  const text = typeof duration === 'number' ? `${duration}s` : duration;
  const match = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text);
  return match === null ? Number.NaN : Math.floor(Number(match[1]) * SECONDS[match[2] as 's']);
}
