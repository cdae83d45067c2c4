import { describe, expect, it } from 'vitest';
import { basicCredentials, encodeText } from '../src/base64url.ts';
import { algorithmNone, changeClaim } from '../src/breakers.ts';
import { claimMeaning, parameterMeaning } from '../src/claim-meanings.ts';
import { compareTokens } from '../src/comparison.ts';
import { readPasted } from '../src/pasted.ts';
import {
  cut,
  inWords,
  pointInTime,
  shortened,
  timeOrDay,
  timeWritten,
  valueText,
  visible,
  visiblePieces,
} from '../src/words.ts';
import { token } from './tokens.ts';

describe('two tokens side by side', () => {
  const changes = (before: string, after: string): string[][] =>
    compareTokens(before, after).map(({ name, change }) => [name, change]);

  it('show what was kept, changed, added and lost', () => {
    const before = token({ sub: 'admin', roles: ['a'], jti: '1', gone: true, constructor: 1 });
    const after = token({ sub: 'admin', roles: ['a'], jti: '2', nbf: 5 });
    expect(changes(before, after)).toEqual([
      ['alg', 'kept'],
      ['typ', 'kept'],
      ['sub', 'kept'],
      ['roles', 'kept'],
      ['jti', 'changed'],
      ['gone', 'gone'],
      ['constructor', 'gone'],
      ['nbf', 'added'],
      ['signature', 'kept'],
    ]);
  });

  it('show who somebody became, and that the signature is still the old one', () => {
    const good = token({ name: 'admin' });
    expect(compareTokens(good, changeClaim(good)).slice(-2)).toEqual([
      { part: 'claim', name: 'name', before: '"admin"', after: '"mallory"', change: 'changed' },
      expect.objectContaining({ part: 'other', name: 'signature', change: 'kept' }),
    ]);
  });

  it('show the other algorithm and the signature that is gone', () => {
    const good = token({ name: 'admin' });
    expect(changes(good, algorithmNone(good)).filter(([, change]) => change !== 'kept')).toEqual([
      ['alg', 'changed'],
      ['signature', 'gone'],
    ]);
  });

  it('show the parts of encrypted ones by their names', () => {
    const encrypted = `${token({}).split('.')[0]}.key.iv.ciphertext.tag`;
    expect(changes(encrypted, changeClaim(encrypted)).filter(([, change]) => change !== 'kept')).toEqual([
      ['ciphertext', 'changed'],
    ]);
  });

  it('show times as times, and cut what is long', () => {
    const rows = compareTokens(token({ exp: 0, own: 'a'.repeat(900) }), token({ exp: 'soon', own: 0 }));
    expect(rows.find(({ name }) => name === 'exp')).toMatchObject({
      before: '1970-01-01 00:00:00 UTC',
      after: '"soon"',
    });
    expect(rows.find(({ name }) => name === 'own')?.before?.length).toBeLessThan(350);
  });

  it('have nothing to show where neither can be read', () => {
    expect(compareTokens('no token', 'none either')).toEqual([]);
  });
});

describe('what is pasted', () => {
  const jws = token({ sub: 'a' });
  it.each<[string, string, string | undefined]>([
    ['the token itself', jws, undefined],
    ['a token broken into lines', `${jws.slice(0, 20)}\n  ${jws.slice(20)}\n`, undefined],
    ['Bearer and the token', `Bearer ${jws}`, 'after Bearer'],
    ['an Authorization field', `authorization: bearer  ${jws}\r\n`, 'after Bearer'],
    ['a command', `curl -H "Authorization: Bearer ${jws}" https://x.example`, 'after Bearer'],
    ['a quoted token', `"${jws}",`, 'between the quotes'],
    ['a token in single quotes', ` '${jws}' `, 'between the quotes'],
    ['a token response', JSON.stringify({ access_token: jws, expires_in: 1 }, null, 2), 'access_token'],
    [
      'a response whose access token is opaque',
      JSON.stringify({ access_token: 'x', id_token: jws }),
      'id_token',
    ],
  ])('as %s is read', (_what, text, found) => {
    const pasted = readPasted(text);
    expect(pasted.token).toBe(jws);
    if (found === undefined) expect(pasted.found).toBeUndefined();
    else expect(pasted.found).toContain(found);
  });

  it.each([
    ['nothing', '', ''],
    ['JSON without a token', '{"error":"invalid_grant"}', '{"error":"invalid_grant"}'],
    ['JSON that ends too early', '{"access_token":"e', '{"access_token":"e'],
    ['a member of the prototype', '{"__proto__":{"token":"a.b.c"}}', '{"__proto__":{"token":"a.b.c"}}'],
  ])('as %s is taken for what it is', (_what, text, token) => {
    expect(readPasted(text)).toEqual({ token });
  });

  it('is not read when it is longer than any token, and says so', () => {
    expect(readPasted('.'.repeat(200_000))).toEqual({
      token: '',
      refused: 'This has 200,000 characters. The lab reads up to 100,000.',
    });
    expect(readPasted('.'.repeat(100_000)).refused).toBeUndefined();
  });
});

describe('text that would deceive', () => {
  it.each([
    ['a turn of direction', 'user\u202enimda', String.raw`user\u202enimda`],
    ['an isolate', '\u2066a\u2069', String.raw`\u2066a\u2069`],
    ['a letter mark', 'a\u200fb\u061c', String.raw`a\u200fb\u061c`],
    ['nothing that has a width', 'ad\u200bmin\ufeff', String.raw`ad\u200bmin\ufeff`],
    ['controls', '\u0000\u001b[2J\u007f\u0085', String.raw`\u0000\u001b[2J\u007f\u0085`],
    ['lines', 'a\nb\u2028c', String.raw`a\u000ab\u2028c`],
    ['a blank that is no space', 'a\u00a0b\u3000', String.raw`a\u00a0b\u3000`],
    ['a letter that is not drawn', '\u3164\u115f', String.raw`\u3164\u115f`],
    ['tags', '\u{e0041}', String.raw`\udb40\udc41`],
    ['half a character', 'a\ud83d', String.raw`a\ud83d`],
  ])('shows %s as an escape', (_what, text, seen) => {
    expect(visible(text)).toBe(seen);
  });

  it('leaves what can be seen alone, and the lines of a text in lines', () => {
    const honest = 'Zoë Ünal, 李小龍, אבג, 🗝 {"a": [1, 2]}';
    expect(visiblePieces(honest)).toEqual([{ text: honest, escaped: false }]);
    expect(visiblePieces('a\nb\tc', true).map(({ text }) => text)).toEqual(['a\nb', String.raw`\u0009`, 'c']);
  });

  it('is cut where nobody reads on, never within a character', () => {
    expect(cut('a'.repeat(10), 10)).toBe('a'.repeat(10));
    expect(cut('a'.repeat(2_000), 3)).toBe('aaa… (1,997 more characters)');
    expect(cut('aa🗝🗝', 3)).toBe('aa… (4 more characters)');
  });
});

describe('the meaning of a claim', () => {
  it.each([
    ['exp', 'RFC 7519 §4.1.4', 'https://www.rfc-editor.org/rfc/rfc7519.html#section-4.1.4'],
    ['roles', 'RFC 9068 §2.2.3.1', 'https://www.rfc-editor.org/rfc/rfc9068.html#section-2.2.3.1'],
    ['scope', 'RFC 8693 §4.2', 'https://www.rfc-editor.org/rfc/rfc8693.html#section-4.2'],
    ['auth_time', 'OpenID Connect §2', 'https://openid.net/specs/openid-connect-core-1_0.html#IDToken'],
    ['tier', 'RFC 7519 §4.3', 'https://www.rfc-editor.org/rfc/rfc7519.html#section-4.3'],
    ['__proto__', 'RFC 7519 §4.3', 'https://www.rfc-editor.org/rfc/rfc7519.html#section-4.3'],
  ])('%s is in %s', (name, source, link) => {
    expect(claimMeaning(name)).toMatchObject({ source, link, meaning: expect.stringMatching(/\.$/) });
  });

  it('of a header parameter is another than that of a claim of the same name', () => {
    expect(parameterMeaning('iss').source).toBe('RFC 7515 §4.3');
    expect(parameterMeaning('alg').source).toBe('RFC 7515 §4.1.1');
  });
});

describe('text as base64url', () => {
  it.each(['', 'a', 'ab', 'abc', 'Zoë 🗝', '\u0000ÿ'])('%j is as Node.js has it', (text) => {
    expect(encodeText(text)).toBe(Buffer.from(text).toString('base64url'));
  });

  it.each([
    ['admin', 'password'],
    ['ad', 'p'],
    ['a', 'pässwörd'],
  ])('%s:%s are the credentials of Basic', (user, password) => {
    expect(basicCredentials(user, password)).toBe(Buffer.from(`${user}:${password}`).toString('base64'));
  });
});

describe('words', () => {
  it.each([
    [0, '0 s'],
    [59.4, '59 s'],
    [60, '1 min'],
    [3599, '59 min 59 s'],
    [3600, '1 h'],
    [47 * 3600 + 60, '47 h 1 min'],
    [48 * 3600, '2 days'],
    [-5, '0 s'],
  ])('%d seconds are %s', (seconds, words) => {
    expect(inWords(seconds)).toBe(words);
  });

  it('tell no time of what is none', () => {
    for (const value of ['5', null, Number.NaN, 1e300, -1e15, {}]) expect(pointInTime(value)).toBeUndefined();
  });

  it('tell times in one zone, and name it, for a claim as for a check', () => {
    expect(pointInTime(1_700_000_000)).toBe('2023-11-14 22:13:20 UTC');
    expect(timeWritten('2023-11-14T22:13:20.000Z')).toBe('2023-11-14 22:13:20 UTC');
    expect(pointInTime(8.64e12)).toBe('+275760-09-13 00:00:00 UTC');
    for (const other of ['"2023-11-14T22:13:20.000Z"', 'none', '2023'])
      expect(timeWritten(other)).toBe(other);
  });

  it('tell the time of day of today, and the day of any other', () => {
    expect(timeOrDay(1_700_000_000, 1_700_000_060)).toBe('22:13 UTC');
    expect(timeOrDay(1_700_000_000, 1_700_090_000)).toBe('2023-11-14');
  });

  it('shorten what nobody reads, and only that', () => {
    expect(shortened('short')).toBe('short');
    expect(shortened('a'.repeat(200))).toHaveLength(41);
  });

  it('show a value as JSON, so that a number is no text', () => {
    expect([valueText('3'), valueText(3), valueText(undefined)]).toEqual(['"3"', '3', 'undefined']);
  });
});
