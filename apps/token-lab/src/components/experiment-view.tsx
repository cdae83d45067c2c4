/** One experiment in full: outcome, why, request and response, and the list of checks. */
import type { JSX } from 'preact';
import type { Experiment } from '../laboratory.ts';
import { Checklist } from './checklist.tsx';
import { Comparison } from './comparison.tsx';
import { HttpRequest, HttpResponse } from './http-message.tsx';

/** How an experiment ended. */
export interface Outcome {
  readonly kind: 'good' | 'bad';
  readonly words: string;
}

export function outcomeOf({ answer }: Experiment): Outcome {
  if (answer === undefined) return { kind: 'bad', words: 'no answer' };
  return { kind: answer.status < 400 ? 'good' : 'bad', words: `${answer.status} ${answer.reason}` };
}

export function ExperimentView({ experiment }: { experiment: Experiment }): JSX.Element {
  const { number, title, point, request, answer, report, advice, renewal } = experiment;
  const outcome = outcomeOf(experiment);
  const decisive = report !== undefined && 'explanation' in report ? report.explanation.decisive : undefined;
  const why = advice ?? decisive;
  return (
    <article class="experiment" aria-label={title} data-number={number}>
      <p class="outcome">
        <span class={`status ${outcome.kind}`}>{outcome.words}</span>
        <strong>{title}</strong>
      </p>
      {point === undefined ? null : <p class="point-made">{point}</p>}
      {why?.cause === undefined ? null : (
        <div class={`why ${outcome.kind}`}>
          <p>
            <strong>Why</strong> <span>{why.cause}</span>
          </p>
          {why.fix === undefined ? null : (
            <p>
              <strong>Fix</strong> <span>{why.fix}</span>
            </p>
          )}
        </div>
      )}
      <div class="messages">
        <HttpRequest request={request} />
        <HttpResponse answer={answer} />
      </div>
      {renewal === undefined ? null : <Comparison before={renewal.before} after={renewal.after} />}
      {report === undefined ? null : <Checklist report={report} />}
    </article>
  );
}
