/** A token as text, each part in its colour. */
import type { JSX } from 'preact';
import { shortened } from '../words.ts';
import { CopyButton } from './copy-button.tsx';
import { VisibleText } from './visible-text.tsx';

const SIGNED = ['header', 'payload', 'signature'];
const ENCRYPTED = ['header', 'other', 'other', 'payload', 'signature'];
/** A token has three parts or five; of what has more the rest is not worth a line each. */
const MOST_PARTS = 7;

/** The whole token, in a box that can be scrolled and selected, with a button that copies it. */
export function TokenText({ token, label }: { token: string; label: string }): JSX.Element {
  return (
    <div class="token-box">
      {/* biome-ignore lint/a11y/useSemanticElements: a group of text, not of form fields */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard (WCAG 2.1.1) */}
      <p class="token-text" role="group" aria-label={`${label}, encoded`} tabIndex={0}>
        <Parts token={token} show={(part) => part} />
      </p>
      <CopyButton text={token} what={label.toLowerCase()} />
    </div>
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
  const parts = token.split('.', MOST_PARTS + 1);
  const names = parts.length === 5 ? ENCRYPTED : SIGNED;
  return (
    <>
      {parts.slice(0, MOST_PARTS).map((part, index) => (
        <>
          {index === 0 ? null : <span class="point">.</span>}
          <span class={`part ${names[index] ?? 'other'}`}>
            <VisibleText text={show(part)} most={Number.POSITIVE_INFINITY} />
          </span>
        </>
      ))}
      {parts.length > MOST_PARTS ? <span class="point">. and more parts</span> : null}
    </>
  );
}
