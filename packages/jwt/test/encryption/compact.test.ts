import { CompactEncrypt, compactDecrypt } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  decryptCompact,
  encryptCompact,
  InvalidKey,
  InvalidOption,
  importEncryptionKey,
} from '../../src/index.ts';
import {
  ALGS,
  bytes,
  CURVES,
  ENCS,
  headerOf,
  ITERATIONS,
  P256,
  PASSWORD,
  pairFor,
  RSA,
} from '../fixtures/encryption.ts';

const COMBINATIONS = ALGS.flatMap((alg) => ENCS.map((enc) => [alg, enc] as const));
const TEXT = 'not for all ears: ü';

describe.each(COMBINATIONS)('a JWE with %s and %s', (alg, enc) => {
  const { encrypts, decrypts, joseEncrypts, joseDecrypts } = pairFor(alg, enc);

  it('made here is read here and by jose', async () => {
    const jwe = await encryptCompact(TEXT, encrypts, { enc });
    expect(headerOf(jwe)).toMatchObject({ alg, enc });
    const here = await decryptCompact(jwe, decrypts);
    expect(Buffer.from(here.plaintext).toString()).toBe(TEXT);
    expect(here.protectedHeader).toEqual(headerOf(jwe));
    const there = await compactDecrypt(jwe, joseDecrypts, { keyManagementAlgorithms: [alg] });
    expect(Buffer.from(there.plaintext).toString()).toBe(TEXT);
  });

  it('made by jose is read here', async () => {
    const made = new CompactEncrypt(Buffer.from(TEXT)).setProtectedHeader({ alg, enc });
    if (alg.startsWith('PBES2')) made.setKeyManagementParameters({ p2c: ITERATIONS });
    const { plaintext } = await decryptCompact(await made.encrypt(joseEncrypts), decrypts);
    expect(Buffer.from(plaintext).toString()).toBe(TEXT);
  });
});

describe.each(Object.entries(CURVES))('a key agreement on %s', (_curve, pair) => {
  it.each(['ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A192KW', 'ECDH-ES+A256KW'] as const)(
    'goes both ways with jose for %s',
    async (alg) => {
      const { encrypts, decrypts, joseEncrypts, joseDecrypts } = pairFor(alg, 'A256GCM', pair as typeof P256);
      const ours = await encryptCompact(TEXT, encrypts);
      expect(Buffer.from((await compactDecrypt(ours, joseDecrypts)).plaintext).toString()).toBe(TEXT);
      const theirs = new CompactEncrypt(Buffer.from(TEXT)).setProtectedHeader({ alg, enc: 'A128CBC-HS256' });
      const { plaintext } = await decryptCompact(await theirs.encrypt(joseEncrypts), decrypts);
      expect(Buffer.from(plaintext).toString()).toBe(TEXT);
    },
  );
});

describe('encryptCompact', () => {
  it('encrypts bytes as well as text, and nothing at all', async () => {
    const source = pairFor('A256KW', 'A256GCM').encrypts;
    for (const plaintext of [bytes(3), new Uint8Array(), '']) {
      const read = await decryptCompact(await encryptCompact(plaintext, source), source);
      expect(Buffer.from(read.plaintext)).toEqual(Buffer.from(plaintext));
    }
  });

  it('uses a fresh content key and initialization vector each time', async () => {
    const source = pairFor('A256KW', 'A256GCM').encrypts;
    const [one, two] = await Promise.all([encryptCompact(TEXT, source), encryptCompact(TEXT, source)]);
    for (const index of [1, 2, 3, 4]) expect(one.split('.')[index]).not.toBe(two.split('.')[index]);
  });

  it('names the key ID, for asymmetric keys their thumbprint, and for secrets none unless given', async () => {
    const key = importEncryptionKey(RSA.publicKey);
    expect(headerOf(await encryptCompact(TEXT, key))['kid']).toBe(key.thumbprint);
    expect(headerOf(await encryptCompact(TEXT, { hex: '00'.repeat(32) }))).not.toHaveProperty('kid');
    expect(headerOf(await encryptCompact(TEXT, { hex: '00'.repeat(32), kid: 'one' }))['kid']).toBe('one');
  });

  it('writes header parameters of one’s own', async () => {
    const jwe = await encryptCompact(TEXT, RSA.publicKey, { header: { cty: 'text/plain', own: [1] } });
    expect(headerOf(jwe)).toMatchObject({ cty: 'text/plain', own: [1] });
  });

  it.each([
    'alg',
    'enc',
    'kid',
    'crit',
    'b64',
    'zip',
    'jwk',
    'jku',
    'x5u',
    'epk',
    'apu',
    'apv',
    'iv',
    'tag',
    'p2s',
    'p2c',
  ])('refuses the reserved header parameter %s', async (name) => {
    await expect(encryptCompact(TEXT, RSA.publicKey, { header: { [name]: 'DEF' } })).rejects.toThrow(
      InvalidOption,
    );
  });

  it('refuses what is neither bytes nor text', async () => {
    await expect(encryptCompact({} as string, RSA.publicKey)).rejects.toThrow(InvalidOption);
  });

  it('refuses a key whose key_ops allow decrypting only', async () => {
    const jwk = { kty: 'oct', k: bytes(32).toString('base64url'), key_ops: ['unwrapKey'] };
    await expect(encryptCompact(TEXT, { jwk })).rejects.toThrow(InvalidOption);
  });
});

describe('decryptCompact', () => {
  it('takes the one of several keys that the token is for', async () => {
    const keys = [RSA.privateKey, P256.privateKey, { hex: '11'.repeat(32) }];
    const jwe = await encryptCompact(TEXT, P256.publicKey);
    expect(Buffer.from((await decryptCompact(jwe, keys)).plaintext).toString()).toBe(TEXT);
  });

  it('tries the keys that have no ID of their own one after the other', async () => {
    const jwe = await encryptCompact(TEXT, { hex: '22'.repeat(32) });
    const { plaintext } = await decryptCompact(jwe, [{ hex: '11'.repeat(32) }, { hex: '22'.repeat(32) }]);
    expect(Buffer.from(plaintext).toString()).toBe(TEXT);
  });

  it('refuses a token that names a key ID no key has', async () => {
    const jwe = await encryptCompact(TEXT, { hex: '22'.repeat(32), kid: 'two' });
    await expect(decryptCompact(jwe, { hex: '22'.repeat(32), kid: 'one' })).rejects.toMatchObject({
      code: 'ERR_JWKS_NO_MATCHING_KEY',
    });
  });

  it('narrows the algorithms down and never widens them', async () => {
    const key = { hex: '22'.repeat(32) };
    const jwe = await encryptCompact(TEXT, key, { enc: 'A128GCM' });
    const refusal = { code: 'ERR_JOSE_ALG_NOT_ALLOWED' };
    await expect(decryptCompact(jwe, key, { keyManagementAlgorithms: ['A128KW'] })).rejects.toMatchObject(
      refusal,
    );
    await expect(
      decryptCompact(jwe, key, { contentEncryptionAlgorithms: ['A256GCM'] }),
    ).rejects.toMatchObject(refusal);
    const both = {
      keyManagementAlgorithms: ['A256KW', 'dir'],
      contentEncryptionAlgorithms: ['A128GCM'],
    } as const;
    expect((await decryptCompact(jwe, key, both)).plaintext).toHaveLength(Buffer.byteLength(TEXT));
    await expect(decryptCompact(jwe, { ...key, enc: 'A256GCM' }, both)).rejects.toMatchObject(refusal);
  });

  it.each([
    { keyManagementAlgorithms: [] },
    { keyManagementAlgorithms: ['RSA1_5'] },
    { contentEncryptionAlgorithms: ['none'] },
  ])('refuses the option %j', async (options) => {
    await expect(decryptCompact('a.b.c.d.e', RSA.privateKey, options as never)).rejects.toThrow(
      InvalidOption,
    );
  });

  it('refuses a public key, no key at all, and two keys of one ID', async () => {
    const twice = [
      { hex: '11'.repeat(32), kid: 'a' },
      { hex: '22'.repeat(32), kid: 'a' },
    ];
    for (const keys of [RSA.publicKey, [], undefined as never, twice]) {
      await expect(decryptCompact('a.b.c.d.e', keys)).rejects.toThrow(InvalidOption);
    }
  });

  it('refuses a JWE longer than maxLength before anything else', async () => {
    const jwe = await encryptCompact(TEXT, { hex: '22'.repeat(32) });
    const decrypted = decryptCompact(jwe, { hex: '22'.repeat(32) }, { maxLength: jwe.length - 1 });
    await expect(decrypted).rejects.toMatchObject({ hint: 'The token is longer than is accepted.' });
    await expect(
      decryptCompact(jwe, { hex: '22'.repeat(32) }, { maxLength: jwe.length }),
    ).resolves.toBeDefined();
  });
});

describe('an error of decryption', () => {
  it('holds neither key, password nor plaintext', async () => {
    const jwe = await encryptCompact('a marked secret', {
      text: PASSWORD,
      alg: 'PBES2-HS256+A128KW',
      iterations: 1000,
    });
    const wrong = { text: 'another password', alg: 'PBES2-HS256+A128KW', iterations: 1000 } as const;
    const error = await decryptCompact(jwe, wrong).catch((caught: unknown) => caught);
    const printed = `${JSON.stringify(error)} ${String(error)} ${(error as Error).stack}`;
    for (const secret of ['a marked secret', 'another password', PASSWORD, jwe])
      expect(printed).not.toContain(secret);
    expect(error).toMatchObject({ code: 'ERR_JWE_DECRYPTION_FAILED' });
    expect(error).not.toBeInstanceOf(InvalidKey);
    expect((error as Error).cause).toBeUndefined();
  });
});
