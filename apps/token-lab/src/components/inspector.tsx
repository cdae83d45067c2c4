/** Reads any token that is pasted. It never leaves the page: nothing here sends anything. */
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { readPasted } from '../pasted.ts';
import { TokenView } from './token-view.tsx';

export function Inspector(props: { token: string | undefined; tolerance: number }): JSX.Element {
  const [text, setText] = useState('');
  const { token, found, refused } = useMemo(() => readPasted(text), [text]);
  const own = props.token;
  return (
    <section class="card inspector" aria-labelledby="inspect-heading">
      <h2 id="inspect-heading">Read any token</h2>
      <label for="pasted">Paste a token</label>
      <textarea
        id="pasted"
        rows={5}
        spellcheck={false}
        autocomplete="off"
        autocapitalize="none"
        aria-describedby="pasted-hint"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <p class="hint" id="pasted-hint">
        Also a token response, or an <code>Authorization</code> field. It never leaves this page, and nothing
        in it is verified: anybody can have written it.
      </p>
      <div class="row">
        <button
          type="button"
          class="secondary"
          disabled={own === undefined}
          onClick={() => setText(own ?? '')}
        >
          Take mine
        </button>
        <button type="button" class="secondary" disabled={text === ''} onClick={() => setText('')}>
          Clear
        </button>
      </div>
      {refused === undefined ? null : (
        <p class="problem" role="alert">
          {refused}
        </p>
      )}
      {token === '' ? null : (
        <section aria-label="What the pasted token says">
          {found === undefined ? null : <p class="hint found">Read is {found}.</p>}
          <TokenView token={token} tolerance={props.tolerance} label="The pasted token" />
        </section>
      )}
    </section>
  );
}
