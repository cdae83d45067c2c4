import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { InvalidKey, InvalidOption, importKey, JwtValidator, type ValidatorOptions } from '../src/index.ts';
import { Key } from '../src/keys/key.ts';
import { ec, HEX, OTHER_HEX, pkcs8, rsa } from './fixtures/keys.ts';
import {
  AUDIENCE,
  builder,
  CLAIMS,
  clock,
  handmade,
  handmadeBy,
  ISSUER,
  NOW,
  refusalOf,
  tokenWith,
  validatorOf,
} from './fixtures/tokens.ts';

/** Whether a validator with these options takes a token with these claims, and why not. */
async function judged(
  options: Partial<ValidatorOptions>,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const answer = await validatorOf(options).safeVerify(tokenWith(claims, header));
  return answer.ok ? 'accepted' : (answer.claim ?? answer.code);
}

/** What database libraries give: no promise of the runtime, and it runs when it is awaited. */
function query(answer: boolean): Promise<boolean> {
  const thenable: PromiseLike<boolean> = {
    // biome-ignore lint/suspicious/noThenProperty: that is what such a query is.
    then: (done, failed) => Promise.resolve(answer).then(done, failed),
  };
  return thenable as Promise<boolean>;
}

describe('what people give for a token', () => {
  const token = tokenWith();

  it.each<[string, unknown, RegExp]>([
    ['with its scheme', `Bearer ${token}`, /has the word Bearer before it/],
    ['with a line end', `${token}\n`, /has a blank or a line end before or after it/],
    ['with a blank before it', ` ${token}`, /has a blank or a line end before or after it/],
    ['in quotes', `"${token}"`, /stands in quotes/],
    ['that was not waited for', Promise.resolve(token), /but a promise: await it/],
    ['with what it was issued with', { token }, /but an object: give its member token/],
    ['as bytes', Buffer.from(token), /is no string\.$/],
  ])('is refused %s, with what to do', async (_case, given, hint) => {
    const answer = await validatorOf().safeVerify(given as string);
    expect(answer).toMatchObject({ ok: false, hint: expect.stringMatching(hint) });
    expect(JSON.stringify(answer)).not.toContain(token.slice(0, 20));
  });
});

describe('an accepted token', () => {
  it('gives token, header, claims and end, and what it gives is frozen', async () => {
    const token = tokenWith({ own: { list: [1] } }, { typ: 'JWT', x: { y: 1 } });
    const verified = await validatorOf().verify(token);
    expect(verified).toEqual({
      token,
      header: { alg: 'HS256', typ: 'JWT', x: { y: 1 } },
      claims: { ...CLAIMS, own: { list: [1] } },
      expiresAt: new Date((NOW + 600) * 1000),
    });
    const { header, claims } = verified;
    const parts = [header, header['x'], claims, claims['own'], (claims['own'] as { list: unknown }).list];
    expect(parts.map((part) => Object.isFrozen(part))).toEqual(parts.map(() => true));
  });

  it('gives the same through verifySync and safeVerify', async () => {
    const token = tokenWith();
    const verified = await validatorOf().verify(token);
    expect(validatorOf().verifySync(token)).toEqual(verified);
    expect(await validatorOf().safeVerify(token)).toEqual({ ok: true, ...verified });
  });
});

describe('a refused token', () => {
  it('is thrown by verify and verifySync, and answered by safeVerify, with one code and the same words', async () => {
    const token = tokenWith({ aud: 'another' });
    const validator = validatorOf();
    const answer = await validator.safeVerify(token);
    expect(answer).toEqual({
      ok: false,
      code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
      claim: 'aud',
      expected: `"${AUDIENCE}"`,
      actual: '"another"',
      hint: 'The token is for another audience.',
      fix: expect.stringContaining('Audiences are compared exactly'),
    });
    for (const call of [() => validator.verify(token), () => validator.verifySync(token)]) {
      const error = await refusalOf(call);
      expect(error).toMatchObject({
        code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
        claim: 'aud',
        reason: 'check_failed',
        hint: 'The token is for another audience.',
      });
      expect([error['expected'], error['actual']]).toEqual([`"${AUDIENCE}"`, '"another"']);
    }
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['expired', { exp: NOW - 60 }, 'ERR_JWT_EXPIRED'],
    ['not yet valid', { nbf: NOW + 61 }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['of another issuer', { iss: 'https://other' }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['without an end', { exp: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
  ])('has the code of jose when it is %s', async (_case, claims, code) => {
    expect(await refusalOf(() => validatorOf().verify(tokenWith(claims)))).toMatchObject({ code });
  });
});

describe('the order of checks', () => {
  it('is parse, algorithm, crit, key, signature, claims, type, times, issuer, audience, own, revocation', () => {
    const all = validatorOf({ typ: 'JWT', isRevoked: () => false });
    expect(all.describe().map(({ check }) => check)).toEqual([
      'structure',
      'algorithm',
      'critical headers',
      'key',
      'signature',
      'claims',
      'type',
      'expiry',
      'not before',
      'issued at',
      'issuer',
      'audience',
      'required claims',
      'revocation',
    ]);
  });

  it('decides which of many faults is told: mending the first shows the next', async () => {
    const validator = validatorOf({
      keys: { hex: HEX, kid: 'k1' },
      typ: 'at+jwt',
      requiredClaims: ['scope'],
      isRevoked: () => true,
    });
    const header: Record<string, unknown> = { alg: 'none', crit: ['x'], kid: 'k2', typ: 'JWT' };
    const claims: Record<string, unknown> = {
      ...CLAIMS,
      exp: NOW - 100,
      nbf: NOW + 100,
      iat: NOW + 100,
      iss: 'other',
      aud: 'other',
    };
    let key: string | undefined = OTHER_HEX;
    const told = async (): Promise<string> => {
      const token = handmade(header, claims, Buffer.from(key ?? HEX, 'hex'));
      const answer = await validator.safeVerify(token);
      return answer.ok ? 'accepted' : (answer.claim ?? answer.code);
    };
    const order = [await told()];
    for (const mend of [
      () => Object.assign(header, { alg: 'HS256' }),
      () => Reflect.deleteProperty(header, 'crit'),
      () => Object.assign(header, { kid: 'k1' }),
      () => {
        key = undefined;
      },
      () => Object.assign(header, { typ: 'at+jwt' }),
      () => Object.assign(claims, { exp: NOW + 100 }),
      () => Object.assign(claims, { nbf: NOW }),
      () => Object.assign(claims, { iat: NOW }),
      () => Object.assign(claims, { iss: ISSUER }),
      () => Object.assign(claims, { aud: AUDIENCE }),
      () => Object.assign(claims, { scope: 'read' }),
    ]) {
      mend();
      order.push(await told());
    }
    expect(order).toEqual([
      'alg',
      'crit',
      'kid',
      'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
      'typ',
      'exp',
      'nbf',
      'iat',
      'iss',
      'aud',
      'scope',
      'ERR_JWT_REVOKED',
    ]);
  });

  it('asks for revocation only once all else is good', async () => {
    const isRevoked = vi.fn(() => false);
    const validator = validatorOf({ isRevoked });
    await validator.safeVerify(tokenWith({ exp: NOW - 100 }));
    await validator.safeVerify(`${tokenWith().slice(0, -4)}AAAA`);
    expect(isRevoked).not.toHaveBeenCalled();
    await validator.verify(tokenWith());
    expect(isRevoked).toHaveBeenCalledExactlyOnceWith(CLAIMS);
  });

  it('leaves out of describe() what is not asked for, and says the rest in words', () => {
    const lines = validatorOf({ issuer: null, audience: null, maxAge: '8h' }).describe();
    const asked = Object.fromEntries(lines.map(({ check, asks }) => [check, asks]));
    expect(asked).toEqual({
      structure: 'a compact JWS of at most 16384 characters',
      algorithm: 'HS256',
      'critical headers': 'none',
      key: '[Key HS256]',
      signature: 'made with [Key HS256]',
      claims: 'a JSON object',
      expiry: 'one that is not over (tolerance 60 s)',
      'not before': 'none, or one that has come (tolerance 60 s)',
      'issued at': 'at most 8 hours ago',
      'required claims': 'well-formed',
    });
    const other = validatorOf({ acceptNeverExpiring: true, requiredClaims: ['sub', 'scope'] }).describe();
    expect(other.find(({ check }) => check === 'expiry')?.asks).toBe(
      'none, or one that is not over (tolerance 60 s)',
    );
    expect(other.find(({ check }) => check === 'required claims')?.asks).toBe('sub, scope');
  });
});

describe('time', () => {
  it.each<[string, Partial<ValidatorOptions>, Record<string, unknown>, string]>([
    ['exp one second ahead, no tolerance', { clockTolerance: 0 }, { exp: NOW + 1 }, 'accepted'],
    ['exp now, no tolerance', { clockTolerance: 0 }, { exp: NOW }, 'exp'],
    ['exp half a second ahead, no tolerance', { clockTolerance: 0 }, { exp: NOW + 0.5 }, 'accepted'],
    ['exp within the tolerance of 60 s', {}, { exp: NOW - 59 }, 'accepted'],
    ['exp at the end of the tolerance', {}, { exp: NOW - 60 }, 'exp'],
    ['nbf now, no tolerance', { clockTolerance: 0 }, { nbf: NOW }, 'accepted'],
    ['nbf one second ahead, no tolerance', { clockTolerance: 0 }, { nbf: NOW + 1 }, 'nbf'],
    ['nbf at the end of the tolerance', {}, { nbf: NOW + 60 }, 'accepted'],
    ['nbf beyond the tolerance', {}, { nbf: NOW + 61 }, 'nbf'],
    ['iat at the end of the tolerance', {}, { iat: NOW + 60 }, 'accepted'],
    ['iat beyond the tolerance', {}, { iat: NOW + 61 }, 'iat'],
    ['no iat', {}, { iat: undefined }, 'accepted'],
    ['the greatest age', { maxAge: 100, clockTolerance: 5 }, { iat: NOW - 105 }, 'accepted'],
    ['more than the greatest age', { maxAge: 100, clockTolerance: 5 }, { iat: NOW - 106 }, 'iat'],
    ['no iat where an age is asked for', { maxAge: 100 }, { iat: undefined }, 'iat'],
    ['no exp', {}, { exp: undefined }, 'exp'],
    ['no exp where that was accepted aloud', { acceptNeverExpiring: true }, { exp: undefined }, 'accepted'],
    ['exp over, where none is needed', { acceptNeverExpiring: true }, { exp: NOW - 60 }, 'exp'],
  ])('decides: %s', async (_case, options, claims, expected) => {
    expect(await judged(options, claims)).toBe(expected);
  });

  it('is told with how far it is off', async () => {
    const hints = await Promise.all(
      [{ exp: NOW - 300 }, { nbf: NOW + 7200 }, { exp: NOW - 61 }].map(async (claims) => {
        const answer = await validatorOf().safeVerify(tokenWith(claims));
        return answer.ok ? 'accepted' : answer.hint;
      }),
    );
    expect(hints).toEqual([
      'The token expired 5 minutes ago.',
      'The token becomes valid in 2 hours.',
      'The token expired 61 seconds ago.',
    ]);
  });
});

describe('issuer and audience', () => {
  it.each<[string, Partial<ValidatorOptions>, Record<string, unknown>, string]>([
    ['the issuer', {}, {}, 'accepted'],
    ['one of several issuers', { issuer: ['https://other', ISSUER] }, {}, 'accepted'],
    ['none of several issuers', { issuer: ['a', 'b'] }, {}, 'iss'],
    ['no issuer', {}, { iss: undefined }, 'iss'],
    ['any issuer, said aloud', { issuer: null }, { iss: 'anyone' }, 'accepted'],
    ['the audience in a list', {}, { aud: ['other', AUDIENCE] }, 'accepted'],
    ['one of several audiences', { audience: ['other', AUDIENCE] }, {}, 'accepted'],
    ['another audience', {}, { aud: ['other'] }, 'aud'],
    ['no audience', {}, { aud: undefined }, 'aud'],
    ['any audience, said aloud', { audience: null }, { aud: undefined }, 'accepted'],
  ])('decide: %s', async (_case, options, claims, expected) => {
    expect(await judged(options, claims)).toBe(expected);
  });
});

describe('further options', () => {
  it.each<[string, Partial<ValidatorOptions>, Record<string, unknown>, Record<string, unknown>, string]>([
    ['typ, as it is', { typ: 'at+jwt' }, {}, { typ: 'at+jwt' }, 'accepted'],
    ['typ missing', { typ: 'at+jwt' }, {}, {}, 'typ'],
    ['typ not asked for', {}, {}, { typ: 'anything' }, 'accepted'],
    ['a required claim', { requiredClaims: ['scope'] }, { scope: '' }, {}, 'accepted'],
    ['a required claim missing', { requiredClaims: ['scope'] }, {}, {}, 'scope'],
    ['a required claim that is null', { requiredClaims: ['scope'] }, { scope: null }, {}, 'scope'],
    ['a required claim that every object has', { requiredClaims: ['toString'] }, {}, {}, 'toString'],
    ['not revoked', { isRevoked: () => false }, {}, {}, 'accepted'],
    ['revoked', { isRevoked: () => true }, {}, {}, 'ERR_JWT_REVOKED'],
    ['not revoked, later', { isRevoked: async () => false }, {}, {}, 'accepted'],
    ['revoked, later', { isRevoked: async () => true }, {}, {}, 'ERR_JWT_REVOKED'],
    ['not revoked, says a query', { isRevoked: () => query(false) }, {}, {}, 'accepted'],
    ['revoked, says a query', { isRevoked: () => query(true) }, {}, {}, 'ERR_JWT_REVOKED'],
    ['the kid of the key', { keys: { hex: HEX, kid: 'k1' } }, {}, { kid: 'k1' }, 'accepted'],
    ['no kid', { keys: { hex: HEX, kid: 'k1' } }, {}, {}, 'accepted'],
    ['a kid where the key was given none', {}, {}, { kid: 'any' }, 'accepted'],
    ['another kid', { keys: { hex: HEX, kid: 'k1' } }, {}, { kid: 'k2' }, 'kid'],
    ['one of two keys', { keys: [{ hex: OTHER_HEX }, { hex: HEX }] }, {}, {}, 'accepted'],
    [
      'one of two keys by its kid',
      {
        keys: [
          { hex: OTHER_HEX, kid: 'a' },
          { hex: HEX, kid: 'b' },
        ],
      },
      {},
      { kid: 'b' },
      'accepted',
    ],
    [
      'a signature by the key of another kid',
      {
        keys: [
          { hex: OTHER_HEX, kid: 'a' },
          { hex: HEX, kid: 'b' },
        ],
      },
      {},
      { kid: 'a' },
      'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    ],
  ])('decide: %s', async (_case, options, claims, header, expected) => {
    expect(await judged(options, claims, header)).toBe(expected);
  });

  it('maxTokenLength is the longest token that is read', async () => {
    const token = tokenWith();
    expect((await validatorOf({ maxTokenLength: token.length }).safeVerify(token)).ok).toBe(true);
    expect(await validatorOf({ maxTokenLength: token.length - 1 }).safeVerify(token)).toMatchObject({
      code: 'ERR_JWS_INVALID',
      expected: `at most ${token.length - 1} characters`,
      actual: `${token.length}`,
    });
  });

  it('keys that are private verify with their public half only', async () => {
    const token = handmadeBy(ec('P-256').privateKey, { alg: 'ES256' });
    expect((await validatorOf({ keys: { pem: pkcs8(ec('P-256')) } }).verify(token)).claims).toEqual(CLAIMS);
  });

  it('no more than four keys are tried for one token', async () => {
    const keys = Array.from({ length: 6 }, (_, index) => ({
      hex: `${index}`.repeat(64),
      kid: `key ${index}`,
    }));
    const tried = vi.spyOn(Key.prototype, 'verify');
    const several = validatorOf({ keys: keys as unknown as [{ hex: string }] });
    expect(await several.safeVerify(tokenWith())).toMatchObject({
      code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    });
    expect(tried).toHaveBeenCalledTimes(4);
    tried.mockRestore();
  });

  it('a token that names its key is verified with that one, however many there are', async () => {
    const pairs = Array.from({ length: 6 }, () => generateKeyPairSync('ec', { namedCurve: 'P-256' }));
    const validator = validatorOf({ keys: pairs.map((pair) => pair.publicKey) as unknown as [KeyObject] });
    for (const { privateKey } of pairs) {
      const { token } = builder.signWith(privateKey).buildSync();
      expect(await validator.safeVerify(token)).toMatchObject({ ok: true });
    }
  });

  it('more than four keys that no token can name are refused: the fifth would never be tried', () => {
    const keys = Array.from({ length: 5 }, (_, index) => ({ hex: `${index}`.repeat(64) }));
    expect(() => validatorOf({ keys: keys as unknown as [{ hex: string }] })).toThrow(/without a key ID/);
    expect(() => validatorOf({ keys: keys.slice(1) as unknown as [{ hex: string }] })).not.toThrow();
  });

  it('a typ that is undefined leaves the builder’s own in force, and null says it is not checked', async () => {
    const { token } = builder.typ('refresh+jwt').buildSync();
    const unset = { typ: undefined } as unknown as { typ: string };
    expect(await builder.validator(unset).safeVerify(token)).toMatchObject({ ok: false, claim: 'typ' });
    expect(await builder.validator({ typ: null }).safeVerify(token)).toMatchObject({ ok: true });
  });

  it('required claims that are no list are refused', () => {
    expect(() => validatorOf({ requiredClaims: 'tenant' as unknown as string[] })).toThrow(/is no list/);
  });

  it('what isRevoked throws is thrown on, and the token is not accepted', async () => {
    const down = new Error('store is down');
    for (const isRevoked of [
      () => {
        throw down;
      },
      () => Promise.reject(down),
    ]) {
      const validator = validatorOf({ isRevoked });
      await expect(validator.verify(tokenWith())).rejects.toBe(down);
      await expect(validator.safeVerify(tokenWith())).rejects.toBe(down);
    }
  });

  it('verifySync refuses to wait for an isRevoked that is asynchronous', () => {
    for (const isRevoked of [async () => false, () => Promise.reject(new Error('down'))]) {
      const validator = validatorOf({ isRevoked });
      expect(() => validator.verifySync(tokenWith())).toThrow(
        /cannot wait for an isRevoked that is asynchronous/,
      );
    }
    expect(validatorOf({ isRevoked: () => false }).verifySync(tokenWith()).claims).toEqual(CLAIMS);
    expect(() => validatorOf({ isRevoked: () => true }).verifySync(tokenWith())).toThrow(/revoked/);
  });

  it('a clock that answers no number accepts nothing', async () => {
    for (const broken of [() => Number.NaN, () => undefined as unknown as number]) {
      expect(await refusalOf(() => validatorOf({ clock: broken }).verify(tokenWith()))).toBeInstanceOf(
        TypeError,
      );
    }
  });
});

describe('a validator is not made', () => {
  const good = { keys: { hex: HEX }, issuer: ISSUER, audience: AUDIENCE, clock };

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['without an issuer', { issuer: undefined }, /^issuer is missing.*null says aloud/],
    ['with an empty issuer', { issuer: '' }, /^issuer is not a non-empty string/],
    ['with an empty list of issuers', { issuer: [] }, /^issuer is an empty list/],
    ['with an issuer that is a pattern', { issuer: /good/ }, /patterns are not taken/],
    ['without an audience', { audience: undefined }, /^audience is missing/],
    ['with an empty audience', { audience: '' }, /^audience is not a non-empty string/],
    ['with an empty list of audiences', { audience: [] }, /^audience is an empty list/],
    ['with an empty audience in a list', { audience: ['a', ''] }, /^audience is not a non-empty string/],
    ['without keys', { keys: undefined }, /^keys is missing/],
    ['with an empty list of keys', { keys: [] }, /^keys is missing/],
    ['with a secret and a public key', { keys: [{ hex: HEX }, rsa().publicKey] }, /mixes shared secrets/],
    [
      'with two keys of one ID',
      {
        keys: [
          { hex: HEX, kid: 'a' },
          { hex: OTHER_HEX, kid: 'a' },
        ],
      },
      /two keys of one key ID/,
    ],
    ['with the same key twice', { keys: [rsa().publicKey, rsa().privateKey] }, /two keys of one key ID/],
    ['with an empty typ', { typ: '' }, /^typ is not a non-empty string/],
    ['with a tolerance without unit', { clockTolerance: '60' }, /^clockTolerance is '60' without a unit/],
    ['with a tolerance of NaN', { clockTolerance: Number.NaN }, /^clockTolerance must be/],
    ['with an infinite tolerance', { clockTolerance: Infinity }, /^clockTolerance must be/],
    ['with a negative tolerance', { clockTolerance: -1 }, /^clockTolerance must be/],
    ['with a tolerance of more than a day', { clockTolerance: 86_401 }, /longer than a day/],
    ['with an age of NaN', { maxAge: Number.NaN }, /^maxAge must be/],
    ['with an age in milliseconds', { maxAge: 1e12 }, /^maxAge is 1000000000000 seconds/],
    ['with an age without unit', { maxAge: '60' }, /^maxAge is '60' without a unit/],
    ['with a required claim without a name', { requiredClaims: [''] }, /^requiredClaims is not/],
    ['with an isRevoked that is no function', { isRevoked: true }, /^isRevoked is no function/],
    ['with no room for tokens', { maxTokenLength: 0 }, /^maxTokenLength is no whole number of 1 or more/],
    ['with a length that is no number', { maxTokenLength: '1' }, /^maxTokenLength is no whole number/],
    ['with a negative cache', { cache: -1 }, /^cache is no whole number of 0 or more/],
    ['with a cache of NaN', { cache: Number.NaN }, /^cache is no whole number/],
    ['with a clock that is no function', { clock: NOW }, /^clock is no function/],
  ])('%s', (_case, change, words) => {
    const make = () => new JwtValidator({ ...good, ...change } as unknown as ValidatorOptions);
    expect(make).toThrow(InvalidOption);
    expect(make).toThrow(words);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['false', false],
    ['a list with nothing in it', [{ hex: HEX }, undefined]],
    ['a key that is too short', { hex: 'ab'.repeat(31) }],
  ])('with keys that are %s', (_case, keys) => {
    expect(() => new JwtValidator({ ...good, keys } as unknown as ValidatorOptions)).toThrow(InvalidKey);
  });

  it('but is made of the options that these differ from', async () => {
    expect((await new JwtValidator(good).verify(tokenWith())).claims).toEqual(CLAIMS);
    expect(
      (await new JwtValidator({ ...good, clockTolerance: '1d', cache: false }).verify(tokenWith())).claims,
    ).toEqual(CLAIMS);
  });

  it('and an imported key is taken as it is', async () => {
    const keys = importKey({ hex: HEX });
    const { token } = await builder.build();
    expect((await validatorOf({ keys }).verify(token)).claims.iss).toBe(ISSUER);
  });
});
