/** Durations and points in time as options take them. */
import type { Duration } from '@tokenwright/jwt';
import { usage } from '../failure.js';

const DURATION = /^(\d+(?:\.\d+)?)([smhd])$/;
const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** A duration: a number with its unit. @throws Failure for anything else. */
export function duration(option: string): (text: string) => Duration {
  return (text) => {
    if (DURATION.test(text)) return text as Duration;
    throw usage(`${option} is not a duration.`, 'Write a number with its unit: 90s, 15m, 1h, 7d.');
  };
}

/** The seconds of a duration that {@link duration} took. */
export function secondsOf(text: Duration): number {
  const [, amount = '0', unit = 's'] = DURATION.exec(String(text)) ?? [];
  return Number(amount) * SECONDS[unit as keyof typeof SECONDS];
}

/**
 * A point in time: `+2h` or `-5m` from now, seconds since 1970, or RFC 3339 with its zone; a day alone begins in UTC.
 *
 * @throws Failure for anything else: a time without a zone would mean something else on every machine.
 */
export function pointInTime(option: string): (text: string) => Date {
  return (text) => {
    const date = relativeTime(text) ?? absoluteTime(text);
    if (date !== undefined && !Number.isNaN(date.getTime())) return date;
    throw usage(
      `${option} is not a point in time.`,
      'Write +2h, -5m, 2030-01-31, 2030-01-31T12:00:00Z, or seconds since 1970.',
    );
  };
}

function relativeTime(text: string): Date | undefined {
  const [, amount, unit] = DURATION.exec(text.slice(1)) ?? [];
  if (!/^[+-]/.test(text) || amount === undefined) return undefined;
  const milliseconds = Number(amount) * SECONDS[unit as keyof typeof SECONDS] * 1000;
  return new Date(Date.now() + (text.startsWith('-') ? -milliseconds : milliseconds));
}

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/;

function absoluteTime(text: string): Date | undefined {
  if (/^\d{1,11}$/.test(text)) return new Date(Number(text) * 1000);
  const [, year, month, day] = RFC_3339.exec(text) ?? [];
  // Date.parse takes 31 February for 3 March.
  const exists =
    new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  return exists ? new Date(text) : undefined;
}
