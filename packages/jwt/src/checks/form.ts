/** Checks of the form: what kind of token it is, and what its header says (RFC 7515 §4, RFC 7519 §5). */
import { parseEncryptedToken } from '../encryption/encrypted-token.js';
import { openNestedToken } from '../encryption/nested-token.js';
import { shown } from '../finding.js';
import { mediaType } from '../media-type.js';
import { isFinding, parseToken } from '../token.js';
import { type Check, fail } from './check.js';

export const structure: Check = {
  name: 'structure',
  needs: 'nothing',
  asks: (rules) =>
    `a compact ${rules.decryptWith === undefined ? 'JWS' : 'JWE'} of at most ${rules.maxTokenLength} characters`,
  sees: ({ token }) => (typeof token === 'string' ? `${token.length} characters` : typeof token),
  fault(examination, rules) {
    if (rules.decryptWith !== undefined) {
      const encrypted = parseEncryptedToken(examination.token, rules.maxTokenLength);
      if (isFinding(encrypted)) return encrypted;
      examination.encrypted = encrypted;
      return undefined;
    }
    const parsed = parseToken(examination.token, rules.maxTokenLength);
    if (isFinding(parsed)) return parsed;
    examination.parsed = parsed;
    return undefined;
  },
};

export const decryption: Check = {
  name: 'decryption',
  needs: 'encrypted',
  asks: (rules) =>
    rules.decryptWith === undefined
      ? undefined
      : `a signed token encrypted for ${rules.decryptWith.join(' or ')}`,
  sees: ({ encrypted }) => `alg ${shown(encrypted?.header.alg)}, enc ${shown(encrypted?.header.enc)}`,
  async fault(examination, rules) {
    const { encrypted } = examination;
    if (encrypted === undefined || rules.decryptWith === undefined) return { reason: 'decryption_failed' };
    const inner = await openNestedToken(encrypted, rules.decryptWith, rules.maxTokenLength);
    if (isFinding(inner)) return inner;
    examination.parsed = inner;
    return undefined;
  },
};

export const algorithm: Check = {
  name: 'algorithm',
  needs: 'parsed',
  asks: (rules) => [...rules.keys.algorithms].join(' or '),
  sees: ({ parsed }) => shown(parsed?.header.alg),
  fault(examination, rules) {
    if (examination.parsed?.header['zip'] !== undefined)
      return { reason: 'compression_not_allowed', claim: 'zip' };
    return rules.keys.allows(examination.parsed?.header.alg ?? '')
      ? undefined
      : fail('algorithm_not_allowed', this, examination, rules, 'alg');
  },
};

export const criticalHeaders: Check = {
  name: 'critical headers',
  needs: 'parsed',
  asks: () => 'none',
  sees: ({ parsed }) => (parsed?.header.crit === undefined ? 'none' : shown(parsed.header.crit)),
  fault(examination, rules) {
    const header = examination.parsed?.header;
    // b64 must be in crit (RFC 7797 §6); without it some would read the payload as it stands, and others decode it.
    if (header?.crit === undefined && header?.['b64'] === undefined) return undefined;
    return fail('crit_not_understood', this, examination, rules, 'crit');
  },
};

export const type: Check = {
  name: 'type',
  needs: 'parsed',
  asks: (rules) => rules.typ,
  sees: ({ parsed }) => (parsed?.header.typ === undefined ? 'none' : shown(parsed.header.typ)),
  fault(examination, rules) {
    const typ = examination.parsed?.header.typ;
    return typ !== undefined && mediaType(typ) === rules.typ
      ? undefined
      : fail('typ_mismatch', this, examination, rules, 'typ');
  },
};
