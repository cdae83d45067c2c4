/** Tokens whose header asks for what is not understood, or is meant for something else (RFC 7515 §4.1.11, RFC 8725 §3.11). */
import { changed, type Draft, type Forge } from '../forge.js';

const NOT_SUPPORTED = 'ERR_JOSE_NOT_SUPPORTED';

export function headerDrafts(forge: Forge): Draft[] {
  return [...extensions(forge), ...types(forge)];
}

function extensions(forge: Forge): Draft[] {
  const policy = { 'x-policy': 'none' };
  const drafts: [name: string, description: string, header: Readonly<Record<string, unknown>>][] = [
    ['crit-unknown', 'An extension that must be understood, and is not.', { ...policy, crit: ['x-policy'] }],
    ['crit-absent', 'An extension that must be understood, and is not there.', { crit: ['x-policy'] }],
    ['crit-empty', 'No extension that must be understood.', { crit: [] }],
    ['crit-text', 'Text where a list belongs.', { ...policy, crit: 'x-policy' }],
    ['crit-registered', 'A parameter of the standard itself.', { crit: ['alg'] }],
    ['crit-twice', 'The same extension twice.', { ...policy, crit: ['x-policy', 'x-policy'] }],
    ['b64-critical', 'A payload that is not encoded (RFC 7797).', { b64: false, crit: ['b64'] }],
    [
      'b64-not-critical',
      'A payload that is not encoded, which those who do not know it read otherwise.',
      { b64: false },
    ],
  ];
  return [
    ...drafts.map(
      ([name, description, header]): Draft => ({
        name,
        description,
        token: changed(forge, { header }),
        ...(header['x-policy'] === undefined ? {} : { twin: changed(forge, { header: policy }) }),
        code: NOT_SUPPORTED,
        row: 'L29',
      }),
    ),
    {
      name: 'zip',
      description: 'Compressed, as it says; signed tokens never are.',
      token: changed(forge, { header: { zip: 'DEF' } }),
      code: 'ERR_JOSE_ALG_NOT_ALLOWED',
      row: 'L48',
    },
  ];
}

function types(forge: Forge): Draft[] {
  const typ = forge.header.typ ?? '';
  const others: [name: string, description: string, typ: unknown][] = [
    ['refresh', 'A token for renewals.', 'rt+jwt'],
    ['logout', 'A token that ends a session.', 'logout+jwt'],
    ['longer', 'The good type with a letter after it.', `${typ}x`],
    ['blank', 'The good type with a blank after it.', `${typ} `],
    ['text', 'The good type of another tree.', `text/${typ}`],
    ['missing', 'No type.', undefined],
  ];
  return [
    ...others.map(
      ([name, description, other]): Draft => ({
        name: `typ-${name}`,
        description,
        token: changed(forge, { header: { typ: other } }),
        twin: changed(forge, { header: { typ: `application/${typ}`.toUpperCase() } }),
        code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
        row: 'L30',
      }),
    ),
    {
      name: 'typ-list',
      description: 'The good type in a list.',
      token: changed(forge, { header: { typ: [typ] } }),
      code: 'ERR_JWS_INVALID',
      row: 'L30',
    },
  ];
}
