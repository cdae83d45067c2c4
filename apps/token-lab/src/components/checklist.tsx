/** The report of a token: what failed first, what passed folded up, each with what was asked for and what was seen. */
import type { ExplainedCheck } from '@tokenwright/jwt';
import type { JSX } from 'preact';
import type { Report } from '../service.ts';
import { timeWritten } from '../words.ts';
import { VisibleText } from './visible-text.tsx';

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
  const failed = asked.filter(({ outcome }) => outcome === 'fail');
  const others = asked.filter(({ outcome }) => outcome !== 'fail');
  return (
    <div class="checks">
      <h3>
        Checks <span class="quiet">{accepted ? 'all passed' : 'the first that fails decides'}</span>
      </h3>
      {failed.length === 0 ? null : <Rows checks={failed} decisive={decisive} />}
      <details open={accepted}>
        <summary>{counted(others)}</summary>
        <Rows checks={others} decisive={undefined} />
        {left.length === 0 ? null : <p class="hint">Not asked for here: {left.join(', ')}.</p>}
      </details>
    </div>
  );
}

/** `4 passed, 8 read without a good signature, 1 skipped` */
function counted(checks: readonly ExplainedCheck[]): string {
  const kinds = [
    [(check: ExplainedCheck) => check.outcome === 'pass' && !isClaimed(check), 'passed'],
    [isClaimed, 'read without a good signature'],
    [(check: ExplainedCheck) => check.outcome === 'skipped', 'skipped'],
  ] as const;
  return kinds
    .map(([is, words]) => [checks.filter(is).length, words] as const)
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count} ${words}`)
    .join(', ');
}

function Rows(props: {
  checks: readonly ExplainedCheck[];
  decisive: ExplainedCheck | undefined;
}): JSX.Element {
  const { checks, decisive } = props;
  const firstClaimed = checks.find(isClaimed);
  return (
    <ol>
      {checks.map((check) => (
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
  );
}

/** The cause and fix of the check that decides stand above the messages already. */
function CheckRow({ check, decisive }: { check: ExplainedCheck; decisive: boolean }): JSX.Element {
  const { outcome, expected, actual, cause, fix, code, claim } = check;
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
          {claim === undefined ? null : (
            <>
              <code>
                <VisibleText text={claim} most={100} />
              </code>{' '}
              ·{' '}
            </>
          )}
          {outcome !== 'skipped' && expected !== undefined ? (
            <>
              expected: <VisibleText text={expected} />
            </>
          ) : null}
          {outcome !== 'skipped' && actual !== undefined ? (
            <>
              {' '}
              · seen: <VisibleText text={timeWritten(actual)} />
            </>
          ) : null}
        </p>
        {failed && !decisive ? (
          <p class="check-cause">
            <VisibleText text={cause ?? ''} /> <span class="check-fix">{fix}</span>
          </p>
        ) : null}
      </div>
    </li>
  );
}

/** Read from claims that no good signature stands behind: anybody can have written them. */
function isClaimed({ dependsOnSignature, outcome, trusted }: ExplainedCheck): boolean {
  return dependsOnSignature && outcome !== 'skipped' && !trusted;
}

function isNotAsked({ outcome, expected }: ExplainedCheck): boolean {
  return outcome === 'skipped' && expected === undefined;
}
