/** A clock that stands still until a test moves it. */
import type { Clock } from '../clock.js';
import { type Duration, numericDate, seconds } from '../duration.js';

/** A clock for the option `clock`, with calls that move it. */
export interface TestClock extends Clock {
  /** Moves it forward: by seconds, or '15m'. */
  advance(duration: Duration): void;
  /** Sets it, also back: to a Date, or seconds since 1970. */
  set(at: Date | number): void;
}

/**
 * A clock that stands still.
 *
 * @param start a Date, or seconds since 1970. Default 2026-01-01T00:00:00Z.
 * @throws InvalidOption for what is no point in time, here and in `set`, and for what is no duration in `advance`.
 * @example
 * ```ts
 * const clock = testClock();
 * const { builder, validator } = await testIssuer({ clock });
 * const { token } = await builder.validFor('15m').build();
 * clock.advance('20m');
 * await validator().verify(token); // throws JWTExpired
 * ```
 */
export function testClock(start: Date | number = Date.UTC(2026, 0) / 1000): TestClock {
  let now = numericDate(start, 'start');
  return Object.assign(() => now * 1000, {
    advance(duration: Duration): void {
      now += seconds(duration, 'duration');
    },
    set(at: Date | number): void {
      now = numericDate(at, 'at');
    },
  });
}
