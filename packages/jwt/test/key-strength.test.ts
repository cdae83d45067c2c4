import { createPublicKey, createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { InvalidKey, importKey, JwtBuilder, type KeySource, thumbprint } from '../src/index.ts';
import { isRocaModulus, SMALL_PRIMES } from '../src/keys/roca.ts';
import { ec, ed25519, HEX, pkcs8, rsa, spki } from './fixtures/keys.ts';
import { FALSE_FRIENDS, ROCA_KEY, ROCA_MODULI } from './fixtures/roca.ts';
import { clock, handmadeBy, validatorOf } from './fixtures/tokens.ts';

function words(source: unknown, algorithm?: string): string {
  try {
    importKey(source as KeySource, algorithm);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidKey);
    return (error as InvalidKey).message;
  }
  throw new Error('expected InvalidKey, and the key was imported');
}

/** An RSA public key of these numbers, as a JWK. */
function rsaJwk(n: bigint, e = 65_537n): KeySource {
  const base64url = (number: bigint): string => {
    const digits = number.toString(16);
    return Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex').toString(
      'base64url',
    );
  };
  return { jwk: { kty: 'RSA', n: base64url(n), e: base64url(e) } };
}

function modulusOf(pair: { publicKey: KeyObject }): bigint {
  return BigInt(
    `0x${Buffer.from(pair.publicKey.export({ format: 'jwk' }).n ?? '', 'base64url').toString('hex')}`,
  );
}

describe('L16 key and algorithm', () => {
  const jwk = (namedCurve: 'P-256' | 'P-384' | 'P-521') => ec(namedCurve).publicKey.export({ format: 'jwk' });

  it.each<[string, () => unknown, string | undefined, RegExp]>([
    [
      'ES256 with P-384',
      () => ec('P-384').publicKey,
      'ES256',
      /ES256 does not go with a public ec key on secp384r1/,
    ],
    ['ES256 with P-521', () => ec('P-521').publicKey, 'ES256', /does not go with/],
    ['ES256 with secp256k1', () => ec('secp256k1').publicKey, 'ES256', /does not go with/],
    ['ES512 with P-256', () => ec('P-256').publicKey, 'ES512', /does not go with/],
    [
      'JWK alg ES521 on P-521',
      () => ({ jwk: { ...jwk('P-521'), alg: 'ES521' } }),
      undefined,
      /not one there is here/,
    ],
    [
      'JWK alg ES521 on P-256',
      () => ({ jwk: { ...jwk('P-256'), alg: 'ES521' } }),
      undefined,
      /not one there is here/,
    ],
    [
      'JWK alg ES521, asked for as ES512',
      () => ({ jwk: { ...jwk('P-521'), alg: 'ES521' } }),
      'ES512',
      /is for ES521, and ES512 was asked for/,
    ],
    ['JWK alg ES224', () => ({ jwk: { ...jwk('P-256'), alg: 'ES224' } }), undefined, /not one there is here/],
    [
      'EdDSA with X25519',
      () => generateKeyPairSync('x25519').publicKey,
      'EdDSA',
      /does not go with a public x25519 key/,
    ],
    [
      'EdDSA with Ed448',
      () => generateKeyPairSync('ed448').publicKey,
      'EdDSA',
      /does not go with a public ed448 key/,
    ],
    [
      'RS256 with RSA-PSS parameters',
      () => generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey,
      'PS256',
      /does not go with a public rsa-pss key/,
    ],
    [
      'an alg with control characters',
      () => ({ jwk: { ...jwk('P-256'), alg: 'ES256\u202e' } }),
      'ES256',
      /is for "ES256\\u\{202e\}"/,
    ],
  ])('L16 %s is refused', (_case, source, algorithm, expected) => {
    expect(words(source(), algorithm)).toMatch(expected);
  });

  it.each([
    ['P-256', 'ES256'],
    ['P-384', 'ES384'],
    ['P-521', 'ES512'],
  ] as const)('L16 twin: %s is for %s', (curve, algorithm) => {
    expect(importKey({ jwk: { ...jwk(curve), alg: algorithm } }, algorithm).algorithm).toBe(algorithm);
  });
});

describe('L16 Ed25519, the other name of EdDSA (RFC 9864)', () => {
  it.each<[string, () => KeySource, string | undefined]>([
    ['the algorithm asked for', () => ed25519().privateKey, 'Ed25519'],
    [
      'a JWK',
      () => ({ jwk: { ...ed25519().privateKey.export({ format: 'jwk' }), alg: 'Ed25519' } }),
      undefined,
    ],
    ['what stands beside the key', () => ({ pem: pkcs8(ed25519()), alg: 'Ed25519' }), undefined],
    [
      'one of two',
      () => ({ jwk: { ...ed25519().privateKey.export({ format: 'jwk' }), alg: 'Ed25519' }, alg: 'EdDSA' }),
      'EdDSA',
    ],
  ])('L16 is accepted as %s, and EdDSA is what is written', async (_where, source, algorithm) => {
    const key = importKey(source(), algorithm);
    expect(key.algorithm).toBe('EdDSA');
    expect(importKey(key, 'Ed25519')).toBe(key);
    expect((await new JwtBuilder().clock(clock).signWith(key).build()).header.alg).toBe('EdDSA');
  });

  it('L16 is accepted in the header of a token, and in that of no other key', async () => {
    const token = edToken('Ed25519');
    const validator = validatorOf({ keys: ed25519().publicKey });
    expect((await validator.verify(token)).header.alg).toBe('Ed25519');
    expect(validator.verifySync(edToken('EdDSA')).header.alg).toBe('EdDSA');
    for (const alg of ['ed25519', 'Ed448', 'ES256']) {
      expect(await validator.safeVerify(edToken(alg))).toMatchObject({ code: 'ERR_JOSE_ALG_NOT_ALLOWED' });
    }
    expect(await validatorOf({ keys: ec('P-256').publicKey }).safeVerify(token)).toMatchObject({
      code: 'ERR_JOSE_ALG_NOT_ALLOWED',
    });
  });

  function edToken(alg: string): string {
    const [, payload] = handmadeBy(ed25519().privateKey, { alg: 'EdDSA' }).split('.');
    const input = `${Buffer.from(JSON.stringify({ alg })).toString('base64url')}.${payload}`;
    return `${input}.${importKey(ed25519().privateKey).sign(input)}`;
  }
});

describe('L19 no key at all', () => {
  it.each<[string, unknown]>([
    ['an empty hex', { hex: '' }],
    ['an empty base64url', { base64url: '' }],
    ['an empty text', { text: '' }],
    ['an empty k', { jwk: { kty: 'oct', k: '' } }],
    ['no k', { jwk: { kty: 'oct' } }],
    ['an empty passphrase', { passphrase: '', salt: { hex: 'ab'.repeat(16) }, iterations: 600_000 }],
    ['an empty KeyObject', createSecretKey(Buffer.alloc(0))],
    ['an empty Buffer', Buffer.alloc(0)],
    ['a list', ['']],
    ['undefined', undefined],
    ['null', null],
    ['false', false],
    ['a list as text', { text: [''] }],
  ])('L19 %s is refused for every HMAC', (_case, source) => {
    for (const algorithm of [undefined, 'HS256', 'HS384', 'HS512'])
      expect(words(source, algorithm)).toMatch(/./);
  });

  it('L19 twin: a key of the length of the hash is taken', () => {
    expect(importKey({ hex: HEX }, 'HS512').algorithm).toBe('HS512');
  });
});

describe('L21 weak RSA keys', () => {
  const n = modulusOf(rsa());

  it.each<[string, () => KeySource, RegExp]>([
    [
      '1024 bits',
      () => rsa('small', 1024).publicKey,
      /needs a key of at least 2048 bits, and this one has 1024/,
    ],
    ['2047 bits', () => rsaJwk((n >> 1n) | 1n), /and this one has 2047/],
    [
      'more than 16,384 bits',
      () => rsaJwk((1n << 16_384n) + 1n),
      /has more than 16384 bits, which are not taken/,
    ],
    ['e = 1', () => rsaJwk(n, 1n), /exponent that no RSA key has/],
    ['e = 2', () => rsaJwk(n, 2n), /exponent that no RSA key has/],
    ['e even', () => rsaJwk(n, 65_536n), /exponent that no RSA key has/],
    ['e of 65 bits', () => rsaJwk(n, (1n << 64n) + 1n), /exponent that no RSA key has/],
    ['an even modulus', () => rsaJwk(n - 1n), /modulus or an exponent that no RSA key has/],
    [
      'a modulus divisible by 167',
      () => rsaJwk(n - (n % 167n) + ((n - (n % 167n)) % 2n === 0n ? 167n : 0n)),
      /modulus or an exponent/,
    ],
    ['the ROCA fingerprint', () => ({ pem: ROCA_KEY }), /ROCA, CVE-2017-15361/],
  ])('L21 %s is refused', (_case, source, expected) => {
    for (const algorithm of ['RS256', 'PS512']) expect(words(source(), algorithm)).toMatch(expected);
  });

  it('L21 a refused key of 20,000 bits leaves nothing behind for the next one', () => {
    expect(words(rsaJwk((1n << 20_000n) + 1n))).toMatch(/more than 16384 bits/);
    expect(() => thumbprint(rsaJwk((1n << 20_000n) + 1n))).toThrow(/more than 16384 bits/);
    expect(importKey({ pem: pkcs8(rsa()) }).canSign).toBe(true);
  });

  it.each([
    ['2048 bits', () => rsaJwk(n)],
    ['an exponent of 3', () => rsa('three', 2048, 3).publicKey],
    ['an exponent of 64 bits', () => rsaJwk(n, (1n << 64n) - 1n)],
    ['PKCS#8', () => ({ pem: pkcs8(rsa()) })],
    ['SPKI', () => ({ pem: spki(rsa()) })],
  ])('L21 twin: %s is taken', (_case, source) => {
    expect(importKey(source(), 'PS384').algorithm).toBe('PS384');
  });
});

describe('L21 the ROCA fingerprint', () => {
  it('is tested with the odd primes up to 167', () => {
    expect(SMALL_PRIMES).toHaveLength(38);
    expect([SMALL_PRIMES[0], SMALL_PRIMES.at(-1)]).toEqual([3, 167]);
    // The published product of all primes up to 167.
    expect(SMALL_PRIMES.reduce((product, prime) => product * BigInt(prime), 2n)).toBe(
      962947420735983927056946215901134429196419130606213075415963491270n,
    );
  });

  it('is on moduli that the broken library made', () => {
    expect([...ROCA_MODULI, modulusOf({ publicKey: createPublicKey(ROCA_KEY) })].map(isRocaModulus)).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('is on every product of numbers k·M + 65537^a mod M, the shape of its primes', () => {
    const M = SMALL_PRIMES.reduce((product, prime) => product * BigInt(prime), 2n);
    const factor = (k: bigint, a: number): bigint => {
      let power = 1n;
      for (let round = 0; round < a; round += 1) power = (power * 65_537n) % M;
      return k * M + power;
    };
    for (let round = 1; round <= 20; round += 1) {
      const modulus =
        factor(12_345n * BigInt(round), round * 37) * factor(67_891n + BigInt(round), 1000 - round);
      expect(isRocaModulus(modulus)).toBe(true);
      expect(isRocaModulus(modulus + 2n)).toBe(false);
    }
  });

  it('is not on moduli whose residues all fit and fit no one exponent', () => {
    expect(FALSE_FRIENDS.map(isRocaModulus)).toEqual([false, false]);
    for (const modulus of FALSE_FRIENDS)
      expect(SMALL_PRIMES.every((prime) => isPower(modulus, prime))).toBe(true);
  });

  it('is not on fresh keys', { timeout: 60_000 }, () => {
    for (let round = 0; round < 50; round += 1) {
      // The size does not matter to the fingerprint, and small ones are made quickly.
      expect(isRocaModulus(modulusOf(generateKeyPairSync('rsa', { modulusLength: 512 + 8 * round })))).toBe(
        false,
      );
    }
    expect(isRocaModulus(modulusOf(rsa()))).toBe(false);
  });

  function isPower(modulus: bigint, prime: number): boolean {
    const powers = new Set<number>();
    for (let power = 1; !powers.has(power); power = (power * 65_537) % prime) powers.add(power);
    return powers.has(Number(modulus % BigInt(prime)));
  }
});

describe('L22 what a key says of its use', () => {
  const oct = { kty: 'oct', k: Buffer.from(HEX, 'hex').toString('base64url') };
  const pair = {
    private: ec('P-256').privateKey.export({ format: 'jwk' }),
    public: ec('P-256').publicKey.export({ format: 'jwk' }),
  };

  it.each<[string, Record<string, unknown>, string | undefined, RegExp]>([
    [
      'use: enc to verify',
      { ...pair.public, use: 'enc' },
      'ES256',
      /not for signatures: its `use` is another/,
    ],
    ['use: enc on a secret', { ...oct, use: 'enc' }, 'HS256', /its `use` is another/],
    ['a use that there is not', { ...pair.public, use: 'SIG' }, 'ES256', /its `use` is another/],
    [
      'key_ops for encryption',
      { ...oct, key_ops: ['encrypt', 'decrypt'] },
      'HS256',
      /allow neither sign nor verify/,
    ],
    ['key_ops without any', { ...pair.public, key_ops: [] }, 'ES256', /allow neither sign nor verify/],
    [
      'key_ops in one string',
      { ...pair.public, key_ops: ['sign, verify'] },
      'ES256',
      /allow neither sign nor verify/,
    ],
    [
      'alg A256GCM',
      { ...oct, alg: 'A256GCM' },
      undefined,
      /The key is for encryption \(A256GCM\), and signatures need a key of their own/,
    ],
    ['alg A256GCM for HS256', { ...oct, alg: 'A256GCM' }, 'HS256', /is for A256GCM, and HS256 was asked for/],
    ['alg A256KW for HS256', { ...oct, alg: 'A256KW' }, 'HS256', /is for A256KW, and HS256 was asked for/],
    ['alg A256KW', { ...oct, alg: 'A256KW' }, undefined, /for encryption \(A256KW\)/],
    [
      'alg RSA-OAEP',
      { ...rsa().publicKey.export({ format: 'jwk' }), alg: 'RSA-OAEP' },
      undefined,
      /for encryption \(RSA-OAEP\)/,
    ],
    ['alg none', { ...oct, alg: 'none' }, undefined, /not one there is here/],
    [
      'alg PS512 for RS256',
      { ...rsa().publicKey.export({ format: 'jwk' }), alg: 'PS512' },
      'RS256',
      /is for PS512, and RS256 was asked for/,
    ],
  ])('L22 %s is refused', (_case, jwk, algorithm, expected) => {
    expect(words({ jwk }, algorithm)).toMatch(expected);
  });

  it('L22 a secret that may only sign does not verify, and one that may only verify does not sign', () => {
    const signing = importKey({ jwk: { ...oct, key_ops: ['sign'] } });
    expect(signing.canSign).toBe(true);
    expect(() => signing.verifyingSide()).toThrow(InvalidKey);
    expect(() => validatorOf({ keys: { jwk: { ...oct, key_ops: ['sign'] } } })).toThrow(/for signing only/);
    expect(importKey({ jwk: { ...oct, key_ops: ['verify'] } }).canSign).toBe(false);
    expect(() => new JwtBuilder().signWith({ jwk: { ...oct, key_ops: ['verify'] } })).toThrow(/cannot sign/);
  });

  it.each([
    ['use: sig', { use: 'sig' }],
    ['key_ops with both', { key_ops: ['sign', 'verify'] }],
    ['both of them', { use: 'sig', key_ops: ['verify', 'sign'] }],
    ['its alg', { alg: 'HS256' }],
  ])('L22 twin: a key with %s signs and verifies', (_case, facts) => {
    const key = importKey({ jwk: { ...oct, ...facts } });
    expect(key.verifyingSide().verify('a.b', key.sign('a.b'))).toBe(true);
  });

  it('L22 twin: the key_ops of a private key say nothing against its public half', () => {
    const key = importKey({ jwk: { ...pair.private, key_ops: ['sign'] } });
    expect(key.verifyingSide().verify('a.b', key.sign('a.b'))).toBe(true);
  });
});

describe('L28 keys in the wrong place', () => {
  it('L28 a public key does not sign', () => {
    for (const source of [ec('P-256').publicKey, { pem: spki(rsa()) }]) {
      expect(() => new JwtBuilder().signWith(source)).toThrow(/public key, which cannot sign/);
      expect(() => importKey(source).exportPrivateJwk()).toThrow(/nothing private to export/);
    }
  });

  it('L28 a private key given to a validator is kept as its public half only', () => {
    const key = importKey({ pem: pkcs8(rsa()) }).verifyingSide();
    expect(key.canSign).toBe(false);
    expect(() => key.exportPrivatePem()).toThrow(InvalidKey);
    expect(
      validatorOf({ keys: { pem: pkcs8(rsa()) } }).verifySync(handmadeBy(rsa().privateKey, { alg: 'RS256' }))
        .header.alg,
    ).toBe('RS256');
  });

  it('L28 a secret is no key for RS256', () => {
    expect(words(createSecretKey(Buffer.from(HEX, 'hex')), 'RS256')).toMatch(
      /RS256 does not go with a shared secret/,
    );
  });

  it('L28 nothing is asked for its text, its value or its JSON', () => {
    let asked = 0;
    const trap = () => {
      asked += 1;
      return HEX;
    };
    const object = { toString: trap, valueOf: trap, toJSON: trap, [Symbol.toPrimitive]: trap };
    for (const form of ['hex', 'base64url', 'text', 'pem', 'x509', 'jwk'])
      expect(words({ [form]: object })).toMatch(/./);
    expect(words({ jwk: { kty: 'oct', k: object } })).toMatch(/`k` is not/);
    expect(words({ jwk: { kty: object } })).toMatch(/`kty` is not/);
    expect(words({ hex: HEX, kid: object })).toMatch(/\(kid\)/);
    expect(words({ hex: HEX, alg: object })).toMatch(/\(alg\)/);
    expect(words(object)).toMatch(/form that is not known/);
    expect(asked).toBe(0);
  });
});

describe('a thumbprint', () => {
  it('is that of RFC 7638 §3.1 and RFC 8037 §A.3', () => {
    const n =
      '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw';
    expect(thumbprint({ jwk: { kty: 'RSA', n, e: 'AQAB', alg: 'RS256', kid: '2011-04-29' } })).toBe(
      'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
    );
    expect(
      thumbprint({ jwk: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' } }),
    ).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });

  it.each<[string, () => KeySource]>([
    ['PKCS#8', () => ({ pem: pkcs8(rsa('small', 1024)) })],
    [
      'a JWK for encryption',
      () => ({ jwk: { ...rsa('small', 1024).publicKey.export({ format: 'jwk' }), use: 'enc' } }),
    ],
    ['a KeyObject', () => rsa('small', 1024).privateKey],
  ])('is there for a key that the door refuses: %s', (_form, source) => {
    expect(() => importKey(source())).toThrow(InvalidKey);
    expect(thumbprint(source())).toBe(thumbprint({ pem: spki(rsa('small', 1024)) }));
  });

  it('is there for a curve that signs nothing, and for an imported key', () => {
    expect(thumbprint(generateKeyPairSync('x25519').publicKey)).toMatch(/^[\w-]{43}$/);
    expect(thumbprint(importKey(ec('P-256').privateKey))).toBe(thumbprint(ec('P-256').publicKey));
  });

  it.each<[string, () => KeySource]>([
    ['a secret', () => ({ hex: HEX })],
    ['an imported secret', () => importKey({ hex: HEX })],
    ['an oct JWK', () => ({ jwk: { kty: 'oct', k: 'AAAA' } })],
  ])('is refused to %s, whose hash would help to guess it', (_form, source) => {
    expect(() => thumbprint(source())).toThrow(/has no thumbprint.*RFC 7638 §7/);
  });

  it('is refused to a key that no JWK exists for', () => {
    expect(() => thumbprint(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey)).toThrow(
      /no JWK for that kind/,
    );
  });
});
