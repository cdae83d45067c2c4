/** Explains a decision: every check of the validator's own list, in order, with what it asked for and what it saw. */
import { beginExamination, type Check, type CheckName, type Examination } from './checks/check.js';
import { nowOf } from './clock.js';
import { numericDate } from './duration.js';
import { InvalidOption } from './errors.js';
import type { Finding } from './finding.js';
import type { ReasonName, RefusalCode } from './reasons.js';
import { wordsOf } from './refusal.js';
import type { Rules } from './rules.js';
import { checksUnder, checkWhatIf, rulesUnder, type WhatIf } from './what-if.js';

/** One check of an {@link Explanation}. */
export interface ExplainedCheck {
  readonly check: CheckName;
  readonly outcome: 'pass' | 'fail' | 'skipped';
  /** False when no good signature stands behind what was seen: anybody can have written it. */
  readonly trusted: boolean;
  /** Whether it looks at what the signature vouches for. Where it does not, there is nothing yet to be trusted. */
  readonly dependsOnSignature: boolean;
  readonly expected?: string;
  readonly actual?: string;
  /** With a failure: the code of the error that `verify`, or `renew`, throws for it. */
  readonly code?: RefusalCode;
  readonly reason?: ReasonName;
  readonly claim?: string;
  /** With a failure: what is wrong. With a skipped check: why it was. */
  readonly cause?: string;
  /** With a failure: what to do. */
  readonly fix?: string;
}

/** A decision report. */
export interface Explanation {
  /**
   * Whether no check failed: then `verify` accepts the token under these circumstances, but for revocation where that was
   * not asked (see `askRevocation`), and a renewal that was asked about is possible.
   */
  readonly accepted: boolean;
  /** The first check that failed: the one that decides. */
  readonly decisive: ExplainedCheck | undefined;
  readonly checks: readonly ExplainedCheck[];
}

/** Anything that can explain itself: a `JwtValidator`. */
export interface Explainer {
  explain(token: unknown, whatIf?: WhatIf): Promise<Explanation>;
}

/**
 * Runs every check of a validator on a token and reports each. Claims are looked at even after a bad signature, marked
 * as not to be trusted; only a schema of claims and `isRevoked` get to see no other than verified ones. The report holds no
 * token and no key, but it does hold claims: it is for developers and logs, not for clients.
 *
 * @throws InvalidOption for what is no validator, and for circumstances that there are not; what `isRevoked` or a schema throws.
 * @example
 * ```ts
 * const report = await explain(token, validator, { at: new Date(Date.now() + 3_600_000) });
 * report.decisive?.cause; // 'The token expired 5 minutes ago.'
 * ```
 */
export async function explain(token: unknown, validator: Explainer, whatIf?: WhatIf): Promise<Explanation> {
  if (isExplainer(validator)) return validator.explain(token, whatIf);
  throw new InvalidOption(
    'validator',
    isExplainer(token) ? 'stands where the token belongs' : 'is no validator',
    'The token comes first: explain(token, validator).',
  );
}

function isExplainer(value: unknown): boolean {
  return typeof (value as Partial<Explainer> | null | undefined)?.explain === 'function';
}

/** @internal Explains under the rules of a validator. */
export async function explainToken(token: unknown, given: Rules, whatIf: WhatIf): Promise<Explanation> {
  checkWhatIf(whatIf);
  const rules = rulesUnder(given, whatIf);
  const now = whatIf.at === undefined ? nowOf(rules.clock) : numericDate(whatIf.at, 'at');
  const examination = beginExamination(token, now);
  const checks: ExplainedCheck[] = [];
  let dependsOnSignature = false;
  for (const check of checksUnder(whatIf)) {
    const explained = await explainCheck(check, examination, rules, whatIf.askRevocation === true);
    checks.push(Object.freeze({ ...explained, dependsOnSignature }));
    dependsOnSignature ||= check.name === 'signature';
  }
  const decisive = checks.find((check) => check.outcome === 'fail');
  return Object.freeze({ accepted: decisive === undefined, decisive, checks: Object.freeze(checks) });
}

type CheckReport = Omit<ExplainedCheck, 'dependsOnSignature'>;

async function explainCheck(
  check: Check,
  examination: Examination,
  given: Rules,
  askRevocation: boolean,
): Promise<CheckReport> {
  const rules = examination.chosen ?? given;
  const expected = check.asks(rules);
  if (expected === undefined) return skipped(check, examination, 'Not asked for by this validator.');
  const lacking =
    lackingFor(check, examination, rules) ??
    (check.name === 'revocation' && !askRevocation ? REVOCATION_NOT_ASKED : undefined);
  if (lacking !== undefined) return { ...skipped(check, examination, lacking), expected };
  const fault = await check.fault(examination, rules);
  const actual = fault?.actual ?? check.sees(examination, rules);
  return {
    check: check.name,
    outcome: fault === undefined ? 'pass' : 'fail',
    trusted: isTrusted(examination),
    expected: fault?.expected ?? expected,
    ...(actual === undefined ? {} : { actual }),
    ...(fault === undefined ? {} : words(fault)),
  };
}

const REVOCATION_NOT_ASKED =
  'Not asked, because asking may use the token up; explain it with askRevocation to ask.';

function words(fault: Finding): Pick<ExplainedCheck, 'code' | 'reason' | 'cause' | 'fix'> {
  const { code, hint, fix } = wordsOf(fault);
  return {
    code,
    reason: fault.reason,
    ...(fault.claim === undefined ? {} : { claim: fault.claim }),
    cause: hint,
    fix,
  };
}

function skipped(check: Check, examination: Examination, cause: string): CheckReport {
  return { check: check.name, outcome: 'skipped', trusted: isTrusted(examination), cause };
}

function isTrusted(examination: Examination): boolean {
  return examination.key !== undefined;
}

/** Why a check cannot run yet; undefined when it can. */
function lackingFor(check: Check, examination: Examination, rules: Rules): string | undefined {
  const { encrypted, parsed, candidates, claims, key } = examination;
  if (parsed !== undefined && check.perIssuer === true && rules.issuers !== undefined) {
    return 'It depends on the issuer, and the token names none that is configured.';
  }
  switch (check.needs) {
    case 'nothing':
      return undefined;
    case 'encrypted':
      return encrypted === undefined ? 'The token cannot be read.' : undefined;
    case 'parsed':
      return parsed === undefined ? 'The token cannot be read.' : undefined;
    case 'candidates':
      return candidates.length === 0 ? 'There is no key to check it with.' : undefined;
    case 'claims':
      return claims === undefined ? 'The claims cannot be read.' : undefined;
    case 'verified claims':
      return claims === undefined || key === undefined ? 'Asked for verified tokens only.' : undefined;
  }
}
