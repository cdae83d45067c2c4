/** Tokens out of their time, or with times that are none (RFC 7519 §4.1.4 to §4.1.6). */
import { changed, type Draft, type Forge, signed, withSpelled } from '../forge.js';

const EXPIRED = 'ERR_JWT_EXPIRED';
const CLAIM = 'ERR_JWT_CLAIM_VALIDATION_FAILED';

export function timeDrafts(forge: Forge): Draft[] {
  return [...outOfTime(forge), ...noTimes(forge)];
}

function outOfTime(forge: Forge): Draft[] {
  const { now } = forge;
  const hour = 3600;
  const past = { iat: now - 2 * hour, nbf: undefined };
  return [
    {
      name: 'expired',
      description: 'Ended an hour ago.',
      token: changed(forge, { claims: { ...past, exp: now - hour } }),
      twin: changed(forge, { claims: { ...past, exp: now + hour } }),
      code: EXPIRED,
      row: 'L32',
    },
    {
      name: 'expired-by-the-tolerance',
      description: 'Ended a minute ago, which is as far as clocks may differ.',
      token: changed(forge, { claims: { ...past, exp: now - 60 } }),
      twin: changed(forge, { claims: { ...past, exp: now + 60 } }),
      code: EXPIRED,
      row: 'L32',
    },
    {
      name: 'not-yet-valid',
      description: 'Becomes valid in an hour.',
      token: changed(forge, { claims: { nbf: now + hour, exp: now + 2 * hour } }),
      twin: changed(forge, { claims: { nbf: now, exp: now + hour } }),
      code: CLAIM,
      row: 'L32',
    },
    {
      name: 'issued-in-future',
      description: 'Issued in an hour, as it says.',
      token: changed(forge, { claims: { iat: now + hour, exp: now + 2 * hour } }),
      twin: changed(forge, { claims: { iat: now, exp: now + hour } }),
      code: CLAIM,
      row: 'L33',
    },
    {
      name: 'exp-missing',
      description: 'Never ends.',
      token: changed(forge, { claims: { exp: undefined } }),
      code: CLAIM,
      row: 'L33',
    },
    ...[0, -1].map(
      (exp): Draft => ({
        name: exp === 0 ? 'exp-zero' : 'exp-negative',
        description: `Ended in ${exp === 0 ? 1970 : 1969}, unless zero is taken for none.`,
        token: changed(forge, { claims: { exp } }),
        code: EXPIRED,
        row: 'L31',
      }),
    ),
  ];
}

function noTimes({ header, claims, key, now }: Forge): Draft[] {
  const later = now + 3600;
  const spellings: [name: string, description: string, json: string][] = [
    ['text', 'a number as text', `"${later}"`],
    ['null', 'null', 'null'],
    ['true', 'true', 'true'],
    ['list', 'a number in a list', `[${later}]`],
    ['object', 'an object', '{}'],
    ['infinite', 'a number that JavaScript reads as infinite', '1e999'],
    ['beyond-dates', 'a number that no date has', '1e21'],
  ];
  const drafts = (claim: string, names: readonly string[]): Draft[] =>
    spellings
      .filter(([name]) => names.includes(name))
      .map(
        ([name, what, json]): Draft => ({
          name: `${claim}-${name}`,
          description: `As ${claim} ${what}.`,
          token: signed(header, withSpelled(claims, claim, json), key),
          twin: signed(header, withSpelled(claims, claim, String(claim === 'exp' ? later : now)), key),
          code: CLAIM,
          row: 'L31',
        }),
      );
  return [
    ...drafts(
      'exp',
      spellings.map(([name]) => name),
    ),
    ...drafts('nbf', ['text', 'null', 'object']),
    ...drafts('iat', ['text', 'null', 'object']),
  ];
}
