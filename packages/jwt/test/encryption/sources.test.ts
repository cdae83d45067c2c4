/** Certificates and passphrases as keys for encryption, wherever such a key is taken. */
import { pbkdf2Sync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  decryptCompact,
  type EncryptionKeySource,
  encryptCompact,
  InvalidKey,
  importEncryptionKey,
} from '../../src/index.ts';
import { EC_CERTIFICATE, EC_KEY, ED25519_CERTIFICATE } from '../fixtures/certificates.ts';
import { bytes } from '../fixtures/encryption.ts';
import { builder, refusalOf } from '../fixtures/tokens.ts';

const salt = { hex: '0123456789abcdef0123456789abcdef' };
const passphrase = 'correct horse battery staple';
const slow = { passphrase, salt, iterations: 600_000 };

const pairs: [string, EncryptionKeySource, EncryptionKeySource][] = [
  ['a certificate', { x509: EC_CERTIFICATE }, { x509: EC_CERTIFICATE, pem: EC_KEY }],
  ['a passphrase with PBKDF2', slow, slow],
  ['a passphrase with scrypt', { passphrase, salt, scrypt: {} }, { passphrase, salt, scrypt: {} }],
];

describe.each(pairs)('%s', (_form, encrypting, decrypting) => {
  it('encrypts a token, and its other half decrypts it', async () => {
    const jwt = builder.subject('alice').encryptWith(encrypting);
    const { token } = await jwt.build();
    expect(token.split('.')).toHaveLength(5);
    const { claims } = await jwt.validator({ decryptWith: decrypting }).verify(token);
    expect(claims.sub).toBe('alice');
    const stranger = { hex: bytes(32).toString('hex') };
    const refused = await jwt.validator({ decryptWith: stranger }).safeVerify(token);
    expect(refused.ok).toBe(false);
  });

  it('encrypts bytes', async () => {
    const jwe = await encryptCompact('hello', encrypting, { enc: 'A128CBC-HS256' });
    const { plaintext } = await decryptCompact(jwe, decrypting);
    expect(Buffer.from(plaintext).toString()).toBe('hello');
  });
});

describe('a certificate alone', () => {
  it('decrypts nothing: it has the public key only', async () => {
    const error = await refusalOf(() => decryptCompact('', { x509: EC_CERTIFICATE }));
    expect(error['fix']).toBe('Give the private key, or the shared secret.');
  });

  it('is no key for encryption when its key signs only', () => {
    expect(() => importEncryptionKey({ x509: ED25519_CERTIFICATE })).toThrow(InvalidKey);
  });
});

describe('a key made from a passphrase', () => {
  it.each([
    [{}, 'A256KW', 32],
    [{ alg: 'A128KW' }, 'A128KW', 16],
    [{ alg: 'A192GCMKW' }, 'A192GCMKW', 24],
    [{ alg: 'dir' }, 'dir', 32],
    [{ alg: 'dir', enc: 'A128GCM' }, 'dir', 16],
    [{ alg: 'dir', enc: 'A256CBC-HS512' }, 'dir', 64],
  ] as const)('has the size that its algorithm takes: %j', async (facts, algorithm, size) => {
    expect(importEncryptionKey({ ...slow, ...facts }).algorithm).toBe(algorithm);
    const asked = importEncryptionKey(slow, facts);
    expect(asked.algorithm).toBe(algorithm);
    // The very key that PBKDF2 makes: what it encrypts, the bytes decrypt.
    const made = pbkdf2Sync(passphrase, Buffer.from(salt.hex, 'hex'), 600_000, size, 'sha256');
    const jwe = await asked.encrypt(Buffer.from('hello'), {});
    const { plaintext } = await decryptCompact(jwe, { hex: made.toString('hex'), ...facts });
    expect(Buffer.from(plaintext).toString()).toBe('hello');
  });

  it.each([
    ['PBES2, which makes its own', { alg: 'PBES2-HS256+A128KW' }],
    ['RSA', { alg: 'RSA-OAEP-256' }],
    ['key agreement', { alg: 'ECDH-ES' }],
    ['signatures', { alg: 'HS256' }],
    ['nothing there is', { alg: 'A512KW' }],
    ['dir with an enc there is not', { alg: 'dir', enc: 'A512GCM' }],
  ])('is not for %s', (_case, facts) => {
    const error = () => importEncryptionKey({ ...slow, ...facts } as EncryptionKeySource);
    expect(error).toThrow(InvalidKey);
    expect(error).toThrow(/A passphrase makes a shared key of one size/);
    expect(error).not.toThrow(passphrase);
  });

  it('is refused with a passphrase that is short, or a function that is quick', () => {
    expect(() => importEncryptionKey({ ...slow, passphrase: 'short' })).toThrow(InvalidKey);
    expect(() => importEncryptionKey({ ...slow, iterations: 1000 })).toThrow(InvalidKey);
  });
});
