/** The old token and the renewed one, side by side. */
import type { JSX } from 'preact';
import { type ComparedClaim, compareClaims } from '../comparison.ts';
import { pointInTime, valueText } from '../words.ts';

const TIMES = ['exp', 'nbf', 'iat', 'auth_time'];

export function Comparison({ before, after }: { before: string; after: string }): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard (WCAG 2.1.1)
    // biome-ignore lint/a11y/useSemanticElements: a group of text, not of form fields
    <div class="comparison" role="group" aria-label="Old and new token" tabIndex={0}>
      <table>
        <caption>Old and new</caption>
        <thead>
          <tr>
            <th scope="col">Claim</th>
            <th scope="col">Old</th>
            <th scope="col">New</th>
          </tr>
        </thead>
        <tbody>
          {compareClaims(before, after).map((claim) => (
            <Row claim={claim} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ claim }: { claim: ComparedClaim }): JSX.Element {
  const { name, change } = claim;
  return (
    <tr class={change}>
      <th scope="row">
        {name} <span class={`change ${change}`}>{change}</span>
      </th>
      <td>{shown(name, claim.before)}</td>
      <td>{shown(name, claim.after)}</td>
    </tr>
  );
}

function shown(name: string, value: unknown): string {
  if (value === undefined) return '–';
  return (TIMES.includes(name) ? pointInTime(value) : undefined) ?? valueText(value);
}
