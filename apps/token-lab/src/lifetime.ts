/** Where a token stands in its lifetime (RFC 7519 §4.1.4 to §4.1.6). */
import { inWords } from './words.ts';

/** The stretches of the bar, from left to right. */
export type Phase = 'not yet' | 'valid' | 'tolerance' | 'expired';

/** A lifetime at a moment. */
export interface Lifetime {
  readonly phase: Phase;
  /** One sentence. */
  readonly words: string;
  /** Where on the bar the moment is: 0 at its left end, 1 at its right. */
  readonly position: number;
  /** Seconds since 1970; undefined for a token that has none. */
  readonly start: number | undefined;
  readonly end: number | undefined;
}

/** How much of the bar each stretch has. Drawn to scale a minute's tolerance of an hour would not be seen. */
export const SHARES: Readonly<Record<Phase, number>> = {
  'not yet': 0.16,
  valid: 0.46,
  tolerance: 0.19,
  expired: 0.19,
};

/**
 * Places a moment in a token's lifetime.
 *
 * @param now, tolerance seconds
 */
export function lifetimeAt(
  { nbf, iat, exp }: { readonly nbf?: unknown; readonly iat?: unknown; readonly exp?: unknown },
  now: number,
  tolerance: number,
): Lifetime {
  const start = time(nbf) ?? time(iat);
  const end = time(exp);
  const place = { start, end };
  if (start !== undefined && now < start) {
    const early = now >= start - tolerance ? ', and within the tolerance' : '';
    const words = `Begins in ${inWords(start - now)}${early}`;
    return { ...place, phase: 'not yet', words, position: SHARES['not yet'] * approach(start - now) };
  }
  if (end === undefined)
    return { ...place, phase: 'valid', words: 'Has no end', position: SHARES['not yet'] + 0.1 };
  if (now < end) {
    const passed = start === undefined || end <= start ? 0.5 : (now - start) / (end - start);
    const words = `Valid for another ${inWords(end - now)}`;
    return { ...place, phase: 'valid', words, position: SHARES['not yet'] + SHARES.valid * passed };
  }
  const validEnd = SHARES['not yet'] + SHARES.valid;
  if (now < end + tolerance) {
    const words = `Over for ${inWords(now - end)}, accepted for another ${inWords(end + tolerance - now)}`;
    const position = validEnd + (SHARES.tolerance * (now - end)) / tolerance;
    return { ...place, phase: 'tolerance', words, position };
  }
  const since = now - end - tolerance;
  const position = 1 - SHARES.expired * approach(since);
  return { ...place, phase: 'expired', words: `Expired ${inWords(now - end)} ago`, position };
}

/** 1 at a border, nearing 0 far away from it: an hour away is half-way. */
function approach(distance: number): number {
  return 3600 / (3600 + distance);
}

function time(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
