/** Something folded up, made only when it is opened. */
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';

export function Fold(props: { summary: ComponentChildren; children: ComponentChildren }): JSX.Element {
  const [opened, setOpened] = useState(false);
  return (
    <details onToggle={() => setOpened(true)}>
      <summary>{props.summary}</summary>
      {opened ? props.children : null}
    </details>
  );
}
