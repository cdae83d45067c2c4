/** Durations and points in time as options take them: seconds, or a number with its unit. */
import { InvalidOption } from './errors.js';

/** A number of seconds, or a number with a unit: `'90s'`, `'15m'`, `'1h'`, `'7d'`. */
export type Duration = number | `${number}${'s' | 'm' | 'h' | 'd'}`;

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** 16 November 5138 in seconds, and 3 March 1973 in milliseconds: a larger number was meant as milliseconds. */
const LOOKS_LIKE_MILLISECONDS = 1e11;

/**
 * The seconds in a duration.
 *
 * @throws InvalidOption for a bare numeric string, an unknown unit, anything negative, not finite or beyond sense.
 * @example
 * ```ts
 * seconds('15m', 'validFor'); // 900
 * ```
 */
export function seconds(duration: Duration, option: string): number {
  const value = typeof duration === 'number' ? duration : parse(duration, option);
  if (!Number.isFinite(value) || value < 0) {
    throw new InvalidOption(
      option,
      `must be a finite duration of zero or more, and is ${String(duration)}`,
      HOW,
    );
  }
  if (value >= LOOKS_LIKE_MILLISECONDS) {
    throw new InvalidOption(option, `is ${value} seconds, more than three thousand years`, HOW);
  }
  return value;
}

const HOW = "Give seconds as a number (900) or a number with its unit ('90s', '15m', '1h', '7d').";

function parse(text: unknown, option: string): number {
  const match = typeof text === 'string' ? /^(\d+(?:\.\d+)?)([smhd])?$/.exec(text) : null;
  if (match === null) throw new InvalidOption(option, 'is not a duration', HOW);
  if (match[2] === undefined) {
    throw new InvalidOption(option, `is '${match[1]}' without a unit, which could mean anything`, HOW);
  }
  return Number(match[1]) * SECONDS[match[2] as keyof typeof SECONDS];
}

/**
 * A point in time as NumericDate (RFC 7519 §2): whole seconds since 1970.
 *
 * @throws InvalidOption for an invalid Date, a number that looks like milliseconds, or one that is not finite.
 */
export function numericDate(at: Date | number, option: string): number {
  const value = at instanceof Date ? at.getTime() / 1000 : at;
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new InvalidOption(
      option,
      'is not a point in time',
      'Give a Date, or seconds since 1970 as a number.',
    );
  }
  if (Math.abs(value) >= LOOKS_LIKE_MILLISECONDS) {
    throw new InvalidOption(
      option,
      `is ${value}, which looks like milliseconds`,
      'Give a Date, or seconds since 1970 (Math.floor(Date.now() / 1000)).',
    );
  }
  return Math.floor(value);
}

/**
 * A duration for people, whatever its sign: the largest unit that keeps it readable.
 *
 * @example
 * ```ts
 * inWords(5400); // '90 minutes'
 * ```
 */
export function inWords(durationInSeconds: number): string {
  const value = Math.abs(Math.round(durationInSeconds));
  if (value < 120) return plural(value, 'second');
  if (value < 7200) return plural(Math.round(value / 60), 'minute');
  if (value < 172_800) return plural(Math.round(value / 3600), 'hour');
  return plural(Math.round(value / 86_400), 'day');
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
