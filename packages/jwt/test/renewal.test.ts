import { describe, expect, it } from 'vitest';
import {
  InvalidOption,
  type IssuedToken,
  JWTSessionOver,
  type JwtBuilder,
  JwtValidator,
} from '../src/index.ts';
import { HEX, OTHER_HEX } from './fixtures/keys.ts';
import { AUDIENCE, builder, CLAIMS, clock, ISSUER, NOW, refusalOf, tokenWith } from './fixtures/tokens.ts';

/** The builder, with a clock that a test moves. */
function movable(): { jwt: JwtBuilder; advance(seconds: number): number } {
  let now = NOW;
  return {
    jwt: builder.clock(() => now * 1000),
    advance: (seconds) => {
      now += seconds;
      return now;
    },
  };
}

describe('a renewal', () => {
  it('keeps subject, name, roles, scopes, audience and own claims, and gives new times and another jti', async () => {
    const { jwt, advance } = movable();
    const first = await jwt
      .subject('alice')
      .name('Alice')
      .roles('admin')
      .scopes('read', 'write')
      .claim('tier', { level: 3 })
      .build();
    const now = advance(1800);
    const second = await jwt.renew(first.token);
    expect(second.claims).toEqual({
      ...first.claims,
      iat: now,
      exp: now + 3600,
      jti: expect.any(String),
    });
    expect(second.claims.jti).not.toBe(first.claims.jti);
    expect(second.claims.auth_time).toBe(NOW);
    expect([second.issuedAt, second.expiresAt, second.expiresIn]).toEqual([
      new Date(now * 1000),
      new Date((now + 3600) * 1000),
      3600,
    ]);
    expect((await jwt.validator().verify(second.token)).claims).toEqual(second.claims);
  });

  it('takes nothing from the builder but key, lifetime, typ and clock', async () => {
    const { token } = await builder.subject('alice').roles('user').build();
    const greedy = builder.subject('root').roles('admin').scopes('all').claim('extra', 1);
    const { claims } = await greedy.renew(token);
    expect(claims).toMatchObject({ sub: 'alice', roles: ['user'] });
    expect(Object.keys(claims).sort()).toEqual([
      'aud',
      'auth_time',
      'exp',
      'iat',
      'iss',
      'jti',
      'roles',
      'sub',
    ]);
  });

  it('drops nbf, whose time has come', async () => {
    const { claims } = await builder.renew(tokenWith({ nbf: NOW - 5 }, { typ: 'JWT' }));
    expect(claims).not.toHaveProperty('nbf');
  });

  it('is frozen as every issued token is', async () => {
    const { claims } = await builder.renew((await builder.claim('own', [1]).build()).token);
    expect([Object.isFrozen(claims), Object.isFrozen(claims['own'])]).toEqual([true, true]);
  });

  it('has the lifetime that is asked for', async () => {
    const { token } = await builder.build();
    expect((await builder.renew(token, { validFor: '5m' })).expiresIn).toBe(300);
    expect((await builder.validFor(90).renew(token)).expiresIn).toBe(90);
    expect((await builder.expiresAt(NOW + 77).renew(token)).expiresIn).toBe(77);
  });

  it('is refused when the builder’s fixed end has passed', async () => {
    const { jwt, advance } = movable();
    const { token } = await jwt.validFor('2h').build();
    const fixed = jwt.expiresAt(NOW + 100);
    advance(200);
    expect(await refusalOf(() => fixed.renew(token))).toMatchObject({
      code: 'ERR_OPTION_INVALID',
      message: expect.stringContaining('lies before the token begins'),
    });
  });

  it('never outlives the session, however often it is repeated', async () => {
    const { jwt, advance } = movable();
    let issued: IssuedToken = await jwt.build();
    const ends: number[] = [];
    for (let round = 0; round < 100; round += 1) {
      advance(450);
      try {
        issued = await jwt.renew(issued.token, { maxSession: '4h' });
      } catch (error) {
        expect(error).toBeInstanceOf(JWTSessionOver);
        break;
      }
      ends.push(issued.claims.exp ?? Number.POSITIVE_INFINITY);
    }
    expect(ends).toHaveLength(31);
    expect(Math.max(...ends)).toBe(NOW + 4 * 3600);
  });

  it('ends with the session of 12 hours when nothing else is said', async () => {
    const { jwt, advance } = movable();
    const long = jwt.validFor('1d');
    const { token } = await long.build();
    advance(11 * 3600);
    expect((await long.renew(token)).expiresIn).toBe(3600);
  });

  it.each([
    ['is the last when one second of the session is left', 3599, 1],
    ['is refused when the session is older than maxSession', 3600, undefined],
  ] as const)('%s', async (_case, age, expected) => {
    const { jwt, advance } = movable();
    const long = jwt.validFor('2h');
    const { token } = await long.build();
    advance(age);
    if (expected !== undefined) {
      expect((await long.renew(token, { maxSession: '1h' })).expiresIn).toBe(expected);
      return;
    }
    expect(await refusalOf(() => long.renew(token, { maxSession: '1h' }))).toMatchObject({
      name: 'JWTSessionOver',
      code: 'ERR_JWT_SESSION_OVER',
      hint: 'The session ended 0 seconds ago: it may last 60 minutes.',
      fix: 'Sign in again for a new token.',
    });
  });

  it('gives a token without an end one', async () => {
    const endless = builder.neverExpires();
    const { token } = await endless.build();
    expect((await endless.renew(token)).expiresIn).toBe(12 * 3600);
  });

  it('counts the session from iat where auth_time is absent', async () => {
    const { claims } = await builder.renew(
      tokenWith({ iat: NOW - 600, auth_time: undefined }, { typ: 'JWT' }),
      {
        maxSession: 700,
      },
    );
    expect([claims.auth_time, claims.exp]).toEqual([NOW - 600, NOW + 100]);
  });

  it('counts a session that begins in the future from now', async () => {
    const { claims } = await builder.renew(tokenWith({ auth_time: NOW + 1e6 }, { typ: 'JWT' }), {
      maxSession: '1h',
    });
    expect([claims.auth_time, claims.exp]).toEqual([NOW, NOW + 3600]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['text', { auth_time: '1' }],
    ['an object', { auth_time: {} }],
    ['absent, as is iat', { auth_time: undefined, iat: undefined }],
  ])('is refused when the beginning of the session is %s', async (_case, claims) => {
    expect(await refusalOf(() => builder.renew(tokenWith(claims, { typ: 'JWT' })))).toMatchObject({
      code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
      claim: 'auth_time',
    });
  });

  it.each<[string, object]>([
    ['maxSession of zero', { maxSession: 0 }],
    ['maxSession without unit', { maxSession: '12' }],
    ['an infinite maxSession', { maxSession: Infinity }],
    ['validFor of zero', { validFor: 0 }],
    ['validFor without unit', { validFor: '900' }],
  ])('is refused with %s', async (_case, options) => {
    const { token } = await builder.build();
    expect(await refusalOf(() => builder.renew(token, options))).toBeInstanceOf(InvalidOption);
  });

  it('gives a token that others accept as they accepted the first', async () => {
    const { token } = await builder.renew(tokenWith({}, { typ: 'JWT' }));
    const validator = new JwtValidator({ keys: { hex: HEX }, issuer: ISSUER, audience: AUDIENCE, clock });
    expect((await validator.verify(token)).claims.sub).toBe(CLAIMS.sub);
  });
});

describe('a renewal with a validator of its own', () => {
  it('is refused what that validator refuses', async () => {
    const { token } = await builder.build();
    const validator = builder.validator({ requiredClaims: ['sub'] });
    expect(await refusalOf(() => builder.renew(token, { validator }))).toMatchObject({ claim: 'sub' });
  });

  it('is signed with the key of the builder', async () => {
    const { token } = await builder.subject('alice').build();
    const next = builder.signWith({ hex: OTHER_HEX }, 'HS256');
    expect((await refusalOf(() => next.renew(token)))['code']).toBe('ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
    const renewed = await next.renew(token, { validator: builder.validator() });
    expect((await next.validator().verify(renewed.token)).claims.sub).toBe('alice');
  });

  it.each([
    ['issuer', builder.issuer('https://evil.example'), 'iss'],
    ['audience', builder.audience('https://other.example'), 'aud'],
  ])('is refused for another %s, whatever that validator accepts', async (_what, stranger, claim) => {
    const { token } = stranger.buildSync();
    const validator = stranger.validator({ issuer: null, audience: null });
    expect(await refusalOf(() => builder.renew(token, { validator }))).toMatchObject({ claim });
    const own = builder.audience('https://other.example', AUDIENCE).buildSync();
    const renewed = await builder.renew(own.token, { validator });
    expect(renewed.claims.aud).toEqual(own.claims.aud);
  });

  it('is refused for a token of another type, which that validator need not have asked for', async () => {
    const access = builder.typ('at+jwt');
    const validator = new JwtValidator({ keys: { hex: HEX }, issuer: ISSUER, audience: AUDIENCE, clock });
    for (const { token } of [builder.typ('password-reset+jwt').buildSync(), { token: tokenWith() }]) {
      expect(await validator.safeVerify(token)).toMatchObject({ ok: true });
      expect(await refusalOf(() => access.renew(token, { validator }))).toMatchObject({ claim: 'typ' });
    }
    const { token } = builder.typ('application/AT+JWT').buildSync();
    expect((await access.renew(token, { validator })).header.typ).toBe('at+jwt');
  });

  it('is refused for what was revoked', async () => {
    const { token } = builder.buildSync();
    const validator = builder.validator({ isRevoked: () => true });
    expect(await refusalOf(() => builder.renew(token, { validator }))).toMatchObject({
      code: 'ERR_JWT_REVOKED',
    });
  });

  it('marks its refusals, and says so to nobody who prints them', async () => {
    const error = await builder.renew('a.b.c').catch((refusal: unknown) => refusal);
    expect(error).toHaveProperty('renewal', true);
    expect(Object.keys(error as object)).not.toContain('renewal');
  });

  it.each([undefined, null, 'claims', {}, { claims: undefined }, { claims: [] }, { ok: false, code: 'x' }])(
    'is refused when that validator answers %j, which vouches for nothing',
    async (answer) => {
      const { token } = await builder.build();
      const validator = { verify: () => Promise.resolve(answer) } as unknown as JwtValidator;
      const error = await refusalOf(() => builder.renew(token, { validator }));
      expect(error).toBeInstanceOf(InvalidOption);
      expect(error.message).toMatch(/^validator answered without claims\. /);
    },
  );

  it.each([null, {}, () => true])('is refused when %s is no validator', async (validator) => {
    const { token } = await builder.build();
    const options = { validator: validator as unknown as JwtValidator };
    expect(await refusalOf(() => builder.renew(token, options))).toMatchObject({ option: 'validator' });
  });
});
