/** The answers: the newest in full, those before it folded up. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Experiment } from '../laboratory.ts';
import { ExperimentView, outcomeOf } from './experiment-view.tsx';
import { Fold } from './fold.tsx';

export function AnswerPanel(props: {
  experiments: readonly Experiment[];
  busy: boolean;
  tolerance: number;
}): JSX.Element {
  const { busy, tolerance } = props;
  const [newest, ...earlier] = props.experiments;
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (newest !== undefined && newest.signedIn !== true) bringIntoView(panel.current);
  }, [newest?.number]);
  return (
    <section
      class="card"
      id="answer"
      aria-labelledby="answer-heading"
      aria-busy={busy}
      tabIndex={-1}
      ref={panel}
    >
      <h2 id="answer-heading">
        Answer <span class="quiet sending">{busy ? 'Sending…' : ''}</span>
      </h2>
      <p class="visually-hidden" role="status">
        {newest === undefined ? '' : `${newest.title}: ${outcomeOf(newest).words}`}
      </p>
      {newest === undefined ? (
        <p class="empty">
          Nothing was sent yet. What you try shows here: the request, the answer, and every check.
        </p>
      ) : (
        <ExperimentView key={newest.number} experiment={newest} tolerance={tolerance} />
      )}
      {earlier.length === 0 ? null : (
        <div class="earlier">
          <h3>Before that</h3>
          {earlier.map((experiment) => (
            <Fold key={experiment.number} summary={<Heading experiment={experiment} />}>
              <ExperimentView experiment={experiment} tolerance={tolerance} />
            </Fold>
          ))}
        </div>
      )}
    </section>
  );
}

function Heading({ experiment }: { experiment: Experiment }): JSX.Element {
  const { kind, words } = outcomeOf(experiment);
  return (
    <>
      <span class={`dot-outcome ${kind}`} aria-hidden="true" />
      {experiment.title} <span class="quiet">{words}</span>
    </>
  );
}

/**
 * Beside the buttons the panel is always to be seen, and shows a new answer from its top. On a narrow page it comes
 * below them: both are scrolled to where they fit together, else the answer alone, unless it is to be seen already.
 */
function bringIntoView(panel: HTMLElement | null): void {
  if (panel === null) return;
  panel.scrollTop = 0;
  const { top } = panel.getBoundingClientRect();
  if (top >= 0 && top < innerHeight * 0.6) return;
  const buttons = document.getElementById('try');
  const fits = buttons !== null && buttons.offsetHeight < innerHeight * 0.6;
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  (fits ? buttons : panel).scrollIntoView({ behavior: still ? 'auto' : 'smooth', block: 'start' });
}
