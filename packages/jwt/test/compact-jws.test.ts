import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { CompactSign, compactVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  InvalidKey,
  InvalidOption,
  KeyRing,
  type SignatureAlgorithmName,
  signCompact,
  verifyCompact,
} from '../src/index.ts';

const SECRET = Buffer.from('0123456789abcdef'.repeat(8), 'hex');
const KEY = { hex: SECRET.toString('hex') };
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PAIRS: Readonly<Record<string, { publicKey: never; privateKey: never }>> = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }) as never,
  ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }) as never,
  ES512: generateKeyPairSync('ec', { namedCurve: 'P-521' }) as never,
  EdDSA: generateKeyPairSync('ed25519') as never,
};

/** What signs, what verifies, and what jose takes for both. */
function keysFor(alg: SignatureAlgorithmName) {
  if (alg.startsWith('HS')) return { signs: KEY, verifies: KEY, joseSigns: SECRET, joseVerifies: SECRET };
  const { privateKey, publicKey } = PAIRS[alg] ?? RSA;
  return { signs: privateKey, verifies: publicKey, joseSigns: privateKey, joseVerifies: publicKey };
}

const ALGS = ['HS256', 'HS384', 'HS512', 'RS256', 'PS384', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;

describe.each(ALGS)('a compact JWS with %s', (alg) => {
  const { signs, verifies, joseSigns, joseVerifies } = keysFor(alg);

  it('signed here is verified here and by jose', async () => {
    const jws = await signCompact('text', signs, { alg });
    const { protectedHeader, payload } = await verifyCompact(jws, verifies, { algorithms: [alg] });
    expect(protectedHeader.alg).toBe(alg);
    expect(Buffer.from(payload).toString()).toBe('text');
    expect(Buffer.from((await compactVerify(jws, joseVerifies)).payload).toString()).toBe('text');
  });

  it('signed by jose is verified here', async () => {
    const jws = await new CompactSign(Buffer.from('text')).setProtectedHeader({ alg }).sign(joseSigns);
    const { payload } = await verifyCompact(jws, verifies, { algorithms: [alg] });
    expect(Buffer.from(payload).toString()).toBe('text');
  });
});

describe('signCompact', () => {
  it('signs any bytes, none included, and gives back the same (property)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async (payload) => {
        expect((await verifyCompact(await signCompact(payload, KEY), KEY)).payload).toEqual(payload);
      }),
    );
    expect((await signCompact('', KEY)).split('.')[1]).toBe('');
  });

  it('writes alg, the key ID and the header parameters given', async () => {
    const { protectedHeader } = await verifyCompact(
      await signCompact('x', { ...KEY, kid: 'k' }, { header: { typ: 'JOSE' } }),
      KEY,
    );
    expect(protectedHeader).toEqual({ alg: 'HS256', kid: 'k', typ: 'JOSE' });
  });

  it.each(['alg', 'kid', 'crit', 'b64', 'zip', 'jwk', 'jku', 'x5u'])(
    'refuses the reserved header parameter %s',
    async (name) => {
      await expect(signCompact('x', KEY, { header: { [name]: 'x' } })).rejects.toThrow(InvalidOption);
    },
  );

  it.each<[string, unknown]>([
    ['a typ that is no text', { typ: 5 }],
    ['a cty that is no text', { cty: null }],
    ['text', 'abc'],
    ['a list', ['abc']],
  ])('refuses what it would not read itself as a header: %s', async (_case, header) => {
    await expect(signCompact('x', KEY, { header: header as { typ: string } })).rejects.toThrow(InvalidOption);
  });

  it('refuses a public key, and a payload that is neither bytes nor text', async () => {
    await expect(signCompact('x', RSA.publicKey)).rejects.toThrow(InvalidOption);
    await expect(signCompact({} as string, KEY)).rejects.toThrow(InvalidOption);
  });
});

describe('verifyCompact', () => {
  it('takes the one of several keys that signed', async () => {
    const { publicKey, privateKey } = PAIRS['ES256']!;
    const jws = await signCompact('x', privateKey);
    const { protectedHeader } = await verifyCompact(jws, [RSA.publicKey, publicKey], {
      algorithms: ['RS256', 'ES256'],
    });
    expect(protectedHeader.alg).toBe('ES256');
    await expect(verifyCompact(jws, [RSA.publicKey])).rejects.toMatchObject({
      code: 'ERR_JOSE_ALG_NOT_ALLOWED',
    });
  });

  it('refuses one bit more or less, anywhere (property)', async () => {
    const jws = await signCompact('some text', KEY);
    await fc.assert(
      fc.asyncProperty(fc.nat(2), fc.nat(), async (part, position) => {
        const parts = jws.split('.').map((one) => Buffer.from(one, 'base64url'));
        const bit = position % (parts[part]!.length * 8);
        parts[part]![bit >> 3] = (parts[part]![bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const changed = parts.map((one) => one.toString('base64url')).join('.');
        await expect(verifyCompact(changed, KEY)).rejects.toMatchObject({
          code: expect.stringMatching(/^ERR_J/),
        });
      }),
    );
    await expect(verifyCompact(jws, KEY)).resolves.toBeDefined();
  });

  it.each([[[]], [['none']], [['HS256', 'RS256']], [['*']], [['hs256']], ['HS256']])(
    'refuses the algorithms %j with one key (L14)',
    async (algorithms) => {
      const jws = await signCompact('x', KEY);
      await expect(verifyCompact(jws, KEY, { algorithms: algorithms as never })).rejects.toThrow(
        InvalidOption,
      );
    },
  );

  it('refuses algorithms that are not the keys’ own', async () => {
    const jws = await signCompact('x', KEY);
    await expect(verifyCompact(jws, { ...KEY, alg: 'HS512' }, { algorithms: ['HS256'] })).rejects.toThrow(
      InvalidKey,
    );
    await expect(verifyCompact(jws, RSA.publicKey, { algorithms: ['HS256'] })).rejects.toThrow(InvalidKey);
    const two = [RSA.publicKey, PAIRS['ES256']!.publicKey];
    await expect(verifyCompact(jws, two, { algorithms: ['RS256', 'PS256'] })).rejects.toThrow(InvalidOption);
  });

  it('refuses no key at all, and secrets beside public keys', async () => {
    const jws = await signCompact('x', KEY);
    for (const keys of [[], undefined as never, [KEY, RSA.publicKey]]) {
      await expect(verifyCompact(jws, keys)).rejects.toThrow(InvalidOption);
    }
  });

  it('takes the keys of a ring, which have their algorithms', async () => {
    const { publicKey, privateKey } = PAIRS['ES256']!;
    const ring = new KeyRing({ current: privateKey, next: PAIRS['EdDSA']!.privateKey });
    const jws = await signCompact('x', privateKey);
    expect((await verifyCompact(jws, ring)).protectedHeader.alg).toBe('ES256');
    await expect(verifyCompact(await signCompact('x', RSA.privateKey), ring)).rejects.toMatchObject({
      code: 'ERR_JOSE_ALG_NOT_ALLOWED',
    });
    await expect(verifyCompact(jws, ring, { algorithms: ['ES256'] })).rejects.toThrow(InvalidOption);
    await expect(verifyCompact(jws, publicKey, { algorithms: ['ES256'] })).resolves.toBeDefined();
  });

  it('refuses what is longer than maxLength', async () => {
    const jws = await signCompact('x', KEY);
    const refusal = { hint: 'The token is longer than is accepted.' };
    await expect(verifyCompact(jws, KEY, { maxLength: jws.length - 1 })).rejects.toMatchObject(refusal);
    await expect(verifyCompact(jws, KEY, { maxLength: jws.length })).resolves.toBeDefined();
  });
});
