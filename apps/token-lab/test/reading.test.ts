import { describe, expect, it } from 'vitest';
import { basicCredentials, encodeText } from '../src/base64url.ts';
import { claimMeaning, parameterMeaning } from '../src/claim-meanings.ts';
import { compareClaims } from '../src/comparison.ts';
import { inWords, pointInTime, shortened, valueText } from '../src/words.ts';
import { token } from './tokens.ts';

describe('two tokens side by side', () => {
  it('show what was kept, changed, added and lost', () => {
    const before = token({ sub: 'admin', roles: ['a'], jti: '1', gone: true });
    const after = token({ sub: 'admin', roles: ['a'], jti: '2', nbf: 5 });
    expect(compareClaims(before, after).map(({ name, change }) => [name, change])).toEqual([
      ['sub', 'kept'],
      ['roles', 'kept'],
      ['jti', 'changed'],
      ['gone', 'gone'],
      ['nbf', 'added'],
    ]);
  });

  it('have no claim to show where neither can be read', () => {
    expect(compareClaims('no token', 'none either')).toEqual([]);
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
    for (const value of ['5', null, Number.NaN, 1e300, {}]) expect(pointInTime(value)).toBeUndefined();
  });

  it('shorten what nobody reads, and only that', () => {
    expect(shortened('short')).toBe('short');
    expect(shortened('a'.repeat(200))).toHaveLength(41);
  });

  it('show a value as JSON, so that a number is no text', () => {
    expect([valueText('3'), valueText(3), valueText(undefined)]).toEqual(['"3"', '3', 'undefined']);
  });
});
