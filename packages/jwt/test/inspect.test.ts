import { describe, expect, it } from 'vitest';
import { base64urlFault, isBase64url } from '../src/base64url.ts';
import { inspect } from '../src/index.ts';
import { repeatedMembers } from '../src/repeated-members.ts';
import {
  AUDIENCE,
  base64url,
  builder,
  CLAIMS,
  encoded,
  handmade,
  ISSUER,
  NOW,
  tokenWith,
} from './fixtures/tokens.ts';

describe('an inspection', () => {
  it('gives issuer, subject, audience, times, algorithm and claims, and says that nothing was verified', () => {
    const token = tokenWith({ nbf: NOW - 1, aud: [AUDIENCE, 'other'] }, { typ: 'JWT' });
    expect(inspect(token)).toEqual({
      verified: false,
      kind: 'signed',
      header: { alg: 'HS256', typ: 'JWT' },
      claims: { ...CLAIMS, aud: [AUDIENCE, 'other'], nbf: NOW - 1 },
      algorithm: 'HS256',
      issuer: ISSUER,
      subject: 'alice',
      audience: [AUDIENCE, 'other'],
      issuedAt: new Date(NOW * 1000),
      notBefore: new Date((NOW - 1) * 1000),
      expiresAt: new Date((NOW + 600) * 1000),
      repeated: [],
      repeatedParameters: [],
      faults: [],
    });
  });

  it('reads what a builder made, in any script', () => {
    const { token } = builder.name('Zoë 名 🙂').buildSync();
    expect(inspect(token).claims?.name).toBe('Zoë 名 🙂');
  });

  it('reads a token whose signature is bad', () => {
    expect(inspect(`${tokenWith().slice(0, -4)}AAAA`).subject).toBe('alice');
  });

  it('keeps every value of a claim that stands more than once', () => {
    const seen = inspect(
      handmade({ alg: 'HS256' }, '{"sub":"a","exp":1,"sub":"b","own":{"x":[1],"x":{"y":2}}}'),
    );
    expect(seen.subject).toBe('b');
    expect(seen.repeated).toEqual([
      { name: 'x', values: [[1], { y: 2 }] },
      { name: 'sub', values: ['a', 'b'] },
    ]);
  });

  it('shows an encrypted token as such: its header, and no claims', () => {
    const seen = inspect(`${encoded({ alg: 'dir', enc: 'A256GCM' })}..aXY.Y2lwaGVy.dGFn`);
    expect(seen).toMatchObject({
      kind: 'encrypted',
      algorithm: 'dir',
      header: { enc: 'A256GCM' },
      faults: [],
    });
    expect([seen.claims, seen.expiresAt, seen.audience]).toEqual([undefined, undefined, []]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['no numbers', { exp: '1', iat: null, nbf: {} }],
    ['beyond all dates', { exp: 1e21, iat: -1e21, nbf: 8.64e12 + 1 }],
    ['absent', { exp: undefined, iat: undefined }],
  ])('gives no Date for times that are %s', (_case, claims) => {
    const { expiresAt, issuedAt, notBefore } = inspect(tokenWith(claims));
    expect([expiresAt, issuedAt, notBefore]).toEqual([undefined, undefined, undefined]);
  });

  it('gives no text for issuer, subject and audience that are none', () => {
    const { issuer, subject, audience } = inspect(tokenWith({ iss: 1, sub: ['a'], aud: [1, 'b', null] }));
    expect([issuer, subject, audience]).toEqual([undefined, undefined, ['b']]);
  });
});

describe('an inspection of a malformed token', () => {
  const good = tokenWith();
  const [header = '', payload = '', signature = ''] = good.split('.');
  const deep = `{"a":${'['.repeat(100)}${']'.repeat(100)}}`;

  it.each<[string, unknown, [string, RegExp][]]>([
    ['no string', 7, [['token', /is no string/]]],
    ['undefined', undefined, [['token', /is no string/]]],
    ['empty', '', [['token', /is empty/]]],
    ['longer than is read', `${good}${'A'.repeat(1_000_000)}`, [['token', /longer than 1000000/]]],
    ['one part', header, [['token', /has 1 part where/]]],
    ['two parts', `${header}.${payload}`, [['token', /has 2 parts/]]],
    ['four parts', `${good}.AA`, [['token', /has 4 parts/]]],
    ['very many parts', `${good}${'.'.repeat(99)}`, [['token', /more than 6 parts/]]],
    [
      'a wrong character in the header',
      `${header.slice(0, 5)}+${header.slice(5)}.${payload}.${signature}`,
      [['protected header', /at position 5/]],
    ],
    [
      'a wrong character in the payload',
      `${header}.?${payload}.${signature}`,
      [['payload', /at position 0/]],
    ],
    [
      'a wrong character in the signature',
      `${header}.${payload}.${signature}=`,
      [['signature', /at position 43/]],
    ],
    ['a signature cut by one', `${header}.${payload}.${signature.slice(0, -2)}`, [['signature', /is cut/]]],
    [
      'unused bits in the signature',
      `${header}.${payload}.${'A'.repeat(42)}B`,
      [['signature', /bits no byte uses/]],
    ],
    [
      'a header that is a list',
      `${base64url('[]')}.${payload}.${signature}`,
      [['protected header', /not a JSON object/]],
    ],
    [
      'a payload that is text',
      `${header}.${base64url('"a"')}.${signature}`,
      [['payload', /not a JSON object/]],
    ],
    [
      'a payload that is no JSON',
      `${header}.${base64url('{')}.${signature}`,
      [['payload', /not a JSON object/]],
    ],
    [
      'a payload with a byte order mark',
      `${header}.${base64url('\ufeff{}')}.${signature}`,
      [['payload', /not a JSON object/]],
    ],
    [
      'a payload that is not UTF-8',
      `${header}.${base64url(Buffer.of(0xff))}.${signature}`,
      [['payload', /is not UTF-8/]],
    ],
    ['claims too deep', `${header}.${base64url(deep)}.${signature}`, [['payload', /nested deeper/]]],
    [
      'all empty',
      '..',
      [
        ['protected header', /JSON/],
        ['payload', /JSON/],
        ['signature', /empty/],
      ],
    ],
  ])('says what is wrong where: %s', (_case, token, expected) => {
    const seen = inspect(token as string);
    expect(seen.kind).toBe('malformed');
    expect(seen.faults.map(({ part }) => part)).toEqual(expected.map(([part]) => part));
    for (const [index, [, words]] of expected.entries()) expect(seen.faults[index]?.fault).toMatch(words);
  });

  it.each<[string, string, [string, RegExp][]]>([
    ['no algorithm', '{"typ":"JWT"}', [['protected header', /has no alg/]]],
    ['an algorithm that is no text', '{"alg":["HS256"]}', [['protected header', /as alg that is no string/]]],
    [
      'a key ID that is no text',
      '{"alg":"HS256","kid":1}',
      [['protected header', /as kid that is no string/]],
    ],
    ['a parameter twice', '{"alg":"none","alg":"HS256"}', [['protected header', /a parameter twice/]]],
  ])('says what is wrong with a header: %s', (_case, text, expected) => {
    const seen = inspect(`${base64url(text)}.${payload}.${signature}`);
    expect(seen.kind).toBe('malformed');
    expect(seen.faults.map(({ part }) => part)).toEqual(expected.map(([part]) => part));
    for (const [index, [, words]] of expected.entries()) expect(seen.faults[index]?.fault).toMatch(words);
  });

  it('keeps every value of a header parameter that stands more than once', () => {
    const seen = inspect(`${base64url('{"alg":"none","alg":"HS256"}')}.${payload}.${signature}`);
    expect(seen.repeatedParameters).toEqual([{ name: 'alg', values: ['none', 'HS256'] }]);
    expect([seen.algorithm, seen.repeated]).toEqual(['HS256', []]);
  });

  it('bounds what a repeated claim replaced as what replaced it, and freezes both', () => {
    const seen = inspect(handmade({ alg: 'HS256' }, '{"a":{"b":[1]},"a":2}'));
    const [before] = seen.repeated[0]?.values ?? [];
    expect(before).toEqual({ b: [1] });
    expect(Object.isFrozen(before) && Object.values(before as object).every(Object.isFrozen)).toBe(true);
    const replaced = `{"a":${'['.repeat(100)}${']'.repeat(100)},"a":1}`;
    expect(inspect(handmade({ alg: 'HS256' }, replaced))).toMatchObject({
      kind: 'malformed',
      claims: undefined,
      repeated: [],
      faults: [{ part: 'payload', fault: 'is nested deeper than is accepted' }],
    });
  });

  it('still gives the parts that can be read', () => {
    expect(inspect(`${header}.${payload}.?`)).toMatchObject({ algorithm: 'HS256', subject: 'alice' });
    expect(inspect(`?.${payload}.${signature}`)).toMatchObject({ header: undefined, subject: 'alice' });
  });

  it('ends soon for members repeated level in level', () => {
    const nested = `${'{"a":1,"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    expect(inspect(handmade({ alg: 'HS256' }, nested))).toMatchObject({
      kind: 'malformed',
      claims: undefined,
      repeated: [],
    });
  });

  it('reads one very long text', () => {
    const text = '\\u0041'.repeat(100_000);
    expect(inspect(handmade({ alg: 'HS256' }, `{"a":"${text}"}`)).claims?.['a']).toBe('A'.repeat(100_000));
  });
});

describe('an inspection of a token that is not signed', () => {
  const [, payload = '', signature = ''] = tokenWith().split('.');

  it.each<[string, string, string]>([
    ['alg none and no signature', `${encoded({ alg: 'none' })}.${payload}.`, 'signature'],
    ['an algorithm, and no signature', `${encoded({ alg: 'HS256' })}.${payload}.`, 'signature'],
    ['alg none and a signature', `${encoded({ alg: 'none' })}.${payload}.${signature}`, 'protected header'],
    ['none in other letters', `${encoded({ alg: 'NonE' })}.${payload}.AA`, 'protected header'],
  ])('tells it from a malformed one: %s', (_case, token, part) => {
    const seen = inspect(token);
    expect(seen).toMatchObject({ kind: 'unsigned', subject: 'alice' });
    expect(seen.faults).toEqual([{ part, fault: expect.stringMatching(/the token is not signed$/) }]);
  });

  it('says malformed where anything else is wrong as well', () => {
    expect(inspect(`${encoded({ alg: 'none' })}.?.`).kind).toBe('malformed');
    expect(inspect(`${base64url('{"alg":"none","alg":"none"}')}.${payload}.`).kind).toBe('malformed');
  });
});

describe('an inspection of an encrypted token', () => {
  const header = encoded({ alg: 'dir', enc: 'A256GCM' });

  it.each<[string, string, string, RegExp]>([
    ['no enc', `${encoded({ alg: 'dir' })}..aXY.Y2lwaGVy.dGFn`, 'protected header', /has no enc/],
    [
      'enc that is no text',
      `${encoded({ alg: 'dir', enc: 1 })}..aXY.Y2lw.dGFn`,
      'protected header',
      /as enc that is/,
    ],
    ['a wrong character in the key', `${header}.a+.aXY.Y2lwaGVy.dGFn`, 'encrypted key', /at position 1/],
    ['a cut initialization vector', `${header}..a.Y2lwaGVy.dGFn`, 'initialization vector', /is cut/],
    ['no initialization vector', `${header}...Y2lwaGVy.dGFn`, 'initialization vector', /is empty/],
    ['unused bits in the ciphertext', `${header}..aXY.AB.dGFn`, 'ciphertext', /bits no byte uses/],
    ['padding at the tag', `${header}..aXY.Y2lwaGVy.dGFn=`, 'tag', /at position 4/],
    ['no tag', `${header}..aXY.Y2lwaGVy.`, 'tag', /is empty/],
  ])('looks at each of its parts: %s', (_case, token, part, words) => {
    const seen = inspect(token);
    expect(seen.kind).toBe('malformed');
    expect(seen.faults).toEqual([{ part, fault: expect.stringMatching(words) }]);
  });

  it('finds two signed tokens on two lines to be none', () => {
    const [first, second] = [tokenWith(), tokenWith({ sub: 'bob' })];
    const seen = inspect(`${first}\n${second}`);
    expect(seen.kind).toBe('malformed');
    expect(seen.faults.map(({ part }) => part)).toEqual(['protected header', 'initialization vector']);
  });

  it('takes an empty key and an empty content for good', () => {
    expect(inspect(`${header}..aXY..dGFn`)).toMatchObject({ kind: 'encrypted', faults: [] });
  });
});

describe('repeated members', () => {
  it.each<[string, string, unknown]>([
    ['none', '{"a":{"b":1},"b":2}', []],
    ['the same name spelt with an escape', '{"a":1,"\\u0061":2}', [{ name: 'a', values: [1, 2] }]],
    ['names that look like structure', '{"{,:\\"":1,"{,:\\"":2}', [{ name: '{,:"', values: [1, 2] }]],
    ['strings in lists are no names', '["a","a",{"a":"a"}]', []],
    ['in an object in a list', '{"l":[{"a":1,"a":2}]}', [{ name: 'a', values: [1, 2] }]],
    ['three of them', '{"a":1, "a" : [ ] ,"a":"x"}', [{ name: 'a', values: [1, [], 'x'] }]],
    ['deeper than 64', `${'{"a":'.repeat(70)}{"b":1,"b":2}${'}'.repeat(70)}`, []],
    [
      'not by itself in what was replaced',
      '{"a":{"b":1,"b":2},"a":3}',
      [{ name: 'a', values: [{ b: 2 }, 3] }],
    ],
    [
      'beside what was replaced',
      '{"c":{"b":1,"b":2},"a":{},"a":3,"d":[{"e":0,"e":1}]}',
      [
        { name: 'b', values: [1, 2] },
        { name: 'e', values: [0, 1] },
        { name: 'a', values: [{}, 3] },
      ],
    ],
    ['__proto__', '{"__proto__":1,"__proto__":2}', [{ name: '__proto__', values: [1, 2] }]],
  ])('are found: %s', (_case, text, expected) => {
    expect(repeatedMembers(text)).toEqual(expected);
  });

  it('are no more than the text: no value is read for each object around it', () => {
    const inner = `[${'{},'.repeat(1000)}{}]`;
    const text = '{"a":0,"a":'.repeat(60) + inner + '}'.repeat(60);
    expect(JSON.stringify(repeatedMembers(text)).length).toBeLessThan(text.length + 100);
  });
});

describe('base64url', () => {
  it('has one spelling for each sequence of bytes', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const prefix of ['A', 'AA', 'AAA', 'AAAA']) {
      const spellings = [...alphabet].map((last) => prefix + last).filter((text) => isBase64url(text));
      const canonical = [...alphabet]
        .map((last) => prefix + last)
        .filter((text) => Buffer.from(text, 'base64url').toString('base64url') === text);
      expect(spellings).toEqual(canonical);
    }
  });

  it.each(['', 'AA', 'AAA', 'AAAA', '-_-_'])('has no fault in %j', (text) => {
    expect(base64urlFault(text)).toBeUndefined();
  });
});
