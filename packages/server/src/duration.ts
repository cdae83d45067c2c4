/** Durations as people write them: a number of seconds, or `'30s'`, `'5m'`, `'1h'`. */

/** A span of time: a number is seconds; a string carries its unit (`ms`, `s`, `m`, `h`). */
export type Duration = number | `${number}ms` | `${number}s` | `${number}m` | `${number}h`;

const MILLISECONDS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const WRITTEN = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;
/** The longest delay a Node timer keeps; a longer one would fire at once. */
const LONGEST = 2 ** 31 - 1;

/**
 * Reads a duration.
 *
 * @param name - the option it stands in, for the message
 * @returns milliseconds, more than 0
 * @throws TypeError when it is no duration, not positive, or longer than a timer can be (24 days)
 */
export function milliseconds(duration: Duration, name: string): number {
  const value = typeof duration === 'number' ? duration * MILLISECONDS.s : written(duration);
  if (!Number.isFinite(value)) {
    throw new TypeError(
      `${name}: ${JSON.stringify(duration)} is no duration. Write a number of seconds (30) or a string with its unit ('30s', '5m', '1h').`,
    );
  }
  if (value < 1 || value > LONGEST) {
    throw new TypeError(
      `${name}: ${JSON.stringify(duration)} is out of range. It has to be between 1 ms and 24 days.`,
    );
  }
  return Math.round(value);
}

function written(duration: string): number {
  const [, amount, unit] = WRITTEN.exec(duration) ?? [];
  if (amount === undefined || unit === undefined) return Number.NaN;
  return Number(amount) * MILLISECONDS[unit as keyof typeof MILLISECONDS];
}
