/** When a token ends, and how long it may last. */
import { type Duration, inWords, seconds } from './duration.js';
import { InvalidOption } from './errors.js';
import { positive } from './option-values.js';

/** When a token ends: after a time, at a point in time, or never. */
export type End = { after: number } | { at: number } | 'never';

/** The whole seconds of a lifetime. @throws InvalidOption for less than one. */
export function lifetime(duration: Duration): number {
  return positive(Math.floor(seconds(duration, 'validFor')), 'validFor');
}

/** @throws InvalidOption for an end that is too far away; of a point in time that is known only when a token is built. */
export function endWithin(end: End, maxLifetime: number | undefined): End {
  if (end === 'never') checkLifetime(Number.POSITIVE_INFINITY, maxLifetime);
  else if ('after' in end) checkLifetime(end.after, maxLifetime);
  return typeof end === 'object' ? Object.freeze(end) : end;
}

/** @throws InvalidOption for a lifetime, in seconds, beyond the longest. */
export function checkLifetime(value: number, maxLifetime: number | undefined): void {
  if (maxLifetime === undefined || value <= maxLifetime) return;
  throw new InvalidOption(
    'maxLifetime',
    `is ${inWords(maxLifetime)}, and the token would ${Number.isFinite(value) ? `last ${inWords(value)}` : 'never end'}`,
    'Give it less time and renew it, or raise maxLifetime().',
  );
}

/** The error of a token that would be over before it is valid. @param end as it was asked for, or as it is by default. */
export function endBeforeBeginning(end: End): InvalidOption {
  if (typeof end === 'object' && 'after' in end) {
    return new InvalidOption(
      'validFor',
      `is ${inWords(end.after)} from now, and the token begins only then or later (notBefore)`,
      'Make it longer: it counts from now and not from notBefore; or set the end with expiresAt.',
    );
  }
  return new InvalidOption(
    'expiresAt',
    'lies before the token begins',
    'Set an end after now and after notBefore.',
  );
}
