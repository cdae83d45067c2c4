/** What the service tolerates, as its validator says it or as the lab was told: tolerance and length of a session. */
import type { JwtValidator, RenewalOptions } from '@tokenwright/jwt';
import { type Duration, milliseconds } from '../duration.js';
import type { Limits } from './broken-token.js';

/** What may be told. */
interface ToldLimits {
  readonly clockTolerance?: Duration | undefined;
  readonly maxSession?: RenewalOptions['maxSession'] | undefined;
}

/** What `describe()` of a `JwtValidator` says of a token's end. */
const TOLERANCE = /\(tolerance (\d+(?:\.\d+)?) s\)/;
const DEFAULT_TOLERANCE = 60;
const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/**
 * Reads both. A validator of another make describes nothing, or in other words: then the default holds.
 *
 * @throws TypeError for what is no duration
 */
export function serviceLimits(
  validator: Partial<Pick<JwtValidator, 'describe'>>,
  { clockTolerance, maxSession = '12h' }: ToldLimits,
): Limits {
  return {
    clockTolerance: clockTolerance === undefined ? described(validator) : tolerance(clockTolerance),
    maxSession: sessionLength(maxSession),
  };
}

function described(validator: Partial<Pick<JwtValidator, 'describe'>>): number {
  const expiry = validator.describe?.().find(({ check }) => check === 'expiry');
  const seconds = TOLERANCE.exec(expiry?.asks ?? '')?.[1];
  return seconds === undefined ? DEFAULT_TOLERANCE : Number(seconds);
}

function tolerance(duration: Duration): number {
  return duration === 0 ? 0 : milliseconds(duration, 'clockTolerance') / 1000;
}

/** Sessions are written as for `renew()`, in days too, and last longer than a timer of `milliseconds()` can. */
function sessionLength(duration: NonNullable<RenewalOptions['maxSession']>): number {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(duration as string) ?? [];
  const seconds = typeof duration === 'number' ? duration : Number(amount) * SECONDS[unit as 's'];
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new TypeError(
    `maxSession: ${JSON.stringify(duration)} is no duration. Write it as for renew(): a number of seconds (3600) or a string with its unit ('90m', '12h', '7d').`,
  );
}
