/** Where a token stands in its lifetime (RFC 7519 §4.1.4 to §4.1.6). Read only: nothing here says that it is valid. */
import { cut, inWords, isNumericDate, valueText, visible } from './words.ts';

/** The stretches of the bar, from left to right. */
export type Phase = 'not yet' | 'within its lifetime' | 'tolerance' | 'expired';

/** A lifetime at a moment. */
export interface Lifetime {
  readonly phase: Phase;
  /** One sentence. */
  readonly words: string;
  /** Where on the bar the moment is: 0 at its left end, 1 at its right. */
  readonly position: number;
  /** Seconds since 1970; undefined for a token that does not say when it begins. */
  readonly start: number | undefined;
  readonly end: number;
}

/** A token that has no lifetime: a validator refuses it, whatever the time is. */
interface NoLifetime {
  readonly phase: 'no end' | 'no time';
  /** One sentence. */
  readonly words: string;
}

/** The claims that a lifetime is read from. */
interface Times {
  readonly nbf?: unknown;
  readonly iat?: unknown;
  readonly exp?: unknown;
}

/** How much of the bar each stretch has. Drawn to scale a minute's tolerance of an hour would not be seen. */
export const SHARES: Readonly<Record<Phase, number>> = {
  'not yet': 0.16,
  'within its lifetime': 0.46,
  tolerance: 0.19,
  expired: 0.19,
};

/**
 * Places a moment in a token's lifetime.
 *
 * @param now, tolerance seconds
 */
export function lifetimeAt(claims: Times, now: number, tolerance: number): Lifetime | NoLifetime {
  const { nbf, iat, exp } = claims;
  const fault = noTime(claims);
  if (fault !== undefined) return { phase: 'no time', words: fault };
  if (exp === undefined) return { phase: 'no end', words: NO_END };
  return placed(Math.max(...[nbf, iat].filter(isNumericDate)), exp as number, now, tolerance);
}

const NO_END =
  'It has no exp, so it never ends, and is refused unless a service says that it accepts such tokens.';

/** What stands in a claim of time and is none: `null` and a text are as wrong as a number beyond all dates. */
function noTime(claims: Times): string | undefined {
  const name = (['exp', 'nbf', 'iat'] as const).find(
    (claim) => claims[claim] !== undefined && !isNumericDate(claims[claim]),
  );
  if (name === undefined) return undefined;
  const value = cut(visible(valueText(claims[name])), 60);
  return `Its ${name} is ${value}, which is no point in time in seconds (RFC 7519 §2), so it is refused.`;
}

/** @param begin -Infinity for a token that does not say when it begins */
function placed(begin: number, end: number, now: number, tolerance: number): Lifetime {
  const start = Number.isFinite(begin) ? begin : undefined;
  const place = { start, end };
  if (now < begin) {
    const early = now >= begin - tolerance ? ', and within the tolerance' : '';
    const words = `Begins in ${inWords(begin - now)}${early}`;
    return { ...place, phase: 'not yet', words, position: SHARES['not yet'] * approach(begin - now) };
  }
  const within = 'within its lifetime';
  if (now < end) {
    const passed = start === undefined || end <= start ? 0.5 : (now - start) / (end - start);
    const words = `Ends in ${inWords(end - now)}`;
    return { ...place, phase: within, words, position: SHARES['not yet'] + SHARES[within] * passed };
  }
  const border = SHARES['not yet'] + SHARES[within];
  if (now < end + tolerance) {
    const words = `Over for ${inWords(now - end)}, tolerated for another ${inWords(end + tolerance - now)}`;
    const position = border + (SHARES.tolerance * (now - end)) / tolerance;
    return { ...place, phase: 'tolerance', words, position };
  }
  const position = 1 - SHARES.expired * approach(now - end - tolerance);
  return { ...place, phase: 'expired', words: `Expired ${inWords(now - end)} ago`, position };
}

/** 1 at a border, nearing 0 far away from it: an hour away is half-way. */
function approach(distance: number): number {
  return 3600 / (3600 + distance);
}
