/**
 * The list of checks, in their order: what must hold before a token is accepted. `verify`, `safeVerify`, `explain` and
 * `describe` all read this one list; the first check that fails decides.
 */
import type { Finding } from '../finding.js';
import type { Rules } from '../rules.js';
import type { Check, Examination } from './check.js';
import { claims, ownClaims, replicatedClaims, requiredClaims, revocation } from './content.js';
import { algorithm, criticalHeaders, decryption, structure, type } from './form.js';
import { audience, issuer } from './parties.js';
import { key, knownIssuer, signature } from './signature.js';
import { expiry, issuedAt, lifetime, notBefore } from './times.js';

/** Every check, in the order in which they decide (RFC 7515 §5.2, RFC 7519 §7.2). */
export const CHECKS: readonly Check[] = Object.freeze([
  structure,
  decryption,
  algorithm,
  criticalHeaders,
  knownIssuer,
  key,
  signature,
  claims,
  replicatedClaims,
  type,
  expiry,
  notBefore,
  issuedAt,
  lifetime,
  issuer,
  audience,
  requiredClaims,
  ownClaims,
  revocation,
]);

/** Runs checks until one fails. A promise only where a check had to wait. */
export function firstFault(
  checks: readonly Check[],
  examination: Examination,
  rules: Rules,
  start = 0,
): Finding | undefined | Promise<Finding | undefined> {
  for (let index = start; index < checks.length; index += 1) {
    const fault = checks[index]?.fault(examination, examination.chosen ?? rules);
    if (fault === undefined) continue;
    if (!(fault instanceof Promise)) return fault;
    return fault.then((found) => found ?? firstFault(checks, examination, rules, index + 1));
  }
  return undefined;
}
