/** What the engine (jose) is spared: wrong forms are refused before it is called, whatever it would make of them. */
import { compactDecrypt } from 'jose/jwe/compact/decrypt';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { decryptCompact, encryptCompact, type KeyManagementName } from '../../src/index.ts';
import {
  base64url,
  bytes,
  headerOf,
  P256,
  P384,
  pairFor,
  partOf,
  withHeader,
  withPart,
} from '../fixtures/encryption.ts';

vi.mock('jose/jwe/compact/decrypt', async (original) => {
  const engine = await original<typeof import('jose/jwe/compact/decrypt')>();
  return { compactDecrypt: vi.fn(engine.compactDecrypt) };
});

const engine = vi.mocked(compactDecrypt);

beforeEach(() => {
  engine.mockClear();
});

/** Refuses the changed token without the engine, and reads the untouched one with it. */
async function isSpared(alg: KeyManagementName, change: (jwe: string) => string): Promise<void> {
  const { encrypts, decrypts } = pairFor(alg, 'A256GCM');
  const jwe = await encryptCompact('text', encrypts, alg === 'dir' ? {} : { enc: 'A256GCM' });
  const refusal = { code: 'ERR_JWE_DECRYPTION_FAILED' };
  await expect(decryptCompact(change(jwe), decrypts)).rejects.toMatchObject(refusal);
  expect(engine).not.toHaveBeenCalled();
  await expect(decryptCompact(jwe, decrypts)).resolves.toBeDefined();
  expect(engine).toHaveBeenCalledOnce();
}

const point = P256.publicKey.export({ format: 'jwk' }) as Record<string, string>;
const other = P384.publicKey.export({ format: 'jwk' }) as Record<string, string>;
const beside = Buffer.from(point['y'] ?? '', 'base64url');
beside[31] = (beside[31] ?? 0) ^ 1;

describe('the engine never sees', () => {
  it.each([15, 12, 8, 4, 0, 17, 32])('a tag of %i bytes (L44)', async (length) => {
    await isSpared('A256KW', (jwe) => withPart(jwe, 4, bytes(length)));
  });

  it.each([0, 11, 13, 16])('an initialization vector of %i bytes', async (length) => {
    await isSpared('A256KW', (jwe) => withPart(jwe, 2, bytes(length)));
  });

  it.each([15, 12, 8, 4, 0, 17])('a tag of a wrapped key of %i bytes (L44)', async (length) => {
    await isSpared('A256GCMKW', (jwe) => withHeader(jwe, { tag: base64url(bytes(length)) }));
  });

  it.each([0, 11, 16])('an initialization vector of a wrapped key of %i bytes', async (length) => {
    await isSpared('A256GCMKW', (jwe) => withHeader(jwe, { iv: base64url(bytes(length)) }));
  });

  it.each([
    ['A256KW', 39],
    ['A256KW', 0],
    ['A256GCMKW', 31],
    ['RSA-OAEP-256', 255],
    ['RSA-OAEP-256', 257],
    ['ECDH-ES+A256KW', 32],
    ['PBES2-HS256+A128KW', 48],
    ['dir', 1],
    ['ECDH-ES', 40],
  ] as const)('an encrypted key for %s of %i bytes (L43)', async (alg, length) => {
    await isSpared(alg, (jwe) => withPart(jwe, 1, bytes(length)));
  });

  it.each([
    ['with a private part', { ...point, d: point['x'] }],
    ['beside the curve', { ...point, y: base64url(beside) }],
    ['at infinity', { ...point, x: base64url(Buffer.alloc(32)), y: base64url(Buffer.alloc(32)) }],
    ['on another curve', other],
    ['with a coordinate too long', { ...point, x: base64url(bytes(33)) }],
    ['of no kty', { ...point, kty: undefined }],
    ['that is missing', undefined],
  ])('an ephemeral key %s (L46)', async (_what, epk) => {
    for (const alg of ['ECDH-ES', 'ECDH-ES+A256KW'] as const) {
      engine.mockClear();
      await isSpared(alg, (jwe) => withHeader(jwe, { epk }));
    }
  });

  it.each([1001, 2_147_483_647, 999, 0, -1, 1.5, '1000', undefined])(
    'a count of %s iterations (L47)',
    async (p2c) => {
      await isSpared('PBES2-HS256+A128KW', (jwe) => withHeader(jwe, { p2c }));
    },
  );

  it.each([base64url(bytes(7)), '', 'a b', undefined])('the salt %s (L47)', async (p2s) => {
    await isSpared('PBES2-HS256+A128KW', (jwe) => withHeader(jwe, { p2s }));
  });

  it('compression, an extension, or an algorithm that is not the key’s', async () => {
    const { encrypts, decrypts } = pairFor('A256KW', 'A256GCM');
    const jwe = await encryptCompact('text', encrypts);
    for (const changes of [
      { zip: 'DEF' },
      { crit: ['x'], x: 1 },
      { alg: 'A128KW' },
      { alg: 'dir' },
      { enc: 'none' },
    ]) {
      await expect(decryptCompact(withHeader(jwe, changes), decrypts)).rejects.toBeInstanceOf(Error);
    }
    expect(engine).not.toHaveBeenCalled();
  });

  it('more than it needs: it is told the one algorithm of the key, the one of the content, and the most iterations', async () => {
    const { encrypts, decrypts } = pairFor('PBES2-HS512+A256KW', 'A256GCM');
    const jwe = await encryptCompact('text', encrypts);
    await decryptCompact(jwe, decrypts);
    expect(engine.mock.calls[0]?.[2]).toEqual({
      keyManagementAlgorithms: ['PBES2-HS512+A256KW'],
      contentEncryptionAlgorithms: ['A256GCM'],
      maxPBES2Count: headerOf(jwe)['p2c'],
    });
    expect(partOf(jwe, 2)).toHaveLength(12);
  });
});
