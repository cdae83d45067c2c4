import { createPrivateKey, createPublicKey, type webcrypto } from 'node:crypto';
import {
  compactVerify,
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  importJWK,
  importPKCS8,
  importSPKI,
  SignJWT,
} from 'jose';
import { describe, expect, it } from 'vitest';
import { generateKey, InvalidOption, importKey, JwtBuilder, JwtValidator } from '../src/index.ts';
import { ASYMMETRIC, SYMMETRIC } from './fixtures/keys.ts';

const INPUT = 'header.payload';
/** RSA keys take long to make, and their size changes nothing here. */
const quick = (algorithm: string) => (/^[RP]S/.test(algorithm) ? { bits: 2048 } : {});
const compact = (key: { sign(input: string): string; algorithm: string }): string => {
  const input = `${Buffer.from(JSON.stringify({ alg: key.algorithm })).toString('base64url')}.e30`;
  return `${input}.${key.sign(input)}`;
};

describe.each(ASYMMETRIC)('a generated key for %s', (algorithm) => {
  const making = generateKey(algorithm, quick(algorithm));

  it('signs and verifies, and is no other than the next', async () => {
    const key = await making;
    expect(key).toMatchObject({ algorithm, canSign: true, kid: key.thumbprint });
    expect(String(key)).toBe(`[Key ${algorithm} ${key.thumbprint}]`);
    expect(key.verifyingSide().verify(INPUT, key.sign(INPUT))).toBe(true);
    expect((await generateKey(algorithm, quick(algorithm))).thumbprint).not.toBe(key.thumbprint);
  });

  it('goes to jose as a JWK and as PEM, private and public', async () => {
    const key = await making;
    const publicKeys = [
      await importJWK(key.publicJwk() ?? {}),
      await importSPKI(key.publicPem() ?? '', algorithm),
    ];
    for (const publicKey of publicKeys) {
      expect((await compactVerify(compact(key), publicKey)).protectedHeader.alg).toBe(algorithm);
    }
    const privateKeys = [
      await importJWK(key.exportPrivateJwk()),
      await importPKCS8(key.exportPrivatePem(), algorithm),
    ];
    for (const privateKey of privateKeys) {
      const token = await new SignJWT({}).setProtectedHeader({ alg: algorithm }).sign(privateKey);
      const validator = new JwtValidator({
        keys: key,
        issuer: null,
        audience: null,
        acceptNeverExpiring: true,
      });
      expect((await validator.verify(token)).header.alg).toBe(algorithm);
    }
  });

  it('comes back from everything that it is exported as', async () => {
    const key = await making;
    const passphrase = 'open sesame';
    for (const source of [
      { jwk: key.exportPrivateJwk() },
      { jwk: JSON.stringify(key.exportPrivateJwk()) },
      { pem: key.exportPrivatePem(), alg: algorithm },
      { pem: key.exportPrivatePem({ passphrase }), passphrase, alg: algorithm },
    ]) {
      expect(importKey(source)).toMatchObject({ algorithm, canSign: true, thumbprint: key.thumbprint });
    }
    for (const source of [{ jwk: key.publicJwk() ?? {} }, { pem: key.publicPem() ?? '', alg: algorithm }]) {
      expect(importKey(source)).toMatchObject({ algorithm, canSign: false, thumbprint: key.thumbprint });
    }
  });

  it('comes from jose as a JWK and as PEM', async () => {
    const pair = await generateKeyPair(algorithm, { extractable: true });
    const signing = importKey({ jwk: { ...(await exportJWK(pair.privateKey)), alg: algorithm } });
    expect((await compactVerify(compact(signing), pair.publicKey)).protectedHeader.alg).toBe(algorithm);
    expect(importKey({ pem: await exportPKCS8(pair.privateKey) }, algorithm).thumbprint).toBe(
      signing.thumbprint,
    );
    expect(importKey(pair.privateKey as webcrypto.CryptoKey, algorithm).thumbprint).toBe(signing.thumbprint);
  });

  it('takes a key ID', async () => {
    const { kid, thumbprint } = await generateKey(algorithm, { ...quick(algorithm), kid: 'k1' });
    expect([kid, thumbprint?.length]).toEqual(['k1', 43]);
  });
});

describe.each(SYMMETRIC)('a generated key for %s', (algorithm) => {
  const hashBytes = Number(algorithm.slice(2)) / 8;
  const bytesOf = (jwk: Record<string, unknown>): number => Buffer.from(String(jwk['k']), 'base64url').length;

  it('has the length of the hash, or the one that is asked for', async () => {
    const key = await generateKey(algorithm);
    expect(key.exportPrivateJwk()).toMatchObject({ kty: 'oct', alg: algorithm, use: 'sig' });
    expect(bytesOf(key.exportPrivateJwk())).toBe(hashBytes);
    expect(bytesOf((await generateKey(algorithm, { bits: 1024 })).exportPrivateJwk())).toBe(128);
    expect(String(key)).toBe(`[Key ${algorithm}]`);
  });

  it('goes to jose and comes back', async () => {
    const key = await generateKey(algorithm, { kid: 'k1' });
    const { token } = await new JwtBuilder().signWith(key).build();
    const secret = await importJWK(key.exportPrivateJwk());
    expect((await compactVerify(token, secret)).protectedHeader).toMatchObject({ alg: algorithm, kid: 'k1' });
    expect(importKey({ jwk: key.exportPrivateJwk() })).toMatchObject({ algorithm, kid: 'k1' });
  });

  it('has no PEM and no public part', async () => {
    const key = await generateKey(algorithm);
    expect([key.publicPem(), key.publicJwk()]).toEqual([undefined, undefined]);
    expect(() => key.exportPrivatePem()).toThrow(/shared secret has no PEM form/);
  });
});

describe('generateKey', () => {
  it('makes RSA keys of 3072 bits with the exponent 65537', async () => {
    const key = await generateKey('PS256');
    expect(createPrivateKey(key.exportPrivatePem()).asymmetricKeyDetails).toMatchObject({
      modulusLength: 3072,
      publicExponent: 65_537n,
    });
  });

  it('makes a key for EdDSA when Ed25519 is asked for', async () => {
    expect((await generateKey('Ed25519')).algorithm).toBe('EdDSA');
  });

  it.each([
    ['none', {}, /algorithm is not one there is here/],
    ['A256KW', {}, /algorithm is not one there is here/],
    ['HS256', { bits: 248 }, /bits is no size of a key for HS256\. Give a multiple of 8 from 256/],
    ['HS512', { bits: 513 }, /bits is no size/],
    [
      'RS256',
      { bits: 1024 },
      /bits is no size of a key for RS256\. Give a multiple of 256 from 2048 to 16384/,
    ],
    ['RS256', { bits: 2049 }, /bits is no size/],
    ['RS256', { bits: 32_768 }, /bits is no size/],
    ['RS256', { bits: '3072' }, /bits is no size/],
    ['ES256', { bits: 256 }, /bits does not go with ES256, whose keys have one size/],
  ])('refuses %s with %j', async (algorithm, options, expected) => {
    const making = generateKey(algorithm as 'HS256', options as { bits: number });
    await expect(making).rejects.toThrow(InvalidOption);
    await expect(making).rejects.toThrow(expected);
  });

  it('refuses an empty key ID', async () => {
    await expect(generateKey('ES256', { kid: '' })).rejects.toThrow(InvalidOption);
    await expect(generateKey('HS256', { kid: '' })).rejects.toThrow(/kid is not a non-empty string/);
  });
});

describe('an exported private key', () => {
  it('is encrypted by its passphrase, and not by an empty one', async () => {
    const key = await generateKey('ES256');
    expect(key.exportPrivatePem()).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    expect(key.exportPrivatePem({ passphrase: 'open sesame' })).toMatch(
      /^-----BEGIN ENCRYPTED PRIVATE KEY-----/,
    );
    expect(() => key.exportPrivatePem({ passphrase: '' })).toThrow(/passphrase is not a non-empty string/);
    expect(createPublicKey(key.publicPem() ?? '').asymmetricKeyType).toBe('ec');
  });

  it('is refused for a JWK that says ext: false', async () => {
    const jwk = (await generateKey('ES256')).exportPrivateJwk();
    expect(importKey({ jwk: { ...jwk, ext: true } }).exportPrivateJwk()).toEqual(jwk);
    expect(() => importKey({ jwk: { ...jwk, ext: false } }).exportPrivateJwk()).toThrow(/not to be exported/);
  });
});
