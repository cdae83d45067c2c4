/** Checks of the parties: who issued the token, and for whom (RFC 7519 §4.1.1, §4.1.3). */
import { shown } from '../finding.js';
import { type Check, fail, quoted } from './check.js';

export const issuer: Check = {
  name: 'issuer',
  needs: 'claims',
  asks: (rules) => quoted(rules.issuer),
  sees: ({ claims: seen }) => (seen?.iss === undefined ? 'none' : shown(seen.iss)),
  fault(examination, rules) {
    const iss: unknown = examination.claims?.iss;
    return typeof iss === 'string' && rules.issuer?.includes(iss) === true
      ? undefined
      : fail('issuer_mismatch', this, examination, rules, 'iss');
  },
};

export const audience: Check = {
  name: 'audience',
  needs: 'claims',
  perIssuer: true,
  asks: (rules) => (rules.issuers === undefined ? quoted(rules.audience) : AUDIENCE_OF_ITS_ISSUER),
  sees: ({ claims: seen }) => (seen?.aud === undefined ? 'none' : shown(seen.aud)),
  fault(examination, rules) {
    const aud: unknown = examination.claims?.aud;
    const accepted = rules.audience;
    if (accepted === null) return undefined;
    if (typeof aud === 'string' && accepted.includes(aud)) return undefined;
    if (
      Array.isArray(aud) &&
      aud.every((one) => typeof one === 'string') &&
      aud.some((one) => accepted.includes(one))
    ) {
      return undefined;
    }
    return fail('audience_mismatch', this, examination, rules, 'aud');
  },
};

const AUDIENCE_OF_ITS_ISSUER = 'one that is accepted from its issuer';
