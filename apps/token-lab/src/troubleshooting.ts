/** The five rows of the tutorial's troubleshooting, each to be seen with one click. */
import type { ServerFault } from './breakers.ts';

/** A row: what is seen, and how the lab brings it about. */
export interface Trouble {
  readonly symptom: string;
  readonly how: string;
  readonly route: 'use' | 'renew';
  /** What is sent: no token, a broken one, or the good one. */
  readonly sends: 'nothing' | 'the token' | ServerFault;
  /** Said where no check fails, because nothing is refused. */
  readonly advice?: { readonly cause: string; readonly fix: string };
}

export const TROUBLES: readonly Trouble[] = [
  { symptom: '401 Bearer', how: 'Call the protected route without a token', route: 'use', sends: 'nothing' },
  { symptom: 'Token expired', how: 'Call it with a token that is over', route: 'use', sends: 'expired' },
  {
    symptom: 'Signature invalid',
    how: 'Call it with a token of another key',
    route: 'use',
    sends: 'another key',
  },
  { symptom: '401 on renew', how: 'Renew a token that is over', route: 'renew', sends: 'expired' },
  {
    symptom: 'Claims not updated',
    how: 'Renew, and see that every claim is kept',
    route: 'renew',
    sends: 'the token',
    advice: {
      cause:
        'A renewal gives the same claims new times: it never adds to what was granted. And a builder is immutable: a call whose answer is not used changes nothing.',
      fix: "Use what the call gives back (const mine = jwt.claim('tier', 3)), and sign in again for a token that has the new claims.",
    },
  },
];
