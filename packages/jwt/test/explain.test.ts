import { describe, expect, it, vi } from 'vitest';
import {
  type ExplainedCheck,
  type Explanation,
  explain,
  InvalidOption,
  type JwtBuilder,
  JwtValidator,
  REASONS,
  type WhatIf,
} from '../src/index.ts';
import { ec, HEX, OTHER_HEX } from './fixtures/keys.ts';
import {
  AUDIENCE,
  builder,
  clock,
  handmade,
  ISSUER,
  NOW,
  refusalOf,
  tokenWith,
  validatorOf,
} from './fixtures/tokens.ts';

const outcomes = (report: Explanation): Record<string, string> =>
  Object.fromEntries(report.checks.map(({ check, outcome }) => [check, outcome]));
const of = (report: Explanation, name: string): ExplainedCheck | undefined =>
  report.checks.find(({ check }) => check === name);

describe('an explanation', () => {
  it('of an accepted token has every check, passed or not asked for', async () => {
    const report = await explain(tokenWith(), validatorOf());
    expect(report).toMatchObject({ accepted: true, decisive: undefined });
    expect(outcomes(report)).toEqual({
      structure: 'pass',
      decryption: 'skipped',
      algorithm: 'pass',
      'critical headers': 'pass',
      'known issuer': 'skipped',
      key: 'pass',
      signature: 'pass',
      claims: 'pass',
      'replicated claims': 'skipped',
      type: 'skipped',
      expiry: 'pass',
      'not before': 'pass',
      'issued at': 'pass',
      lifetime: 'skipped',
      issuer: 'pass',
      audience: 'pass',
      'required claims': 'pass',
      'own claims': 'skipped',
      revocation: 'skipped',
    });
    expect(of(report, 'type')?.cause).toBe('Not asked for by this validator.');
    expect(of(report, 'issuer')).toEqual({
      check: 'issuer',
      outcome: 'pass',
      trusted: true,
      dependsOnSignature: true,
      expected: `"${ISSUER}"`,
      actual: `"${ISSUER}"`,
    });
    expect(of(report, 'signature')?.actual).toBe('by [Key HS256]');
    expect([Object.isFrozen(report), Object.isFrozen(report.checks)]).toEqual([true, true]);
  });

  it('of a refused token has expected, actual, code, reason, cause and fix', async () => {
    const report = await explain(tokenWith({ iss: 'https://other' }), validatorOf());
    expect(report.accepted).toBe(false);
    expect(report.decisive).toEqual({
      check: 'issuer',
      outcome: 'fail',
      trusted: true,
      dependsOnSignature: true,
      expected: `"${ISSUER}"`,
      actual: '"https://other"',
      code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
      reason: 'issuer_mismatch',
      claim: 'iss',
      cause: 'The token is from another issuer.',
      fix: REASONS.issuer_mismatch.fix,
    });
  });

  it('looks at claims after a bad signature, and marks them as not to be trusted', async () => {
    const token = handmade({ alg: 'HS256' }, { iss: 'me', exp: 1 }, Buffer.from(OTHER_HEX, 'hex'));
    const report = await explain(token, validatorOf({ isRevoked: () => false }));
    expect(report.decisive?.check).toBe('signature');
    expect(outcomes(report)).toMatchObject({
      expiry: 'fail',
      issuer: 'fail',
      audience: 'fail',
      revocation: 'skipped',
    });
    expect(report.checks.filter(({ trusted }) => trusted)).toEqual([]);
    expect(of(report, 'revocation')?.cause).toBe('Asked for verified tokens only.');
    expect(of(report, 'signature')?.actual).toBe('made with another key, or changed');
  });

  it('does not ask for revocation with claims that nobody signed', async () => {
    const isRevoked = vi.fn(() => false);
    await explain(`${tokenWith().slice(0, -4)}AAAA`, validatorOf({ isRevoked }), { askRevocation: true });
    expect(isRevoked).not.toHaveBeenCalled();
  });

  it('does not use up a token that may be used once, unless it is told to ask', async () => {
    const isRevoked = vi.fn(() => false);
    const report = await explain(tokenWith(), validatorOf({ isRevoked }));
    expect(isRevoked).not.toHaveBeenCalled();
    expect(report.accepted).toBe(true);
    expect(of(report, 'revocation')).toMatchObject({
      outcome: 'skipped',
      expected: 'not revoked',
      cause: expect.stringMatching(/^Not asked, .* askRevocation/),
    });
    const asked = await explain(tokenWith(), validatorOf({ isRevoked }), { askRevocation: true });
    expect(isRevoked).toHaveBeenCalledOnce();
    expect(of(asked, 'revocation')?.outcome).toBe('pass');
  });

  it('says of each check whether it depends on the signature', async () => {
    const { checks } = await explain(tokenWith(), validatorOf());
    const independent = checks.filter((check) => !check.dependsOnSignature).map(({ check }) => check);
    expect(independent).toEqual([
      'structure',
      'decryption',
      'algorithm',
      'critical headers',
      'known issuer',
      'key',
      'signature',
    ]);
    expect(checks.every(Object.isFrozen)).toBe(true);
  });

  it('says of a revoked token that it was', async () => {
    for (const isRevoked of [() => true, async () => true]) {
      const report = await explain(tokenWith(), validatorOf({ isRevoked }), { askRevocation: true });
      expect(report.decisive).toMatchObject({ check: 'revocation', code: 'ERR_JWT_REVOKED', trusted: true });
    }
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'token_missing'],
    ['null', null, 'token_missing'],
    ['a number', 7, 'token_malformed'],
    ['an encrypted token', 'a.b.c.d.e', 'token_encrypted'],
    ['claims that are no object', handmade({ alg: 'HS256' }, '[]'), 'claims_malformed'],
  ])('is given of %s', async (_case, token, reason) => {
    const report = await explain(token, validatorOf());
    expect(report.decisive?.reason).toBe(reason);
    expect(report.checks).toHaveLength(19);
  });

  it('skips what cannot be asked of a token that cannot be read', async () => {
    const report = await explain('no token', validatorOf());
    expect(of(report, 'signature')).toMatchObject({
      outcome: 'skipped',
      cause: 'There is no key to check it with.',
      expected: 'made with [Key HS256]',
    });
    expect(of(report, 'algorithm')?.cause).toBe('The token cannot be read.');
    expect(of(report, 'expiry')?.cause).toBe('The claims cannot be read.');
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>, string, RegExp]>([
    ['no kid', {}, {}, 'key', /^no kid$/],
    ['a kid', {}, { kid: 'k' }, 'key', /^kid "k"$/],
    ['no typ', {}, {}, 'type', /^none$/],
    ['crit', {}, { crit: ['exp'] }, 'critical headers', /^\["exp"\]$/],
    ['no exp', { exp: undefined }, {}, 'expiry', /^none$/],
    ['an exp that is text', { exp: 'soon' }, {}, 'expiry', /^"soon"$/],
    ['an exp beyond all dates', { exp: 1e21 }, {}, 'expiry', /^1e\+21$/],
    ['no issuer', { iss: undefined }, {}, 'issuer', /^none$/],
    ['no audience', { aud: undefined }, {}, 'audience', /^none$/],
    ['an empty subject', { sub: '' }, {}, 'required claims', /^""$/],
    ['very long text', { iss: 'x'.repeat(500) }, {}, 'issuer', /^"x{118}…$/],
    [
      'very long text that is escaped',
      { iss: `x${'\u202e'.repeat(500)}` },
      {},
      'issuer',
      /^"x(\\u\{202e\}){14}…$/,
    ],
    [
      'control and direction characters',
      { iss: 'a\u202e\u0007\n' },
      {},
      'issuer',
      /^"a\\u\{202e\}\\u0007\\n"$/,
    ],
  ])('shows what the token has, on one line: %s', async (_case, claims, header, check, actual) => {
    const report = await explain(tokenWith(claims, header), validatorOf({ typ: 'JWT' }));
    expect(of(report, check)?.actual).toMatch(actual);
  });

  it('holds no token and no key', async () => {
    const token = tokenWith({ iss: 'other' });
    const written = JSON.stringify(await explain(token, validatorOf()));
    for (const secret of [
      token,
      token.split('.')[2] ?? '',
      HEX,
      Buffer.from(HEX, 'hex').toString('base64url'),
    ]) {
      expect(written).not.toContain(secret);
    }
  });

  it('agrees with verify: accepted, or the same code and claim', async () => {
    const tokens = [
      tokenWith(),
      tokenWith({ exp: NOW - 100 }),
      tokenWith({ aud: [] }),
      tokenWith({ sub: 1 }),
      tokenWith({}, { alg: 'none' }),
      tokenWith({}, { crit: [] }),
      'a.b.c',
      '',
    ];
    const validator = validatorOf();
    for (const token of tokens) {
      const answer = await validator.safeVerify(token);
      const { accepted, decisive } = await validator.explain(token);
      expect(accepted).toBe(answer.ok);
      if (!answer.ok) expect([decisive?.code, decisive?.claim]).toEqual([answer.code, answer.claim]);
    }
  });
});

describe('a what-if', () => {
  it('moves the time', async () => {
    const token = tokenWith({ nbf: NOW - 10 });
    const at = async (when: Date | number) =>
      (await explain(token, validatorOf(), { at: when })).decisive?.check;
    expect(await at(NOW)).toBeUndefined();
    expect(await at(new Date((NOW + 3600) * 1000))).toBe('expiry');
    expect(await at(NOW - 3600)).toBe('not before');
  });

  it('moves the tolerance', async () => {
    const token = tokenWith({ exp: NOW - 100 });
    expect((await explain(token, validatorOf())).accepted).toBe(false);
    expect((await explain(token, validatorOf(), { clockTolerance: '2m' })).accepted).toBe(true);
  });

  it('takes another audience', async () => {
    const report = await explain(tokenWith(), validatorOf(), { audience: 'another' });
    expect(report.decisive).toMatchObject({
      check: 'audience',
      expected: '"another"',
      actual: `"${AUDIENCE}"`,
    });
  });

  it('takes another key, of another algorithm too', async () => {
    const { token } = await builder.signWith(ec('P-256').privateKey).build();
    expect((await explain(token, validatorOf())).decisive?.check).toBe('algorithm');
    expect((await explain(token, validatorOf(), { key: ec('P-256').publicKey })).accepted).toBe(true);
    expect((await explain(tokenWith(), validatorOf(), { key: { hex: OTHER_HEX } })).decisive?.check).toBe(
      'signature',
    );
  });

  it('takes another issuer, of a validator that has one', async () => {
    const token = tokenWith({ iss: 'https://other' });
    expect((await explain(token, validatorOf(), { issuer: 'https://other' })).accepted).toBe(true);
    expect((await explain(tokenWith(), validatorOf(), { issuer: 'https://other' })).decisive?.check).toBe(
      'issuer',
    );
    expect((await explain(token, validatorOf({ issuer: null }), { issuer: ISSUER })).decisive?.check).toBe(
      'issuer',
    );
    const entry = { issuer: ISSUER, keys: { hex: HEX }, audience: AUDIENCE };
    const several = new JwtValidator({ issuers: [entry], clock });
    expect(await refusalOf(() => explain(token, several, { issuer: 'x' }))).toMatchObject({
      option: 'issuer',
    });
  });

  it('takes another key to decrypt with', async () => {
    const [one, two] = [{ base64url: 'A'.repeat(43) }, { base64url: `${'B'.repeat(42)}A` }];
    const options = { alg: 'dir', enc: 'A256GCM' } as const;
    const jwt = builder.encryptWith(one, options);
    const { token } = await jwt.build();
    const { decisive } = await explain(token, jwt.validator(), { decryptWith: { ...two, ...options } });
    expect(decisive).toMatchObject({ check: 'decryption', reason: 'decryption_failed' });
    expect((await explain(token, validatorOf())).decisive?.reason).toBe('token_encrypted');
    expect((await explain(token, validatorOf(), { decryptWith: { ...one, ...options } })).accepted).toBe(
      true,
    );
  });

  it('asks whether a token could be renewed, as renew() does', async () => {
    const token = tokenWith({ auth_time: NOW - 7200 }, { typ: 'JWT' });
    const report = await explain(token, builder.validator(), { renewal: {} });
    expect(of(report, 'session')).toEqual({
      check: 'session',
      outcome: 'pass',
      trusted: true,
      dependsOnSignature: true,
      expected: 'begun less than 12 hours ago',
      actual: 'begun 2 hours ago',
    });
    expect(report.accepted).toBe(true);
    for (const maxSession of ['2h', '90m', 7200] as const) {
      const { accepted, decisive } = await explain(token, builder.validator(), { renewal: { maxSession } });
      const error = await refusalOf(() => builder.renew(token, { maxSession }));
      expect([accepted, decisive?.check]).toEqual([false, 'session']);
      expect([decisive?.code, decisive?.cause, decisive?.fix]).toEqual([
        error['code'],
        error['hint'],
        error['fix'],
      ]);
    }
    const { decisive } = await explain(tokenWith({ iat: undefined }), validatorOf(), { renewal: {} });
    expect(decisive).toMatchObject({ check: 'session', reason: 'claim_invalid', actual: 'none' });
    expect(of(await explain(token, builder.validator()), 'session')).toBeUndefined();
  });

  it('asks for claims that are expected', async () => {
    const token = tokenWith({ tier: 2, roles: ['user'], own: { a: [1] } });
    const expects = { own: { a: [1] }, roles: ['user'], gone: undefined };
    expect(of(await explain(token, validatorOf(), { expects }), 'expected claims')).toMatchObject({
      outcome: 'pass',
      expected: 'own {"a":[1]}, roles ["user"], gone none',
    });
    const report = await explain(token, validatorOf(), { expects: { roles: ['user'], tier: 3 } });
    expect(report).toMatchObject({
      accepted: false,
      decisive: {
        check: 'expected claims',
        trusted: true,
        reason: 'claim_not_updated',
        claim: 'tier',
        expected: '3',
        actual: '2',
      },
    });
    const left = await explain(token, validatorOf(), { expects: { tier: undefined } });
    expect(left.decisive).toMatchObject({ claim: 'tier', expected: 'none', actual: '2' });
    const inherited = await explain(token, validatorOf(), { expects: { constructor: 1 } });
    expect(inherited.decisive).toMatchObject({ claim: 'constructor', actual: 'none' });
    const asExpected = await explain(token, validatorOf(), { expects: { constructor: undefined } });
    expect(of(asExpected, 'expected claims')?.actual).toBe('constructor none');
    const unread = await explain(undefined, validatorOf(), { expects: { tier: 3 } });
    expect(of(unread, 'expected claims')?.outcome).toBe('skipped');
  });

  it('changes nothing in the validator', async () => {
    const validator = validatorOf();
    await explain(tokenWith(), validator, { audience: 'another', at: NOW + 1e6, key: { hex: OTHER_HEX } });
    expect((await validator.safeVerify(tokenWith())).ok).toBe(true);
  });

  it.each<[string, object]>([
    ['a time in milliseconds', { at: NOW * 1000 }],
    ['a tolerance without unit', { clockTolerance: '60' }],
    ['a key that is too short', { key: { hex: 'ab' } }],
    ['an issuer that is no text', { issuer: 7 }],
    ['a claim that no token can hold', { expects: { at: new Date() } }],
    ['a session without an end', { renewal: { maxSession: Number.POSITIVE_INFINITY } }],
    ['a session of no time', { renewal: { maxSession: 0 } }],
    ['a circumstance that there is not', { audiance: 'a' }],
    ['a renewal with what it does not take', { renewal: { maxsession: '1h' } }],
    ['a renewal that is null', { renewal: null }],
    ['an audience that is null', { audience: null }],
    ['an empty audience', { audience: '' }],
    ['a list of audiences', { audience: [AUDIENCE] }],
    ['an issuer that is null', { issuer: null }],
    ['expected claims that are null', { expects: null }],
    ['expected claims in a list', { expects: ['tier'] }],
    ['revocation asked for by a word', { askRevocation: 'no' }],
  ])('is refused with %s', async (_case, whatIf) => {
    const error = await refusalOf(() => explain(tokenWith(), validatorOf(), whatIf as WhatIf));
    expect(error).toBeInstanceOf(TypeError);
    expect(error['fix']).toEqual(expect.any(String));
  });

  it.each([undefined, null, {}, 'text'])('is refused with %j in place of a validator', async (validator) => {
    const error = await refusalOf(() => explain(tokenWith(), validator as never));
    expect(error).toBeInstanceOf(InvalidOption);
    expect(error.message).toBe(
      'validator is no validator. The token comes first: explain(token, validator).',
    );
  });

  it('is refused with token and validator in the wrong order, and says so', async () => {
    const error = await refusalOf(() => explain(validatorOf(), tokenWith() as never));
    expect(error).toBeInstanceOf(InvalidOption);
    expect(error.message).toMatch(/^validator stands where the token belongs\. The token comes first/);
  });
});

describe('the troubleshooting of the tutorial', () => {
  /** A request's token, what is asked about it, and the cause and fix that the tutorial's row has. */
  interface Row {
    token: () => Promise<string | undefined>;
    whatIf?: WhatIf;
    later?: number;
    code: string;
    cause: RegExp;
    fix: RegExp;
  }
  const built = async (jwt: JwtBuilder): Promise<string> => (await jwt.build()).token;

  const rows: [string, Row][] = [
    [
      '401 Bearer',
      {
        token: async () => undefined,
        code: 'ERR_JWT_INVALID',
        cause: /^There is no token\.$/,
        fix: /^Provide it as `Authorization: Bearer <token>`\.$/,
      },
    ],
    [
      'Token expired',
      {
        token: () => built(builder),
        later: 3900,
        code: 'ERR_JWT_EXPIRED',
        cause: /^The token expired 5 minutes ago\.$/,
        fix: /^Get a new one, or renew such tokens before they end\. /,
      },
    ],
    [
      'Signature invalid',
      {
        token: () => built(builder.signWith({ hex: OTHER_HEX }, 'HS256')),
        code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
        cause: /another key signed the token/,
        fix: /^Ensure that issuer and validator use the same secret \(or key pair\) and algorithm/,
      },
    ],
    [
      '401 on renew',
      {
        token: async () => undefined,
        whatIf: { renewal: {} },
        code: 'ERR_JWT_INVALID',
        cause: /^There is no token\.$/,
        fix: /`Authorization: Bearer <token>`/,
      },
    ],
    [
      'Claims not updated',
      {
        token: () => {
          const jwt = builder.subject('alice');
          jwt.claim('tier', 3);
          return built(jwt);
        },
        whatIf: { expects: { tier: 3 } },
        code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
        cause:
          /the token was issued before the change, or what the call of the builder answered was not used/,
        fix: /^Issue a new token, from the builder that the call answers/,
      },
    ],
  ];

  it.each(rows)('is an answer of explain: %s', async (_symptom, row) => {
    const validator = builder.validator({ clock: () => clock() + (row.later ?? 0) * 1000 });
    const report = await explain(await row.token(), validator, row.whatIf);
    expect(report.accepted).toBe(false);
    expect(report.decisive).toMatchObject({
      code: row.code,
      cause: expect.stringMatching(row.cause),
      fix: expect.stringMatching(row.fix),
    });
  });

  it('tells another algorithm from another key', async () => {
    const { decisive } = await explain(await built(builder.signWith({ hex: HEX }, 'HS384')), validatorOf());
    expect(decisive).toMatchObject({
      reason: 'algorithm_not_allowed',
      expected: 'HS256',
      actual: '"HS384"',
      fix: expect.stringMatching(/same key and the same algorithm/),
    });
  });

  it('has the same words as the error of a renewal', async () => {
    for (const token of [undefined, tokenWith({ exp: NOW - 100 }), `${tokenWith().slice(0, -4)}AAAA`]) {
      const error = await refusalOf(() => builder.renew(token));
      const { decisive } = await explain(token, builder.validator(), { renewal: {} });
      expect([error['code'], error['hint'], error['fix']]).toEqual([
        decisive?.code,
        decisive?.cause,
        decisive?.fix,
      ]);
    }
  });

  it('has its fix for claims: what the call answers holds them', async () => {
    const next = builder.subject('alice').claim('tier', 3);
    const report = await explain(await built(next), builder.validator(), { expects: { tier: 3 } });
    expect(report.accepted).toBe(true);
  });
});
