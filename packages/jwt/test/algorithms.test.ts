import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import { compactVerify, jwtVerify, SignJWT } from 'jose';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { SIGNATURE_ALGORITHMS, signatureAlgorithm } from '../src/algorithms.ts';
import { ecdsaToDer, ecdsaToJose } from '../src/ecdsa-signature.ts';
import { importKey, JwtBuilder, type SignatureAlgorithmName } from '../src/index.ts';
import { ASYMMETRIC, ec, HEX, type KeyPair, OTHER_HEX, pairFor, rsa, SYMMETRIC } from './fixtures/keys.ts';
import { AUDIENCE, builder, CLAIMS, clock, ISSUER, NOW, validatorOf } from './fixtures/tokens.ts';

/** The keys of an algorithm: what signs, and what verifies with jose. */
function keysOf(
  algorithm: SignatureAlgorithmName,
  name?: string,
): { sign: KeyObject | Uint8Array; verify: KeyObject | Uint8Array } {
  const asymmetric = ASYMMETRIC.find((one) => one === algorithm);
  if (asymmetric === undefined) {
    const secret = Buffer.from(name === undefined ? HEX : OTHER_HEX, 'hex');
    return { sign: secret, verify: secret };
  }
  const pair: KeyPair = pairFor(asymmetric, name);
  return { sign: pair.privateKey, verify: pair.publicKey };
}

function sourceOf(key: KeyObject | Uint8Array) {
  return key instanceof Uint8Array ? { hex: Buffer.from(key).toString('hex') } : key;
}

const ALL = [...SYMMETRIC, ...ASYMMETRIC];
const joseOptions = { issuer: ISSUER, audience: AUDIENCE, currentDate: new Date(NOW * 1000) };

describe('the table of algorithms', () => {
  it('has these rows and no other', () => {
    expect(SIGNATURE_ALGORITHMS).toEqual([...ALL, 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87']);
  });

  it.each(['none', 'None', '', 'hs256', 'HS256 ', 'HS1', 'RSA1_5', 'ES256K', 'constructor', '__proto__'])(
    'does not have %j',
    (name) => {
      expect(signatureAlgorithm(name)).toBeUndefined();
    },
  );
});

describe.each(ALL)('%s', (algorithm) => {
  const keys = keysOf(algorithm);
  const other = keysOf(algorithm, 'two');
  const signer = builder.signWith(sourceOf(keys.sign), algorithm);
  const validator = validatorOf({ keys: importKey(sourceOf(keys.verify), algorithm) });

  it('signs what jose verifies', async () => {
    const issued = await signer.subject('alice').build();
    const { payload, protectedHeader } = await jwtVerify(issued.token, keys.verify, {
      ...joseOptions,
      algorithms: [algorithm],
    });
    expect(payload).toEqual(issued.claims);
    expect(protectedHeader).toEqual(issued.header);
    expect(protectedHeader.alg).toBe(algorithm);
  });

  it('verifies what jose signs', async () => {
    const token = await new SignJWT({ ...CLAIMS }).setProtectedHeader({ alg: algorithm }).sign(keys.sign);
    expect((await validator.verify(token)).claims).toEqual(CLAIMS);
  });

  it('verifies what it signs itself, and not with another key', async () => {
    const { token } = await signer.build();
    expect((await validator.verify(token)).token).toBe(token);
    const stranger = validatorOf({ keys: importKey(sourceOf(other.verify), algorithm) });
    expect(await stranger.safeVerify(token)).toMatchObject({
      ok: false,
      code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    });
  });

  it('refuses a signature with any one character changed', async () => {
    const { token } = await signer.build();
    const start = token.lastIndexOf('.') + 1;
    for (const at of [start, start + 1, Math.floor((start + token.length) / 2), token.length - 2]) {
      const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
      expect((await validator.safeVerify(changed)).ok).toBe(false);
    }
  });

  it('refuses a signature that is longer or shorter', async () => {
    const { token } = await signer.build();
    const end = token.lastIndexOf('.') + 1;
    const signature = Buffer.from(token.slice(end), 'base64url');
    for (const bytes of [
      Buffer.concat([signature, Buffer.alloc(1)]),
      signature.subarray(0, -1),
      signature.subarray(1),
    ]) {
      const changed = token.slice(0, end) + bytes.toString('base64url');
      expect(await validator.safeVerify(changed)).toMatchObject({
        code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
      });
    }
  });
});

describe('an ECDSA signature', () => {
  it.each([
    ['ES256', 'P-256', 32],
    ['ES384', 'P-384', 48],
    ['ES512', 'P-521', 66],
  ] as const)(
    'of %s with a leading zero in r or in s keeps its full length',
    async (algorithm, curve, length) => {
      const pair = ec(curve);
      const key = importKey(pair.privateKey);
      const wanted = new Set(['r', 's']);
      // One in 256 begins with a zero byte (P-521: one in two); 20,000 tries miss both with a probability below 1e-33.
      for (let attempt = 0; wanted.size > 0 && attempt < 20_000; attempt += 1) {
        const input =
          `${Buffer.from(JSON.stringify({ alg: algorithm })).toString('base64url')}.${attempt}`.padEnd(
            40,
            'A',
          );
        const signature = Buffer.from(key.sign(input), 'base64url');
        expect(signature.length).toBe(2 * length);
        const part = signature[0] === 0 ? 'r' : signature[length] === 0 ? 's' : undefined;
        if (part === undefined || !wanted.delete(part)) continue;
        expect(key.verify(input, signature.toString('base64url'))).toBe(true);
        await compactVerify(`${input}.${signature.toString('base64url')}`, pair.publicKey);
      }
      expect([...wanted]).toEqual([]);
    },
  );

  it.each<[string, number, number, number]>([
    ['no zeros', 0x7f, 0x11, 32],
    ['a first bit that DER would read as a sign', 0xff, 0x80, 32],
    ['a body of 128 bytes and more', 0x01, 0xff, 66],
  ])('goes to DER and back: %s', (_case, first, second, length) => {
    const signature = Buffer.concat([Buffer.alloc(length, first), Buffer.alloc(length, second)]);
    const der = ecdsaToDer(signature, length);
    expect(der).toBeDefined();
    expect(ecdsaToJose(der ?? Buffer.alloc(0), length)).toEqual(signature);
  });

  it('goes to DER and back with numbers that are almost all zeros', () => {
    for (let significant = 0; significant <= 32; significant += 1) {
      const number = Buffer.concat([Buffer.alloc(32 - significant), Buffer.alloc(significant, 0x81)]);
      const signature = Buffer.concat([number, number]);
      const der = ecdsaToDer(signature, 32) ?? Buffer.alloc(0);
      expect(ecdsaToJose(der, 32)).toEqual(signature);
    }
  });

  it('goes to the very DER that OpenSSL makes', () => {
    for (const [curve, length] of [
      ['P-256', 32],
      ['P-384', 48],
      ['P-521', 66],
    ] as const) {
      for (let time = 0; time < 50; time += 1) {
        const der = sign('sha256', Buffer.from(`${time}`), ec(curve).privateKey);
        expect(ecdsaToDer(ecdsaToJose(der, length), length)).toEqual(der);
      }
    }
  });

  it('of another length has no DER form', () => {
    expect([0, 63, 65, 132].map((length) => ecdsaToDer(Buffer.alloc(length), 32))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('an RSA key', () => {
  it.each(['RS256', 'PS256'] as const)(
    'is asked for its size once, however often %s verifies',
    (algorithm) => {
      const { privateKey, publicKey } = rsa('asked');
      const row = signatureAlgorithm(algorithm);
      const signature = row?.sign(privateKey, 'input') ?? '';
      const fresh = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }));
      const prototype = Object.getPrototypeOf(Object.getPrototypeOf(fresh)) as KeyObject;
      const asked = vi.spyOn(prototype, 'asymmetricKeyDetails', 'get');
      onTestFinished(() => asked.mockRestore());
      for (let time = 0; time < 5; time += 1) {
        expect(row?.verify(fresh, 'input', signature)).toBe(true);
        expect(row?.verify(fresh, 'input', signature.slice(0, -4))).toBe(false);
      }
      expect(asked).toHaveBeenCalledTimes(1);
    },
  );
});

describe('published keys', () => {
  it.each(ASYMMETRIC)('of %s verify with jose as they stand in the JWK Set', async (algorithm) => {
    const jwt = new JwtBuilder()
      .issuer(ISSUER)
      .audience(AUDIENCE)
      .clock(clock)
      .signWith(pairFor(algorithm).privateKey, algorithm);
    const { token } = await jwt.build();
    const [jwk] = jwt.jwks().keys;
    const key = createPublicKey({ key: { ...jwk } as Record<string, string>, format: 'jwk' });
    expect((await jwtVerify(token, key, joseOptions)).protectedHeader.kid).toBe(jwk?.['kid']);
  });

  it('do not exist for a shared secret or without a key', () => {
    expect(builder.jwks()).toEqual({ keys: [] });
    expect(new JwtBuilder().jwks()).toEqual({ keys: [] });
  });
});
