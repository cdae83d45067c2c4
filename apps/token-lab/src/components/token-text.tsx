/** A token as text, each part in its colour. */
import type { JSX } from 'preact';
import { shortened } from '../words.ts';

const SIGNED = ['header', 'payload', 'signature'];
const ENCRYPTED = ['header', 'other', 'other', 'payload', 'signature'];

/** The whole token, in a box that can be scrolled and selected. */
export function TokenText({ token, label }: { token: string; label: string }): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard (WCAG 2.1.1)
    // biome-ignore lint/a11y/useSemanticElements: a group of text, not of form fields
    <p class="token-text" role="group" aria-label={`${label}, encoded`} tabIndex={0}>
      <Parts token={token} show={(part) => part} />
    </p>
  );
}

/** A token on a line: long parts have their middle left out. */
export function ShortToken({ token }: { token: string }): JSX.Element {
  return (
    <span class="token-line">
      <Parts token={token} show={shortened} />
    </span>
  );
}

function Parts({ token, show }: { token: string; show: (part: string) => string }): JSX.Element {
  const parts = token.split('.');
  const names = parts.length === 5 ? ENCRYPTED : SIGNED;
  return (
    <>
      {parts.map((part, index) => (
        <>
          {index === 0 ? null : <span class="point">.</span>}
          <span class={`part ${names[index] ?? 'other'}`}>{show(part)}</span>
        </>
      ))}
    </>
  );
}
