/** The five rows of the tutorial's troubleshooting, each to be seen with one click, each an answer of `explain`. */
import { inspect } from '@tokenwright/jwt/inspect';
import type { ServerFault } from './breakers.ts';

/** A row: what is seen, and how the lab brings it about. */
export interface Trouble {
  readonly symptom: string;
  readonly how: string;
  /** One after the other; the last is the one that is looked at. */
  readonly attempts: readonly Attempt[];
}

/** One request, and what is asked about it. */
export interface Attempt {
  readonly route: 'use' | 'renew';
  /** What is sent: no token, a broken one, or the good one. */
  readonly sends: 'nothing' | 'the token' | ServerFault;
  /** What the symptom is due to, where it can be due to several. */
  readonly because?: string;
  /** What to see in the answer. */
  readonly point?: string;
  /** The claims that the renewed token is expected to have. */
  readonly expects?: (token: string) => Readonly<Record<string, unknown>>;
}

export const TROUBLES: readonly Trouble[] = [
  {
    symptom: '401 Bearer',
    how: 'Call the protected route without a token',
    attempts: [{ route: 'use', sends: 'nothing' }],
  },
  {
    symptom: 'Token expired',
    how: 'Call it with a token that is over',
    attempts: [{ route: 'use', sends: 'expired' }],
  },
  {
    symptom: 'Signature invalid',
    how: 'Call it with a token of another key',
    attempts: [{ route: 'use', sends: 'another key' }],
  },
  {
    symptom: '401 on renew',
    how: 'Renew a token that is over, then one whose session is',
    attempts: [
      { route: 'renew', sends: 'expired', because: 'the token is over' },
      {
        route: 'renew',
        sends: 'session over',
        because: 'its session is over',
        point: 'The token itself is valid, only no longer renewed: the password was given too long ago.',
      },
    ],
  },
  {
    symptom: 'Claims not updated',
    how: 'Renew, and look for a claim that was added since',
    attempts: [
      {
        route: 'renew',
        sends: 'the token',
        point:
          'The renewal keeps every claim and adds none. The report asks the new token for one as if it had been added since.',
        expects: anotherTier,
      },
    ],
  },
];

/** A `tier` that the token does not have. */
export function anotherTier(token: string): { readonly tier: number } {
  const tier = inspect(token).claims?.['tier'];
  return { tier: typeof tier === 'number' ? tier + 1 : 3 };
}
