/** Attacks on how a token is carried: no token, another scheme, two of them (RFC 6750 §2, §3). */
import { type Attack, withToken } from './attack.js';
import type { Forge } from './forge.js';

/** The attacks. */
export const ON_REQUESTS: readonly Attack[] = [
  {
    ...named('no-token', 'The route is open: it does not ask for a token.'),
    expects: 'no token',
    request: () => ({ headers: [] }),
  },
  {
    ...named('empty-bearer', 'A scheme without a token is taken for one.'),
    expects: 'invalid request',
    request: () => ({ headers: ['Authorization', 'Bearer'] }),
  },
  {
    ...named('basic-scheme', 'The token is taken from another scheme.'),
    expects: 'no token',
    request: ({ good }) => ({ headers: ['Authorization', `Basic ${good}`] }),
  },
  {
    ...named('unknown-scheme', 'The token is taken from a scheme that there is not.'),
    expects: 'no token',
    request: ({ good }) => ({ headers: ['Authorization', `Token ${good}`] }),
  },
  {
    ...named('bare-token', 'The token is taken without its scheme (RFC 6750 §2.1).'),
    expects: 'no token',
    request: ({ good }) => ({ headers: ['Authorization', good] }),
  },
  malformed('two-tokens-blank', 'Of two tokens in a field one is taken.', ({ good }) => `${good} ${good}`),
  malformed('two-tokens-comma', 'Of two tokens in a field one is taken.', ({ good }) => `${good},${good}`),
  malformed(
    'quoted-token',
    'Quotes around the token are ignored: readers differ.',
    ({ good }) => `"${good}"`,
  ),
  malformed('colon-value', 'A value that is no token (RFC 6750 §2.1) is read.', ({ good }) => `:${good}`),
  {
    ...named('two-fields-good-first', 'Of two Authorization fields the first counts (RFC 9110 §5.3).'),
    expects: 'invalid request',
    request: ({ good }) => ({
      headers: ['Authorization', `Bearer ${good}`, 'Authorization', 'Bearer x.y.z'],
    }),
  },
  {
    ...named('two-fields-good-last', 'Of two Authorization fields the last counts (RFC 9110 §5.3).'),
    expects: 'invalid request',
    request: ({ good }) => ({
      headers: ['Authorization', 'Bearer x.y.z', 'Authorization', `Bearer ${good}`],
    }),
  },
  {
    ...named('query-token', 'The token is taken from the address, which logs keep (RFC 9700 §4.3.2).'),
    expects: 'no token',
    request: ({ good }) => ({ headers: [], query: `access_token=${good}` }),
  },
  {
    ...named('cookie-token', 'The token is taken from a cookie, which browsers send by themselves.'),
    expects: 'no token',
    level: 'should',
    request: ({ good }) => ({ headers: ['Cookie', `access_token=${good}; token=${good}; jwt=${good}`] }),
  },
  {
    ...named('forwarded-identity', 'Fields that a proxy sets are believed of anybody.'),
    expects: 'no token',
    request: ({ claims }) => {
      const name = String(claims['sub'] ?? 'admin');
      return {
        headers: ['X-Forwarded-User', name, 'X-User', name, 'X-Auth-Subject', name, 'Remote-User', name],
      };
    },
  },
];

function named(name: string, why: string): Pick<Attack, 'name' | 'group' | 'why'> {
  return { name, group: 'request', why };
}

function malformed(name: string, why: string, value: (forge: Forge) => string): Attack {
  return { ...named(name, why), expects: 'invalid request', request: (forge) => withToken(value(forge)) };
}
