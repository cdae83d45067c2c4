import { createPublicKey, createSecretKey, pbkdf2Sync, scryptSync, webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compactVerify, importPKCS8, importX509 } from 'jose';
import { afterAll, describe, expect, it } from 'vitest';
import { InvalidKey, importKey, JwtBuilder, type KeySource, thumbprint } from '../src/index.ts';
import {
  CERTIFICATE_REQUEST,
  EC_CERTIFICATE,
  EC_KEY,
  ED25519_CERTIFICATE,
  ED25519_KEY,
  EXPIRED_CERTIFICATE,
} from './fixtures/certificates.ts';
import { ec, ed25519, HEX, pkcs8, rsa, spki } from './fixtures/keys.ts';

const INPUT = 'header.payload';
const folder = mkdtempSync(join(tmpdir(), 'tokenwright-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(name: string, content: string | Uint8Array): URL {
  const path = join(folder, name);
  writeFileSync(path, content);
  return pathToFileURL(path);
}

function refusal(source: unknown, algorithm?: string): InvalidKey {
  try {
    importKey(source as KeySource, algorithm);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidKey);
    return error as InvalidKey;
  }
  throw new Error('expected InvalidKey, and the key was imported');
}

const words = (source: unknown, algorithm?: string): string => refusal(source, algorithm).message;

describe('a key file', () => {
  it.each<[string, () => KeySource]>([
    ['PEM', () => ({ pem: fileWith('key.pem', EC_KEY) })],
    ['PEM with a byte order mark', () => ({ pem: fileWith('bom.pem', `\uFEFF${EC_KEY}`) })],
    ['PEM in UTF-16', () => ({ pem: fileWith('utf16.pem', Buffer.from(`\uFEFF${EC_KEY}`, 'utf16le')) })],
    ['a JWK', () => ({ jwk: fileWith('key.jwk', JSON.stringify(importKey({ pem: EC_KEY }).publicJwk())) })],
    ['a certificate', () => ({ x509: fileWith('key.crt', EC_CERTIFICATE) })],
    [
      'a certificate and its key',
      () => ({ x509: fileWith('a.crt', EC_CERTIFICATE), pem: fileWith('a.pem', EC_KEY) }),
    ],
    [
      'a certificate in DER',
      () => ({
        x509: fileWith('key.der', Buffer.from(EC_CERTIFICATE.replace(/-----.*-----/g, ''), 'base64')),
      }),
    ],
  ])('with %s gives the key in it', (_what, source) => {
    expect(importKey(source()).thumbprint).toBe(thumbprint({ pem: EC_KEY }));
  });

  it.each<[string, () => KeySource, RegExp]>([
    [
      'is missing',
      () => ({ pem: pathToFileURL(join(folder, 'none.pem')) }),
      /^There is no file .*none\.pem\./,
    ],
    ['is a folder', () => ({ jwk: pathToFileURL(mkdtempSync(join(folder, 'd'))) }), /is no file/],
    ['is a device', () => ({ pem: new URL('file:///dev/zero') }), /\/dev\/zero is no file/],
    [
      'is elsewhere',
      () => ({ jwk: new URL('https://issuer.example/key') }),
      /not read from https:, only from file:/,
    ],
    ['is in data:', () => ({ jwk: new URL('data:application/json,{}') }), /not read from data:/],
    ['has a host', () => ({ pem: new URL('file://host/key.pem') }), /names no path of this machine/],
    ['is empty', () => ({ jwk: fileWith('empty.jwk', '') }), /no JSON object/],
    [
      'holds a key of another form',
      () => ({ jwk: fileWith('k.jwk', EC_KEY) }),
      /is a PEM block \(PRIVATE KEY\)/,
    ],
    [
      'holds DER where PEM was said',
      () => ({ pem: fileWith('k.der', ec('P-256').publicKey.export({ type: 'spki', format: 'der' })) }),
      /is a public key in DER \(SPKI\)/,
    ],
  ])('that %s is refused', (_case, source, expected) => {
    expect(words(source())).toMatch(expected);
  });

  it('of more than 65,536 bytes is refused, and one of so many is read', () => {
    const url = fileWith('large.pem', EC_KEY);
    truncateSync(url, 65_537);
    expect(words({ pem: url })).toMatch(/larger than 65536 bytes/);
    const blanks = fileWith('padded.pem', EC_KEY.padEnd(65_536, '\n'));
    expect(importKey({ pem: blanks }).algorithm).toBe('ES256');
  });
});

describe('a certificate', () => {
  it('gives its public key, with the thumbprint of the key', async () => {
    const key = importKey({ x509: EC_CERTIFICATE });
    expect(key).toMatchObject({
      algorithm: 'ES256',
      canSign: false,
      thumbprint: thumbprint({ pem: EC_KEY }),
    });
    const signed = importKey({ pem: EC_KEY }).sign(INPUT);
    expect(key.verify(INPUT, signed)).toBe(true);
  });

  it.each([
    ['ES256', EC_CERTIFICATE, EC_KEY],
    ['EdDSA', ED25519_CERTIFICATE, ED25519_KEY],
  ])(
    'signs with its private key as %s, and jose verifies with the certificate',
    async (algorithm, x509, pem) => {
      const { token } = await new JwtBuilder().signWith({ x509, pem }).build();
      const { protectedHeader } = await compactVerify(token, await importX509(x509, algorithm));
      expect(protectedHeader).toMatchObject({ alg: algorithm, kid: thumbprint({ x509 }) });
    },
  );

  it('opens its private key with a passphrase', () => {
    const pem = importKey({ pem: EC_KEY }).exportPrivatePem({ passphrase: 'open sesame' });
    expect(importKey({ x509: EC_CERTIFICATE, pem, passphrase: 'open sesame' }).canSign).toBe(true);
    expect(words({ x509: EC_CERTIFICATE, pem, passphrase: 'barley' })).toMatch(/does not open the PEM/);
    expect(words({ x509: EC_CERTIFICATE, passphrase: 'barley' })).toMatch(/without a private key to open/);
  });

  it('is the first of a chain', () => {
    expect(importKey({ x509: EC_CERTIFICATE + ED25519_CERTIFICATE }).algorithm).toBe('ES256');
    expect(importKey({ x509: ED25519_CERTIFICATE + EC_CERTIFICATE }).algorithm).toBe('EdDSA');
  });

  it('gives its key also when it is over: dates are for who checks certificates', () => {
    expect(importKey({ x509: EXPIRED_CERTIFICATE, pem: EC_KEY }).canSign).toBe(true);
  });

  it.each<[string, unknown, RegExp]>([
    ['a private key of another', { x509: EC_CERTIFICATE, pem: pkcs8(ec('P-256')) }, /do not belong together/],
    [
      'a private key of another kind',
      { x509: EC_CERTIFICATE, pem: ED25519_KEY },
      /does not go with|do not belong together/,
    ],
    ['a public key beside it', { x509: EC_CERTIFICATE, pem: spki(ec('P-256')) }, /holds no private key/],
    ['a key instead of it', { x509: EC_KEY }, /holds a PRIVATE KEY, which is no certificate/],
    [
      'key and certificate in one',
      { x509: EC_CERTIFICATE + EC_KEY },
      /holds a PRIVATE KEY, which is no certificate/,
    ],
    [
      'a request instead of it',
      { x509: CERTIFICATE_REQUEST },
      /holds a CERTIFICATE REQUEST, which is no certificate/,
    ],
    ['damage', { x509: EC_CERTIFICATE.replace(/\n.{10}/, '\nAAAAAAAAAA') }, /certificate cannot be read/],
    ['a path', { x509: '/etc/key.crt' }, /no PEM block.*not its path/],
    ['an X.509 object', Object.assign(Object.create(null), { x509: 7 }), /\{ x509 \} is no string/],
  ])('is refused with %s', (_case, source, expected) => {
    expect(words(source)).toMatch(expected);
  });
});

describe('a JWK as text', () => {
  const jwk = ec('P-256').privateKey.export({ format: 'jwk' });

  it('is the same key as the object', () => {
    const text = JSON.stringify({ ...jwk, kid: 'k1', future: { member: [1] } });
    expect(importKey({ jwk: text })).toMatchObject({
      kid: 'k1',
      canSign: true,
      thumbprint: thumbprint({ jwk }),
    });
    expect(importKey({ jwk: `\uFEFF${text}` }).kid).toBe('k1');
  });

  it.each<[string, string, RegExp]>([
    ['a member twice', `{"kid":"a",${JSON.stringify(jwk).slice(1, -1)},"kid":"b"}`, /has a member twice/],
    [
      'a member twice, written differently',
      `{"kid":"a",${JSON.stringify(jwk).slice(1, -1)},"k\\u0069d":"b"}`,
      /has a member twice/,
    ],
    [
      'a member twice further in',
      `{${JSON.stringify(jwk).slice(1, -1)},"x":{"a":1,"a":2}}`,
      /has a member twice/,
    ],
    ['a path', '/etc/key.jwk', /no JSON object.*a path is none/],
    ['PEM', EC_KEY, /is a PEM block \(PRIVATE KEY\)/],
    ['a list', JSON.stringify([jwk]), /is a list of JSON Web Keys/],
    ['a set', JSON.stringify({ keys: [jwk] }), /JWK Set, and one key is needed/],
    ['nothing', '', /\{ jwk \} is empty/],
  ])('is refused with %s', (_case, text, expected) => {
    expect(words({ jwk: text })).toMatch(expected);
  });
});

describe('the members of a JWK', () => {
  const privateEc = ec('P-256').privateKey.export({ format: 'jwk' });
  const publicEc = ec('P-256').publicKey.export({ format: 'jwk' });
  const privateRsa = rsa().privateKey.export({ format: 'jwk' });
  const publicRsa = rsa().publicKey.export({ format: 'jwk' });
  const okp = ed25519().privateKey.export({ format: 'jwk' });
  const other = {
    ec: ec('P-256', 'two').publicKey.export({ format: 'jwk' }),
    rsa: rsa('two').publicKey.export({ format: 'jwk' }),
    okp: ed25519('two').publicKey.export({ format: 'jwk' }),
  };

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['no kty', { crv: 'P-256' }, /`kty` is missing/],
    ['a kty that there is not', { ...publicEc, kty: 'ec' }, /`kty` is not one there is here/],
    ['no curve', { ...publicEc, crv: undefined }, /has no `crv`/],
    ['no y', { ...publicEc, y: undefined }, /has no `y`/],
    ['no p', { ...privateRsa, p: undefined }, /has no `p`/],
    ['an x with padding', { ...publicEc, x: `${publicEc.x}=` }, /`x` is not a non-empty base64url text/],
    ['an x with a blank', { ...publicEc, x: ` ${publicEc.x}` }, /`x` is not a non-empty base64url text/],
    ['an x that is a number', { ...publicEc, x: 7 }, /`x` is not a non-empty base64url text/],
    [
      'an x without its leading zero',
      { ...publicEc, x: publicEc.x?.slice(0, 42).replace(/.$/, 'A') },
      /`x` has not the 32 bytes/,
    ],
    ['a point off the curve', { ...publicEc, y: publicEc.x }, /no key of that type and curve/],
    ['coordinates of another curve', { ...publicEc, crv: 'P-384' }, /has not the 48 bytes/],
    ['a third prime', { ...privateRsa, oth: [] }, /more than two primes/],
    ['an x of another key', { ...okp, x: other.okp.x }, /do not belong together/],
    ['a point of another key', { ...privateEc, x: other.ec.x, y: other.ec.y }, /do not belong together/],
    [
      'a modulus of another key',
      { ...privateRsa, n: other.rsa.n },
      /do not belong together|no key of that type/,
    ],
    ['an empty kid', { ...publicEc, kid: '' }, /\(kid\) of the JWK is empty/],
    ['a use that is no string', { ...publicEc, use: ['sig'] }, /`use` is no string/],
  ])('are refused with %s', (_case, jwk, expected) => {
    expect(words({ jwk })).toMatch(expected);
  });

  it.each([
    ['EC', privateEc],
    ['RSA', privateRsa],
    ['OKP', okp],
    ['public RSA', publicRsa],
  ])('are taken as %s has them, and others are ignored', (_kind, jwk) => {
    const key = importKey({
      jwk: { ...jwk, x5c: ['none'], x5t: 7, unknown: { a: 1 } } as Record<string, unknown>,
    });
    expect(key.thumbprint).toBe(thumbprint({ jwk: jwk as Record<string, unknown> }));
  });

  it('of one key ID and algorithm say the same as what is beside them, or are refused', () => {
    const jwk = { ...publicRsa, alg: 'RS256' };
    expect(importKey({ jwk, alg: 'RS256' }, 'RS256').algorithm).toBe('RS256');
    expect(words({ jwk, alg: 'PS256' })).toMatch(/is for RS256, and PS256 was asked for/);
    expect(words({ jwk: publicRsa, alg: 'PS256' }, 'PS512')).toMatch(/is for PS256, and PS512 was asked for/);
    expect(words({ jwk: publicRsa, alg: 7 })).toMatch(/\(alg\) is no string/);
  });
});

describe('a CryptoKey', () => {
  const { subtle } = webcrypto;

  it.each([
    ['HS384', { name: 'HMAC', hash: 'SHA-384' }],
    [
      'RS512',
      {
        name: 'RSASSA-PKCS1-v1_5',
        hash: 'SHA-512',
        modulusLength: 2048,
        publicExponent: Uint8Array.of(1, 0, 1),
      },
    ],
    [
      'PS384',
      { name: 'RSA-PSS', hash: 'SHA-384', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) },
    ],
    ['ES384', { name: 'ECDSA', namedCurve: 'P-384' }],
    ['EdDSA', { name: 'Ed25519' }],
  ])('is for %s, as it says itself, and for nothing else', async (algorithm, parameters) => {
    const made = await subtle.generateKey(parameters, true, ['sign', 'verify']);
    const pair = 'privateKey' in made ? made : { privateKey: made, publicKey: made };
    const signing = importKey(pair.privateKey);
    expect(signing.algorithm).toBe(algorithm);
    expect(importKey(pair.publicKey).verify(INPUT, signing.sign(INPUT))).toBe(true);
    const another = algorithm === 'HS384' ? 'HS256' : algorithm.startsWith('RS') ? 'RS256' : 'PS256';
    expect(words(pair.privateKey, another)).toMatch(
      new RegExp(`is for ${algorithm}, and ${another} was asked for|does not go with`),
    );
  });

  it('does only what its usages allow', async () => {
    const hmac = (usages: ('sign' | 'verify')[]) =>
      subtle.importKey('raw', Buffer.from(HEX, 'hex'), { name: 'HMAC', hash: 'SHA-256' }, true, usages);
    const [signing, verifying] = [importKey(await hmac(['sign'])), importKey(await hmac(['verify']))];
    expect(signing.canSign).toBe(true);
    expect(() => signing.verifyingSide()).toThrow(/for signing only: its `key_ops` do not allow verify/);
    expect(verifying.canSign).toBe(false);
    expect(verifying.verifyingSide().verify(INPUT, signing.sign(INPUT))).toBe(true);
    const pair = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
    expect(words(pair.privateKey)).toMatch(/allow neither sign nor verify/);
  });

  it('that is not extractable signs, and is not exported', async () => {
    const pair = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
    const key = importKey(pair.privateKey);
    expect(key.verify(INPUT, key.sign(INPUT))).toBe(true);
    for (const ask of [() => key.exportPrivateJwk(), () => key.exportPrivatePem()]) {
      expect(ask).toThrow(/is not to be exported: its source says so/);
    }
    expect(key.publicJwk()).toMatchObject({ kty: 'EC' });
  });
});

describe('a passphrase', () => {
  const passphrase = 'correct horse battery staple';
  const salt = { hex: '00112233445566778899aabbccddeeff' };
  const iterations = 600_000;
  const bytes = Buffer.from(salt.hex, 'hex');

  it.each([
    ['HS256', 32],
    ['HS384', 48],
    ['HS512', 64],
  ])('makes a key for %s of %i bytes with PBKDF2', (algorithm, length) => {
    const expected = createSecretKey(pbkdf2Sync(passphrase, bytes, iterations, length, 'sha256'));
    const key = importKey({ passphrase, salt, iterations }, algorithm);
    expect(key.sign(INPUT)).toBe(importKey(expected, algorithm).sign(INPUT));
    expect(key.algorithm).toBe(algorithm);
  });

  it('makes a key with scrypt, at the cost that is the default or more', () => {
    const expected = scryptSync(passphrase, bytes, 32, { N: 131_072, r: 8, p: 1, maxmem: 2 ** 28 });
    const key = importKey({ passphrase, salt: { base64url: bytes.toString('base64url') }, scrypt: {} });
    expect(key.sign(INPUT)).toBe(importKey(createSecretKey(expected)).sign(INPUT));
  });

  it('is the same on every keyboard: composed and decomposed letters make one key', () => {
    const key = (text: string) => importKey({ passphrase: text, salt, iterations }).sign(INPUT);
    expect(key('M\u00fcnchner Kindl trinkt Bier')).toBe(key('Mu\u0308nchner Kindl trinkt Bier'));
  });

  it.each<[string, unknown, RegExp]>([
    ['alone', { passphrase }, /no salt/],
    ['with a salt alone', { passphrase, salt }, /needs a function that makes a key of it/],
    ['without a salt', { passphrase, iterations }, /no salt/],
    ['with a salt in no form', { passphrase, salt: 'salt', iterations }, /no salt, or one in no known form/],
    [
      'with a salt in two forms',
      { passphrase, salt: { hex: 'aa', base64url: 'aa' }, iterations },
      /no salt, or one in no known form/,
    ],
    [
      'with a salt of 15 bytes',
      { passphrase, salt: { hex: 'ab'.repeat(15) }, iterations },
      /salt has 15 bytes, and 16/,
    ],
    [
      'with a salt that is not hexadecimal',
      { passphrase, salt: { hex: 'xy'.repeat(16) }, iterations },
      /no digit at position 0/,
    ],
    ['of 14 characters', { passphrase: 'a'.repeat(14), salt, iterations }, /fewer than 15 characters/],
    [
      'of 14 characters that take two units each',
      { passphrase: '\u{1F511}'.repeat(14), salt, iterations },
      /fewer than 15 characters/,
    ],
    ['that is empty', { passphrase: '', salt, iterations }, /\{ passphrase \} is empty/],
    ['that is public', { passphrase: spki(rsa()), salt, iterations }, /passphrase is a PEM block/],
    ['with 599,999 iterations', { passphrase, salt, iterations: 599_999 }, /from 600000 to 20000000/],
    ['with iterations as text', { passphrase, salt, iterations: '600000' }, /number of iterations/],
    ['with a cost below the floor', { passphrase, salt, scrypt: { cost: 65_536 } }, /cost of scrypt/],
    [
      'with a cost that is no power of two',
      { passphrase, salt, scrypt: { cost: 200_000 } },
      /cost of scrypt/,
    ],
    ['with a cost beyond the memory', { passphrase, salt, scrypt: { cost: 2 ** 24 } }, /cost of scrypt/],
    ['with scrypt that is true', { passphrase, salt, scrypt: true }, /cost of scrypt/],
    ['with both functions', { passphrase, salt, iterations, scrypt: {} }, /one function and has two/],
    ['for RS256', { passphrase, salt, iterations, alg: 'RS256' }, /makes a key for HMAC only/],
  ])('is refused %s', (_case, source, expected) => {
    expect(words(source)).toMatch(expected);
    expect(words(source)).not.toContain('horse');
  });
});

describe('a source', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['with two forms', () => ({ hex: HEX, pem: EC_KEY }), /has 2 forms where it needs one/],
    [
      'with a member that does not belong',
      () => ({ hex: HEX, algorithm: 'HS256' }),
      /members that do not belong to it\. Beside hex there may be alg, kid/,
    ],
    [
      'with a passphrase for a secret',
      () => ({ hex: HEX, passphrase: 'open sesame' }),
      /has 2 forms|do not belong/,
    ],
    [
      'that is a JWK itself',
      () => ec('P-256').publicKey.export({ format: 'jwk' }),
      /That is a JWK\. Give it as \{ jwk \}/,
    ],
    ['that is a JWK Set', () => ({ keys: [] }), /That is a JWK Set/],
    ['that is a pair', () => ec('P-256'), /That is a key pair\. Give its privateKey/],
    [
      'that is PEM',
      () => EC_KEY,
      /does not say in which form it is; it is a PEM block \(PRIVATE KEY\)\. Give it as \{ pem \}/,
    ],
    ['that is PEM in bytes', () => Buffer.from(EC_KEY), /it is a PEM block/],
    ['that is a token', () => 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln', /it is a JSON Web Token/],
    ['that is true', () => true, /There is no key: it is boolean/],
    [
      'from a variable that is not set',
      () => ({ hex: undefined }),
      /\{ hex \} is no string\. An environment variable/,
    ],
  ])('%s is refused in words', (_case, source, expected) => {
    expect(words(source())).toMatch(expected);
  });

  it('may name forms that are not set beside the one that is', () => {
    expect(importKey({ hex: HEX, text: undefined } as unknown as KeySource).algorithm).toBe('HS256');
  });

  it('that jose reads is read as the same key', async () => {
    const { token } = await new JwtBuilder().signWith({ pem: EC_KEY }).build();
    const publicKey = createPublicKey(EC_KEY);
    expect((await compactVerify(token, publicKey)).protectedHeader.alg).toBe('ES256');
    expect((await importPKCS8(EC_KEY, 'ES256')).type).toBe('private');
  });
});
