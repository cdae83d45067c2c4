import { expectTypeOf, it } from 'vitest';
import {
  type Claims,
  type DecryptedJwe,
  decryptCompact,
  encryptCompact,
  importKey,
  JwtBuilder,
  JwtValidator,
  type VerifiedJws,
  verifyCompact,
} from '../../src/index.ts';

const key = { hex: '22'.repeat(32) };

it('answers bytes and a header, which are not claims', () => {
  expectTypeOf(decryptCompact('', key)).resolves.toEqualTypeOf<DecryptedJwe>();
  expectTypeOf(verifyCompact('', key)).resolves.toEqualTypeOf<VerifiedJws>();
  expectTypeOf<VerifiedJws['payload']>().toEqualTypeOf<Uint8Array>();
  expectTypeOf<VerifiedJws['payload']>().not.toExtend<Claims>();
});

it('takes certificates and passphrases as keys, in both their forms', () => {
  const builder = new JwtBuilder();
  const salt = { hex: '22'.repeat(16) };
  type Source = Parameters<typeof builder.encryptWith>[0];
  expectTypeOf({ x509: '' }).toExtend<Source>();
  expectTypeOf({ x509: '', pem: '', passphrase: '' }).toExtend<Source>();
  expectTypeOf({ passphrase: '', salt, iterations: 600_000 }).toExtend<Source>();
  expectTypeOf({ passphrase: '', salt, scrypt: {}, alg: 'A128KW' } as const).toExtend<Source>();
  expectTypeOf({ passphrase: '', salt }).not.toExtend<Source>();
  expectTypeOf({ passphrase: '', salt, iterations: 600_000, scrypt: {} }).not.toExtend<Source>();
  expectTypeOf({ x509: '', hex: '' }).not.toExtend<Source>();
});

it('does not take algorithms there are not, or of the other kind', () => {
  const builder = new JwtBuilder();
  // @ts-expect-error RSA1_5 does not exist.
  builder.encryptWith(key, { alg: 'RSA1_5' });
  // @ts-expect-error HS256 signs.
  builder.encryptWith(key, { alg: 'HS256' });
  // @ts-expect-error A256GCM is an enc.
  builder.encryptWith(key, { alg: 'A256GCM' });
  // @ts-expect-error dir is an alg.
  builder.encryptWith(key, { enc: 'dir' });
  // @ts-expect-error A256KW encrypts.
  builder.signWith({ ...key, alg: 'A256KW' });
  // @ts-expect-error A key for signatures is not one for encryption.
  encryptCompact('', importKey(key));
  // @ts-expect-error No key decrypts nothing.
  new JwtValidator({ keys: key, issuer: null, audience: null, decryptWith: [] });
});
