import { describe, expectTypeOf, it } from 'vitest';
import { generateKey, importKey, type Key, type KeySource } from '../src/index.ts';

describe('a key source', () => {
  it('is one form, with what belongs to it', () => {
    const salt = { hex: '00' };
    importKey({ hex: 'aa', alg: 'HS256', kid: 'k' });
    importKey({ pem: new URL('file:///key.pem'), passphrase: 'p' });
    importKey({ x509: 'c', pem: 'p', passphrase: 'p' });
    importKey({ jwk: '{}' });
    importKey({ passphrase: 'p', salt, iterations: 600_000 });
    importKey({ passphrase: 'p', salt, scrypt: { cost: 131_072 } });
    importKey({ pem: 'p', alg: 'Ed25519' });
    // @ts-expect-error: two forms at once
    importKey({ hex: 'aa', text: 'aa' });
    // @ts-expect-error: two forms at once
    importKey({ jwk: {}, pem: 'p' });
    // @ts-expect-error: a certificate is no JWK
    importKey({ x509: 'c', jwk: {} });
    // @ts-expect-error: a secret has no passphrase
    importKey({ text: 't', passphrase: 'p' });
    // @ts-expect-error: a passphrase alone is no key
    importKey({ passphrase: 'p' });
    // @ts-expect-error: nor with a salt alone
    importKey({ passphrase: 'p', salt });
    // @ts-expect-error: one function makes the key
    importKey({ passphrase: 'p', salt, iterations: 600_000, scrypt: {} });
    // @ts-expect-error: a salt says its form
    importKey({ passphrase: 'p', salt: 'aa', iterations: 600_000 });
    // @ts-expect-error: no form
    importKey({ kid: 'k' });
    expectTypeOf<string>().not.toExtend<KeySource>();
  });

  it('is made by generateKey, for the algorithms there are', () => {
    expectTypeOf(generateKey('ML-DSA-44')).toEqualTypeOf<Promise<Key>>();
    // @ts-expect-error: none does not exist
    generateKey('none');
    // @ts-expect-error: encryption has keys of its own
    generateKey('A256KW');
  });
});
