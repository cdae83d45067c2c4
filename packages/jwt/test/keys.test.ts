import { createSecretKey, generateKeyPairSync, randomBytes, webcrypto } from 'node:crypto';
import { inspect as print } from 'node:util';
import { calculateJwkThumbprint } from 'jose';
import { describe, expect, it } from 'vitest';
import { InvalidKey, importKey, type KeySource } from '../src/index.ts';
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

const INPUT = 'header.payload';
const bytes = Buffer.from(HEX, 'hex');

/** What importing throws. */
function refused(source: unknown, algorithm?: string): InvalidKey {
  try {
    importKey(source as KeySource, algorithm);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidKey);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ code: 'ERR_KEY_INVALID' });
    return error as InvalidKey;
  }
  throw new Error('expected InvalidKey, and the key was imported');
}

describe('a shared secret', () => {
  const expected = importKey(createSecretKey(bytes)).sign(INPUT);

  it.each<[string, KeySource]>([
    ['hex', { hex: HEX }],
    ['hex in upper case', { hex: HEX.toUpperCase() }],
    ['base64url', { base64url: bytes.toString('base64url') }],
    ['a JWK', { jwk: { kty: 'oct', k: bytes.toString('base64url') } }],
    ['a KeyObject', createSecretKey(bytes)],
  ])('is the same key from %s', (_form, source) => {
    const key = importKey(source);
    expect(key.sign(INPUT)).toBe(expected);
    expect(key.verify(INPUT, expected)).toBe(true);
    expect(key).toMatchObject({ algorithm: 'HS256', isSecret: true, canSign: true });
  });

  it('is the same key from a CryptoKey', async () => {
    const cryptoKey = await webcrypto.subtle.importKey(
      'raw',
      bytes,
      { name: 'HMAC', hash: 'SHA-256' },
      true,
      ['sign', 'verify'],
    );
    expect(importKey(cryptoKey).sign(INPUT)).toBe(expected);
  });

  it('is the UTF-8 bytes of a text', () => {
    const text = 'a secret of thirty-two bytes, ÄÖÜ';
    expect(importKey({ text }).sign(INPUT)).toBe(importKey(createSecretKey(Buffer.from(text))).sign(INPUT));
  });

  it('has no thumbprint, no public JWK and no key ID but a given one', () => {
    const key = importKey({ hex: HEX });
    expect([key.thumbprint, key.kid, key.publicJwk()]).toEqual([undefined, undefined, undefined]);
    expect(importKey({ hex: HEX, kid: 'k1' }).kid).toBe('k1');
  });

  it('is its own verifying side', () => {
    const key = importKey({ hex: HEX });
    expect(key.verifyingSide()).toBe(key);
  });

  it.each([
    ['HS256', 32],
    ['HS384', 48],
    ['HS512', 64],
  ] as const)('for %s has %i bytes or more', (algorithm, length) => {
    expect(importKey({ hex: 'ab'.repeat(length) }, algorithm).algorithm).toBe(algorithm);
    const { hint, fix } = refused({ hex: 'ab'.repeat(length - 1) }, algorithm);
    expect(hint).toBe(
      `${algorithm} needs a key of at least ${length * 8} bits, and this one has ${(length - 1) * 8} (RFC 7518 §3).`,
    );
    expect(fix).toContain(`randomBytes(${length})`);
  });

  it.each<[string, unknown, RegExp]>([
    ['an odd number of digits', { hex: HEX.slice(1) }, /odd number of digits/],
    ['a blank', { hex: `${HEX.slice(0, 10)} ${HEX.slice(11)}` }, /no digit at position 10/],
    ['0x', { hex: `0x${HEX}` }, /no digit at position 1/],
    [
      'base64url given as hex',
      { hex: `${bytes.toString('base64url')}A`.slice(0, 86) },
      /give it as \{ base64url \}/,
    ],
    ['an empty hex', { hex: '' }, /\{ hex \} is empty.*environment variable/],
    ['an empty base64url', { base64url: '' }, /\{ base64url \} is empty/],
    ['an empty text', { text: '' }, /\{ text \} is empty/],
    ['hex that is no string', { hex: bytes }, /\{ hex \} is no string/],
    ['text that is a list', { text: [''] }, /\{ text \} is no string/],
    [
      'base64 with +',
      { base64url: `+${bytes.toString('base64url').slice(1)}` },
      /position 0.*replace \+ by -/,
    ],
    ['base64url with padding', { base64url: `${bytes.toString('base64url')}=` }, /position 86/],
    ['base64url cut', { base64url: `${'A'.repeat(45)}` }, /is cut/],
    ['base64url with bits that no byte uses', { base64url: `${'A'.repeat(42)}B` }, /sets bits no byte uses/],
  ])('is refused with %s', (_case, source, words) => {
    expect(refused(source).message).toMatch(words);
  });
});

describe('an asymmetric key', () => {
  it.each(ASYMMETRIC)('of %s signs as PKCS#8 and verifies as SPKI', (algorithm) => {
    const pair = pairFor(algorithm);
    const signing = importKey({ pem: pkcs8(pair) }, algorithm);
    const verifying = importKey({ pem: spki(pair), alg: algorithm });
    expect(signing).toMatchObject({ algorithm, canSign: true, isSecret: false });
    expect(verifying).toMatchObject({ algorithm, canSign: false, isSecret: false });
    expect(verifying.verify(INPUT, signing.sign(INPUT))).toBe(true);
    expect(verifying.thumbprint).toBe(signing.thumbprint);
    expect(() => verifying.sign(INPUT)).toThrow(new TypeError('this key can only verify'));
    expect(signing.verifyingSide().canSign).toBe(false);
  });

  it.each([
    ['PKCS#1', rsa().privateKey.export({ type: 'pkcs1', format: 'pem' }), 'RS256'],
    ['public PKCS#1', rsa().publicKey.export({ type: 'pkcs1', format: 'pem' }), 'RS256'],
    ['SEC1', ec('P-256').privateKey.export({ type: 'sec1', format: 'pem' }), 'ES256'],
    ['CRLF line ends', spki(ec('P-384')).replaceAll('\n', '\r\n'), 'ES384'],
    ['no line end at the end', spki(ec('P-521')).trimEnd(), 'ES512'],
  ])('is read from %s', (_form, pem, algorithm) => {
    expect(importKey({ pem: pem.toString() }).algorithm).toBe(algorithm);
  });

  // OpenSSL's traditional form (PKCS#1, SEC1) has header lines inside the block, which are not base64.
  const locked = { format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' } as const;
  it.each([
    ['encrypted PKCS#8', rsa(), rsa().privateKey.export({ type: 'pkcs8', ...locked })],
    ['encrypted PKCS#1', rsa(), rsa().privateKey.export({ type: 'pkcs1', ...locked })],
    ['encrypted SEC1', ec('P-256'), ec('P-256').privateKey.export({ type: 'sec1', ...locked })],
  ])('is read from %s with its passphrase only', (_form, pair, exported) => {
    const pem = exported.toString();
    const readable = importKey({ pem, passphrase: 'open sesame' });
    expect(readable.thumbprint).toBe(importKey({ pem: spki(pair) }).thumbprint);
    expect(refused({ pem }).message).toMatch(/The PEM is encrypted\. Give its passphrase/);
    expect(refused({ pem, passphrase: '' }).hint).toBe('The PEM is encrypted.');
    const wrong = refused({ pem, passphrase: 'open barley' });
    expect(wrong.hint).toBe('The passphrase does not open the PEM.');
    expect(wrong.message).not.toContain('barley');
    expect(refused({ pem, passphrase: 7 }).hint).toBe('The passphrase is no string.');
  });

  it.each<[string, () => KeySource, string]>([
    ['RSA', () => rsa().publicKey, 'RS256'],
    ['P-256', () => ec('P-256').publicKey, 'ES256'],
    ['P-384', () => ec('P-384').publicKey, 'ES384'],
    ['P-521', () => ec('P-521').publicKey, 'ES512'],
    ['Ed25519', () => ed25519().publicKey, 'EdDSA'],
  ])('on %s has a default algorithm', (_kind, source, algorithm) => {
    expect(importKey(source()).algorithm).toBe(algorithm);
  });

  it.each(ASYMMETRIC)(
    'of %s has the thumbprint that jose computes, and it is the default key ID',
    async (algorithm) => {
      const key = importKey(pairFor(algorithm).publicKey, algorithm);
      const thumbprint = await calculateJwkThumbprint(pairFor(algorithm).publicKey.export({ format: 'jwk' }));
      expect([key.thumbprint, key.kid]).toEqual([thumbprint, thumbprint]);
    },
  );

  it('gives its public parts only as a JWK', () => {
    const jwk = importKey({ pem: pkcs8(ec('P-256')), kid: 'k1' }).publicJwk();
    expect(Object.keys(jwk ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    expect(jwk).toMatchObject({ alg: 'ES256', use: 'sig', kid: 'k1' });
    expect(Object.keys(importKey(rsa().privateKey).publicJwk() ?? {}).sort()).toEqual([
      'alg',
      'e',
      'kid',
      'kty',
      'n',
      'use',
    ]);
  });

  it('is read from a JWK, private or public, with what the JWK says', () => {
    const pair = ec('P-256');
    const jwk = pair.privateKey.export({ format: 'jwk' });
    const signing = importKey({ jwk: { ...jwk, kid: 'k1', alg: 'ES256', use: 'sig', key_ops: ['sign'] } });
    expect(signing).toMatchObject({ algorithm: 'ES256', kid: 'k1', canSign: true });
    const publicOne = importKey({
      jwk: { ...pair.publicKey.export({ format: 'jwk' }), key_ops: ['verify'] },
    });
    expect(publicOne.verify(INPUT, signing.sign(INPUT))).toBe(true);
    expect(importKey({ jwk: { ...jwk, key_ops: ['verify'] } }).canSign).toBe(false);
  });

  it('for Ed25519 may be named by its newer name in a JWK (RFC 9864)', () => {
    const jwk = { ...ed25519().publicKey.export({ format: 'jwk' }), alg: 'Ed25519' };
    expect(importKey({ jwk }).algorithm).toBe('EdDSA');
  });

  it('lets the source beside a JWK name algorithm and key ID', () => {
    const jwk = rsa().publicKey.export({ format: 'jwk' });
    expect(importKey({ jwk, alg: 'PS512', kid: 'mine' })).toMatchObject({ algorithm: 'PS512', kid: 'mine' });
  });

  it.each<[string, () => unknown, RegExp]>([
    ['a path', () => ({ pem: '/etc/key.pem' }), /no PEM block.*not its path/],
    [
      'PEM that is no string',
      () => ({ pem: Buffer.from(spki(rsa())) }),
      /\{ pem \} is no string\. It is bytes: read the file with 'utf8'/,
    ],
    ['two blocks', () => ({ pem: spki(rsa()) + spki(rsa()) }), /not exactly one whole block/],
    ['text before the block', () => ({ pem: `# mine\n${spki(rsa())}` }), /not exactly one whole block/],
    ['a block cut off', () => ({ pem: spki(rsa()).slice(0, -10) }), /not exactly one whole block/],
    ['written line breaks', () => ({ pem: spki(rsa()).replaceAll('\n', '\\n') }), /written as \\n/],
    [
      'a certificate',
      () => ({ pem: `-----BEGIN CERTIFICATE-----\n${CERTIFICATE}\n-----END CERTIFICATE-----` }),
      /holds a CERTIFICATE, which is no key\. Give it as \{ x509 \}/,
    ],
    [
      'a damaged block',
      () => ({ pem: spki(rsa()).replace(/\n.{10}/, '\nAAAAAAAAAA') }),
      /The PUBLIC KEY in the PEM cannot be read\. It may be cut or damaged/,
    ],
    ['a JWK Set', () => ({ jwk: { keys: [] } }), /JWK Set, and one key is needed/],
    ['a JWK for encryption', () => ({ jwk: { kty: 'RSA', use: 'enc' } }), /its `use` is another/],
    ['a JWK whose alg is no string', () => ({ jwk: { kty: 'RSA', alg: 1 } }), /`alg` is no string/],
    ['a JWK whose kid is no string', () => ({ jwk: { kty: 'RSA', kid: {} } }), /`kid` is no string/],
    ['key_ops that are no list', () => ({ jwk: { kty: 'RSA', key_ops: 'verify' } }), /no list of strings/],
    ['key_ops with a number', () => ({ jwk: { kty: 'RSA', key_ops: [1] } }), /no list of strings/],
    ['key_ops twice', () => ({ jwk: { kty: 'RSA', key_ops: ['verify', 'verify'] } }), /an operation twice/],
    [
      'key_ops for encryption',
      () => ({ jwk: { kty: 'RSA', key_ops: ['encrypt'] } }),
      /neither sign nor verify/,
    ],
    ['a JWK without its members', () => ({ jwk: { kty: 'EC', crv: 'P-256' } }), /cannot be read as a key/],
    ['an oct JWK without k', () => ({ jwk: { kty: 'oct' } }), /`k` is not a non-empty base64url text/],
    ['an oct JWK with a padded k', () => ({ jwk: { kty: 'oct', k: 'AAAA=' } }), /`k` is not/],
    ['an empty key ID', () => ({ hex: HEX, kid: '' }), /\(kid\) is not a non-empty string/],
    ['a key ID that is a number', () => ({ hex: HEX, kid: 7 }), /\(kid\) is not a non-empty string/],
    ['two forms', () => ({ hex: HEX, text: HEX }), /has 2 forms where it needs one/],
    ['no form', () => ({}), /has 0 forms/],
    ['an unknown form', () => ({ secret: HEX }), /form that is not known here\. Give it as \{ hex \}/],
    ['a bare string', () => HEX, /does not say in which form/],
    ['bare bytes', () => bytes, /does not say in which form it is\. Give the bytes of a secret as \{ hex: /],
    ['the URL of a JWK Set', () => new URL('https://a.example/jwks'), /That is a URL.+remoteJwks\(url\)/],
    ['that URL as text', () => 'https://a.example/jwks', /remoteJwks\(url\)/],
    ['a bare file URL', () => new URL('file:///key.pem'), /\{ pem: url \} or \{ jwk: url \}/],
    ['a promise', () => Promise.resolve(), /That is a promise, and no key yet\. Await it\./],
    ['a misspelt algorithm', () => ({ hex: HEX, alg: 'hs-256' }), /Did you mean HS256\? The algorithms are /],
    ['nothing', () => undefined, /There is no key: it is undefined/],
    ['null', () => null, /There is no key: it is null/],
    ['RSA of 1024 bits', () => rsa('small', 1024).publicKey, /RS256 needs a key of at least 2048 bits.*1024/],
    ['secp256k1', () => ec('secp256k1').publicKey, /No algorithm here takes a public ec key on secp256k1/],
    ['X25519', () => generateKeyPairSync('x25519').publicKey, /No algorithm here takes a public x25519 key/],
  ])('is refused: %s', (_case, source, words) => {
    expect(refused(source()).message).toMatch(words);
  });
});

describe('key and algorithm', () => {
  it.each<[string, () => unknown, string, RegExp]>([
    [
      'a secret for RS256',
      () => ({ hex: HEX }),
      'RS256',
      /RS256 does not go with a shared secret\. Use HS256/,
    ],
    ['RSA for HS256', () => rsa().publicKey, 'HS256', /HS256 does not go with a public rsa key\. Use RS256/],
    [
      'P-384 for ES256',
      () => ec('P-384').privateKey,
      'ES256',
      /ES256 does not go with a private ec key on secp384r1\. Use ES384/,
    ],
    ['secp256k1 for ES256', () => ec('secp256k1').publicKey, 'ES256', /Use another key/],
    ['none', () => ({ hex: HEX }), 'none', /not one there is here\. The algorithms are HS256, HS384/],
    ['another case', () => ({ hex: HEX }), 'hs256', /not one there is here/],
    [
      'against its own alg',
      () => ({ hex: HEX, alg: 'HS384' }),
      'HS256',
      /is for HS384, and HS256 was asked for/,
    ],
    [
      'of an imported key',
      () => importKey({ hex: HEX }),
      'HS512',
      /imported for HS256, and HS512 was asked for/,
    ],
  ])('do not go together: %s', (_case, source, algorithm, words) => {
    expect(refused(source(), algorithm).message).toMatch(words);
  });

  it('stay together when an imported key is imported again', () => {
    const key = importKey({ hex: HEX }, 'HS384');
    expect(importKey(key)).toBe(key);
    expect(importKey(key, 'HS384')).toBe(key);
  });
});

describe('a key in print', () => {
  it.each<[string, () => KeySource, RegExp, () => string[]]>([
    ['a secret', () => ({ hex: HEX }), /^\[Key HS256\]$/, () => [HEX, bytes.toString('base64url')]],
    [
      'a private key',
      () => ec('P-256').privateKey,
      /^\[Key ES256 [\w-]{43}\]$/,
      () => [ec('P-256').privateKey.export({ format: 'jwk' }).d ?? 'no d'],
    ],
  ])('shows nothing of %s', (_case, source, expected, secrets) => {
    const key = importKey(source());
    expect(String(key)).toMatch(expected);
    expect(JSON.parse(JSON.stringify(key))).toMatch(expected);
    expect(print(key)).toMatch(expected);
    const printed = [
      String(key),
      JSON.stringify({ key }),
      print({ key }, { depth: Infinity, showHidden: true, getters: true }),
      JSON.stringify(Object.entries(key)),
    ].join('\n');
    for (const secret of secrets()) expect(printed).not.toContain(secret);
  });
});

describe('a secret that others may know', () => {
  const pem = spki(rsa());
  const der = rsa().publicKey.export({ type: 'spki', format: 'der' });

  it.each<[string, () => KeySource, RegExp]>([
    ['PEM as hex', () => ({ hex: Buffer.from(pem).toString('hex') }), /is a PEM block/],
    ['PEM as base64url', () => ({ base64url: Buffer.from(pem).toString('base64url') }), /is a PEM block/],
    [
      'PEM in an oct JWK',
      () => ({ jwk: { kty: 'oct', k: Buffer.from(pem).toString('base64url') } }),
      /is a PEM block/,
    ],
    ['PEM in a KeyObject', () => createSecretKey(Buffer.from(pem)), /is a PEM block/],
    ['SPKI in DER', () => ({ hex: der.toString('hex') }), /is a public key in DER/],
    [
      'a certificate in DER',
      () => ({ hex: Buffer.from(CERTIFICATE, 'base64').toString('hex') }),
      /is a certificate in DER/,
    ],
    ['the base64 of SPKI', () => ({ text: der.toString('base64') }), /is a public key in DER/],
    ['an authorized_keys line', () => ({ text: `no-pty ssh-ed25519 ${'A'.repeat(60)} me` }), /is an SSH key/],
  ])('is refused: %s', (_case, source, words) => {
    expect(refused(source()).message).toMatch(words);
  });

  it.each([
    ['random bytes', () => ({ hex: randomBytes(64).toString('hex') })],
    ['bytes that begin as DER does', () => ({ hex: `3082${OTHER_HEX}` })],
    ['text that begins as the base64 of DER does', () => ({ text: `MIIB${OTHER_HEX}` })],
  ])('is not what %s are', (_case, source) => {
    expect(importKey(source()).algorithm).toBe('HS256');
  });
});

describe('an RSA key', () => {
  const withNumbers = (change: (jwk: { n: Buffer; e: string }) => { n: Buffer; e: string }): KeySource => {
    const { n, e } = rsa().publicKey.export({ format: 'jwk' });
    const changed = change({ n: Buffer.from(n ?? '', 'base64url'), e: e ?? '' });
    return { jwk: { kty: 'RSA', n: changed.n.toString('base64url'), e: changed.e } };
  };

  it.each([
    ['an exponent of 1', () => withNumbers(({ n }) => ({ n, e: 'AQ' }))],
    ['an even exponent', () => withNumbers(({ n }) => ({ n, e: 'AQAA' }))],
    [
      'an even modulus',
      () => withNumbers(({ n, e }) => ({ n: Buffer.concat([n.subarray(0, -1), Buffer.of(2)]), e })),
    ],
  ])('is refused with %s', (_case, source) => {
    expect(refused(source()).message).toMatch(/modulus or an exponent that no RSA key has|cannot be read/);
  });

  it('is taken with an exponent of 3 or 65537', () => {
    expect(importKey(rsa('three', 2048, 3).publicKey).algorithm).toBe('RS256');
    expect(importKey(withNumbers((numbers) => numbers)).algorithm).toBe('RS256');
  });
});
