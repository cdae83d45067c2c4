/** Values of options that several calls take, each checked in one way. */
import { type Duration, seconds } from './duration.js';
import { InvalidOption } from './errors.js';

/** A duration in seconds, as it is. @throws InvalidOption for less than one. */
export function positive(duration: number, option: string): number {
  if (duration >= 1) return duration;
  throw new InvalidOption(option, 'is less than a second', 'Give it a second or more.');
}

/** The seconds that a token may have to wait. @throws InvalidOption for none, and for more than a minute. */
export function timeout(duration: Duration, option: string): number {
  const value = seconds(duration, option);
  if (value > 0 && value <= 60) return value;
  throw new InvalidOption(option, 'is zero or more than a minute', 'Tokens wait as long; 5 is usual.');
}

/** A whole number, as it is. @throws InvalidOption for anything else, or a smaller one. */
export function wholeNumber(value: number, option: string, minimum: number): number {
  if (!Number.isSafeInteger(value) || value < minimum) {
    throw new InvalidOption(option, `is no whole number of ${minimum} or more`, 'Give such a number.');
  }
  return value;
}
