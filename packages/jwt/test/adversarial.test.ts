/** Attacks that have happened elsewhere. L-numbers name the row of the catalogue; every row has a twin that is accepted. */
import childProcess from 'node:child_process';
import { createPublicKey, createSecretKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ecdsaToDer } from '../src/ecdsa-signature.ts';
import {
  accessToken,
  explain,
  InvalidKey,
  InvalidOption,
  importKey,
  inspect,
  JwtBuilder,
  JwtValidator,
  type KeySource,
  RevocationTimeout,
  type ValidatorOptions,
} from '../src/index.ts';
import { Key } from '../src/keys/key.ts';
import {
  ASYMMETRIC,
  CERTIFICATE,
  ec,
  ed25519,
  HEX,
  OTHER_HEX,
  pairFor,
  pkcs8,
  rsa,
  spki,
} from './fixtures/keys.ts';
import {
  AUDIENCE,
  base64url,
  builder,
  CLAIMS,
  clock,
  encoded,
  handmade,
  handmadeBy,
  hmac,
  ISSUER,
  NOW,
  refusalOf,
  tokenWith,
  validatorOf,
} from './fixtures/tokens.ts';

const MALFORMED = 'ERR_JWS_INVALID';
const INVALID = 'ERR_JWT_INVALID';
const SIGNATURE = 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED';
const ALGORITHM = 'ERR_JOSE_ALG_NOT_ALLOWED';
const CLAIM = 'ERR_JWT_CLAIM_VALIDATION_FAILED';
const EXPIRED = 'ERR_JWT_EXPIRED';

/** What three ways of verifying say, which must be one: a code, or `accepted`. */
async function verdict(token: unknown, validator: JwtValidator = validatorOf()): Promise<string> {
  const text = token as string;
  const answer = await validator.safeVerify(text);
  const { accepted, decisive } = await explain(token, validator, { askRevocation: true });
  expect(accepted).toBe(answer.ok);
  if (answer.ok) {
    expect((await validator.verify(text)).token).toBe(text);
    return 'accepted';
  }
  expect(answer).not.toHaveProperty('claims');
  const error = await refusalOf(() => validator.verify(text));
  expect(error).not.toHaveProperty('payload');
  expect([error['code'], decisive?.code]).toEqual([answer.code, answer.code]);
  return answer.code;
}

const good = tokenWith();
const [header = '', payload = '', signature = ''] = good.split('.');

/** Signs what stands there, however it is spelt. */
const signedAsItStands = (input: string): string => `${input}.${hmac(input)}`;

describe('the untouched token', () => {
  it('is accepted: the twin of every forgery below', async () => {
    expect(await verdict(good)).toBe('accepted');
    expect(await verdict(signedAsItStands(`${header}.${payload}`))).toBe('accepted');
  });
});

describe('L1 parts', () => {
  it.each<[string, unknown, string]>([
    ['empty', '', INVALID],
    ['one dot', '.', MALFORMED],
    ['two dots', '..', MALFORMED],
    ['one part', header, MALFORMED],
    ['two parts', `${header}.${payload}`, MALFORMED],
    ['four parts', `${good}.AAAA`, MALFORMED],
    ['five parts', `${good}.AAAA.AAAA`, INVALID],
    ['six parts', `${good}.A.A.A`, MALFORMED],
    ['a dot at the end', `${good}.`, MALFORMED],
    ['a dot at the beginning', `.${good}`, MALFORMED],
    ['signature cut by 4', good.slice(0, -4), MALFORMED],
    ['signature cut to whole bytes', `${header}.${payload}.${signature.slice(0, 40)}`, SIGNATURE],
    ['no signature', `${header}.${payload}.`, MALFORMED],
    ['no payload', `${header}..${signature}`, SIGNATURE],
    ['no header', `.${payload}.${signature}`, MALFORMED],
    ['null', null, INVALID],
    ['undefined', undefined, INVALID],
    ['1', 1, MALFORMED],
    ['{}', {}, MALFORMED],
    ['[]', [], MALFORMED],
    ['a list of the token', [good], MALFORMED],
    ['a Buffer', Buffer.from(good), MALFORMED],
    ['a String object', Object(good), MALFORMED],
    ['an object with toString', { toString: () => good }, MALFORMED],
  ])('L1 %s', async (_case, token, code) => {
    expect(await verdict(token)).toBe(code);
    expect(() => inspect(token as string)).not.toThrow();
  });
});

describe('L2 JSON serialisations', () => {
  const flattened = { protected: header, payload, signature };
  const general = { payload, signatures: [{ protected: header, signature }] };

  it.each<[string, unknown]>([
    ['flattened, as an object', flattened],
    ['flattened, as text', JSON.stringify(flattened)],
    ['general, as an object', general],
    ['general, as text', JSON.stringify(general)],
    ['a hybrid', `${JSON.stringify({ payload })}.${payload}.${signature}`],
    ['text around the token', `{"payload":"${good}"}`],
  ])('L2 %s', async (_case, token) => {
    expect(await verdict(token)).toBe(MALFORMED);
  });
});

describe('L3 characters that base64url does not have', () => {
  const characters = ['=', '+', '/', ' ', '\t', '\n', '\r', '?', '#', '\u0000', '\u00a0', '%', 'Ä', '\u2028'];
  const cases = characters.flatMap((character) =>
    (['header', 'payload', 'signature'] as const).flatMap((part) =>
      (['begin', 'middle', 'end'] as const).map(
        (place) => [JSON.stringify(character), part, place, character] as const,
      ),
    ),
  );

  it.each(cases)('L3 %s in the %s, at the %s, signed as it stands', async (_name, part, place, character) => {
    // Added to what is there, and in place of a character of it.
    for (const removed of [0, 1]) {
      const put = (text: string): string => {
        const at = { begin: 0, middle: 8, end: text.length - removed }[place];
        return text.slice(0, at) + character + text.slice(at + removed);
      };
      const input = `${part === 'header' ? put(header) : header}.${part === 'payload' ? put(payload) : payload}`;
      const token = part === 'signature' ? `${input}.${put(signature)}` : signedAsItStands(input);
      expect(await verdict(token)).toBe(MALFORMED);
    }
  });

  it('L3 those of plain base64, in place of the two that are different, signed as they stand', async () => {
    // '~~~???' has both.
    const claims = base64url(JSON.stringify({ ...CLAIMS, name: '~~~???' }));
    expect(await verdict(signedAsItStands(`${header}.${claims}`))).toBe('accepted');
    for (const [ours, theirs] of [
      ['-', '+'],
      ['_', '/'],
    ] as const) {
      expect(claims).toContain(ours);
      expect(await verdict(signedAsItStands(`${header}.${claims.replace(ours, theirs)}`))).toBe(MALFORMED);
    }
  });

  it('L3 wide ones whose lower byte is the right character, where that stood in a good token', async () => {
    for (const index of good.split('').keys()) {
      const wide = String.fromCharCode(good.charCodeAt(index) + 0x100);
      expect(await verdict(good.slice(0, index) + wide + good.slice(index + 1))).toBe(MALFORMED);
    }
  });

  it('L3 blanks and line ends around the token', async () => {
    for (const token of [` ${good}`, `${good} `, `${good}\n`, `\ufeff${good}`]) {
      expect(await verdict(token)).toBe(MALFORMED);
    }
  });
});

describe('L4 a second spelling of the same bytes', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

  /** The spellings of a part that decode to the same bytes and are not canonical. */
  function others(part: string): string[] {
    const bytes = Buffer.from(part, 'base64url');
    return [...alphabet]
      .map((last) => part.slice(0, -1) + last)
      .filter((text) => text !== part && Buffer.from(text, 'base64url').equals(bytes));
  }

  /** JSON of a length that leaves bits unused. */
  const padded = (value: object, length: number): string => {
    const text = JSON.stringify(value);
    return base64url(text.padEnd(text.length + ((3 + length - (text.length % 3)) % 3)));
  };

  it.each([1, 2])('L4 header and payload with %i byte(s) over, signed as they stand', async (over) => {
    const canonicalHeader = padded({ alg: 'HS256' }, over);
    const canonicalPayload = padded(CLAIMS, over);
    expect(await verdict(signedAsItStands(`${canonicalHeader}.${canonicalPayload}`))).toBe('accepted');
    expect(others(canonicalHeader).length).toBeGreaterThan(0);
    for (const other of others(canonicalHeader)) {
      expect(await verdict(signedAsItStands(`${other}.${canonicalPayload}`))).toBe(MALFORMED);
    }
    for (const other of others(canonicalPayload)) {
      expect(await verdict(signedAsItStands(`${canonicalHeader}.${other}`))).toBe(MALFORMED);
    }
  });

  it.each<[string, () => [string, JwtValidator]]>([
    ['HS256', () => [good, validatorOf()]],
    [
      'ES256',
      () => [
        handmadeBy(ec('P-256').privateKey, { alg: 'ES256' }),
        validatorOf({ keys: ec('P-256').publicKey }),
      ],
    ],
    ['RS256', () => [handmadeBy(rsa().privateKey, { alg: 'RS256' }), validatorOf({ keys: rsa().publicKey })]],
    [
      'EdDSA',
      () => [handmadeBy(ed25519().privateKey, { alg: 'EdDSA' }), validatorOf({ keys: ed25519().publicKey })],
    ],
  ])('L4 signature of %s', async (_algorithm, make) => {
    const [token, validator] = make();
    expect(await verdict(token, validator)).toBe('accepted');
    const start = token.lastIndexOf('.') + 1;
    const spellings = others(token.slice(start));
    expect(spellings.length).toBeGreaterThan(0);
    for (const other of spellings)
      expect(await verdict(token.slice(0, start) + other, validator)).toBe(MALFORMED);
  });
});

describe('L5 headers that are no JSON object, and members twice', () => {
  it.each<[string, string | Uint8Array]>([
    ['[]', '[]'],
    ['"x"', '"x"'],
    ['1', '1'],
    ['null', 'null'],
    ['true', 'true'],
    ['nothing', ''],
    ['cut', '{"alg":"HS256"'],
    ['two objects', '{"alg":"HS256"}{}'],
    [
      'invalid UTF-8',
      Buffer.concat([Buffer.from('{"alg":"HS256","x":"'), Buffer.of(0xff), Buffer.from('"}')]),
    ],
    [
      'an overlong encoding',
      Buffer.concat([Buffer.from('{"alg":"HS256","x":"'), Buffer.of(0xc0, 0xae), Buffer.from('"}')]),
    ],
    ['UTF-16LE', Buffer.from('{"alg":"HS256"}', 'utf16le')],
    ['a byte order mark', '\ufeff{"alg":"HS256"}'],
    ['none, then HS256', '{"alg":"none","alg":"HS256"}'],
    ['HS256, then none', '{"alg":"HS256","alg":"none"}'],
    ['HS256 twice', '{"alg":"HS256","alg":"HS256"}'],
    ['alg, and alg spelt with an escape', '{"alg":"HS256","\\u0061lg":"HS256"}'],
    ['a member of a member twice', '{"alg":"HS256","x":{"y":1,"y":2}}'],
  ])('L5 header: %s', async (_case, text) => {
    expect(await verdict(handmade(text, CLAIMS))).toBe(MALFORMED);
  });

  it('L5 twin: members of one name in different objects, and blanks, are no fault', async () => {
    expect(await verdict(handmade('{ "x":{"alg":1},\n"alg":"HS256" }', CLAIMS))).toBe('accepted');
  });

  it('L5 claims: the last of several stands (RFC 7519 §4), and inspect shows all', async () => {
    const claims = JSON.stringify(CLAIMS).slice(0, -1);
    const twice = handmade(
      { alg: 'HS256' },
      `${claims},"exp":1,"sub":"mallory","exp":${NOW + 60},"sub":"bob"}`,
    );
    expect((await validatorOf().verify(twice)).claims.sub).toBe('bob');
    expect(inspect(twice).repeated).toEqual([
      { name: 'sub', values: ['alice', 'mallory', 'bob'] },
      { name: 'exp', values: [NOW + 600, 1, NOW + 60] },
    ]);
    expect(await verdict(handmade({ alg: 'HS256' }, `${claims},"exp":1}`))).toBe(EXPIRED);
  });
});

describe('L6 names that every object has', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
    'L6 %s as claim and header parameter changes no object',
    async (name) => {
      const value = `{"isAdmin":true,"exp":${NOW + 60}}`;
      const claims = `${JSON.stringify(CLAIMS).slice(0, -1)},"${name}":${value}}`;
      const token = handmade(`{"alg":"HS256","${name}":${value}}`, claims);
      const verified = await validatorOf().verify(token);
      expect(await verdict(token)).toBe('accepted');
      for (const seen of [
        verified.claims,
        verified.header,
        inspect(token).claims ?? {},
        inspect(token).header ?? {},
      ]) {
        expect(Object.getPrototypeOf(seen)).toBe(Object.prototype);
        expect(Object.hasOwn(seen, name)).toBe(true);
        expect((seen as { isAdmin?: unknown }).isAdmin).toBeUndefined();
      }
      expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined();
    },
  );

  it('L6 an exp inside __proto__ is no exp', async () => {
    const claims = `{"iss":"${ISSUER}","aud":"${AUDIENCE}","__proto__":{"exp":${NOW + 60}}}`;
    expect(await verdict(handmade({ alg: 'HS256' }, claims))).toBe(CLAIM);
  });

  it('L6 a claim in __proto__ is not one that is required, and a renewal copies it as a mere claim', async () => {
    const claims = `${JSON.stringify(CLAIMS).slice(0, -1)},"__proto__":{"scope":"all"}}`;
    const token = handmade({ alg: 'HS256', typ: 'JWT' }, claims);
    expect(await verdict(token, validatorOf({ requiredClaims: ['scope'] }))).toBe(CLAIM);
    const renewed = await builder.renew(token);
    expect(renewed.claims.scope).toBeUndefined();
    expect(inspect(renewed.token).claims?.scope).toBeUndefined();
  });
});

describe('L7 a good signature over what are no claims', () => {
  it.each([
    '',
    '[]',
    '[{"sub":"a"}]',
    '"str"',
    '1',
    'null',
    'true',
    '{} trailing',
    '{}{}',
    '\ufeff{}',
    "{'a':1}",
  ])('L7 %j', async (text) => {
    expect(await verdict(handmade({ alg: 'HS256' }, text))).toBe(INVALID);
  });

  it('L7 bytes that are not UTF-8', async () => {
    expect(await verdict(handmade({ alg: 'HS256' }, Buffer.of(0x7b, 0x22, 0xff, 0x22, 0x7d)))).toBe(INVALID);
  });

  it('L7 twin: an object with blanks around it', async () => {
    expect(await verdict(handmade({ alg: 'HS256' }, ` ${JSON.stringify(CLAIMS)}\n`))).toBe('accepted');
  });
});

describe('L8 tokens that are too long', () => {
  it.each<[string, string]>([
    ['a million dots', '.'.repeat(1e6)],
    ['half a million parts', 'a.'.repeat(5e5)],
    ['1 MB that looks valid', tokenWith({ own: 'x'.repeat(1e6) })],
    ['a header of 64 KB', tokenWith({}, { x: 'x'.repeat(65_536) })],
  ])('L8 %s: refused by length, with nothing computed', async (_case, token) => {
    const computed = vi.spyOn(Key.prototype, 'verify');
    const parsed = vi.spyOn(JSON, 'parse');
    onTestFinished(() => {
      computed.mockRestore();
      parsed.mockRestore();
    });
    expect(await validatorOf().safeVerify(token)).toMatchObject({
      code: MALFORMED,
      expected: 'at most 16384 characters',
    });
    expect(computed).not.toHaveBeenCalled();
    expect(parsed).not.toHaveBeenCalled();
  });

  it('L8 dots within the length: refused before anything is decoded', async () => {
    const computed = vi.spyOn(Key.prototype, 'verify');
    onTestFinished(() => computed.mockRestore());
    expect(await verdict('.'.repeat(16_384))).toBe(MALFORMED);
    expect(computed).not.toHaveBeenCalled();
  });

  it('L8 twin: a token of nearly that length', async () => {
    expect(await verdict(tokenWith({ own: 'x'.repeat(12_000) }))).toBe('accepted');
  });
});

describe('L9 JSON that is deep or wide', () => {
  const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const claims = (own: string): string => `${JSON.stringify(CLAIMS).slice(0, -1)},"own":${own}}`;
  const roomy = validatorOf({ maxTokenLength: 10_000_000 });

  it.each<[string, () => string, JwtValidator, string]>([
    [
      '200,000 levels of claims',
      () => handmade({ alg: 'HS256' }, claims(nested(200_000))),
      validatorOf(),
      MALFORMED,
    ],
    [
      '200,000 levels of claims, where length is no bound',
      () => handmade({ alg: 'HS256' }, claims(nested(200_000))),
      roomy,
      INVALID,
    ],
    [
      '200,000 levels of header, where length is no bound',
      () => handmade(`{"alg":"HS256","x":${nested(200_000)}}`, CLAIMS),
      roomy,
      MALFORMED,
    ],
    [
      '5,000 levels of claims',
      () => handmade({ alg: 'HS256' }, claims(nested(5000))),
      validatorOf(),
      INVALID,
    ],
    [
      '5,000 levels of header',
      () => handmade(`{"alg":"HS256","x":${nested(5000)}}`, CLAIMS),
      validatorOf(),
      MALFORMED,
    ],
    [
      '5,000 levels of crit',
      () => handmade(`{"alg":"HS256","crit":${nested(5000)}}`, CLAIMS),
      validatorOf(),
      MALFORMED,
    ],
    ['5,000 levels of alg', () => handmade(`{"alg":${nested(5000)}}`, CLAIMS), validatorOf(), MALFORMED],
    [
      '5,000 levels of aud',
      () => handmade({ alg: 'HS256' }, claims('1').replace(`"${AUDIENCE}"`, nested(5000))),
      validatorOf(),
      INVALID,
    ],
    [
      'members twice, level in level',
      () => handmade(`{"alg":"HS256","x":${'{"a":1,"a":'.repeat(900)}1${'}'.repeat(900)}}`, CLAIMS),
      validatorOf(),
      MALFORMED,
    ],
    [
      '100,000 keys',
      () =>
        handmade({ alg: 'HS256' }, claims(`{${Array.from({ length: 1e5 }, (_, i) => `"${i}":1`).join()}}`)),
      validatorOf(),
      MALFORMED,
    ],
  ])('L9 %s', async (_case, token, validator, code) => {
    expect(await verdict(token(), validator)).toBe(code);
    expect(() => inspect(token())).not.toThrow();
  });

  it('L9 twin: 60 levels, and the claims go into a builder again', async () => {
    const token = handmade({ alg: 'HS256', typ: 'JWT' }, claims(nested(60)));
    expect(await verdict(token)).toBe('accepted');
    const { claims: read } = await validatorOf().verify(token);
    expect((await builder.claim('own', read['own']).build()).claims['own']).toEqual(read['own']);
    expect((await builder.renew(token)).claims['own']).toEqual(read['own']);
  });
});

const keysByType: [string, () => KeySource, () => string][] = [
  ['a secret', () => ({ hex: HEX }), () => good],
  ['RSA', () => rsa().publicKey, () => handmadeBy(rsa().privateKey, { alg: 'RS256' })],
  ['EC', () => ec('P-256').publicKey, () => handmadeBy(ec('P-256').privateKey, { alg: 'ES256' })],
  ['Ed25519', () => ed25519().publicKey, () => handmadeBy(ed25519().privateKey, { alg: 'EdDSA' })],
];

describe.each(keysByType)('L10 none, with %s', (_type, keys, twin) => {
  const names = ['none', 'None', 'NONE', 'nOnE', 'none ', 'none\u0000', ' none'];
  const extras: { kid?: string | null }[] = [{}, { kid: 'k' }, { kid: null }];
  const cases = names.flatMap((alg) => extras.map((extra) => [alg, extra] as const));

  it.each(cases)('L10 %j %j', async (alg, extra) => {
    const validator = validatorOf({ keys: keys() });
    const input = `${encoded({ alg, ...extra })}.${payload}`;
    expect(await verdict(`${input}.`, validator)).toBe(MALFORMED);
    for (const rest of [twin().split('.')[2], 'AA', hmac(input, '')]) {
      // A kid that is no string is found while the header is read, before its alg is looked at.
      expect(await verdict(`${input}.${rest}`, validator)).toBe(extra.kid === null ? MALFORMED : ALGORITHM);
    }
  });

  it('L10 twin', async () => {
    expect(await verdict(twin(), validatorOf({ keys: keys() }))).toBe('accepted');
  });
});

describe('L11 other values of alg, with a MAC that is right for HS256', () => {
  it.each<[unknown, string]>([
    [undefined, MALFORMED],
    [null, MALFORMED],
    [1, MALFORMED],
    [true, MALFORMED],
    [{}, MALFORMED],
    [['HS256'], MALFORMED],
    ['', ALGORITHM],
    ['hs256', ALGORITHM],
    ['Hs256', ALGORITHM],
    ['HS256 ', ALGORITHM],
    ['HS256\n', ALGORITHM],
    ['HS256\u0000', ALGORITHM],
    ['HS1', ALGORITHM],
    ['HS384', ALGORITHM],
    ['constructor', ALGORITHM],
    ['__proto__', ALGORITHM],
    ['ΗS256', ALGORITHM],
  ])('L11 %j', async (alg, code) => {
    expect(await verdict(tokenWith({}, { alg }))).toBe(code);
  });
});

describe('L12 a public key as HMAC secret', () => {
  const jwk = rsa().publicKey.export({ format: 'jwk' });
  const texts: [string, string][] = [
    ['SPKI', spki(rsa())],
    ['PKCS#1', rsa().publicKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
    ['an EC key', spki(ec('P-256'))],
    ['an X.509 certificate', `-----BEGIN CERTIFICATE-----\n${CERTIFICATE}\n-----END CERTIFICATE-----\n`],
    ['base64 of an X.509 certificate', CERTIFICATE],
    ['SPKI without line end', spki(rsa()).trimEnd()],
    ['SPKI with CRLF', spki(rsa()).replaceAll('\n', '\r\n')],
    ['base64 of DER', rsa().publicKey.export({ type: 'spki', format: 'der' }).toString('base64')],
    ['base64 of PKCS#1 DER', rsa().publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64')],
    ['JWK', JSON.stringify(jwk)],
    ['JWK, indented', JSON.stringify(jwk, null, 2)],
    ['JWKS', JSON.stringify({ keys: [jwk] })],
    ['a list of JWKs', JSON.stringify([jwk])],
    ['ssh-rsa', `ssh-rsa ${'AAAAB3NzaC1yc2E'.padEnd(80, 'A')} me@host`],
    ['ssh-ed25519', `ssh-ed25519 ${'AAAAC3NzaC1lZDI1NTE5'.padEnd(68, 'A')}`],
    ['ecdsa-sha2-nistp256', `ecdsa-sha2-nistp256 ${'AAAAE2VjZHNh'.padEnd(90, 'A')}`],
    ['sk-ssh-ed25519', `sk-ssh-ed25519@openssh.com ${'AAAA'.padEnd(90, 'A')}`],
  ];

  it.each(texts)('L12 %s is no secret, as text, bytes or JWK', (_case, text) => {
    const bytes = Buffer.from(text);
    for (const algorithm of ['HS256', 'HS384', 'HS512'] as const) {
      for (const source of [
        { text },
        { hex: bytes.toString('hex') },
        { base64url: bytes.toString('base64url') },
        { jwk: { kty: 'oct', k: bytes.toString('base64url') } },
        createSecretKey(bytes),
      ]) {
        expect(() => importKey(source, algorithm)).toThrow(InvalidKey);
      }
    }
  });

  it.each(texts)('L12 a token made with %s is refused by who has the public key', async (_case, text) => {
    for (const [alg, hash] of [
      ['HS256', 'sha256'],
      ['HS384', 'sha384'],
      ['HS512', 'sha512'],
    ] as const) {
      const input = `${encoded({ alg })}.${payload}`;
      const forged = `${input}.${hmac(input, text, hash)}`;
      expect(await verdict(forged, validatorOf({ keys: { pem: spki(rsa()) } }))).toBe(ALGORITHM);
    }
  });

  it('L12 twin: the same public key verifies what its private key signed', async () => {
    expect(
      await verdict(
        handmadeBy(rsa().privateKey, { alg: 'RS256' }),
        validatorOf({ keys: { pem: spki(rsa()) } }),
      ),
    ).toBe('accepted');
  });
});

describe('L13 PEM with something before it', () => {
  const pem = spki(rsa());

  it.each<[string, string]>([
    ['a blank', ` ${pem}`],
    ['a line end', `\n${pem}`],
    ['a tab', `\t${pem}`],
    ['a byte order mark', `\ufeff${pem}`],
    ['U+00A0', `\u00a0${pem}`],
    ['a comment', `# comment\n${pem}`],
    ['x', `x${pem}`],
    ['bag attributes', `Bag Attributes\n    friendlyName: a\n${pem}`],
    ['another PEM', pem + pem],
  ])('L13 %s: an asymmetric key or none, and never a secret', async (_case, text) => {
    expect(() => importKey({ text })).toThrow(InvalidKey);
    let keys: Key;
    try {
      keys = importKey({ pem: text });
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidKey);
      return;
    }
    expect(keys.isSecret).toBe(false);
    expect(await verdict(handmade({ alg: 'HS256' }, CLAIMS, text), validatorOf({ keys }))).toBe(ALGORITHM);
    expect(await verdict(handmadeBy(rsa().privateKey, { alg: 'RS256' }), validatorOf({ keys }))).toBe(
      'accepted',
    );
  });
});

describe('L14 validators that would accept too much', () => {
  const make = (keys: unknown) => () =>
    new JwtValidator({ keys, issuer: ISSUER, audience: AUDIENCE } as unknown as ValidatorOptions);

  it.each<[string, unknown]>([
    ['no key', undefined],
    ['null', null],
    ['false', false],
    ['an empty string', ''],
    ['no keys in a list', []],
    ['a list of undefined', [undefined]],
    ['an object without a key', {}],
    ['a function', () => ({ hex: HEX })],
    ['algorithm none', { hex: HEX, alg: 'none' }],
    ['algorithm *', { hex: HEX, alg: '*' }],
    ['several algorithms', { hex: HEX, alg: ['HS256', 'HS384'] }],
    ['an unknown algorithm', { hex: HEX, alg: 'HS1024' }],
    ['a secret for RS256', { hex: HEX, alg: 'RS256' }],
  ])('L14 %s', (_case, keys) => {
    expect(make(keys)).toThrow(TypeError);
    expect(make(keys)).toThrow(/key|algorithm/i);
  });

  it.each(ASYMMETRIC)('L14 with no algorithm named, a key of %s never allows none or HMAC', (algorithm) => {
    const { publicKey } = pairFor(algorithm);
    const asked = validatorOf({ keys: publicKey })
      .describe()
      .find(({ check }) => check === 'algorithm')?.asks;
    expect(asked).toMatch(/^(RS256|ES256|ES384|ES512|EdDSA)$/);
  });
});

describe('L15 the header says another algorithm than the key', () => {
  it.each<[string, () => [string, KeySource]]>([
    ['RS256 to HS256', () => [handmadeBy(rsa().privateKey, { alg: 'RS256' }), rsa().publicKey]],
    [
      'ES256 to HS256',
      () => [
        handmadeBy(ec('P-256').privateKey, { alg: 'ES256' }),
        { jwk: ec('P-256').publicKey.export({ format: 'jwk' }) },
      ],
    ],
  ])('L15 %s', async (_case, make) => {
    const [token, keys] = make();
    const validator = validatorOf({ keys });
    expect(await verdict(token, validator)).toBe('accepted');
    const [, middle, end] = token.split('.');
    for (const alg of ['HS256', 'PS256', 'none', 'ES384']) {
      expect(await verdict(`${encoded({ alg })}.${middle}.${end}`, validator)).toBe(ALGORITHM);
    }
  });

  it.each(['RS256', 'RS384', 'RS512', 'PS256', 'PS384'] as const)(
    'L15 a JWK for PS512, a good signature of %s',
    async (alg) => {
      const jwk = { ...rsa().publicKey.export({ format: 'jwk' }), alg: 'PS512' };
      const validator = validatorOf({ keys: { jwk } });
      expect(await verdict(handmadeBy(rsa().privateKey, { alg }), validator)).toBe(ALGORITHM);
      expect(await verdict(handmadeBy(rsa().privateKey, { alg: 'PS512' }), validator)).toBe('accepted');
    },
  );
});

describe('L16 curves', () => {
  it.each<[string, KeySource, string | undefined]>([
    ['ES256 with P-384', ec('P-384').publicKey, 'ES256'],
    ['ES256 with P-521', ec('P-521').publicKey, 'ES256'],
    ['ES256 with secp256k1', ec('secp256k1').publicKey, 'ES256'],
    ['ES512 with P-256', ec('P-256').publicKey, 'ES512'],
    [
      'a JWK for ES521',
      { jwk: { ...ec('P-521').publicKey.export({ format: 'jwk' }), alg: 'ES521' } },
      undefined,
    ],
    [
      'a JWK for ES224',
      { jwk: { ...ec('P-256').publicKey.export({ format: 'jwk' }), alg: 'ES224' } },
      undefined,
    ],
    ['EdDSA with X25519', generateKeyPairSync('x25519').publicKey, 'EdDSA'],
    ['EdDSA with Ed448', generateKeyPairSync('ed448').publicKey, 'EdDSA'],
    [
      'a JWK that names another curve',
      { jwk: { ...ec('P-256').publicKey.export({ format: 'jwk' }), crv: 'P-384' } },
      undefined,
    ],
  ])('L16 %s', (_case, source, algorithm) => {
    expect(() => importKey(source, algorithm)).toThrow(InvalidKey);
  });

  it('L16 an Ed25519 signature with the order of the group added to S', async () => {
    const validator = validatorOf({ keys: ed25519().publicKey });
    const token = handmadeBy(ed25519().privateKey, { alg: 'EdDSA' });
    expect(await verdict(token, validator)).toBe('accepted');
    const order = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;
    const start = token.lastIndexOf('.') + 1;
    const bytes = Buffer.from(token.slice(start), 'base64url');
    const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`) + order;
    const moved = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse();
    const forged =
      token.slice(0, start) + Buffer.concat([bytes.subarray(0, 32), moved]).toString('base64url');
    expect(await verdict(forged, validator)).toBe(SIGNATURE);
  });
});

/** A number as bytes of fixed length. */
const fixed = (value: bigint, length: number): Buffer =>
  Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex');

describe.each([
  ['ES256', 'P-256', 32, 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n],
  [
    'ES384',
    'P-384',
    48,
    0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  ],
] as const)('L17 signatures of %s', (algorithm, curve, length, order) => {
  const pair = ec(curve);
  const validator = validatorOf({ keys: pair.publicKey });
  const token = handmadeBy(pair.privateKey, { alg: algorithm });
  const start = token.lastIndexOf('.') + 1;
  const real = Buffer.from(token.slice(start), 'base64url');
  const [r, s] = [real.subarray(0, length), real.subarray(length)];
  const der = ecdsaToDer(real, length) ?? Buffer.alloc(0);
  const numbers: [string, Buffer][] = [
    ['0', fixed(0n, length)],
    ['1', fixed(1n, length)],
    ['n-1', fixed(order - 1n, length)],
    ['n', fixed(order, length)],
    ['n+1', fixed(order + 1n, length)],
    ['all ones', Buffer.alloc(length, 0xff)],
  ];

  it.each<[string, Buffer]>([
    ...numbers.flatMap(([name, number]): [string, Buffer][] => [
      [`r = s = ${name}`, Buffer.concat([number, number])],
      [`r = ${name}`, Buffer.concat([number, s])],
      [`s = ${name}`, Buffer.concat([r, number])],
    ]),
    ['DER', der],
    [
      'DER of the length of the real one',
      Buffer.concat([der, Buffer.alloc(2 * length)]).subarray(0, 2 * length),
    ],
    ['a zero byte before r', Buffer.concat([Buffer.alloc(1), real])],
    ['a zero byte before each', Buffer.concat([Buffer.alloc(1), r, Buffer.alloc(1), s])],
    ['zero bytes after s', Buffer.concat([real, Buffer.alloc(2)])],
    ['r alone', r],
    ['s before r', Buffer.concat([s, r])],
    ['begins with 0x30', Buffer.concat([Buffer.of(0x30), Buffer.of((real[1] ?? 0) ^ 1), real.subarray(2)])],
    ['one byte', Buffer.alloc(1)],
  ])('L17 %s', async (_case, bytes) => {
    const forged = token.slice(0, start) + bytes.toString('base64url');
    expect(forged).not.toBe(token);
    expect(await verdict(forged, validator)).toBe(SIGNATURE);
  });

  it('L17 twin, and a signature whose s is n - s, which is as valid', async () => {
    expect(await verdict(token, validator)).toBe('accepted');
    const mirrored = Buffer.concat([r, fixed(order - BigInt(`0x${s.toString('hex')}`), length)]);
    expect(await verdict(token.slice(0, start) + mirrored.toString('base64url'), validator)).toBe('accepted');
  });
});

describe.each(['RS256', 'PS256', 'PS512'] as const)('L18 signatures of %s', (algorithm) => {
  const pair = rsa();
  const validator = validatorOf({ keys: importKey(pair.publicKey, algorithm) });
  const token = handmadeBy(pair.privateKey, { alg: algorithm });
  const start = token.lastIndexOf('.') + 1;
  const real = Buffer.from(token.slice(start), 'base64url');
  const modulus = BigInt(
    `0x${Buffer.from(pair.publicKey.export({ format: 'jwk' }).n ?? '', 'base64url').toString('hex')}`,
  );
  const number = BigInt(`0x${real.toString('hex')}`);
  const hash = `sha${algorithm.slice(2)}`;
  const input = Buffer.from(token.slice(0, start - 1));

  it.each<[string, () => Buffer]>([
    ['0', () => fixed(0n, 256)],
    ['1', () => fixed(1n, 256)],
    ['n-1', () => fixed(modulus - 1n, 256)],
    ['n', () => fixed(modulus, 256)],
    ['not reduced', () => fixed(number + modulus, 257)],
    ['zero-padded before', () => Buffer.concat([Buffer.alloc(1), real])],
    ['zero-padded after', () => Buffer.concat([real, Buffer.alloc(1)])],
    ['one byte short', () => real.subarray(1)],
    ['n - signature', () => fixed(modulus - number, 256)],
    [
      'the other padding',
      () => sign(hash, input, { key: pair.privateKey, padding: algorithm === 'RS256' ? 6 : 1 }),
    ],
    [
      'another hash',
      () =>
        sign('sha384', input, {
          key: pair.privateKey,
          padding: algorithm === 'RS256' ? 1 : 6,
          ...(algorithm === 'RS256' ? {} : { saltLength: -1 }),
        }),
    ],
    ['another salt length', () => sign(hash, input, { key: pair.privateKey, padding: 6, saltLength: 20 })],
    ['no salt', () => sign(hash, input, { key: pair.privateKey, padding: 6, saltLength: 0 })],
    ['the digest signed raw', () => sign(null, input.subarray(0, 32), { key: pair.privateKey, padding: 1 })],
  ])('L18 %s', async (_case, bytes) => {
    expect(await verdict(token.slice(0, start) + bytes().toString('base64url'), validator)).toBe(SIGNATURE);
  });

  it('L18 without its leading zero byte', async () => {
    for (let attempt = 0; attempt < 10_000; attempt += 1) {
      const candidate = handmadeBy(pair.privateKey, { alg: algorithm }, { ...CLAIMS, jti: `${attempt}` });
      const at = candidate.lastIndexOf('.') + 1;
      const bytes = Buffer.from(candidate.slice(at), 'base64url');
      if (bytes[0] !== 0) continue;
      expect(await verdict(candidate, validator)).toBe('accepted');
      const shorter = candidate.slice(0, at) + bytes.subarray(1).toString('base64url');
      expect(await verdict(shorter, validator)).toBe(SIGNATURE);
      return;
    }
    // One in 256 has one: 10,000 tries miss it with a probability below 1e-16.
    expect.unreachable();
  });

  it('L18 twin', async () => {
    expect(await verdict(token, validator)).toBe('accepted');
  });
});

describe('L19 empty HMAC keys', () => {
  it.each<[string, unknown]>([
    ['hex', { hex: '' }],
    ['base64url', { base64url: '' }],
    ['text', { text: '' }],
    ['JWK', { jwk: { kty: 'oct', k: '' } }],
    ['JWK without k', { jwk: { kty: 'oct' } }],
    ['a KeyObject', createSecretKey(Buffer.alloc(0))],
    ['undefined inside', { hex: undefined }],
    ['null inside', { text: null }],
    ['a list inside', { text: [''] }],
    ['undefined', undefined],
    ['null', null],
    ['{ k }', { k: '' }],
    ['zero bytes', Buffer.alloc(0)],
  ])('L19 %s is refused before anything is computed', (_case, source) => {
    for (const algorithm of ['HS256', 'HS384', 'HS512'] as const) {
      expect(() => importKey(source as KeySource, algorithm)).toThrow(InvalidKey);
      expect(() => builder.signWith(source as KeySource, algorithm)).toThrow(InvalidKey);
    }
    expect(() => validatorOf({ keys: source as KeySource })).toThrow(TypeError);
  });

  it.each(['HS256', 'HS384', 'HS512'] as const)('L19 a token of %s made with an empty key', async (alg) => {
    const input = `${encoded({ alg })}.${payload}`;
    const forged = `${input}.${hmac(input, '', `sha${alg.slice(2)}`)}`;
    expect(await verdict(forged, validatorOf({ keys: importKey({ hex: HEX }, alg) }))).toBe(SIGNATURE);
    expect(
      await verdict(
        `${input}.${hmac(input, undefined, `sha${alg.slice(2)}`)}`,
        validatorOf({ keys: importKey({ hex: HEX }, alg) }),
      ),
    ).toBe('accepted');
  });
});

describe('L20 short HMAC keys', () => {
  it.each([
    ['HS256', 31],
    ['HS384', 47],
    ['HS512', 63],
  ] as const)('L20 %s with %i bytes, and one more as the twin', (algorithm, length) => {
    for (const bytes of [length, 1]) {
      expect(() => importKey({ hex: '5a'.repeat(bytes) }, algorithm)).toThrow(/needs a key of at least/);
    }
    expect(importKey({ hex: '5a'.repeat(length + 1) }, algorithm).algorithm).toBe(algorithm);
  });

  /**
   * What the lists of JWT crackers begin with, condensed. Longer ones that were published (the example keys of RFCs and of
   * web pages) are not told from random ones: no list would have them all, and half a list would look like a promise.
   */
  it.each([
    ...['secret', 'Secret', 'SECRET', 'secret123', 'secretkey', 'secret_key', 'my-secret', 'mysecretkey'],
    ...[
      'supersecret',
      'supersecretkey',
      'super-secret-key',
      'topsecret',
      'thisisasecret',
      'S3cr3t!',
      's3cr3t',
    ],
    ...['password', 'password1', 'Passw0rd', 'P@ssw0rd', 'passphrase', 'changeme', 'CHANGE_ME', 'changeit'],
    ...[
      'jwt',
      'jwt_secret',
      'jwt-secret',
      'jwtsecret',
      'JWT_SECRET',
      'jwt_secret_key',
      'token',
      'tokensecret',
    ],
    ...[
      'your-256-bit-secret',
      'your-384-bit-secret',
      'your-512-bit-secret',
      'your_jwt_secret',
      'your-secret-key',
    ],
    ...[
      'key',
      'apikey',
      'privatekey',
      'signingkey',
      'shhhhh',
      'keyboard cat',
      'hello',
      'test',
      'admin',
      'root',
    ],
    ...[
      '123456',
      '1234567890',
      '0123456789abcdef',
      'qwerty',
      'abc123',
      'letmein',
      'example_key',
      'development',
    ],
    ...['null', 'undefined', 'none', '[object Object]'],
  ])('L20 the word %j', (text) => {
    for (const algorithm of ['HS256', 'HS384', 'HS512'] as const) {
      expect(() => importKey({ text }, algorithm)).toThrow(/needs a key of at least/);
    }
  });

  it('L20 twin: random text that is long enough', () => {
    const text = randomBytes(48).toString('base64url');
    for (const algorithm of ['HS256', 'HS384', 'HS512'] as const) {
      expect(importKey({ text }, algorithm).algorithm).toBe(algorithm);
    }
  });

  it('L20 there is no default key', async () => {
    expect(await refusalOf(() => new JwtBuilder().build())).toBeInstanceOf(InvalidOption);
  });
});

describe('L21 weak RSA keys', () => {
  const { n = '', e = '' } = rsa().publicKey.export({ format: 'jwk' });
  const even = Buffer.from(n, 'base64url');
  even[even.length - 1] = (even.at(-1) ?? 0) & 0xfe;

  it.each<[string, () => KeySource]>([
    ['1024 bits', () => rsa('small', 1024).publicKey],
    ['1024 bits, private', () => rsa('small', 1024).privateKey],
    ['an exponent of 1', () => ({ jwk: { kty: 'RSA', n, e: 'AQ' } })],
    ['an even exponent', () => ({ jwk: { kty: 'RSA', n, e: 'Ag' } })],
    ['an even modulus', () => ({ jwk: { kty: 'RSA', n: even.toString('base64url'), e } })],
  ])('L21 %s', (_case, source) => {
    for (const algorithm of ['RS256', 'PS512'] as const)
      expect(() => importKey(source(), algorithm)).toThrow(InvalidKey);
  });

  it('L21 twin: 2048 bits, with an exponent of 65537 or 3', () => {
    expect(importKey({ jwk: { kty: 'RSA', n, e } }).algorithm).toBe('RS256');
    expect(importKey(rsa('three', 2048, 3).publicKey).algorithm).toBe('RS256');
  });
});

describe('L24 key IDs from strangers', () => {
  const keys = { hex: HEX, kid: 'key-1' };
  const real = tokenWith({}, { kid: 'key-1' });

  it.each<[string, unknown, string, string]>([
    ['a path', '../../../../dev/null', '', 'ERR_JWKS_NO_MATCHING_KEY'],
    ['an absolute path', '/dev/null', '', 'ERR_JWKS_NO_MATCHING_KEY'],
    ['SQL', "x' UNION SELECT '1';--", '1', 'ERR_JWKS_NO_MATCHING_KEY'],
    ['a command', '|sleep 10', '', 'ERR_JWKS_NO_MATCHING_KEY'],
    ['a URL', 'http://127.0.0.1:1/key', '', 'ERR_JWKS_NO_MATCHING_KEY'],
    ['__proto__', '__proto__', '', 'ERR_JWKS_NO_MATCHING_KEY'],
    ['constructor', 'constructor', '', 'ERR_JWKS_NO_MATCHING_KEY'],
    ['10 KB', 'k'.repeat(10_240), '', 'ERR_JWKS_NO_MATCHING_KEY'],
    ['empty', '', '', 'ERR_JWKS_NO_MATCHING_KEY'],
    ['a line end', 'key-1\n', HEX, 'ERR_JWKS_NO_MATCHING_KEY'],
    ['another case', 'KEY-1', HEX, 'ERR_JWKS_NO_MATCHING_KEY'],
    ['null', null, HEX, MALFORMED],
    ['true', true, HEX, MALFORMED],
    ['0', 0, HEX, MALFORMED],
    ['[]', ['key-1'], HEX, MALFORMED],
    ['{}', {}, HEX, MALFORMED],
  ])('L24 %s: no key is found, and nothing is opened, run or asked', async (_case, kid, key, code) => {
    const spies = [
      vi.spyOn(fs, 'readFileSync'),
      vi.spyOn(fs, 'openSync'),
      vi.spyOn(fs.promises, 'readFile'),
      vi.spyOn(net, 'connect'),
      vi.spyOn(http, 'request'),
      vi.spyOn(globalThis, 'fetch'),
      vi.spyOn(childProcess, 'spawn'),
      vi.spyOn(childProcess, 'execSync'),
    ];
    onTestFinished(() => {
      for (const spy of spies) spy.mockRestore();
      syncBuiltinESMExports();
    });
    syncBuiltinESMExports();
    const bytes = key === HEX ? Buffer.from(HEX, 'hex') : key;
    const token = handmade({ alg: 'HS256', kid }, CLAIMS, bytes);
    const answer = await validatorOf({ keys }).safeVerify(token);
    expect(answer).toMatchObject({ ok: false, code });
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });

  it('L24 twin', async () => {
    expect(await verdict(real, validatorOf({ keys }))).toBe('accepted');
  });
});

describe('L25 keys that come with the token', () => {
  const attacker = rsa('attacker');
  const jwk = attacker.publicKey.export({ format: 'jwk' });
  const der = attacker.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

  it.each<[string, Record<string, unknown>]>([
    ['jwk', { jwk }],
    ['jwk with a kid', { jwk: { ...jwk, kid: 'a' }, kid: 'a' }],
    ['x5c', { x5c: [der] }],
    ['jku', { jku: 'http://127.0.0.1:1/jwks.json' }],
    ['x5u', { x5u: 'http://127.0.0.1:1/cert.pem' }],
    ['a key as its own kid', { kid: spki(attacker) }],
  ])('L25 %s is never used', async (_case, extra) => {
    const token = handmadeBy(attacker.privateKey, { alg: 'RS256', ...extra });
    expect(await verdict(token, validatorOf({ keys: rsa().publicKey }))).toBe(SIGNATURE);
    const named = { jwk: rsa().publicKey.export({ format: 'jwk' }), kid: 'mine' };
    expect(await verdict(token, validatorOf({ keys: named }))).toBe(
      'kid' in extra ? 'ERR_JWKS_NO_MATCHING_KEY' : SIGNATURE,
    );
  });

  it('L25 twin: such a header with a signature of the configured key', async () => {
    const token = handmadeBy(rsa().privateKey, { alg: 'RS256', jwk });
    expect(await verdict(token, validatorOf({ keys: rsa().publicKey }))).toBe('accepted');
  });
});

describe('L28 keys in the wrong place', () => {
  it('L28 a public key does not sign', () => {
    for (const source of [
      rsa().publicKey,
      { pem: spki(rsa()) },
      { jwk: rsa().publicKey.export({ format: 'jwk' }) },
    ]) {
      expect(() => builder.signWith(source)).toThrow(InvalidOption);
    }
  });

  it.each<[string, () => KeySource]>([
    ['PEM', () => ({ pem: pkcs8(rsa()) })],
    ['JWK', () => ({ jwk: rsa().privateKey.export({ format: 'jwk' }) })],
  ])('L28 a private %s given to a validator is reduced to its public half', async (_case, source) => {
    expect(importKey(source()).verifyingSide().canSign).toBe(false);
    expect(
      await verdict(handmadeBy(rsa().privateKey, { alg: 'RS256' }), validatorOf({ keys: source() })),
    ).toBe('accepted');
  });

  it('L28 nothing is asked to turn itself into text', () => {
    const pwned = vi.fn(() => HEX);
    const trap = { toString: pwned, valueOf: pwned, toJSON: pwned, [Symbol.toPrimitive]: pwned };
    for (const source of [
      trap,
      { hex: trap },
      { text: trap },
      { base64url: trap },
      { pem: trap },
      { jwk: trap },
    ]) {
      expect(() => importKey(source as unknown as KeySource)).toThrow(InvalidKey);
    }
    expect(pwned).not.toHaveBeenCalled();
  });

  it('L28 a secret is no key for RS256, and no secret for HS256 is a public key', () => {
    expect(() => importKey(createSecretKey(Buffer.from(HEX, 'hex')), 'RS256')).toThrow(InvalidKey);
    expect(() => importKey(createPublicKey(spki(rsa())), 'HS256')).toThrow(InvalidKey);
  });
});

describe('L29 crit', () => {
  it.each<[string, Record<string, unknown>]>([
    ['an extension that is there', { crit: ['x-policy'], 'x-policy': 1 }],
    ['an extension that is not there', { crit: ['x-policy'] }],
    ['an empty list', { crit: [] }],
    ['text', { crit: 'exp' }],
    ['null', { crit: null }],
    ['a registered name', { crit: ['alg'] }],
    ['a name twice', { crit: ['a', 'a'], a: 1 }],
    ['no string', { crit: [1] }],
    ['b64', { crit: ['b64'], b64: false }],
    ['b64 true', { crit: ['b64'], b64: true }],
    ['b64 without crit', { b64: false }],
  ])('L29 %s', async (_case, extra) => {
    expect(await verdict(tokenWith({}, extra))).toBe('ERR_JOSE_NOT_SUPPORTED');
  });

  it('L29 twin: an extension that is not critical is passed over', async () => {
    expect(await verdict(tokenWith({}, { 'x-policy': 1 }))).toBe('accepted');
  });
});

describe('L30 typ of an access token', () => {
  const validator = validatorOf({ typ: 'at+jwt' });

  it.each<[unknown, string]>([
    ['rt+jwt', CLAIM],
    ['id+jwt', CLAIM],
    [undefined, CLAIM],
    ['', CLAIM],
    ['JWT', CLAIM],
    ['at+jwtx', CLAIM],
    ['xat+jwt', CLAIM],
    ['at+jwt ', CLAIM],
    ['text/at+jwt', CLAIM],
    [['at+jwt'], MALFORMED],
    [null, MALFORMED],
    ['at+jwt', 'accepted'],
    ['AT+JWT', 'accepted'],
    ['application/at+jwt', 'accepted'],
    ['Application/AT+jwt', 'accepted'],
  ])('L30 %j', async (typ, expected) => {
    expect(await verdict(tokenWith({}, { typ }), validator)).toBe(expected);
  });

  it('L30 the Kelvin sign, which is no capital k', async () => {
    const task = validatorOf({ typ: 'task+jwt' });
    expect(await verdict(tokenWith({}, { typ: 'tas\u212a+jwt' }), task)).toBe(CLAIM);
    expect(await verdict(tokenWith({}, { typ: 'TASK+jwt' }), task)).toBe('accepted');
  });
});

describe('L30 the profile for access tokens', () => {
  const claims = { client_id: 'shop' };
  const validator = validatorOf(accessToken);

  it.each<[string, Record<string, unknown>, Record<string, unknown>, string]>([
    ['refresh token', claims, { typ: 'rt+jwt' }, CLAIM],
    ['ID token', claims, { typ: 'JWT' }, CLAIM],
    ['typ missing', claims, {}, CLAIM],
    ['at+jwtx', claims, { typ: 'at+jwtx' }, CLAIM],
    ['a list of it', claims, { typ: ['at+jwt'] }, MALFORMED],
    ...['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'].map(
      (name): [string, Record<string, unknown>, Record<string, unknown>, string] => [
        `without ${name}`,
        { ...claims, [name]: undefined },
        { typ: 'at+jwt' },
        CLAIM,
      ],
    ),
    ['an empty client_id', { client_id: '' }, { typ: 'at+jwt' }, CLAIM],
    ['a client_id that is a number', { client_id: 7 }, { typ: 'at+jwt' }, CLAIM],
    ['twin: at+jwt', claims, { typ: 'at+jwt' }, 'accepted'],
    ['twin: AT+JWT', claims, { typ: 'AT+JWT' }, 'accepted'],
    ['twin: application/at+jwt', claims, { typ: 'application/at+jwt' }, 'accepted'],
  ])('L30 %s', async (_case, claim, header, expected) => {
    expect(await verdict(tokenWith(claim, header), validator)).toBe(expected);
  });

  it('L30 twin: what a builder makes for it', async () => {
    const jwt = builder.typ('at+jwt').subject('alice').claim('client_id', 'shop');
    expect(await verdict((await jwt.build()).token, jwt.validator(accessToken))).toBe('accepted');
    expect(await verdict((await builder.subject('alice').build()).token, validator)).toBe(CLAIM);
  });
});

describe('L31 times that are no times', () => {
  const raw = (claim: string, value: string): string => {
    const { [claim as 'exp']: _gone, ...rest } = CLAIMS;
    return handmade({ alg: 'HS256' }, `${JSON.stringify(rest).slice(0, -1)},"${claim}":${value}}`);
  };
  const never = ['"9999999999"', 'null', 'true', '[]', '[1]', '{}', '""', '1e999', '-1e999', '1e21', '"NaN"'];

  it.each(['exp', 'nbf', 'iat'].flatMap((claim) => never.map((value) => [claim, value] as const)))(
    'L31 %s = %s',
    async (claim, value) => {
      const answer = await validatorOf().safeVerify(raw(claim, value));
      expect(answer).toMatchObject({ ok: false, code: CLAIM, claim });
      expect(await verdict(raw(claim, value), validatorOf({ acceptNeverExpiring: true }))).toBe(CLAIM);
    },
  );

  it.each(['0', '-1', '1.5', '-0', '1e3'])('L31 exp = %s is long over', async (value) => {
    expect(await verdict(raw('exp', value))).toBe(EXPIRED);
  });

  it.each([
    ['nbf', '0'],
    ['nbf', '-1'],
    ['nbf', '1.5'],
    ['iat', '0'],
    ['iat', '1.5'],
    ['exp', '9999999999'],
    ['exp', `${NOW}.5`],
  ])('L31 twin: %s = %s', async (claim, value) => {
    expect(await verdict(raw(claim, value))).toBe('accepted');
  });
});

describe('L32 the edges of time', () => {
  const at = (seconds: number, options: Partial<ValidatorOptions> = {}) =>
    validatorOf({ clock: () => seconds * 1000, clockTolerance: 30, ...options });

  it.each<[string, Record<string, unknown>, number, string]>([
    ['exp is now, within tolerance', { exp: NOW }, NOW, 'accepted'],
    ['exp is now less the tolerance', { exp: NOW - 30 }, NOW, EXPIRED],
    ['a second before that', { exp: NOW - 29 }, NOW, 'accepted'],
    ['a millisecond before that', { exp: NOW - 30 }, NOW - 0.001, 'accepted'],
    ['nbf is now and the tolerance', { nbf: NOW + 30 }, NOW, 'accepted'],
    ['nbf is a second later', { nbf: NOW + 31 }, NOW, CLAIM],
  ])('L32 %s', async (_case, claims, now, expected) => {
    expect(await verdict(tokenWith(claims), at(now))).toBe(expected);
  });

  it('L32 a clock that jumps back does not revive or crash anything', async () => {
    let now = NOW + 700;
    const validator = validatorOf({ clock: () => now * 1000 });
    expect(await verdict(good, validator)).toBe(EXPIRED);
    now = NOW;
    expect(await verdict(good, validator)).toBe('accepted');
    now = NOW - 3600;
    expect(await verdict(good, validator)).toBe(CLAIM);
  });

  it.each<[string, unknown]>(
    ['clockTolerance', 'maxAge'].flatMap((option) =>
      [Number.NaN, Infinity, -Infinity, -1, '300', '5 m', '-5m', {}, 1e12, true].map(
        (value): [string, unknown] => [option, value],
      ),
    ),
  )('L32 %s = %s', (option, value) => {
    expect(() => validatorOf({ [option]: value })).toThrow(InvalidOption);
  });

  it.each([[Number.NaN], [Infinity], [-1], ['5m'], [1e12]])('L32 clock = %s', (clockOption) => {
    expect(() => validatorOf({ clock: clockOption as unknown as () => number })).toThrow(InvalidOption);
  });
});

describe('L33 claims that must be there', () => {
  it.each<[string, Record<string, unknown>, Partial<ValidatorOptions>, string]>([
    ['no exp', { exp: undefined }, {}, CLAIM],
    ['no iss', { iss: undefined }, {}, CLAIM],
    ['no aud', { aud: undefined }, {}, CLAIM],
    ['no sub, where it is required', { sub: undefined }, { requiredClaims: ['sub'] }, CLAIM],
    ['iat in the future', { iat: NOW + 61 }, {}, CLAIM],
    ['iat too old for maxAge', { iat: NOW - 361 }, { maxAge: '5m' }, EXPIRED],
    ['no iat for maxAge', { iat: undefined }, { maxAge: '5m' }, CLAIM],
    ['ttl of 10 years', { exp: NOW + 315_360_000 }, { maxLifetime: '1h' }, CLAIM],
    ['ttl a second beyond the maximum', { exp: NOW + 3601 }, { maxLifetime: '1h' }, CLAIM],
    ['no iat for maxLifetime', { iat: undefined }, { maxLifetime: '1h' }, CLAIM],
    ['twin: ttl of the maximum', { exp: NOW + 3600 }, { maxLifetime: '1h' }, 'accepted'],
    ['twin: ttl of 10 years, and no maximum', { exp: NOW + 315_360_000 }, {}, 'accepted'],
    ['twin: all there', {}, { requiredClaims: ['sub', 'jti'], maxAge: '5m' }, 'accepted'],
    ['twin: no sub, where it is not required', { sub: undefined }, {}, 'accepted'],
  ])('L33 %s', async (_case, claims, options, expected) => {
    expect(await verdict(tokenWith(claims), validatorOf(options))).toBe(expected);
  });
});

describe('L34 issuers that look alike', () => {
  const validator = validatorOf({ issuer: 'https://good' });

  it.each<[unknown, string]>([
    [['https://good', 'https://evil'], CLAIM],
    [['https://good'], CLAIM],
    ['https://good/', CLAIM],
    ['https://good.evil', CLAIM],
    ['good', CLAIM],
    ['https://goo', CLAIM],
    ['HTTPS://GOOD', CLAIM],
    ['https://gооd', CLAIM],
    ['https://good ', CLAIM],
    ['https://good\u0000', CLAIM],
    ['', CLAIM],
    [1, CLAIM],
    [null, CLAIM],
    [{ toString: 'https://good' }, CLAIM],
    ['https://good', 'accepted'],
  ])('L34 %j', async (iss, expected) => {
    expect(await verdict(tokenWith({ iss }), validator)).toBe(expected);
  });

  it('L34 one issuer given as text is that issuer, not its parts', async () => {
    for (const iss of ['h', 'https', 'o']) expect(await verdict(tokenWith({ iss }), validator)).toBe(CLAIM);
  });
});

describe('L35 one issuer’s key for another’s token', () => {
  const a = validatorOf({ issuer: 'https://a', keys: { hex: HEX, kid: 'a' } });
  const b = validatorOf({ issuer: 'https://b', keys: { hex: OTHER_HEX, kid: 'b' } });
  const by = (kid: string | undefined, iss: string, hex: string): string =>
    handmade({ alg: 'HS256', kid }, { ...CLAIMS, iss }, Buffer.from(hex, 'hex'));

  it.each<[string, string | undefined, string]>([
    ['the kid of A', 'a', 'ERR_JWKS_NO_MATCHING_KEY'],
    ['the kid of B', 'b', SIGNATURE],
    ['no kid', undefined, SIGNATURE],
  ])('L35 a token of B signed by A, with %s', async (_case, kid, code) => {
    const forged = by(kid, 'https://b', HEX);
    expect(await verdict(forged, b)).toBe(code);
    expect(await verdict(forged, a)).not.toBe('accepted');
  });

  it('L35 twin', async () => {
    expect(await verdict(by('a', 'https://a', HEX), a)).toBe('accepted');
    expect(await verdict(by('b', 'https://b', OTHER_HEX), b)).toBe('accepted');
  });
});

describe('L36 audiences', () => {
  const validator = validatorOf({ audience: 'api' });

  it.each<[unknown, string]>([
    [undefined, CLAIM],
    [null, CLAIM],
    [[], CLAIM],
    [[''], CLAIM],
    ['', CLAIM],
    [{}, CLAIM],
    [{ 0: 'api', length: 1 }, CLAIM],
    [[1], CLAIM],
    [['api', 1], CLAIM],
    [[['api']], CLAIM],
    ['api.example', CLAIM],
    ['ap', CLAIM],
    ['API', CLAIM],
    ['other api', CLAIM],
    ['api', 'accepted'],
    [['other', 'api'], 'accepted'],
  ])('L36 %j', async (aud, expected) => {
    expect(await verdict(tokenWith({ aud }), validator)).toBe(expected);
  });

  it('L36 ten thousand, the good one last: bounded by length, and read where there is room', async () => {
    const aud = [...Array.from({ length: 10_000 }, (_, index) => `a${index}`), 'api'];
    expect(await verdict(tokenWith({ aud }), validator)).toBe(MALFORMED);
    expect(await verdict(tokenWith({ aud }), validatorOf({ audience: 'api', maxTokenLength: 1e6 }))).toBe(
      'accepted',
    );
  });

  it('L36 an empty audience is no audience to configure', () => {
    for (const audience of [[], '', [''], ['api', '']]) {
      expect(() => validatorOf({ audience: audience as unknown as string })).toThrow(InvalidOption);
    }
  });
});

describe('L38 registered claims of other kinds', () => {
  it.each<[string, unknown]>(
    ['sub', 'jti', 'iss'].flatMap((claim) =>
      [[], ['a'], {}, 1, '', true, null].map((value): [string, unknown] => [claim, value]),
    ),
  )('L38 %s = %j', async (claim, value) => {
    expect(await verdict(tokenWith({ [claim]: value }), validatorOf({ issuer: null }))).toBe(CLAIM);
  });

  it('L38 twin', async () => {
    expect(await verdict(tokenWith({ sub: 'a', jti: 'b', iss: 'c' }), validatorOf({ issuer: null }))).toBe(
      'accepted',
    );
  });
});

describe('L39 the fault that counts is told, and nothing unverified with it', () => {
  const bad = (token: string): string => `${token.slice(0, token.lastIndexOf('.'))}.${hmac('other')}`;

  it.each<[string, string, string]>([
    ['expired, and a bad signature', bad(tokenWith({ exp: 1, sub: 'mallory' })), SIGNATURE],
    ['another audience, and a bad signature', bad(tokenWith({ aud: 'x', sub: 'mallory' })), SIGNATURE],
    [
      'none, and expired',
      `${encoded({ alg: 'none' })}.${encoded({ ...CLAIMS, exp: 1, sub: 'mallory' })}.AA`,
      ALGORITHM,
    ],
    ['expired, and a good signature', tokenWith({ exp: 1, sub: 'mallory' }), EXPIRED],
  ])('L39 %s', async (_case, token, code) => {
    expect(await verdict(token)).toBe(code);
    const error = await refusalOf(() => validatorOf().verify(token));
    expect([error['payload'], error['claims'], error['header'], error.cause]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(`${error.message}${error['hint']}${JSON.stringify(error)}`).not.toContain('mallory');
  });
});

describe('L37 patterns in place of names', () => {
  const patterns = [/good/g, /good/y, /^(a+)+$/, /good/, /^https:\/\/issuer\.example$/];
  const entry = { keys: { hex: HEX }, issuer: ISSUER, audience: AUDIENCE };

  it.each<[string, (pattern: RegExp) => unknown]>([
    ['issuer', (pattern) => ({ ...entry, issuer: pattern })],
    ['issuer, in a list', (pattern) => ({ ...entry, issuer: [ISSUER, pattern] })],
    ['issuer, one of several', (pattern) => ({ issuers: [{ ...entry, issuer: pattern }] })],
    ['audience', (pattern) => ({ ...entry, audience: pattern })],
    ['audience, in a list', (pattern) => ({ ...entry, audience: [AUDIENCE, pattern] })],
    ['audience, of one of several issuers', (pattern) => ({ issuers: [{ ...entry, audience: pattern }] })],
    ['typ', (pattern) => ({ ...entry, typ: pattern })],
    ['requiredClaims', (pattern) => ({ ...entry, requiredClaims: [pattern] })],
  ])('L37 %s as a RegExp is refused when the validator is made, and never run', (_case, optionsWith) => {
    for (const pattern of patterns) {
      const exec = vi.spyOn(pattern, 'exec');
      expect(() => new JwtValidator(optionsWith(pattern) as never)).toThrow(InvalidOption);
      expect(exec).not.toHaveBeenCalled();
      exec.mockRestore();
    }
  });

  it.each(['issuer', 'audience'] as const)(
    'L37 %s as a RegExp is no circumstance to explain under',
    async (name) => {
      for (const pattern of patterns) {
        const error = await refusalOf(() => explain(good, validatorOf(), { [name]: pattern as never }));
        expect(error).toBeInstanceOf(InvalidOption);
      }
    },
  );

  it('L37 text that looks like a pattern is text', async () => {
    for (const issuer of [
      'https://issuer.example|x',
      '.*',
      '^https://issuer\\.example$',
      'https://issuer.exampl.',
    ]) {
      expect(await verdict(good, validatorOf({ issuer }))).toBe(CLAIM);
    }
  });

  it('L37 twin: names are compared whole, with the same answer ten times', async () => {
    const validator = validatorOf({ issuer: 'good', typ: 'at+jwt', cache: false });
    for (let time = 0; time < 10; time += 1) {
      expect(await verdict(tokenWith({ iss: 'good' }, { typ: 'at+jwt' }), validator)).toBe('accepted');
      expect(await verdict(tokenWith({ iss: 'evil-good-x' }, { typ: 'at+jwt' }), validator)).toBe(CLAIM);
      expect(await verdict(tokenWith({ iss: 'good' }, { typ: 'xat+jwtx' }), validator)).toBe(CLAIM);
    }
  });
});

describe('L40 revocation', () => {
  it('L40 a revoked jti is refused, and another is not', async () => {
    const validator = validatorOf({ isRevoked: ({ jti }) => jti === 'one' });
    expect(await verdict(good, validator)).toBe('ERR_JWT_REVOKED');
    expect(await verdict(tokenWith({ jti: 'two' }), validator)).toBe('accepted');
  });

  it('L40 a hook that takes each jti once lets one of two uses at once through', async () => {
    const used = new Set<string>();
    const validator = validatorOf({
      isRevoked: ({ jti = '' }) => {
        if (used.has(jti)) return true;
        used.add(jti);
        return false;
      },
    });
    const answers = await Promise.all([validator.safeVerify(good), validator.safeVerify(good)]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, false]);
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['0', 0],
    ['""', ''],
    ['"false"', 'false'],
    ['{}', {}],
    [
      'something that can be waited for, and then nothing',
      // biome-ignore lint/suspicious/noThenProperty: being a thenable is what this case is about
      { then: (done: (answer?: boolean) => void) => done() },
    ],
  ])('L40 a store that answers %s refuses', async (_case, answer) => {
    expect(await verdict(good, validatorOf({ isRevoked: () => answer as boolean }))).toBe('ERR_JWT_REVOKED');
  });

  it('L40 a store that fails lets nothing through, also for a remembered token', async () => {
    let down = false;
    const validator = validatorOf({
      isRevoked: async () => {
        if (down) throw new Error('down');
        return false;
      },
    });
    expect((await validator.safeVerify(good)).ok).toBe(true);
    down = true;
    await expect(validator.verify(good)).rejects.toThrow('down');
    await expect(validator.safeVerify(good)).rejects.toThrow('down');
  });

  it('L40 a store that is away is what the caller hears of, and not that the token was revoked', async () => {
    const away = Object.assign(new Error('away'), { code: 'ERR_SESSIONS_UNAVAILABLE', status: 503 });
    for (const isRevoked of [
      () => Promise.reject(away),
      () => {
        throw away;
      },
    ]) {
      const validator = validatorOf({ isRevoked });
      expect(await refusalOf(() => validator.verify(good))).toBe(away);
      expect(await refusalOf(() => validator.safeVerify(good))).toBe(away);
      expect(await refusalOf(() => builder.renew(good, { validator }))).toBe(away);
      expect(away).toMatchObject({ message: 'away', code: 'ERR_SESSIONS_UNAVAILABLE', status: 503 });
    }
  });

  it('L40 a store that times out lets nothing through: it is waited for as long as was said', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    for (const [options, milliseconds] of [
      [{}, 5000],
      [{ revocationTimeout: 0.5 }, 500],
      [{ revocationTimeout: '1m' }, 60_000],
    ] as const) {
      let hangs = false;
      const validator = validatorOf({
        isRevoked: () => (hangs ? new Promise<boolean>(() => undefined) : Promise.resolve(false)),
        ...options,
      });
      expect((await validator.safeVerify(good)).ok).toBe(true);
      expect(vi.getTimerCount()).toBe(0);
      hangs = true;
      const settled = vi.fn<(error: unknown) => void>();
      void validator.verify(good).catch(settled);
      await vi.advanceTimersByTimeAsync(milliseconds - 1);
      expect(settled).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(1);
      expect(settled.mock.calls[0]?.[0]).toBeInstanceOf(RevocationTimeout);
      expect(settled.mock.calls[0]?.[0]).toMatchObject({ code: 'ERR_REVOCATION_TIMEOUT', status: 503 });
      const report = explain(good, validator, { askRevocation: true });
      await vi.advanceTimersByTimeAsync(milliseconds);
      expect((await report).decisive).toMatchObject({ check: 'revocation', reason: 'revocation_timeout' });
    }
  });

  it('L40 twin: a store that answers just in time is believed, and one that answers too late is not', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const after = (milliseconds: number, act: (done: (answer: boolean) => void, fail: () => void) => void) =>
      validatorOf({
        isRevoked: () =>
          new Promise<boolean>((resolve, reject) => {
            setTimeout(() => act(resolve, () => reject(new Error('late'))), milliseconds);
          }),
      }).safeVerify(good);
    const answers = [
      after(4999, (done) => done(false)),
      after(4999, (done) => done(true)),
      after(5001, (done) => done(false)),
      after(5001, (_done, fail) => fail()),
    ];
    await vi.advanceTimersByTimeAsync(6000);
    const verdicts = (await Promise.all(answers)).map((answer) => (answer.ok ? 'accepted' : answer.code));
    expect(verdicts).toEqual([
      'accepted',
      'ERR_JWT_REVOKED',
      'ERR_REVOCATION_TIMEOUT',
      'ERR_REVOCATION_TIMEOUT',
    ]);
  });

  it.each([0, -1, '61s', Number.POSITIVE_INFINITY, Number.NaN, '5'])(
    'L40 %j is no time to wait for a store',
    (revocationTimeout) => {
      const options = { revocationTimeout, isRevoked: () => false } as unknown as Partial<ValidatorOptions>;
      expect(() => validatorOf(options)).toThrow(InvalidOption);
    },
  );

  it('L40 a token without jti is refused where it is required', async () => {
    const validator = validatorOf({ requiredClaims: ['jti'], isRevoked: () => false });
    expect(await verdict(tokenWith({ jti: undefined }), validator)).toBe(CLAIM);
    expect(await verdict(good, validator)).toBe('accepted');
  });
});

describe('L52 what a builder does not let in', () => {
  it.each(['alg', 'kid', 'crit', 'b64', 'jwk', 'typ', 'zip'])('L52 header parameter %s', (name) => {
    for (const value of ['none', null, ['b64'], false]) {
      expect(() => builder.protectedHeader(name, value)).toThrow(InvalidOption);
    }
  });

  it('L52 __proto__ as a header parameter is a mere parameter', async () => {
    const { token, header: written } = await builder.protectedHeader('__proto__', { alg: 'none' }).build();
    expect(written.alg).toBe('HS256');
    expect(Object.getPrototypeOf(written)).toBe(Object.prototype);
    expect(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).toContain(
      '"__proto__":{"alg":"none"}',
    );
    expect(await verdict(token, builder.validator())).toBe('accepted');
  });

  it.each(['exp', 'iss', 'aud', 'sub', 'nbf', 'iat', 'jti'])('L52 raw claim %s over its call', (name) => {
    expect(() => builder.claims({ [name]: 'x' })).toThrow(InvalidOption);
    expect(() => builder.claims(JSON.parse(`{"${name}":1}`) as Record<string, unknown>)).toThrow(
      InvalidOption,
    );
  });

  it.each(ASYMMETRIC)('L52 twin: a token’s alg is its key’s, %s', async (algorithm) => {
    const { header: written } = await builder
      .signWith(pairFor(algorithm).privateKey, algorithm)
      .protectedHeader('x', 1)
      .build();
    expect(written).toMatchObject({ alg: algorithm, x: 1 });
  });
});

describe('L53 what a renewal does not renew', () => {
  const typed = (claims: Record<string, unknown> = {}, extra: Record<string, unknown> = {}): string =>
    tokenWith(claims, { typ: 'JWT', ...extra });

  it.each<[string, () => string, string]>([
    [
      'tampered',
      () =>
        `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ ...CLAIMS, roles: ['admin'] })}.${signature}`,
      SIGNATURE,
    ],
    ['expired', () => typed({ exp: NOW - 60 }), EXPIRED],
    ['not yet valid', () => typed({ nbf: NOW + 61 }), CLAIM],
    ['alg none', () => `${encoded({ alg: 'none', typ: 'JWT' })}.${payload}.AA`, ALGORITHM],
    ['alg none, no signature', () => `${encoded({ alg: 'none', typ: 'JWT' })}.${payload}.`, MALFORMED],
    [
      'another key',
      () => handmade({ alg: 'HS256', typ: 'JWT' }, CLAIMS, Buffer.from(OTHER_HEX, 'hex')),
      SIGNATURE,
    ],
    ['another issuer', () => typed({ iss: 'https://other' }), CLAIM],
    ['another audience', () => typed({ aud: 'other' }), CLAIM],
    ['another typ', () => typed({}, { typ: 'rt+jwt' }), CLAIM],
    ['without an end', () => typed({ exp: undefined }), CLAIM],
    ['encrypted', () => `${encoded({ alg: 'dir', enc: 'A256GCM' })}..AAAA.AAAA.AAAA`, INVALID],
    ['of a session that is over', () => typed({ auth_time: NOW - 43_200 }), 'ERR_JWT_SESSION_OVER'],
  ])('L53 %s: the refusal of a validator, and nothing is signed', async (_case, token, code) => {
    const signed = vi.spyOn(Key.prototype, 'sign');
    onTestFinished(() => signed.mockRestore());
    const error = await refusalOf(() => builder.renew(token()));
    expect(error['code']).toBe(code);
    expect(signed).not.toHaveBeenCalled();
    if (code !== 'ERR_JWT_SESSION_OVER') expect(await verdict(token(), builder.validator())).toBe(code);
  });

  it('L53 revoked: the refusal of a validator that knows of it, and nothing is signed', async () => {
    const signed = vi.spyOn(Key.prototype, 'sign');
    onTestFinished(() => signed.mockRestore());
    const validator = builder.validator({ isRevoked: ({ jti }) => jti === CLAIMS.jti });
    const error = await refusalOf(() => builder.renew(typed(), { validator }));
    expect(error['code']).toBe('ERR_JWT_REVOKED');
    expect(signed).not.toHaveBeenCalled();
    const { claims } = await builder.renew(typed({ jti: 'two' }), { validator });
    expect(claims.sub).toBe('alice');
  });

  it('L53 twin: the subject stays, jti and iat are new, and the session has its end', async () => {
    const { claims } = await builder.validFor('20h').renew(typed({ iat: NOW - 60 }));
    expect(claims).toMatchObject({ sub: 'alice', iat: NOW, auth_time: NOW - 60, exp: NOW - 60 + 43_200 });
    expect(claims.jti).not.toBe(CLAIMS.jti);
  });
});

describe('L54 what a builder does not build', () => {
  it.each([0, -1, Number.NaN, Infinity, -Infinity, 1e12, '0s', '0.9s'])('L54 a lifetime of %s', (value) => {
    expect(() => builder.validFor(value as number)).toThrow(InvalidOption);
  });

  const circle: unknown[] = [];
  circle.push(circle);

  it.each<[string, unknown]>([
    ['a BigInt', 1n],
    ['a circle', circle],
    ['undefined', undefined],
    ['a Date', new Date()],
    ['a function', () => 1],
    ['a symbol', Symbol('a')],
    ['NaN', Number.NaN],
  ])('L54 a claim that is %s', (_case, value) => {
    expect(() => builder.claim('own', value)).toThrow(InvalidOption);
    expect(() => builder.claims({ own: { inner: [value] } })).toThrow(InvalidOption);
  });

  it('L54 a claim of 1 MB', async () => {
    const large = builder.claim('own', 'x'.repeat(1e6));
    expect(await refusalOf(() => large.build())).toBeInstanceOf(InvalidOption);
    const { token } = await large.maxTokenLength(2e6).build();
    expect(await verdict(token, builder.validator())).toBe(MALFORMED);
  });

  it('L54 twin: the longest token that a validator takes', async () => {
    const lengthWith = (own: string): number => builder.claim('own', own).buildSync().token.length;
    // From such a length on, three characters more of a claim are four more of the token.
    const own = ['', 'x', 'xx'].find((text) => lengthWith(text) % 4 === 0) ?? '';
    const longest = own.padEnd(own.length + ((16_384 - lengthWith(own)) / 4) * 3, 'x');
    const { token } = await builder.claim('own', longest).build();
    expect(token).toHaveLength(16_384);
    expect(await verdict(token, builder.validator())).toBe('accepted');
    const longer = builder.claim('own', `${longest}x`);
    expect(await refusalOf(() => longer.build())).toBeInstanceOf(InvalidOption);
  });

  it('L54 a validator of a builder without issuer or audience says so, and checks them unless null was said', async () => {
    const key = { hex: HEX };
    expect(() => new JwtBuilder().signWith(key).validator()).toThrow(InvalidOption);
    expect(() => new JwtBuilder().issuer('a').signWith(key).validator()).toThrow(/audience is missing/);
    expect(() => new JwtBuilder().audience('a').signWith(key).validator()).toThrow(/issuer is missing/);
    const open = new JwtBuilder().clock(clock).signWith(key);
    const { token } = await open.build();
    expect(await verdict(token, open.validator({ issuer: null, audience: null }))).toBe('accepted');
    expect(await refusalOf(() => open.renew(token))).toBeInstanceOf(InvalidOption);
  });
});
