/** Two tokens side by side: the old and the renewed one, or one's own and the broken one that was sent. */
import type { JSX } from 'preact';
import { type Compared, compareTokens } from '../comparison.ts';
import type { TwoTokens } from '../laboratory.ts';
import { VisibleText } from './visible-text.tsx';

const HEADINGS = {
  renewed: { caption: 'Old and new', before: 'Old', after: 'New' },
  broken: { caption: 'Yours and what was sent', before: 'Yours', after: 'Sent' },
} as const;
/** More rows are no table that anybody reads. */
const MOST_ROWS = 100;

export function Comparison({ tokens }: { tokens: TwoTokens }): JSX.Element {
  const rows = compareTokens(tokens.before, tokens.after).slice(0, MOST_ROWS);
  // A renewal is about what was kept, too; a broken token about its one fault, and what vouches for it.
  const shown = rows.filter(({ part, change }) =>
    tokens.kind === 'renewed' ? change !== 'kept' || part === 'claim' : change !== 'kept' || part === 'other',
  );
  const same = rows.filter((row) => !shown.includes(row)).map(({ name }) => name);
  const { caption, before, after } = HEADINGS[tokens.kind];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard (WCAG 2.1.1)
    // biome-ignore lint/a11y/useSemanticElements: a group of text, not of form fields
    <div class="comparison" role="group" aria-label={caption} tabIndex={0}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col">{before}</th>
            <th scope="col">{after}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <Row row={row} />
          ))}
        </tbody>
      </table>
      {same.length === 0 ? null : (
        <p class="hint">
          The same in both: <VisibleText text={same.join(', ')} />.
        </p>
      )}
    </div>
  );
}

function Row({ row }: { row: Compared }): JSX.Element {
  const { name, before, after, change } = row;
  return (
    <tr class={change}>
      <th scope="row">
        <VisibleText text={name} most={100} /> <span class={`change ${change}`}>{change}</span>
      </th>
      <td>{before === undefined ? '–' : <VisibleText text={before} />}</td>
      <td>{after === undefined ? '–' : <VisibleText text={after} />}</td>
    </tr>
  );
}
