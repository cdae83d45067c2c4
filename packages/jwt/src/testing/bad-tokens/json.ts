/** Tokens whose header or payload is not the JSON that is asked for (RFC 7515 §4, RFC 7519 §7.2). */
import { type Draft, type Forge, signed } from '../forge.js';

const HEADER = 'ERR_JWS_INVALID';
const CLAIMS = 'ERR_JWT_INVALID';

export function jsonDrafts({ header, claims, key }: Forge): Draft[] {
  const json = JSON.stringify(header);
  const alg = JSON.stringify(header.alg);
  const others = JSON.stringify({ ...header, alg: undefined }).slice(1);
  const headed = (text: string | Uint8Array): string => signed(text, claims, key);
  const loaded = (text: string | Uint8Array): string => signed(header, text, key);
  const deep = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
  const shallow = {
    header: signed({ ...header, note: deep(8) }, claims, key),
    claims: signed(header, { ...claims, note: deep(8) }, key),
  };
  const bad = (
    name: string,
    description: string,
    token: string,
    code: Draft['code'],
    row: Draft['row'],
    twin?: string,
  ): Draft => ({
    ...{ name, description, token, code, row },
    ...(twin === undefined ? {} : { twin }),
  });
  return [
    bad(
      'header-alg-twice',
      'Two algorithms, none first.',
      headed(`{"alg":"none","alg":${alg},${others}`),
      HEADER,
      'L5',
    ),
    bad(
      'header-alg-twice-reversed',
      'Two algorithms, none last.',
      headed(`{"alg":${alg},"alg":"none",${others}`),
      HEADER,
      'L5',
    ),
    bad(
      'header-alg-twice-escaped',
      'Two algorithms, one spelt with an escape.',
      headed(`{"\\u0061lg":${alg},"alg":${alg},${others}`),
      HEADER,
      'L5',
    ),
    bad('header-list', 'A list as the header.', headed(`[${json}]`), HEADER, 'L5'),
    bad(
      'header-byte-order-mark',
      'A byte order mark before the header.',
      headed(`\ufeff${json}`),
      HEADER,
      'L5',
    ),
    bad('header-utf-16', 'A header in UTF-16.', headed(Buffer.from(json, 'utf16le')), HEADER, 'L5'),
    bad(
      'header-not-utf-8',
      'A header with a byte that UTF-8 does not have.',
      headed(withInvalidByte(json)),
      HEADER,
      'L5',
    ),
    bad(
      'header-deep',
      'A header nested a thousand deep.',
      signed({ ...header, note: deep(1000) }, claims, key),
      HEADER,
      'L9',
      shallow.header,
    ),
    bad('payload-empty', 'An empty payload.', loaded(''), CLAIMS, 'L7'),
    bad('payload-list', 'A list of claims.', loaded(`[${JSON.stringify(claims)}]`), CLAIMS, 'L7'),
    bad('payload-text', 'A payload that is text.', loaded('"alice"'), CLAIMS, 'L7'),
    bad('payload-null', 'A payload that is null.', loaded('null'), CLAIMS, 'L7'),
    bad('payload-trailing', 'Text after the claims.', loaded(`${JSON.stringify(claims)} {}`), CLAIMS, 'L7'),
    bad(
      'payload-not-utf-8',
      'Claims with a byte that UTF-8 does not have.',
      loaded(withInvalidByte(JSON.stringify(claims))),
      CLAIMS,
      'L7',
    ),
    bad(
      'payload-deep',
      'Claims nested a thousand deep.',
      signed(header, { ...claims, note: deep(1000) }, key),
      CLAIMS,
      'L9',
      shallow.claims,
    ),
  ];
}

/** The text of an object with a member whose value has a byte that is no UTF-8 (RFC 8259 §8.1). */
function withInvalidByte(json: string): Buffer {
  return Buffer.concat([Buffer.from(`${json.slice(0, -1)},"note":"`), Buffer.of(0xff), Buffer.from('"}')]);
}
