/** The live bar of a token's lifetime: not yet, within, tolerance, expired, and where it stands now. It verifies nothing. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type Lifetime, lifetimeAt, type Phase, SHARES } from '../lifetime.ts';
import { timeOrDay } from '../words.ts';

const CLASSES: Readonly<Record<Phase, string>> = {
  'not yet': 'not-yet',
  'within its lifetime': 'within',
  tolerance: 'tolerance',
  expired: 'expired',
};
const PHASES = Object.keys(SHARES) as Phase[];

export function LifetimeBar(props: {
  claims: Readonly<Record<string, unknown>>;
  tolerance: number;
  /** Of what, for who does not see where it stands. */
  what: string;
}): JSX.Element {
  useTick();
  const now = Date.now() / 1000;
  const lifetime = lifetimeAt(props.claims, now, props.tolerance);
  const { phase, words } = lifetime;
  return (
    <div class={`lifetime ${'position' in lifetime ? CLASSES[lifetime.phase] : 'faulty'}`}>
      <p class="lifetime-words">
        <strong class="phase">{phase}</strong> <span role="timer">{words}</span>
      </p>
      {'position' in lifetime ? <Bar lifetime={lifetime} now={now} /> : null}
      {/* Told when it changes, not every second. */}
      <p class="visually-hidden" role="status">
        The {props.what} is: {phase}
      </p>
    </div>
  );
}

function Bar({ lifetime, now }: { lifetime: Lifetime; now: number }): JSX.Element {
  const { phase, position, start, end } = lifetime;
  return (
    <>
      <div class="bar" aria-hidden="true">
        {PHASES.map((name) => (
          <span class={`stretch ${CLASSES[name]}${name === phase ? ' now' : ''}`}>
            <span class="stretch-name">{name}</span>
          </span>
        ))}
        <span class="marker" style={{ left: `${(position * 100).toFixed(2)}%` }} />
      </div>
      <div class="bar-times" aria-hidden="true">
        <span class="bar-start">{start === undefined ? '' : timeOrDay(start, now)}</span>
        <span class="bar-end">{timeOrDay(end, now)}</span>
      </div>
    </>
  );
}

/** Draws again every second. */
function useTick(): void {
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), 1000);
    return () => clearInterval(timer);
  }, []);
}
