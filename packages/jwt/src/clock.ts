/** The time, which is passed in wherever it is needed. */
import { InvalidOption } from './errors.js';

/** Milliseconds since 1970 in UTC, as `Date.now` gives them. Whoever needs the time takes one. */
export type Clock = () => number;

/** The clock to use. @throws InvalidOption for what is no function. */
export function clockOf(clock: Clock | undefined): Clock {
  if (clock !== undefined && typeof clock !== 'function') {
    throw new InvalidOption(
      'clock',
      'is no function',
      'Give a function that answers milliseconds, as Date.now does.',
    );
  }
  return clock ?? Date.now;
}

/** A clock's time in whole seconds. @throws InvalidOption when it answers no number, for then nothing would ever expire. */
export function nowOf(clock: Clock): number {
  return Math.floor(millisecondsOf(clock) / 1000);
}

/** A clock's time. @throws InvalidOption when it answers no number. */
export function millisecondsOf(clock: Clock): number {
  const now: unknown = clock();
  if (typeof now === 'number' && Number.isFinite(now)) return now;
  throw new InvalidOption('clock', 'did not answer a number of milliseconds', 'Answer as Date.now does.');
}
