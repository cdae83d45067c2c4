/** The live bar of a token's lifetime: not yet, valid, tolerance, expired, and where it stands now. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { lifetimeAt, type Phase, SHARES } from '../lifetime.ts';
import { timeOfDay } from '../words.ts';

const PHASES = Object.keys(SHARES) as Phase[];

export function LifetimeBar(props: {
  claims: Readonly<Record<string, unknown>>;
  tolerance: number;
}): JSX.Element {
  useTick();
  const now = Date.now() / 1000;
  const { phase, words, position, start, end } = lifetimeAt(props.claims, now, props.tolerance);
  return (
    <div class={`lifetime ${phase.replace(' ', '-')}`}>
      <p class="lifetime-words">
        <strong class="phase">{phase}</strong> <span role="timer">{words}</span>
      </p>
      <div class="bar" aria-hidden="true">
        {PHASES.map((name) => (
          <span class={`stretch ${name.replace(' ', '-')}${name === phase ? ' now' : ''}`}>
            <span class="stretch-name">{name}</span>
          </span>
        ))}
        <span class="marker" style={{ left: `${(position * 100).toFixed(2)}%` }} />
      </div>
      <div class="bar-times" aria-hidden="true">
        <span class="bar-start">{start === undefined ? '' : timeOfDay(start)}</span>
        <span class="bar-end">{end === undefined ? '' : timeOfDay(end)}</span>
      </div>
      {/* Told when it changes, not every second. */}
      <p class="visually-hidden" role="status">
        The token is: {phase}
      </p>
    </div>
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
