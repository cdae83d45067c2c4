/** Text of strangers: whatever cannot be seen, or would turn what stands beside it, shows as an escape. */
import type { JSX } from 'preact';
import { cut, visiblePieces } from '../words.ts';

/** Longer texts are cut: whoever wants them whole has the token. */
const MOST = 2_000;

export function VisibleText(props: { text: string; most?: number; lines?: boolean }): JSX.Element {
  return (
    <>
      {visiblePieces(cut(props.text, props.most ?? MOST), props.lines).map(({ text, escaped }) =>
        escaped ? <span class="escape">{text}</span> : text,
      )}
    </>
  );
}
