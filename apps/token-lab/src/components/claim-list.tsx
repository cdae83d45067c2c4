/** The members of a header or of a set of claims: name, value, and on hover or focus what it means. */
import type { JSX } from 'preact';
import { useId, useLayoutEffect, useState } from 'preact/hooks';
import type { Meaning } from '../claim-meanings.ts';
import { pointInTime, valueText } from '../words.ts';

const TIMES = ['exp', 'nbf', 'iat', 'auth_time'];

export function ClaimList(props: {
  part: 'header' | 'payload';
  title: string;
  members: Readonly<Record<string, unknown>>;
  meaning: (name: string) => Meaning;
}): JSX.Element {
  const { part, title, members, meaning } = props;
  return (
    <div class={`claims ${part}`}>
      <h3 class={`part-label ${part}`}>{title}</h3>
      <dl>
        {Object.entries(members).map(([name, value]) => (
          <Claim key={name} name={name} value={value} meaning={meaning(name)} />
        ))}
      </dl>
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
    <div class="claim" onMouseEnter={() => setShown(true)} onMouseLeave={() => setShown(false)}>
      <dt>
        <button
          type="button"
          class="claim-name"
          aria-describedby={id}
          onFocus={() => setShown(true)}
          onBlur={() => setShown(false)}
          onClick={() => setShown(true)}
        >
          {name}
        </button>
      </dt>
      <dd>
        <span class="value">{valueText(value)}</span>
        {when === undefined ? null : <span class="when">{when}</span>}
        <span id={id} role="tooltip" class={shown ? 'meaning shown' : 'meaning'}>
          {meaning.meaning}
        </span>
      </dd>
      <dd class="source">
        <a href={meaning.link} target="_blank" rel="noreferrer" aria-label={`${name}: ${meaning.source}`}>
          {meaning.source}
        </a>
      </dd>
    </div>
  );
}
