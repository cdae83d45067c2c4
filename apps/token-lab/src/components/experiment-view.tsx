/** One experiment in full: outcome, why, what was sent, request and response, and the list of checks. */
import { inspect } from '@tokenwright/jwt/inspect';
import type { JSX } from 'preact';
import type { Experiment } from '../laboratory.ts';
import { Checklist } from './checklist.tsx';
import { Comparison } from './comparison.tsx';
import { Fold } from './fold.tsx';
import { HttpRequest, HttpResponse } from './http-message.tsx';
import { LifetimeBar } from './lifetime-bar.tsx';
import { TokenView } from './token-view.tsx';
import { VisibleText } from './visible-text.tsx';

/** How an experiment ended. */
export interface Outcome {
  readonly kind: 'good' | 'bad';
  readonly words: string;
}

export function outcomeOf(experiment: Experiment): Outcome {
  const { answer } = experiment;
  if (answer === undefined) return { kind: 'bad', words: 'no answer' };
  const good = answer.status < 400 && !isBreach(experiment);
  return { kind: good ? 'good' : 'bad', words: `${answer.status} ${answer.reason}` };
}

/** A broken token that the service took all the same. */
function isBreach({ answer, comparison }: Experiment): boolean {
  return answer !== undefined && answer.status < 400 && comparison?.kind === 'broken';
}

/** The checks whose answer is seen best on the bar of the lifetime. */
const TIMES: ReadonlySet<string> = new Set(['expiry', 'not before', 'issued at', 'lifetime']);

export function ExperimentView(props: { experiment: Experiment; tolerance: number }): JSX.Element {
  const { experiment, tolerance } = props;
  const { number, title, point, request, answer, report, advice, comparison } = experiment;
  const outcome = outcomeOf(experiment);
  const decisive = report !== undefined && 'explanation' in report ? report.explanation.decisive : undefined;
  const why = advice ?? decisive;
  const { token } = request;
  const ofTimes = token !== undefined && decisive !== undefined && TIMES.has(decisive.check);
  const claims = ofTimes ? inspect(token).claims : undefined;
  const checks = report === undefined ? null : <Checklist report={report} />;
  // A broken token is about what was broken; where a renewal went well and still is not what was expected, about that.
  const checksFirst = comparison?.kind === 'renewed' && decisive !== undefined;
  return (
    <article class="experiment" aria-label={title} data-number={number}>
      <p class="outcome">
        <span class={`status ${outcome.kind}`}>{outcome.words}</span>
        <strong>{title}</strong>
      </p>
      {isBreach(experiment) ? (
        <p class="problem">The service accepted a broken token. Whoever makes one like it is let in.</p>
      ) : point === undefined ? null : (
        <p class="point-made">{point}</p>
      )}
      {why?.cause === undefined ? null : (
        <div class="why">
          <p>
            <strong>Why</strong>{' '}
            <span>
              <VisibleText text={why.cause} />
            </span>
          </p>
          {why.fix === undefined ? null : (
            <p>
              <strong>Fix</strong> <span>{why.fix}</span>
            </p>
          )}
        </div>
      )}
      {claims === undefined ? null : <LifetimeBar claims={claims} tolerance={tolerance} what="sent token" />}
      {checksFirst ? checks : null}
      {comparison === undefined ? null : <Comparison tokens={comparison} />}
      {checksFirst ? null : checks}
      <div class="messages">
        <HttpRequest request={request} />
        <HttpResponse answer={answer} />
      </div>
      {token === undefined ? null : (
        <Fold summary="Read the token that was sent">
          <TokenView token={token} tolerance={tolerance} label="The token that was sent" />
        </Fold>
      )}
    </article>
  );
}
