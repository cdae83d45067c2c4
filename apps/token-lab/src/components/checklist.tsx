/** The report of a token: every check in its order, with what was asked for and what was seen. */
import type { ExplainedCheck } from '@tokenwright/jwt';
import type { JSX } from 'preact';
import type { Report } from '../service.ts';

const MARKS = { pass: '✓', fail: '✕', skipped: '–' } as const;
const WORDS = { pass: 'passed', fail: 'failed', skipped: 'skipped' } as const;

export function Checklist({ report }: { report: Report }): JSX.Element {
  if ('refused' in report)
    return (
      <p class="problem">
        <strong>No report.</strong> {report.refused}
      </p>
    );
  const { accepted, checks, decisive } = report.explanation;
  const asked = checks.filter((check) => !isNotAsked(check));
  const left = checks.filter(isNotAsked).map(({ check }) => check);
  const firstClaimed = asked.find(isClaimed);
  return (
    <div class="checks">
      <h3>
        Checks <span class="quiet">{accepted ? 'all passed' : 'the first that fails decides'}</span>
      </h3>
      <ol>
        {asked.map((check) => (
          <>
            {check === firstClaimed ? (
              <li class="untrusted">
                Read without a good signature, and not to be trusted: anybody can have written what follows.
              </li>
            ) : null}
            <CheckRow check={check} decisive={check.check === decisive?.check} />
          </>
        ))}
      </ol>
      {left.length === 0 ? null : <p class="hint">Not asked for here: {left.join(', ')}.</p>}
    </div>
  );
}

/** The cause and fix of the check that decides stand above the messages already. */
function CheckRow({ check, decisive }: { check: ExplainedCheck; decisive: boolean }): JSX.Element {
  const { outcome, expected, actual, cause, fix, code } = check;
  const failed = outcome === 'fail';
  return (
    <li class={`check ${outcome}${isClaimed(check) ? ' claimed' : ''}`}>
      <span class="check-mark" aria-hidden="true">
        {MARKS[outcome]}
      </span>
      <div>
        <p class="check-name">
          {check.check} <span class="visually-hidden">{WORDS[outcome]}</span>
          {code === undefined ? null : <code class="code">{code}</code>}
        </p>
        <p class="check-detail">
          {outcome === 'skipped' ? cause : null}
          {outcome !== 'skipped' && expected !== undefined ? <>expected: {expected}</> : null}
          {outcome !== 'skipped' && actual !== undefined ? <> · seen: {actual}</> : null}
        </p>
        {failed && !decisive ? (
          <p class="check-cause">
            {cause} <span class="check-fix">{fix}</span>
          </p>
        ) : null}
      </div>
    </li>
  );
}

/** Checks that come after the signature: without a good one anybody can have written what they read. */
const CLAIMED: ReadonlySet<string> = new Set([
  'claims',
  'type',
  'expiry',
  'not before',
  'issued at',
  'issuer',
  'audience',
  'required claims',
]);

/** Read from claims that no good signature stands behind. */
function isClaimed({ check, outcome, trusted }: ExplainedCheck): boolean {
  return CLAIMED.has(check) && outcome !== 'skipped' && !trusted;
}

function isNotAsked({ outcome, expected }: ExplainedCheck): boolean {
  return outcome === 'skipped' && expected === undefined;
}
