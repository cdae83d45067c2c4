/** Checks of the signature: whose keys count, which of them may have signed, and which did (RFC 7515 §5.2). */

import { type Finding, shown } from '../finding.js';
import { parseObject } from '../json.js';
import { MAX_CANDIDATES } from '../keys/candidates.js';
import type { Candidates } from '../keys/key-set.js';
import type { Rules } from '../rules.js';
import { isFinding } from '../token.js';
import { type Check, type Examination, fail, quoted } from './check.js';

/** Chooses whose keys and audiences count; until one of those keys has verified the token, its `iss` is good for no more. */
export const knownIssuer: Check = {
  name: 'known issuer',
  needs: 'parsed',
  again: true,
  asks: (rules) => (rules.issuers === undefined ? undefined : quoted(rules.issuer)),
  sees: (examination) => {
    const iss = namedIssuer(examination);
    return iss === undefined ? 'none' : shown(iss);
  },
  fault(examination, rules) {
    const iss = namedIssuer(examination);
    examination.chosen = typeof iss === 'string' ? rules.issuers?.get(iss) : undefined;
    return examination.chosen === undefined
      ? fail('issuer_mismatch', this, examination, rules, 'iss')
      : undefined;
  },
};

function namedIssuer({ claims: known, parsed }: Examination): unknown {
  if (known !== undefined) return known.iss;
  return parseObject(parsed?.text ?? '')?.['iss'];
}

export const key: Check = {
  name: 'key',
  needs: 'parsed',
  again: true,
  perIssuer: true,
  asks: (rules) => String(rules.keys),
  sees: ({ parsed }) => (parsed?.header.kid === undefined ? 'no kid' : `kid ${shown(parsed.header.kid)}`),
  fault(examination, rules) {
    const { parsed, key: remembered } = examination;
    if (parsed === undefined) return fail('key_not_found', this, examination, rules, 'kid');
    if (remembered !== undefined) {
      const member = rules.keys.has(remembered);
      if (member === true) return undefined;
      return member instanceof Promise
        ? member.then((answer) => membershipFault(answer, examination, rules))
        : membershipFault(member, examination, rules);
    }
    const found = rules.keys.candidates(parsed.header);
    return found instanceof Promise
      ? found.then((answer) => takeCandidates(answer, examination, rules))
      : takeCandidates(found, examination, rules);
  },
};

function membershipFault(
  member: boolean | Finding,
  examination: Examination,
  rules: Rules,
): Finding | undefined {
  if (typeof member !== 'boolean') return member;
  return member ? undefined : fail('key_not_found', key, examination, rules, 'kid');
}

function takeCandidates(found: Candidates, examination: Examination, rules: Rules): Finding | undefined {
  if (isFinding(found)) return found;
  if (found.length === 0) return fail('key_not_found', key, examination, rules, 'kid');
  examination.candidates = found.length > MAX_CANDIDATES ? found.slice(0, MAX_CANDIDATES) : found;
  return undefined;
}

export const signature: Check = {
  name: 'signature',
  needs: 'candidates',
  perIssuer: true,
  asks: (rules) => `made with ${rules.keys}`,
  sees: (examination) =>
    examination.key === undefined ? 'made with another key, or changed' : `by ${examination.key}`,
  fault(examination) {
    const { parsed, candidates } = examination;
    if (parsed === undefined) return { reason: 'signature_mismatch' };
    for (const candidate of candidates) {
      if (candidate.verify(parsed.signingInput, parsed.signature)) {
        examination.key = candidate;
        return undefined;
      }
    }
    return { reason: 'signature_mismatch' };
  },
};
