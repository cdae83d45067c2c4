/** The decision report of a verifier that can explain itself, fit for a log: no claim's text, bounded in cost. */
import { checkOptionNames, type OptionNames } from './option-names.js';

/** One check of a {@link DecisionReport}. */
export interface ReportedCheck {
  readonly check: string;
  readonly outcome: 'pass' | 'fail' | 'skipped';
  /** False when no good signature stands behind what was seen. */
  readonly trusted?: boolean | undefined;
  readonly expected?: string | undefined;
  /** What the token has; left out unless it is a time, a length, or of a claim that may be shown. */
  readonly actual?: string | undefined;
  readonly code?: string | undefined;
  readonly reason?: string | undefined;
  readonly claim?: string | undefined;
  readonly cause?: string | undefined;
  readonly fix?: string | undefined;
}

/** Every check of a token with its outcome, in order. */
export interface DecisionReport {
  readonly accepted: boolean;
  readonly checks: readonly ReportedCheck[];
}

/** What explains, as `JwtValidator` does. */
export interface TokenExplainer {
  explain?(token: string): unknown;
}

/** Options of reports. */
export interface ReportOptions {
  /** How many tokens are explained in a second at most; 0 explains none. Default 10. */
  perSecond?: number;
  /**
   * The checks whose text from the token may stand in a log, by their names in the report: `issuer`, `audience`, `type`,
   * `key`, `algorithm`, … Default: none, since a stranger writes it.
   */
  show?: readonly string[];
}

const OPTIONS: OptionNames<ReportOptions> = {
  perSecond: true,
  show: true,
};

/** Explains a token; undefined when too many were explained already, or when explaining fails. */
export type Reporter = (token: string) => Promise<DecisionReport | undefined>;

/** A report is one line of a log: so many checks of so many characters a field. */
const MAX_CHECKS = 40;
const MAX_TEXT = 240;

/** What a validator says it saw that can't be a stranger's text. */
const SAFE_ACTUAL = /^(?:none|\d+ characters|[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)$/;

/**
 * Makes what explains tokens, for a scheme. Explaining checks a token once more, so a flood of bad ones is explained in part only: the
 * reason that decided is in each refusal all the same.
 *
 * @throws TypeError for an option that there is not, and for a rate that is no whole number.
 */
export function reporter(
  of: string,
  verifier: TokenExplainer,
  options: ReportOptions | false = {},
): Reporter | undefined {
  if (options === false) return undefined;
  checkOptionNames(options, OPTIONS, `the option report of ${of}()`);
  const { perSecond = 10, show = [] } = options;
  if (!Number.isSafeInteger(perSecond) || perSecond < 0) {
    throw new TypeError(`the option report.perSecond of ${of}() must be a whole number from 0 up`);
  }
  if (!Array.isArray(show)) throw new TypeError(`the option report.show of ${of}() must be a list of checks`);
  if (perSecond === 0 || typeof verifier.explain !== 'function') return undefined;
  const shown: ReadonlySet<string> = new Set(show);
  const spend = budget(perSecond);
  return async (token) => {
    if (!spend()) return undefined;
    try {
      return reportOf(await verifier.explain?.(token), shown);
    } catch {
      // The refusal stands without its report; what made `verify` refuse is in it.
      return undefined;
    }
  };
}

/** So many in each second of a clock that only goes forward. */
function budget(perSecond: number): () => boolean {
  let second = -1;
  let spent = 0;
  return () => {
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) {
      second = now;
      spent = 0;
    }
    spent += 1;
    return spent <= perSecond;
  };
}

function reportOf(explanation: unknown, shown: ReadonlySet<string>): DecisionReport | undefined {
  if (typeof explanation !== 'object' || explanation === null) return undefined;
  const { accepted, checks } = explanation as { accepted?: unknown; checks?: unknown };
  if (!Array.isArray(checks)) return undefined;
  return Object.freeze({
    accepted: accepted === true,
    checks: Object.freeze(checks.slice(0, MAX_CHECKS).map((check) => reportedCheck(Object(check), shown))),
  });
}

function reportedCheck(check: Record<string, unknown>, shown: ReadonlySet<string>): ReportedCheck {
  const name = text(check['check']) ?? 'unnamed';
  const outcome = check['outcome'];
  const actual = text(check['actual']);
  const mayShow = actual !== undefined && (SAFE_ACTUAL.test(actual) || shown.has(name));
  return Object.freeze({
    check: name,
    outcome: outcome === 'pass' || outcome === 'fail' ? outcome : 'skipped',
    trusted: check['trusted'] === true,
    expected: text(check['expected']),
    actual: mayShow ? actual : undefined,
    code: text(check['code']),
    reason: text(check['reason']),
    claim: text(check['claim']),
    cause: text(check['cause']),
    fix: text(check['fix']),
  });
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT) : undefined;
}
