import { generateKeyPairSync, webcrypto } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  decryptCompact,
  type EncryptionFacts,
  type EncryptionKeySource,
  encryptCompact,
  InvalidKey,
  InvalidOption,
  importEncryptionKey,
  importKey,
} from '../../src/index.ts';
import { bytes, CURVES, P256, RSA, X25519 } from '../fixtures/encryption.ts';

const OCT = { kty: 'oct', k: bytes(32).toString('base64url') };

function privateJwk(pair: typeof RSA | typeof P256): Record<string, unknown> {
  return pair.privateKey.export({ format: 'jwk' }) as Record<string, unknown>;
}

describe('the algorithm of an encryption key', () => {
  it.each([
    [16, 'A128KW'],
    [24, 'A192KW'],
    [32, 'A256KW'],
    [48, 'dir'],
    [64, 'dir'],
  ])('is by default, for a secret of %i bytes, %s', (length, alg) => {
    expect(importEncryptionKey({ hex: '22'.repeat(length) }).algorithm).toBe(alg);
  });

  it('is by default RSA-OAEP-256 for RSA and ECDH-ES+A256KW for every curve', () => {
    expect(importEncryptionKey(RSA.publicKey).algorithm).toBe('RSA-OAEP-256');
    for (const { privateKey } of Object.values(CURVES)) {
      expect(importEncryptionKey(privateKey).algorithm).toBe('ECDH-ES+A256KW');
    }
  });

  it('is the JWK’s, or the one asked for', () => {
    expect(importEncryptionKey({ jwk: { ...OCT, alg: 'A256GCMKW' } }).algorithm).toBe('A256GCMKW');
    expect(importEncryptionKey({ jwk: OCT, alg: 'A256GCMKW' }).algorithm).toBe('A256GCMKW');
    expect(importEncryptionKey({ jwk: OCT }, { alg: 'A256GCMKW' }).algorithm).toBe('A256GCMKW');
  });

  it('is dir when a JWK names a content encryption, and that is the only one then (RFC 7520 §5.6)', () => {
    for (const source of [
      { jwk: { ...OCT, alg: 'A256GCM' } },
      { jwk: { ...OCT, alg: 'A256GCM' }, alg: 'dir' as const },
    ]) {
      const key = importEncryptionKey(source);
      expect(key.algorithm).toBe('dir');
      expect(key.decryptsContent('A256GCM')).toBe(true);
      expect(key.decryptsContent('A128CBC-HS256')).toBe(false);
    }
  });

  it.each([
    ['one that contradicts the JWK', { jwk: { ...OCT, alg: 'A256KW' }, alg: 'A256GCMKW' }, {}],
    ['one asked for that contradicts the JWK', { jwk: { ...OCT, alg: 'A256KW' } }, { alg: 'dir' }],
    ['one asked for that contradicts the source', { jwk: OCT, alg: 'A256KW' }, { alg: 'dir' }],
    ['an enc that contradicts the JWK', { jwk: { ...OCT, alg: 'A256GCM' } }, { enc: 'A128CBC-HS256' }],
    ['an alg that contradicts a content encryption', { jwk: { ...OCT, alg: 'A256GCM' }, alg: 'A256KW' }, {}],
    ['one for signatures', { jwk: { ...OCT, alg: 'HS256' } }, {}],
    ['RSA1_5', { jwk: { ...privateJwk(RSA), alg: 'RSA1_5' } }, {}],
    ['one there is not', { jwk: OCT }, { alg: 'A256' }],
    ['a name of every object', { jwk: OCT }, { alg: 'constructor' }],
    ['a content encryption there is not', { jwk: OCT }, { enc: 'A512GCM' }],
    ['one for another type of key', { jwk: OCT }, { alg: 'RSA-OAEP' }],
    ['one for a secret with an RSA key', RSA.privateKey, { alg: 'dir' }],
    ['RSA with a curve', P256.privateKey, { alg: 'RSA-OAEP-256' }],
    ['key agreement with RSA', RSA.privateKey, { alg: 'ECDH-ES' }],
    [
      'key agreement with a curve for signatures',
      generateKeyPairSync('ed25519').privateKey,
      { alg: 'ECDH-ES' },
    ],
    [
      'key agreement with secp256k1',
      generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey,
      { alg: 'ECDH-ES' },
    ],
    ['key agreement with X448', generateKeyPairSync('x448').privateKey, {}],
    ['the default for a secret of no usual size', { hex: '22'.repeat(20) }, {}],
  ] as const)('is refused: %s', (_what, source, asked) => {
    expect(() =>
      importEncryptionKey(source as unknown as EncryptionKeySource, asked as EncryptionFacts),
    ).toThrow(InvalidKey);
  });

  it('is refused when a password is too short to be one', () => {
    const password = { alg: 'PBES2-HS256+A128KW', iterations: 1000 } as const;
    expect(() => importEncryptionKey({ text: '14  characters', ...password })).toThrow(InvalidKey);
    expect(importEncryptionKey({ text: '15 characters !', ...password }).isSecret).toBe(true);
  });
});

describe('an encryption key that others may know or that protects nothing', () => {
  const PBES2 = { alg: 'PBES2-HS256+A128KW', iterations: 1000 } as const;

  it.each([
    [
      'a public key in PEM',
      { text: RSA.publicKey.export({ type: 'spki', format: 'pem' }).toString(), ...PBES2 },
    ],
    ['a public key as a JWK', { text: JSON.stringify(RSA.publicKey.export({ format: 'jwk' })), ...PBES2 }],
    ['an SSH key', { text: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI', ...PBES2 }],
    ['RSA with the exponent 1', { jwk: { ...RSA.publicKey.export({ format: 'jwk' }), e: 'AQ' } }],
    ['RSA with an even modulus', { jwk: { ...RSA.publicKey.export({ format: 'jwk' }), n: evenModulus() } }],
  ])('is refused: %s', (_what, source) => {
    expect(() => importEncryptionKey(source as EncryptionKeySource)).toThrow(InvalidKey);
  });
});

describe('the two halves of an encryption key', () => {
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const otherCurve = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  it('are refused when they do not belong together', () => {
    const { x, y } = otherCurve.publicKey.export({ format: 'jwk' });
    const { n } = other.publicKey.export({ format: 'jwk' });
    expect(() => importEncryptionKey({ jwk: { ...privateJwk(P256), x, y } })).toThrow(
      /do not belong together/,
    );
    expect(() => importEncryptionKey({ jwk: { ...privateJwk(RSA), n } })).toThrow(InvalidKey);
    expect(importEncryptionKey({ jwk: privateJwk(P256) }).canDecrypt).toBe(true);
    expect(importEncryptionKey({ jwk: privateJwk(RSA) }).canDecrypt).toBe(true);
  });
});

function evenModulus(): string {
  const n = Buffer.from(String(RSA.publicKey.export({ format: 'jwk' }).n), 'base64url');
  n[n.length - 1] = 0;
  return n.toString('base64url');
}

describe('the use of a JWK (L22)', () => {
  it('for signatures is refused for encryption, and for encryption for signatures', () => {
    expect(() => importEncryptionKey({ jwk: { ...OCT, use: 'sig' } })).toThrow(InvalidKey);
    expect(() => importKey({ jwk: { ...OCT, use: 'enc' } })).toThrow(InvalidKey);
    expect(importEncryptionKey({ jwk: { ...OCT, use: 'enc' } }).algorithm).toBe('A256KW');
    expect(importKey({ jwk: { ...OCT, use: 'sig' } }).algorithm).toBe('HS256');
  });

  it.each([['sign', 'verify'], ['deriveKey'], ['constructor']])(
    'is refused when its key_ops are %s',
    (...operations) => {
      expect(() => importEncryptionKey({ jwk: { ...OCT, key_ops: operations } })).toThrow(InvalidKey);
    },
  );

  it.each([
    [OCT, ['wrapKey', 'unwrapKey'], true, true],
    [OCT, ['wrapKey'], true, false],
    [OCT, ['unwrapKey'], false, true],
    [privateJwk(RSA), ['unwrapKey'], false, true],
    [privateJwk(RSA), ['encrypt'], true, false],
    [privateJwk(P256), ['deriveBits'], true, true],
    [privateJwk(P256), [], true, false],
  ])('says what a key can do', (jwk, operations, canEncrypt, canDecrypt) => {
    expect(importEncryptionKey({ jwk: { ...jwk, key_ops: operations } })).toMatchObject({
      canEncrypt,
      canDecrypt,
    });
  });

  it('is refused when its key_ops allow encrypting and it is to decrypt', async () => {
    const jwe = await encryptCompact('text', { jwk: OCT });
    const wrapsOnly = { jwk: { ...OCT, key_ops: ['wrapKey'] } };
    await expect(decryptCompact(jwe, wrapsOnly)).rejects.toThrow(InvalidOption);
  });
});

describe('the door for encryption keys', () => {
  it.each([
    ['text', 'secret'],
    ['bytes', Buffer.alloc(32)],
    ['nothing', undefined],
    ['null', null],
    ['two forms', { hex: '22'.repeat(32), text: 'x' }],
    ['no form', {}],
    ['a kid that is empty', { hex: '22'.repeat(32), kid: '' }],
    ['a JWK Set', { jwk: { keys: [OCT] } }],
    ['a key for signatures', importKey({ hex: '22'.repeat(32) })],
  ])('refuses %s', (_what, source) => {
    expect(() => importEncryptionKey(source as EncryptionKeySource)).toThrow(InvalidKey);
  });

  it.each([
    ['PEM', { pem: RSA.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }],
    [
      'an encrypted PEM',
      {
        pem: RSA.privateKey
          .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open' })
          .toString(),
        passphrase: 'open',
      },
    ],
    ['a KeyObject', RSA.privateKey],
    ['a JWK', { jwk: privateJwk(RSA) }],
  ])('takes %s', async (_what, source) => {
    const jwe = await encryptCompact('text', RSA.publicKey);
    expect((await decryptCompact(jwe, source)).plaintext).toHaveLength(4);
  });

  it('takes a CryptoKey for the algorithm and the usages it was made for, and for no other', async () => {
    const { subtle } = webcrypto;
    const wraps = await subtle.generateKey({ name: 'AES-KW', length: 256 }, true, ['wrapKey', 'unwrapKey']);
    const jwe = await encryptCompact('text', wraps);
    expect((await decryptCompact(jwe, wraps)).protectedHeader.alg).toBe('A256KW');
    expect(() => importEncryptionKey(wraps, { alg: 'A256GCMKW' })).toThrow(InvalidKey);

    const rsa = {
      name: 'RSA-OAEP',
      hash: 'SHA-512',
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
    };
    const pair = await subtle.generateKey(rsa, true, ['decrypt', 'encrypt']);
    expect(importEncryptionKey(pair.publicKey)).toMatchObject({
      algorithm: 'RSA-OAEP-512',
      canEncrypt: true,
    });
    expect(importEncryptionKey(pair.privateKey)).toMatchObject({ canEncrypt: false, canDecrypt: true });
    expect(() => importEncryptionKey(pair.privateKey, { alg: 'RSA-OAEP-256' })).toThrow(InvalidKey);

    const signs = await subtle.generateKey({ name: 'HMAC', hash: 'SHA-256', length: 256 }, true, [
      'sign',
      'verify',
    ]);
    expect(() => importEncryptionKey(signs)).toThrow(InvalidKey);
  });

  it('takes a key it has let in before, and refuses to make another of it', () => {
    const key = importEncryptionKey({ hex: '22'.repeat(32) });
    expect(importEncryptionKey(key)).toBe(key);
    expect(importEncryptionKey(key, { alg: 'A256KW' })).toBe(key);
    expect(() => importEncryptionKey(key, { alg: 'dir' })).toThrow(InvalidKey);
    expect(() => importEncryptionKey(key, { enc: 'A128GCM' })).toThrow(InvalidKey);
  });

  it('encrypts with the public side of a private key, under the same key ID', async () => {
    const [own, theirs] = [importEncryptionKey(X25519.privateKey), importEncryptionKey(X25519.publicKey)];
    expect(own.kid).toBe(theirs.kid);
    expect(own.kid).toBe(own.thumbprint);
    expect(theirs).toMatchObject({ canEncrypt: true, canDecrypt: false, isSecret: false });
    expect((await decryptCompact(await encryptCompact('text', own), own)).plaintext).toHaveLength(4);
  });

  it('prints a key with its algorithm, and nothing of a secret', () => {
    const key = importEncryptionKey({ hex: '22'.repeat(32), kid: 'one' });
    for (const printed of [String(key), inspect(key), JSON.stringify({ key })]) {
      expect(printed).toContain('[Key A256KW]');
      expect(printed).not.toContain('2222');
    }
    const asymmetric = importEncryptionKey(RSA.privateKey);
    expect(String(asymmetric)).toBe(`[Key RSA-OAEP-256 ${asymmetric.thumbprint}]`);
  });

  it('never shows the key in an error', () => {
    const marked = 'a-marked-secret-of-no-usual-size';
    for (const asked of [
      { alg: 'A128KW' },
      { alg: 'RSA-OAEP' },
      { enc: 'x' },
      { alg: 'x' },
      { iterations: 1 },
    ] as never[]) {
      let error: unknown;
      try {
        importEncryptionKey({ text: marked }, asked);
      } catch (caught) {
        error = caught;
      }
      expect(error).toBeInstanceOf(InvalidKey);
      expect(`${inspect(error)} ${JSON.stringify(error)}`).not.toContain(marked);
    }
  });
});
