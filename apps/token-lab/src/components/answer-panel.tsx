/** The answers: the newest in full, those before it folded up. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Experiment } from '../laboratory.ts';
import { ExperimentView, outcomeOf } from './experiment-view.tsx';

export function AnswerPanel(props: { experiments: readonly Experiment[]; busy: boolean }): JSX.Element {
  const [newest, ...earlier] = props.experiments;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (newest !== undefined) bringIntoView(heading.current);
  }, [newest?.number]);
  return (
    <section class="card" id="answer" aria-labelledby="answer-heading" aria-busy={props.busy} tabIndex={-1}>
      <h2 id="answer-heading" ref={heading}>
        Answer
      </h2>
      <p class="visually-hidden" role="status">
        {newest === undefined ? '' : `${newest.title}: ${outcomeOf(newest).words}`}
      </p>
      {newest === undefined ? (
        <p class="empty">
          Nothing was sent yet. What you try shows here: the request, the answer, and every check.
        </p>
      ) : (
        <ExperimentView key={newest.number} experiment={newest} />
      )}
      {earlier.length === 0 ? null : (
        <div class="earlier">
          <h3>Before that</h3>
          {earlier.map((experiment) => (
            <details key={experiment.number}>
              <summary>
                <span class={`dot-outcome ${outcomeOf(experiment).kind}`} aria-hidden="true" />
                {experiment.title} <span class="quiet">{outcomeOf(experiment).words}</span>
              </summary>
              <ExperimentView experiment={experiment} />
            </details>
          ))}
        </div>
      )}
    </section>
  );
}

/** On a narrow page the answer comes below the buttons: scrolled to, unless it is to be seen already. */
function bringIntoView(heading: HTMLElement | null): void {
  if (heading === null || heading.getBoundingClientRect().top < innerHeight * 0.85) return;
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  heading.scrollIntoView({ behavior: still ? 'auto' : 'smooth', block: 'start' });
}
