import { createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, describe, expect, it } from 'vitest';
import { InvalidKey, importJwks, type JwksSource, JwtBuilder, JwtValidator } from '../src/index.ts';
import { EC_KEY } from './fixtures/certificates.ts';
import { ec, ed25519, HEX, OTHER_HEX, rsa } from './fixtures/keys.ts';
import { ROCA_KEY } from './fixtures/roca.ts';

const folder = mkdtempSync(join(tmpdir(), 'tokenwright-jwks-'));
afterAll(() => rmSync(folder, { recursive: true }));

const jwk = {
  ec: ec('P-256').publicKey.export({ format: 'jwk' }),
  ed: ed25519().publicKey.export({ format: 'jwk' }),
  rsa: rsa().publicKey.export({ format: 'jwk' }),
  oct: { kty: 'oct', k: Buffer.from(HEX, 'hex').toString('base64url') },
  otherOct: { kty: 'oct', k: Buffer.from(OTHER_HEX, 'hex').toString('base64url') },
};
const set = {
  keys: [
    { ...jwk.ec, kid: 'a' },
    { ...jwk.ed, kid: 'b' },
    { ...jwk.rsa, kid: 'c', alg: 'PS256' },
  ],
};

function words(source: unknown): string {
  try {
    importJwks(source as JwksSource);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidKey);
    return (error as InvalidKey).message;
  }
  throw new Error('expected InvalidKey, and the set was imported');
}

describe('a JWK Set', () => {
  const file = (content: string): URL => {
    writeFileSync(join(folder, 'set.json'), content);
    return pathToFileURL(join(folder, 'set.json'));
  };

  it.each<[string, () => JwksSource]>([
    ['an object', () => set],
    ['text', () => JSON.stringify(set)],
    ['text with a byte order mark', () => `\uFEFF${JSON.stringify(set)}`],
    ['a file', () => file(JSON.stringify(set))],
  ])('gives its keys in their order, from %s', (_form, source) => {
    expect(importJwks(source()).map((key) => [key.kid, key.algorithm])).toEqual([
      ['a', 'ES256'],
      ['b', 'EdDSA'],
      ['c', 'PS256'],
    ]);
  });

  it('serves a validator as it serves jose', async () => {
    const jwt = new JwtBuilder().issuer('i').audience('a').signWith({ pem: EC_KEY });
    const published = { keys: [...set.keys, ...jwt.jwks().keys] };
    const { token } = await jwt.build();
    const [first, ...more] = importJwks(published);
    const validator = new JwtValidator({ keys: [first!, ...more], issuer: 'i', audience: 'a' });
    expect((await validator.verify(token)).claims.iss).toBe('i');
    expect((await jwtVerify(token, createLocalJWKSet(published as never))).payload.iss).toBe('i');
  });

  it.each<[string, Record<string, unknown>]>([
    ['a use for encryption', { ...jwk.rsa, use: 'enc' }],
    ['key_ops for encryption', { ...jwk.rsa, key_ops: ['encrypt'] }],
    ['an alg for encryption', { ...jwk.rsa, alg: 'RSA-OAEP' }],
    ['an alg of the future', { ...jwk.ec, alg: 'ES999' }],
    ['a type of the future', { kty: 'XYZ', q: 'AA' }],
    ['a curve that signs nothing here', { kty: 'OKP', crv: 'X25519', x: 'AA' }],
    ['another curve', { kty: 'EC', crv: 'secp256k1', x: 'AA', y: 'AA' }],
    ['a curve of the future', { kty: 'EC', crv: 'BP-256', x: 'AA', y: 'AA' }],
  ])('leaves out a key with %s (RFC 7517 §5)', (_case, other) => {
    expect(
      importJwks({
        keys: [
          { ...other, kid: 'x' },
          { ...jwk.ed, kid: 'b' },
        ],
      }).map((key) => key.kid),
    ).toEqual(['b']);
    expect(words({ keys: [other] })).toMatch(/No key of the JWK Set is for signatures/);
  });

  it('lets a key that is left out have the ID of another', () => {
    const keys = [
      { ...jwk.rsa, use: 'enc', kid: 'a' },
      { ...jwk.ec, kid: 'a' },
    ];
    expect(importJwks({ keys }).map((key) => key.algorithm)).toEqual(['ES256']);
  });

  it('ignores members that it does not know', () => {
    const strange = { future: { a: [1] }, keys: [{ ...jwk.ec, x5c: 'no', note: { b: 2 } }] };
    expect(importJwks(strange as JwksSource)).toHaveLength(1);
  });

  it('takes secrets alone, and private keys', () => {
    expect(
      importJwks({
        keys: [
          { ...jwk.oct, kid: 'a' },
          { ...jwk.otherOct, kid: 'b' },
        ],
      }),
    ).toHaveLength(2);
    expect(importJwks({ keys: [rsa().privateKey.export({ format: 'jwk' })] })[0]?.canSign).toBe(true);
  });
});

describe('L23 a JWK Set that is refused', () => {
  it.each<[string, unknown, RegExp]>([
    ['secrets beside public keys', { keys: [jwk.ec, jwk.oct] }, /mixes shared secrets with public keys/],
    ['a secret for encryption beside public keys', { keys: [jwk.ec, { ...jwk.oct, use: 'enc' }] }, /mixes/],
    [
      'one kid twice',
      {
        keys: [
          { ...jwk.ec, kid: 'a' },
          { ...jwk.ed, kid: 'a' },
        ],
      },
      /two keys of one key ID/,
    ],
    ['no keys', { keys: [] }, /is empty/],
    ['101 keys', { keys: Array.from({ length: 101 }, () => jwk.ec) }, /has 101 keys, and 100 are the most/],
    ['10,000 keys', { keys: Array.from({ length: 10_000 }, () => ({})) }, /has 10000 keys/],
    ['keys that are no list', { keys: { 0: jwk.ec } }, /no list of `keys`/],
    ['a key that is no object', { keys: [jwk.ec, 'key'] }, /no JWK at position 1/],
    ['a member twice', `{"keys":[${JSON.stringify(jwk.ec)}],"keys":[]}`, /has a member twice/],
    [
      'a member twice in a key',
      `{"keys":[{"kid":"a",${JSON.stringify(jwk.ec).slice(1, -1)},"kid":"b"}]}`,
      /has a member twice/,
    ],
    ['one JWK', jwk.ec, /That is one JWK, and a set was asked for/],
    ['a list', [jwk.ec], /is no JSON object/],
    ['PEM', EC_KEY, /is a PEM block \(PRIVATE KEY\)/],
    ['text that is no JSON', 'keys', /is no JSON object/],
    ['nothing', undefined, /is no JSON object/],
    [
      'a key without y',
      { keys: [jwk.ed, { ...jwk.ec, y: undefined }] },
      /^Key 1 of the JWK Set: The JWK cannot be read as a key: it has no `y`/,
    ],
    [
      'a small RSA key',
      { keys: [rsa('small', 1024).publicKey.export({ format: 'jwk' })] },
      /^Key 0 of the JWK Set: RS256 needs a key of at least 2048 bits/,
    ],
    [
      'a ROCA key',
      { keys: [createPublicKey(ROCA_KEY).export({ format: 'jwk' })] },
      /Key 0 of the JWK Set: .*ROCA/,
    ],
  ])('L23 with %s', (_case, source, expected) => {
    expect(words(source)).toMatch(expected);
  });

  it('L23 twin: 100 keys of 100 kids are taken', () => {
    const keys = Array.from({ length: 100 }, (_, index) => ({ ...jwk.ec, kid: `${index}` }));
    expect(importJwks({ keys })).toHaveLength(100);
  });
});
