/** Checks of time: expiry, beginning, age and lifetime (RFC 7519 §4.1.4 to §4.1.6), with the clock passed in. */
import { inWords } from '../duration.js';
import { type Finding, shown } from '../finding.js';
import { type Check, fail } from './check.js';

export const expiry: Check = {
  name: 'expiry',
  needs: 'claims',
  again: true,
  asks: (rules) =>
    `${rules.acceptNeverExpiring ? 'none, or one' : 'one'} that is not over (tolerance ${rules.clockTolerance} s)`,
  sees: ({ claims: seen }) => time(seen?.exp),
  fault(examination, rules) {
    const exp = examination.claims?.exp;
    if (exp === undefined)
      return rules.acceptNeverExpiring ? undefined : { reason: 'expiry_missing', claim: 'exp' };
    if (!isNumericDate(exp)) return notANumber('exp', exp);
    const late = examination.now - (exp + rules.clockTolerance);
    if (late < 0) return undefined;
    return {
      ...fail('expired', this, examination, rules, 'exp'),
      hint: `The token expired ${inWords(examination.now - exp)} ago.`,
    };
  },
};

export const notBefore: Check = {
  name: 'not before',
  needs: 'claims',
  again: true,
  asks: (rules) => `none, or one that has come (tolerance ${rules.clockTolerance} s)`,
  sees: ({ claims: seen }) => time(seen?.nbf),
  fault(examination, rules) {
    const nbf = examination.claims?.nbf;
    if (nbf === undefined) return undefined;
    if (!isNumericDate(nbf)) return notANumber('nbf', nbf);
    if (nbf <= examination.now + rules.clockTolerance) return undefined;
    return {
      ...fail('not_yet_valid', this, examination, rules, 'nbf'),
      hint: `The token becomes valid in ${inWords(nbf - examination.now)}.`,
    };
  },
};

export const issuedAt: Check = {
  name: 'issued at',
  needs: 'claims',
  again: true,
  asks: (rules) =>
    rules.maxAge === undefined ? 'not in the future' : `at most ${inWords(rules.maxAge)} ago`,
  sees: ({ claims: seen }) => time(seen?.iat),
  fault(examination, rules) {
    const iat = examination.claims?.iat;
    if (iat === undefined) {
      return rules.maxAge === undefined
        ? undefined
        : { reason: 'claim_missing', claim: 'iat', hint: MAX_AGE_NEEDS_IAT };
    }
    if (!isNumericDate(iat)) return notANumber('iat', iat);
    if (iat > examination.now + rules.clockTolerance)
      return fail('issued_in_future', this, examination, rules, 'iat');
    if (rules.maxAge === undefined || examination.now - iat <= rules.maxAge + rules.clockTolerance)
      return undefined;
    return fail('too_old', this, examination, rules, 'iat');
  },
};

const MAX_AGE_NEEDS_IAT = 'The token does not say when it was issued (iat), and maxAge asks for that.';

export const lifetime: Check = {
  name: 'lifetime',
  needs: 'claims',
  asks: ({ maxLifetime }) => (maxLifetime === undefined ? undefined : `at most ${inWords(maxLifetime)}`),
  sees: ({ claims: seen }) => {
    const { iat, exp } = seen ?? {};
    return isNumericDate(iat) && isNumericDate(exp) ? inWords(exp - iat) : 'none';
  },
  fault(examination, rules) {
    const { iat, exp } = examination.claims ?? {};
    if (iat === undefined) return { reason: 'claim_missing', claim: 'iat', hint: MAX_LIFETIME_NEEDS_IAT };
    if (isNumericDate(iat) && isNumericDate(exp) && exp - iat <= (rules.maxLifetime ?? 0)) return undefined;
    return fail('lifetime_too_long', this, examination, rules, 'exp');
  },
};

const MAX_LIFETIME_NEEDS_IAT =
  'The token does not say when it was issued (iat), and maxLifetime asks for that.';

function notANumber(claim: string, value: unknown): Finding {
  return {
    reason: 'claim_invalid',
    claim,
    hint: `${claim} is not a number of seconds (RFC 7519 §2).`,
    expected: 'a number of seconds',
    actual: shown(value),
  };
}

/** A number of seconds that a Date can hold (ECMA-262 §21.4.1.1), so that no answer has an invalid Date. */
function isNumericDate(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= 8.64e12;
}

function time(value: unknown): string {
  if (value === undefined) return 'none';
  return isNumericDate(value) ? new Date(value * 1000).toISOString() : shown(value);
}
