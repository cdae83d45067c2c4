import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint, compactVerify, importJWK, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { type SignatureAlgorithm, signatureAlgorithm } from '../src/algorithms.ts';
import {
  generateKey,
  InvalidKey,
  importJwks,
  importKey,
  JwtBuilder,
  JwtValidator,
  thumbprint,
} from '../src/index.ts';
import { algorithmIdentifier } from '../src/keys/formats.ts';
import { missingInRuntime } from '../src/keys/runtime.ts';
import { ed25519 } from './fixtures/keys.ts';

const NAMES = ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'] as const;
const rowOf = (name: string): SignatureAlgorithm => signatureAlgorithm(name) ?? expect.fail(name);
const isThere = rowOf('ML-DSA-44').needs?.isMet() === true;

/** The SPKI of an ML-DSA key as far as its algorithm (RFC 9881 §2); the key in it is not one. */
function spki(lastByte: number): string {
  const der = Buffer.from(`3012300b0609608648016503040${`3${lastByte.toString(16)}`}0303000000`, 'hex');
  return `-----BEGIN PUBLIC KEY-----\n${der.toString('base64')}\n-----END PUBLIC KEY-----\n`;
}

describe.runIf(isThere).each(NAMES)('%s, where the runtime has it', (name) => {
  const making = generateKey(name);

  it('signs what jose verifies, and verifies what jose signs', async () => {
    const key = await making;
    const { token } = await new JwtBuilder().signWith(key).build();
    const publicKey = await importJWK(key.publicJwk() ?? {}, name);
    expect((await compactVerify(token, publicKey)).protectedHeader).toMatchObject({
      alg: name,
      kid: key.thumbprint,
    });
    const signed = await new SignJWT({})
      .setProtectedHeader({ alg: name })
      .sign(await importJWK(key.exportPrivateJwk(), name));
    const validator = new JwtValidator({
      keys: key,
      issuer: null,
      audience: null,
      acceptNeverExpiring: true,
    });
    expect((await validator.verify(signed)).header.alg).toBe(name);
    const at = signed.length - 10;
    const changed = `${signed.slice(0, at)}${signed[at] === 'A' ? 'B' : 'A'}${signed.slice(at + 1)}`;
    expect(await validator.safeVerify(changed)).toMatchObject({
      code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    });
  });

  it('has a JWK of type AKP, whose thumbprint is the one that jose computes', async () => {
    const key = await making;
    expect(Object.keys(key.publicJwk() ?? {}).sort()).toEqual(['alg', 'kid', 'kty', 'pub', 'use']);
    expect(key.exportPrivateJwk()).toMatchObject({
      kty: 'AKP',
      alg: name,
      priv: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(key.thumbprint).toBe(await calculateJwkThumbprint(key.publicJwk() as { kty: string }));
    expect(thumbprint({ jwk: key.exportPrivateJwk() })).toBe(key.thumbprint);
  });

  it('comes back from JWK and PEM, and needs no algorithm to be named', async () => {
    const key = await making;
    for (const source of [
      { jwk: key.exportPrivateJwk() },
      { pem: key.exportPrivatePem() },
      { pem: key.exportPrivatePem({ passphrase: 'open sesame' }), passphrase: 'open sesame' },
      createPrivateKey(key.exportPrivatePem()),
    ]) {
      expect(importKey(source)).toMatchObject({ algorithm: name, canSign: true, thumbprint: key.thumbprint });
    }
    expect(importKey({ pem: key.publicPem() ?? '' })).toMatchObject({ algorithm: name, canSign: false });
    expect(importJwks({ keys: [key.publicJwk()] })[0]?.thumbprint).toBe(key.thumbprint);
  });

  it('does not go with a key or a name of another size', async () => {
    const jwk = (await making).exportPrivateJwk();
    const other = name === 'ML-DSA-44' ? 'ML-DSA-65' : 'ML-DSA-44';
    expect(() => importKey({ jwk: { ...jwk, alg: other } })).toThrow(/no key of that type and curve/);
    expect(() => importKey({ jwk }, other)).toThrow(`The key is for ${name}, and ${other} was asked for.`);
    expect(() => importKey({ jwk: { ...jwk, alg: undefined } })).toThrow(/has no `alg`/);
    expect(() => importKey(ed25519().privateKey, name)).toThrow(`${name} does not go with`);
  });

  it('is refused when seed and public key do not belong together', async () => {
    const jwk = (await making).exportPrivateJwk();
    const { pub } = (await generateKey(name)).exportPrivateJwk();
    expect(() => importKey({ jwk: { ...jwk, pub } })).toThrow(/do not belong together|no key of that type/);
  });

  it('is known by the identifier in its keys', () => {
    const type = name.toLowerCase() as 'ml-dsa-44';
    const { publicKey, privateKey } = generateKeyPairSync(type);
    for (const der of [
      publicKey.export({ type: 'spki', format: 'der' }),
      privateKey.export({ type: 'pkcs8', format: 'der' }),
    ]) {
      expect(algorithmIdentifier(der)).toBe(rowOf(name).identifier);
    }
  });
});

describe.runIf(!isThere).each(NAMES)('%s, where the runtime does not have it', (name) => {
  const words =
    /^ML-DSA-\d\d needs Node\.js 24\.7 or later with OpenSSL 3\.5 or later, and this is Node\.js \d+\./;
  const bytes = Buffer.alloc(64, 1).toString('base64url');

  it('is refused with what it needs, wherever a key comes from', async () => {
    await expect(generateKey(name)).rejects.toThrow(words);
    expect(() => importKey(ed25519().privateKey, name)).toThrow(words);
    expect(() => importKey({ jwk: { kty: 'AKP', alg: name, pub: bytes } })).toThrow(words);
    expect(() => importKey({ pem: spki(0x11 + NAMES.indexOf(name)) })).toThrow(words);
  });

  it('is left out of a JWK Set', () => {
    const keys = [{ kty: 'AKP', alg: name, pub: bytes }, ed25519().publicKey.export({ format: 'jwk' })];
    expect(importJwks({ keys }).map((key) => key.algorithm)).toEqual(['EdDSA']);
  });
});

describe('an algorithm that the runtime does not have', () => {
  it('says what it needs and what is there', () => {
    const row = { ...rowOf('ML-DSA-44'), needs: { runtime: 'Node.js 99', isMet: () => false } };
    expect(missingInRuntime(row)).toBeInstanceOf(InvalidKey);
    expect(missingInRuntime(row)?.message).toBe(
      `ML-DSA-44 needs Node.js 99, and this is Node.js ${process.versions.node} with OpenSSL ${process.versions.openssl}. Run it on a newer Node.js, or use a key for another algorithm.`,
    );
    expect(missingInRuntime(rowOf('ES256'))).toBeUndefined();
  });

  it('is known by the identifier of a key that cannot be read', () => {
    const der = (pem: string) => Buffer.from(pem.replace(/-----.*-----/g, ''), 'base64');
    expect([0x11, 0x12, 0x13].map((last) => algorithmIdentifier(der(spki(last))))).toEqual(
      NAMES.map((name) => rowOf(name).identifier),
    );
    expect(() => importKey({ pem: spki(0x11) })).toThrow(
      isThere ? /PUBLIC KEY in the PEM cannot be read/ : /needs Node/,
    );
  });
});
