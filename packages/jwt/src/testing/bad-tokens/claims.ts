/** Tokens of another issuer, for another audience, or with claims of another kind than their standard has (RFC 7519 §4.1). */
import { changed, type Draft, type Forge } from '../forge.js';

const code = 'ERR_JWT_CLAIM_VALIDATION_FAILED';

export function claimDrafts(forge: Forge): Draft[] {
  return [...issuers(forge), ...audiences(forge), ...kinds(forge)];
}

function issuers(forge: Forge): Draft[] {
  const iss = String(forge.claims.iss);
  return draftsOf(forge, 'iss', 'L34', [
    ['missing', 'No issuer.', undefined],
    ['other', 'Another issuer.', 'https://other.test'],
    ['longer', 'The good issuer with more after it.', `${iss}.other.test`],
    ['slash', 'The good issuer with a slash after it.', `${iss}/`],
    ['other-case', 'The good issuer in capitals.', iss.toUpperCase()],
    ['part', 'A part of the good issuer.', iss.slice(0, -1)],
    ['list', 'A list with the good issuer and another.', [iss, 'https://other.test']],
    ['null', 'Null as the issuer.', null],
  ]);
}

function audiences(forge: Forge): Draft[] {
  const { aud: given } = forge.claims;
  const aud = typeof given === 'string' ? given : String(given?.[0]);
  return [
    ...draftsOf(forge, 'aud', 'L36', [
      ['missing', 'No audience.', undefined],
      ['other', 'For another audience.', 'https://other.test'],
      ['longer', 'The good audience with more after it.', `${aud}/more`],
      ['part', 'A part of the good audience.', aud.slice(0, -1)],
      ['other-case', 'The good audience in capitals.', aud.toUpperCase()],
      ['empty', 'For nobody: an empty text.', ''],
      ['empty-list', 'For nobody: an empty list.', []],
      ['list-of-others', 'For two others.', ['https://other.test', 'https://third.test']],
      ['number', 'A number in a list.', [1]],
      ['object', 'An object with the good audience as a member.', { [aud]: true }],
    ]).map((draft) => ({ ...draft, twin: changed(forge, { claims: { aud: ['https://other.test', aud] } }) })),
  ];
}

function kinds(forge: Forge): Draft[] {
  return [
    ...draftsOf(forge, 'sub', 'L38', [
      ['number', 'A number as the subject.', 1],
      ['list', 'Two subjects.', ['alice', 'root']],
      ['empty', 'An empty subject.', ''],
    ]),
    ...draftsOf(forge, 'jti', 'L38', [['object', 'An object as the ID of the token.', { $ne: '' }]]),
  ];
}

function draftsOf(
  forge: Forge,
  claim: string,
  row: Draft['row'],
  values: readonly (readonly [name: string, description: string, value: unknown])[],
): Draft[] {
  return values.map(
    ([name, description, value]): Draft => ({
      name: `${claim}-${name}`,
      description,
      token: changed(forge, { claims: { [claim]: value } }),
      code,
      row,
    }),
  );
}
