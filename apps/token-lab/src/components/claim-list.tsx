/** The members of a header or of a set of claims: name, value, and on hover or focus what it means. */
import type { JSX } from 'preact';
import { useId, useLayoutEffect, useState } from 'preact/hooks';
import type { Meaning } from '../claim-meanings.ts';
import { TIMES } from '../comparison.ts';
import { cut, pointInTime, valueText, visible } from '../words.ts';
import { VisibleText } from './visible-text.tsx';

/** Longer names have a line of their own, and are cut in the end. */
const LONG_NAME = 14;
const LONGEST_NAME = 120;
const LONGEST_VALUE = 600;
/** A token with more is no token to be read line by line. */
const MOST_MEMBERS = 100;

export function ClaimList(props: {
  part: 'header' | 'payload';
  title: string;
  members: Readonly<Record<string, unknown>>;
  meaning: (name: string) => Meaning;
}): JSX.Element {
  const { part, title, members, meaning } = props;
  const all = Object.entries(members);
  return (
    <div class={`claims ${part}`}>
      <h3 class={`part-label ${part}`}>{title}</h3>
      <dl>
        {all.slice(0, MOST_MEMBERS).map(([name, value]) => (
          <Claim key={name} name={name} value={value} meaning={meaning(name)} />
        ))}
      </dl>
      {all.length > MOST_MEMBERS ? (
        <p class="hint">And {(all.length - MOST_MEMBERS).toLocaleString('en')} more.</p>
      ) : null}
    </div>
  );
}

/** The meaning shows on hover and on focus, stays while the pointer is on it, and goes with Escape (WCAG 1.4.13). */
function Claim({ name, value, meaning }: { name: string; value: unknown; meaning: Meaning }): JSX.Element {
  const id = useId();
  const [shown, setShown] = useState(false);
  // Before the browser paints: whoever sees the meaning can already hide it.
  useLayoutEffect(() => {
    if (!shown) return undefined;
    const hide = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') setShown(false);
    };
    addEventListener('keydown', hide);
    return () => removeEventListener('keydown', hide);
  }, [shown]);
  const when = TIMES.includes(name) ? pointInTime(value) : undefined;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button inside does the same for the keyboard
    <div
      class={visible(name).length > LONG_NAME ? 'claim long' : 'claim'}
      onMouseEnter={() => setShown(true)}
      onMouseLeave={() => setShown(false)}
    >
      <dt>
        <button
          type="button"
          class="claim-name"
          aria-describedby={id}
          onFocus={() => setShown(true)}
          onBlur={() => setShown(false)}
          onClick={() => setShown(true)}
        >
          <VisibleText text={name} most={LONGEST_NAME} />
        </button>
      </dt>
      <dd>
        <span class="value">
          <VisibleText text={valueText(value)} most={LONGEST_VALUE} />
        </span>
        {when === undefined ? null : <span class="when">{when}</span>}
        <span id={id} role="tooltip" class={shown ? 'meaning shown' : 'meaning'}>
          {meaning.meaning}
        </span>
      </dd>
      <dd class="source">
        <a href={meaning.link} target="_blank" rel="noreferrer">
          <span class="visually-hidden">{visible(cut(name, LONGEST_NAME))}: </span>
          {meaning.source}
        </a>
      </dd>
    </div>
  );
}
