/** A token, read: its parts in colour, its lifetime, and every header parameter and claim with its meaning. */
import { inspect } from '@tokenwright/jwt/inspect';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { claimMeaning, parameterMeaning } from '../claim-meanings.ts';
import { ClaimList } from './claim-list.tsx';
import { LifetimeBar } from './lifetime-bar.tsx';
import { TokenText } from './token-text.tsx';
import { VisibleText } from './visible-text.tsx';

const MOST_REPEATED = 20;

export function TokenView(props: { token: string; tolerance: number; label: string }): JSX.Element {
  const { token, tolerance, label } = props;
  const seen = useMemo(() => inspect(token), [token]);
  return (
    <div class="token-view">
      <TokenText token={token} label={label} />
      {seen.faults.length === 0 ? null : (
        <ul class="faults">
          {seen.faults.map(({ part, fault }) => (
            <li>
              The {part} {fault}.
            </li>
          ))}
        </ul>
      )}
      {seen.claims === undefined ? null : (
        <LifetimeBar claims={seen.claims} tolerance={tolerance} what="token" />
      )}
      {seen.header === undefined ? null : (
        <ClaimList part="header" title="Header" members={seen.header} meaning={parameterMeaning} />
      )}
      {seen.claims === undefined ? null : (
        <ClaimList part="payload" title="Claims" members={seen.claims} meaning={claimMeaning} />
      )}
      {seen.kind === 'encrypted' ? (
        <p class="hint">Its claims are encrypted: only who has the key reads them.</p>
      ) : null}
      {seen.repeated.slice(0, MOST_REPEATED).map(({ name }) => (
        <p class="problem">
          The claim <VisibleText text={name} most={100} /> stands more than once; shown is the last (RFC 7519
          §4).
        </p>
      ))}
      <p class="part-note">
        <span class="part-label signature">Signature</span>
        <span>
          {seen.kind === 'unsigned'
            ? 'None: nobody vouches for the parts before it.'
            : 'Vouches for the two parts before it. It takes the key to make or to check.'}
        </span>
      </p>
    </div>
  );
}
