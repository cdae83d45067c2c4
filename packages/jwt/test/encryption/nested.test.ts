/** Signed and then encrypted tokens (RFC 7519 §5.2), with rows L50 and L51 of the table of attacks. */
import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { compactDecrypt, compactVerify, EncryptJWT, jwtVerify, SignJWT } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  encryptCompact,
  explain,
  InvalidOption,
  inspect,
  JwtBuilder,
  JwtValidator,
  KeyRing,
  type ValidatorOptions,
} from '../../src/index.ts';
import { base64url, headerOf, P256, RSA, withHeader, withPart } from '../fixtures/encryption.ts';

const NOW = 1_767_225_600;
const clock = () => NOW * 1000;
const HEX = '0123456789abcdef'.repeat(4);
const SECRET = Buffer.from(HEX, 'hex');
const SHARED = { hex: 'fedcba9876543210'.repeat(4) };

const signed = new JwtBuilder()
  .issuer('https://issuer.example')
  .audience('https://api.example')
  .subject('alice')
  .clock(clock)
  .signWith({ hex: HEX }, 'HS256');
const nested = signed.encryptWith(RSA.privateKey, { alg: 'RSA-OAEP-256' });

function validatorOf(options: Partial<ValidatorOptions> = {}): JwtValidator {
  return nested.validator(options);
}

/** Anything at all, encrypted for the validator and marked as a nested token, or as `cty` says. */
function around(inner: string, header: Record<string, unknown> = { cty: 'JWT' }): Promise<string> {
  return encryptCompact(inner, RSA.publicKey, { alg: 'RSA-OAEP-256', header });
}

const CLAIMS = { iss: 'https://issuer.example', aud: 'https://api.example', sub: 'alice', exp: NOW + 60 };

function jws(header: object, claims: object | string = CLAIMS, secret: Buffer | string = SECRET): string {
  const payload = typeof claims === 'string' ? claims : JSON.stringify(claims);
  const input = `${base64url(JSON.stringify({ typ: 'JWT', ...header }))}.${base64url(payload)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

/** The code and reason of a refusal, or what was accepted. */
async function outcomeOf(token: string, validator: JwtValidator = validatorOf()): Promise<string> {
  const report = await explain(token, validator, { askRevocation: true });
  const answer = await validator.safeVerify(token);
  expect(report.accepted).toBe(answer.ok);
  if (answer.ok) return `accepted ${answer.claims.sub}`;
  expect(report.decisive?.code).toBe(answer.code);
  return `${report.decisive?.check}: ${report.decisive?.reason}`;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a nested token', () => {
  it('is signed, then encrypted once, and marked as such (RFC 7519, Appendix A.2)', async () => {
    const issued = await nested.build();
    expect(headerOf(issued.token)).toMatchObject({ alg: 'RSA-OAEP-256', enc: 'A256GCM', cty: 'JWT' });
    const { plaintext } = await compactDecrypt(issued.token, RSA.privateKey);
    const { protectedHeader, payload } = await compactVerify(plaintext, SECRET);
    expect(protectedHeader).toEqual(issued.header);
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual(issued.claims);
  });

  it('is verified with its claims and the header of the signed token, and answered as it came', async () => {
    const { token, claims, header } = await nested.build();
    expect(await validatorOf().verify(token)).toMatchObject({ token, claims, header });
  });

  it('made by jose is verified here', async () => {
    const inner = await new SignJWT(CLAIMS).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(SECRET);
    expect(await outcomeOf(await around(inner))).toBe('accepted alice');
  });

  it('made here is verified by jose', async () => {
    const { token } = await nested.build();
    const { plaintext } = await compactDecrypt(token, RSA.privateKey);
    const { payload } = await jwtVerify(plaintext, SECRET, { currentDate: new Date(NOW * 1000) });
    expect(payload.sub).toBe('alice');
  });

  it.each([
    ['a shared secret', SHARED, {}],
    ['a key agreement', P256.privateKey, { alg: 'ECDH-ES+A128KW', enc: 'A128CBC-HS256' }],
    ['a shared secret used directly', { ...SHARED }, { alg: 'dir', enc: 'A256GCM' }],
  ] as const)('is built and read with %s', async (_what, source, algorithms) => {
    const jwt = signed.encryptWith(source, algorithms);
    const { token } = await jwt.build();
    expect(headerOf(token)).toMatchObject({ ...algorithms, cty: 'JWT' });
    expect((await jwt.validator().verify(token)).claims.sub).toBe('alice');
  });

  it('is renewed as it is verified: decrypted, and encrypted again', async () => {
    const first = await nested.name('Alice').build();
    const renewed = await nested.renew(first.token);
    expect(renewed.claims).toMatchObject({ sub: 'alice', name: 'Alice', auth_time: first.claims.auth_time });
    expect(renewed.claims.jti).not.toBe(first.claims.jti);
    expect(headerOf(renewed.token)).toMatchObject({ cty: 'JWT' });
    expect(await outcomeOf(renewed.token)).toBe('accepted alice');
  });

  it('is not renewed when it would not be verified (L53)', async () => {
    const { token } = await nested.build();
    const attacker = signed
      .signWith({ hex: '66'.repeat(32) }, 'HS256')
      .encryptWith(RSA.publicKey, { alg: 'RSA-OAEP-256' });
    const { token: forged } = await attacker.build();
    await expect(nested.renew(forged)).rejects.toMatchObject({
      code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    });
    await expect(nested.renew(withPart(token, 4, 'A'.repeat(22)))).rejects.toMatchObject({
      code: 'ERR_JWE_DECRYPTION_FAILED',
    });
    await expect(nested.renew((await signed.build()).token)).rejects.toMatchObject({
      code: 'ERR_JWT_INVALID',
    });
  });

  it('shows itself as encrypted to inspect, with its header and without claims', async () => {
    const { token } = await nested.build();
    expect(inspect(token)).toMatchObject({
      kind: 'encrypted',
      header: { alg: 'RSA-OAEP-256', cty: 'JWT' },
      claims: undefined,
      faults: [],
    });
  });
});

describe('the builder of nested tokens', () => {
  it('refuses buildSync, for encryption takes a promise', () => {
    expect(() => nested.buildSync()).toThrow(InvalidOption);
    expect(signed.buildSync().token.split('.')).toHaveLength(3);
  });

  it('leaves the builder it came from as it was', async () => {
    expect((await signed.build()).token.split('.')).toHaveLength(3);
    expect((await nested.copy().build()).token.split('.')).toHaveLength(5);
  });

  it('needs decryptWith for a validator when it encrypts for a public key, and takes it', async () => {
    const jwt = signed.encryptWith(RSA.publicKey, { alg: 'RSA-OAEP-256' });
    expect(() => jwt.validator()).toThrow(InvalidOption);
    const { token } = await jwt.build();
    const validator = jwt.validator({ decryptWith: { jwk: jwkOf(RSA.privateKey), alg: 'RSA-OAEP-256' } });
    expect(await outcomeOf(token, validator)).toBe('accepted alice');
    await expect(jwt.renew(token)).rejects.toThrow(InvalidOption);
  });

  it('derives a validator that decrypts even where decryptWith is given as undefined', async () => {
    const validator = nested.validator({ decryptWith: undefined as never });
    expect(await outcomeOf((await signed.build()).token, validator)).toBe('structure: token_not_encrypted');
  });

  it('refuses a key whose key_ops allow decrypting only', () => {
    expect(() => signed.encryptWith({ jwk: { ...jwkOf(SHARED.hex), key_ops: ['unwrapKey'] } })).toThrow(
      InvalidOption,
    );
  });
});

function jwkOf(key: string | typeof RSA.privateKey): Record<string, unknown> {
  if (typeof key === 'string') return { kty: 'oct', k: Buffer.from(key, 'hex').toString('base64url') };
  return key.export({ format: 'jwk' }) as Record<string, unknown>;
}

describe('a validator that decrypts', () => {
  it('refuses verifySync, also for a token it remembers', async () => {
    const validator = validatorOf();
    const { token } = await nested.build();
    expect(() => validator.verifySync(token)).toThrow(TypeError);
    await validator.verify(token);
    expect(() => validator.verifySync(token)).toThrow(TypeError);
  });

  it('says in describe that it decrypts, and one that does not says nothing of it', () => {
    const checks = validatorOf().describe();
    expect(checks.map(({ check }) => check).slice(0, 3)).toEqual(['structure', 'decryption', 'algorithm']);
    expect(checks[1]?.asks).toMatch(/^a signed token encrypted for \[Key RSA-OAEP-256 [\w-]{43}\]$/);
    expect(
      signed
        .validator()
        .describe()
        .map(({ check }) => check),
    ).not.toContain('decryption');
  });

  it('explains the decryption, and marks it as skipped where none is asked for', async () => {
    const { token } = await nested.build();
    const good = await explain(token, validatorOf());
    expect(good.checks.find(({ check }) => check === 'decryption')).toMatchObject({
      outcome: 'pass',
      actual: 'alg "RSA-OAEP-256", enc "A256GCM"',
    });
    const bad = await explain(withPart(token, 4, 'A'.repeat(22)), validatorOf());
    expect(bad.decisive).toMatchObject({ check: 'decryption', code: 'ERR_JWE_DECRYPTION_FAILED' });
    expect(bad.checks.filter(({ outcome }) => outcome === 'skipped').map(({ check }) => check)).toContain(
      'signature',
    );
    const plain = await explain((await signed.build()).token, signed.validator());
    expect(plain.checks.find(({ check }) => check === 'decryption')?.outcome).toBe('skipped');
  });

  it('explains a token that cannot be read as one, and decrypts nothing', async () => {
    const report = await explain('a.b.c.d', validatorOf());
    expect(report.decisive).toMatchObject({ check: 'structure', reason: 'jwe_malformed' });
    expect(report.checks[1]).toMatchObject({ check: 'decryption', outcome: 'skipped' });
  });

  it('takes one of several keys, as when they are being changed', async () => {
    const keys = [
      { ...SHARED, kid: 'old' },
      { hex: '77'.repeat(32), kid: 'new' },
    ] as const;
    const validator = validatorOf({ decryptWith: keys });
    for (const key of keys) {
      expect(await outcomeOf((await signed.encryptWith(key).build()).token, validator)).toBe(
        'accepted alice',
      );
    }
    const { token } = await signed.encryptWith({ ...SHARED, kid: 'other' }).build();
    expect(await outcomeOf(token, validator)).toBe('decryption: key_not_found');
  });

  it('takes the key that a token names, however many there are', async () => {
    const pairs = Array.from({ length: 6 }, () => generateKeyPairSync('ec', { namedCurve: 'P-256' }));
    const [first, ...others] = pairs.map(({ privateKey }) => privateKey);
    const validator = validatorOf({ decryptWith: [first!, ...others] });
    for (const { publicKey } of pairs) {
      const { token } = await signed.encryptWith(publicKey).build();
      expect(await outcomeOf(token, validator)).toBe('accepted alice');
    }
  });

  it('refuses more than four keys that no token can name: the fifth would never be tried', () => {
    const [first, ...others] = Array.from({ length: 5 }, (_, index) => ({ hex: `${index}`.repeat(64) }));
    expect(() => validatorOf({ decryptWith: [first!, ...others] })).toThrow(/without a key ID/);
    expect(() => validatorOf({ decryptWith: [first!, ...others.slice(1)] })).not.toThrow();
  });

  it('refuses the options of no key, a public key or a key that is for signatures', () => {
    const forSignatures = { jwk: { ...jwkOf(RSA.privateKey), use: 'sig' } };
    expect(() => validatorOf({ decryptWith: [] as never })).toThrow(InvalidOption);
    expect(() => validatorOf({ decryptWith: RSA.publicKey })).toThrow(InvalidOption);
    expect(() => validatorOf({ decryptWith: forSignatures })).toThrow(/not for encryption/);
    expect(() => validatorOf({ decryptWith: null as never })).toThrow(TypeError);
  });

  it('refuses a token that is longer than maxTokenLength', async () => {
    const { token } = await nested.build();
    expect(await outcomeOf(token, validatorOf({ maxTokenLength: token.length - 1 }))).toBe(
      'structure: token_too_long',
    );
    expect(await outcomeOf(token, validatorOf({ maxTokenLength: token.length }))).toBe('accepted alice');
  });

  it('answers a missing token as every validator does', async () => {
    await expect(validatorOf().verify(undefined)).rejects.toMatchObject({ hint: 'There is no token.' });
  });
});

describe('a validator of several issuers that decrypts', () => {
  const validator = new JwtValidator({
    issuers: [
      { issuer: 'https://issuer.example', keys: { hex: HEX }, audience: 'https://api.example' },
      { issuer: 'https://other.example', keys: { hex: '88'.repeat(32) }, audience: null },
    ],
    decryptWith: { jwk: jwkOf(RSA.privateKey), alg: 'RSA-OAEP-256' },
    clock,
  });

  it('chooses the keys by the issuer inside, and refuses one that the other signed (L35)', async () => {
    expect(await outcomeOf((await nested.build()).token, validator)).toBe('accepted alice');
    const other = nested.issuer('https://other.example');
    expect(await outcomeOf((await other.build()).token, validator)).toBe('signature: signature_mismatch');
    const own = other.signWith({ hex: '88'.repeat(32) }, 'HS256');
    expect(await outcomeOf((await own.build()).token, validator)).toBe('accepted alice');
  });

  it('is not led by an issuer in the header of the encrypted token', async () => {
    const token = await around(jws({ alg: 'HS256' }), { cty: 'JWT', iss: 'https://other.example' });
    expect(await outcomeOf(token, validator)).toBe('replicated claims: replicated_claim_mismatch');
  });
});

it('a key ring signs nested tokens as it signs others', async () => {
  const ring = await KeyRing.generate('ES256', { clock });
  const jwt = nested.signWith(ring);
  const { token } = await jwt.build();
  await ring.rotate();
  expect((await jwt.validator().verify(token)).claims.sub).toBe('alice');
  expect((await jwt.renew(token)).claims.sub).toBe('alice');
});

describe('the memory of a validator that decrypts', () => {
  it('keeps the encrypted token: the second time nothing is decrypted', async () => {
    const validator = validatorOf();
    const { token } = await nested.build();
    const first = await validator.verify(token);
    const decrypt = vi.spyOn(globalThis.crypto.subtle, 'decrypt');
    expect(await validator.verify(token)).toEqual(first);
    expect(decrypt).not.toHaveBeenCalled();
    expect((await validatorOf({ cache: false }).verify(token)).token).toBe(token);
    expect(decrypt).toHaveBeenCalled();
  });

  it('does not answer for the signed token inside, nor for another encryption of it', async () => {
    const validator = validatorOf();
    const { token } = await nested.build();
    await validator.verify(token);
    const { plaintext } = await compactDecrypt(token, RSA.privateKey);
    const inner = Buffer.from(plaintext).toString();
    expect(await outcomeOf(inner, validator)).toBe('structure: token_not_encrypted');
    expect(await outcomeOf(withPart(token, 4, 'A'.repeat(22)), validator)).toBe(
      'decryption: decryption_failed',
    );
  });

  it('asks for time and revocation again (L42)', async () => {
    let now = NOW;
    let isRevoked = false;
    const validator = validatorOf({ clock: () => now * 1000, isRevoked: () => isRevoked });
    const { token } = await nested.build();
    expect(await outcomeOf(token, validator)).toBe('accepted alice');
    isRevoked = true;
    expect(await outcomeOf(token, validator)).toBe('revocation: revoked');
    isRevoked = false;
    now += 7200;
    expect(await outcomeOf(token, validator)).toBe('expiry: expired');
  });
});

describe('L50: a JWE around something that nobody signed', () => {
  it('is accepted when it holds a token signed with the key', async () => {
    expect(await outcomeOf(await around(jws({ alg: 'HS256' })))).toBe('accepted alice');
  });

  it.each(['none', 'None', 'NONE'])('is refused when the token inside says alg %s', async (alg) => {
    const input = `${base64url(JSON.stringify({ alg }))}.${base64url(JSON.stringify(CLAIMS))}`;
    expect(await outcomeOf(await around(`${input}.`))).toBe('decryption: nested_token_invalid');
    expect(await outcomeOf(await around(`${input}.AA`))).toBe('algorithm: algorithm_not_allowed');
  });

  it('is refused when the token inside has no signature', async () => {
    const unsigned = jws({ alg: 'HS256' }).replace(/[^.]*$/, '');
    expect(await outcomeOf(await around(unsigned))).toBe('decryption: nested_token_invalid');
  });

  it('is refused when it holds claims as they are', async () => {
    expect(await outcomeOf(await around(JSON.stringify(CLAIMS)))).toBe('decryption: nested_token_invalid');
    expect(await outcomeOf(await around(''))).toBe('decryption: nested_token_invalid');
  });

  it('is refused when the token inside is signed by a key that it brings along', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const header = { alg: 'ES256', jwk: createPublicKey(privateKey).export({ format: 'jwk' }) };
    const input = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(CLAIMS))}`;
    const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    const token = await around(`${input}.${signature.toString('base64url')}`);
    expect(await outcomeOf(token)).toBe('algorithm: algorithm_not_allowed');
    const asymmetric = validatorOf({ keys: P256.publicKey });
    expect(await outcomeOf(token, asymmetric)).toBe('signature: signature_mismatch');
  });

  it('is refused when the token inside is signed with the public key as a secret', async () => {
    const pem = RSA.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const validator = validatorOf({ keys: RSA.publicKey });
    expect(await outcomeOf(await around(jws({ alg: 'HS256' }, CLAIMS, pem)), validator)).toBe(
      'algorithm: algorithm_not_allowed',
    );
  });

  it.each([[undefined], ['jwt'], ['text'], ['application/JWT'], ['']])(
    'is refused when its cty is %j',
    async (cty) => {
      const token = await around(jws({ alg: 'HS256' }), cty === undefined ? {} : { cty });
      expect(await outcomeOf(token)).toBe('decryption: nested_token_invalid');
    },
  );
});

describe('L51: a token of another kind', () => {
  it('is refused when it is encrypted and the validator only verifies', async () => {
    const { token } = await nested.build();
    expect(await outcomeOf(token, signed.validator())).toBe('structure: token_encrypted');
    expect(await outcomeOf((await signed.build()).token, signed.validator())).toBe('accepted alice');
  });

  it('is refused when it is only signed and the validator decrypts', async () => {
    expect(await outcomeOf((await signed.build()).token)).toBe('structure: token_not_encrypted');
    expect(await outcomeOf((await nested.build()).token)).toBe('accepted alice');
  });

  it.each([
    ['RSA', RSA, 'RSA-OAEP-256'],
    ['ECDH', P256, 'ECDH-ES+A256KW'],
  ] as const)(
    'is refused when it is encrypted with a public %s key and not signed: that is no authentication',
    async (_kind, pair, alg) => {
      const validator = validatorOf({ decryptWith: { jwk: jwkOf(pair.privateKey), alg } });
      const jwt = new EncryptJWT(CLAIMS).setProtectedHeader({ alg, enc: 'A256GCM', cty: 'JWT' });
      expect(await outcomeOf(await jwt.encrypt(pair.publicKey), validator)).toBe(
        'decryption: nested_token_invalid',
      );
    },
  );

  it.each([2, 3, 4, 5, 6, 7, 8, 9, 10])('is refused when it is encrypted %i times', async (depth) => {
    let token = jws({ alg: 'HS256' });
    for (let layer = 0; layer < depth; layer += 1) token = await around(token);
    const validator = validatorOf({ maxTokenLength: 1_000_000 });
    expect(await outcomeOf(token, validator)).toBe('decryption: nested_token_invalid');
  });

  it('is refused when the signed token inside holds another token', async () => {
    const inner = jws({ alg: 'HS256' });
    const twice = jws({ alg: 'HS256', cty: 'JWT' }, inner);
    expect(await outcomeOf(await around(twice))).toBe('decryption: nested_token_invalid');
    expect(await outcomeOf(await around(jws({ alg: 'HS256' }, inner)))).toBe('claims: claims_malformed');
  });

  it.each([
    ['iss', 'https://issuer.example', ['https://evil.example', ['https://issuer.example'], null]],
    ['sub', 'alice', ['mallory', 1, '']],
    ['aud', 'https://api.example', ['https://other.example', ['https://api.example'], {}]],
  ] as const)(
    'is refused when %s is repeated in its header and differs (RFC 7519 §5.3)',
    async (name, same, others) => {
      for (const other of others) {
        const token = await around(jws({ alg: 'HS256' }), { cty: 'JWT', [name]: other });
        expect(await outcomeOf(token)).toBe('replicated claims: replicated_claim_mismatch');
      }
      const token = await around(jws({ alg: 'HS256' }), { cty: 'JWT', [name]: same });
      expect(await outcomeOf(token)).toBe('accepted alice');
    },
  );

  it('is refused when its header repeats a claim that is not signed', async () => {
    const { sub: _sub, ...claims } = CLAIMS;
    const token = await around(jws({ alg: 'HS256' }, claims), { cty: 'JWT', sub: 'alice' });
    expect(await outcomeOf(token)).toBe('replicated claims: replicated_claim_mismatch');
  });

  it('is refused when zip is in the header of the token inside (L48), or an unknown extension is', async () => {
    expect(await outcomeOf(await around(jws({ alg: 'HS256', zip: 'DEF' })))).toBe(
      'algorithm: compression_not_allowed',
    );
    expect(await outcomeOf(await around(jws({ alg: 'HS256', crit: ['x'], x: 1 })))).toBe(
      'critical headers: crit_not_understood',
    );
    const { token } = await nested.build();
    expect(await outcomeOf(withHeader(token, { zip: 'DEF' }))).toBe('structure: compression_not_allowed');
  });
});
