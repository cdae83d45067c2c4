/** Checks of the content: that there are claims, which must be there, and what the application asks of them. */
import type { Claims, Verified } from '../claims.js';
import { schemaFault } from '../claims-schema.js';
import { replicaFault } from '../encryption/nested-token.js';
import { type Finding, shown } from '../finding.js';
import { freezeDeep, parseObject } from '../json.js';
import { isThenable } from '../thenable.js';
import type { Check } from './check.js';

export const claims: Check = {
  name: 'claims',
  needs: 'parsed',
  asks: () => 'a JSON object',
  sees: (examination) => (examination.claims === undefined ? 'something else' : 'a JSON object'),
  fault(examination) {
    const parsed = parseObject(examination.parsed?.text ?? '');
    if (parsed === undefined) return { reason: 'claims_malformed' };
    if (!freezeDeep(parsed))
      return { reason: 'claims_malformed', hint: 'The claims are nested deeper than is accepted.' };
    examination.claims = parsed as Claims;
    return undefined;
  },
};

export const replicatedClaims: Check = {
  name: 'replicated claims',
  needs: 'claims',
  asks: (rules) => (rules.decryptWith === undefined ? undefined : 'none, or the same as those signed'),
  sees: ({ encrypted }) =>
    ['iss', 'sub', 'aud'].filter((name) => encrypted?.header[name] !== undefined).join(', ') || 'none',
  fault({ encrypted, claims: signed }) {
    return encrypted === undefined || signed === undefined
      ? undefined
      : replicaFault(encrypted.header, signed);
  },
};

export const requiredClaims: Check = {
  name: 'required claims',
  needs: 'claims',
  asks: (rules) => (rules.requiredClaims.length === 0 ? 'well-formed' : rules.requiredClaims.join(', ')),
  sees: ({ claims: seen }) =>
    Object.keys(seen ?? {})
      .map(shown)
      .join(', ')
      .slice(0, 120),
  fault(examination, rules) {
    const seen = examination.claims ?? {};
    for (const name of rules.requiredClaims) {
      if (Object.hasOwn(seen, name) && seen[name] !== null) continue;
      return { reason: 'claim_missing', claim: name, hint: `The token lacks the claim ${name}.` };
    }
    return (
      textFault('iss', seen.iss) ??
      textFault('sub', seen.sub) ??
      textFault('jti', seen.jti) ??
      textFault('client_id', seen['client_id'])
    );
  },
};

/** What the registered claims that hold text must be (RFC 7519 §4.1, RFC 8693 §4.3); an empty one identifies nobody. */
function textFault(name: string, value: unknown): Finding | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return undefined;
  return {
    reason: 'claim_invalid',
    claim: name,
    hint: `${name} is not a non-empty string.`,
    actual: shown(value),
  };
}

/** Runs every time: a schema may ask elsewhere. It gets to see verified claims only. */
export const ownClaims: Check = {
  name: 'own claims',
  needs: 'verified claims',
  again: true,
  asks: ({ claims: schema }) =>
    schema === undefined ? undefined : `what the ${shown(schema['~standard'].vendor)} schema asks for`,
  sees: () => undefined,
  fault: ({ claims: signed }, { claims: schema }) =>
    schema === undefined || signed === undefined ? undefined : schemaFault(schema, signed),
};

export const revocation: Check = {
  name: 'revocation',
  needs: 'verified claims',
  again: true,
  asks: (rules) => (rules.isRevoked === undefined ? undefined : 'not revoked'),
  sees: () => undefined,
  fault(examination, rules) {
    const answer: unknown = rules.isRevoked?.(examination.claims as Verified);
    return isThenable(answer) ? answeredWithin(rules.revocationTimeout, answer) : revoked(answer);
  },
};

/** What a promise says in time. What it rejects with is thrown on: the store is away, and the token is not to blame. */
function answeredWithin(limit: number, answer: PromiseLike<unknown>): Promise<Finding | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve({ reason: 'revocation_timeout' }), limit * 1000);
    Promise.resolve(answer)
      .then(revoked)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

/** Only a plain `false` lets a token pass. */
function revoked(answer: unknown): Finding | undefined {
  return answer === false ? undefined : { reason: 'revoked' };
}
