import { inspect as print } from 'node:util';
import { describe, expect, it } from 'vitest';
import { InvalidKey, InvalidOption, importKey, inspect, JwtBuilder } from '../src/index.ts';
import { ec, HEX, rsa, spki } from './fixtures/keys.ts';
import { AUDIENCE, builder, clock, ISSUER, NOW, refusalOf } from './fixtures/tokens.ts';

const bare = new JwtBuilder().clock(clock).signWith({ hex: HEX }, 'HS256');

/** Calls as JavaScript may make them, past the types. */
type Untyped = Record<string, (...given: unknown[]) => JwtBuilder>;
const untyped = builder as unknown as Untyped;

describe('a built token', () => {
  it('has iat, auth_time, exp after an hour and a random jti by default, and no nbf', () => {
    const { claims, header, issuedAt, expiresAt, expiresIn } = bare.buildSync();
    expect(claims).toEqual({ auth_time: NOW, iat: NOW, exp: NOW + 3600, jti: expect.any(String) });
    expect(claims.jti).toMatch(/^[\w-]{22}$/);
    expect(header).toEqual({ alg: 'HS256', typ: 'JWT' });
    expect([issuedAt, expiresAt, expiresIn]).toEqual([
      new Date(NOW * 1000),
      new Date((NOW + 3600) * 1000),
      3600,
    ]);
  });

  it('says what the answer says', async () => {
    const issued = await builder
      .subject('alice')
      .name('Alice')
      .roles('admin', 'user')
      .claim('tier', 3)
      .build();
    const seen = inspect(issued.token);
    expect(seen.claims).toEqual(issued.claims);
    expect(seen.header).toEqual(issued.header);
    expect(issued.claims).toMatchObject({
      iss: ISSUER,
      aud: AUDIENCE,
      sub: 'alice',
      name: 'Alice',
      roles: ['admin', 'user'],
      tier: 3,
    });
  });

  it('has another jti each time, unless one was set', () => {
    const ids = new Set(Array.from({ length: 50 }, () => builder.buildSync().claims.jti));
    expect(ids.size).toBe(50);
    expect(builder.jwtId('mine').buildSync().claims.jti).toBe('mine');
  });

  it('is frozen, header and claims', () => {
    const { claims, header } = builder
      .claim('list', [{ a: 1 }])
      .protectedHeader('x', { y: [1] })
      .buildSync();
    const values = [claims, header, claims['list'], (claims['list'] as unknown[])[0], header['x']];
    expect(values.map((value) => Object.isFrozen(value))).toEqual(values.map(() => true));
  });

  it('takes the time from the clock, each time', () => {
    let now = NOW * 1000;
    const ticking = builder.clock(() => now);
    const first = ticking.buildSync().claims.iat;
    now += 5999;
    expect([first, ticking.buildSync().claims.iat]).toEqual([NOW, NOW + 5]);
  });

  it('is refused when the clock answers no number', async () => {
    expect(await refusalOf(() => builder.clock(() => Number.NaN).build())).toBeInstanceOf(TypeError);
  });

  it('is refused without a key, with the call to make', async () => {
    const error = await refusalOf(() => new JwtBuilder().build());
    expect(error).toBeInstanceOf(InvalidOption);
    expect(error.message).toMatch(/^signWith was not called\. Give the builder a key/);
  });

  it('has the thumbprint of an asymmetric key as kid, and of a secret only a given one', () => {
    const key = importKey(ec('P-256').privateKey);
    expect(builder.signWith(key).buildSync().header).toEqual({
      alg: 'ES256',
      typ: 'JWT',
      kid: key.thumbprint,
    });
    expect(builder.signWith({ hex: HEX, kid: 'k1' }).buildSync().header.kid).toBe('k1');
  });
});

describe('a builder', () => {
  it.each<[string, (jwt: JwtBuilder) => JwtBuilder]>([
    ['issuer', (jwt) => jwt.issuer('x')],
    ['audience', (jwt) => jwt.audience('x')],
    ['subject', (jwt) => jwt.subject('x')],
    ['name', (jwt) => jwt.name('x')],
    ['roles', (jwt) => jwt.roles('x')],
    ['scopes', (jwt) => jwt.scopes('x')],
    ['claim', (jwt) => jwt.claim('x', 1)],
    ['claims', (jwt) => jwt.claims({ x: 1 })],
    ['protectedHeader', (jwt) => jwt.protectedHeader('x', 1)],
    ['typ', (jwt) => jwt.typ('at+jwt')],
    ['jwtId', (jwt) => jwt.jwtId('x')],
    ['notBefore', (jwt) => jwt.notBefore(NOW + 1)],
    ['expiresAt', (jwt) => jwt.expiresAt(NOW + 9)],
    ['validFor', (jwt) => jwt.validFor('9s')],
    ['neverExpires', (jwt) => jwt.neverExpires()],
    ['signWith', (jwt) => jwt.signWith({ hex: HEX }, 'HS512')],
    ['clock', (jwt) => jwt.clock(() => 1000)],
  ])('is left as it was by %s()', (_call, change) => {
    const jwt = builder.jwtId('same');
    const before = jwt.buildSync().token;
    const changed = change(jwt);
    expect(changed).not.toBe(jwt);
    expect(changed.buildSync().token).not.toBe(before);
    expect(jwt.buildSync().token).toBe(before);
  });

  it('never shows one request the claims of another, however they interleave', async () => {
    const shared = builder.claim('tenant', 't1');
    const users = Array.from({ length: 200 }, (_, index) => `user-${index}`);
    const issued = await Promise.all(
      users.map(async (user, index) => {
        let jwt = shared.subject(user);
        if (index % 3 === 0) await Promise.resolve();
        jwt = jwt.name(user).roles(`role-${index}`);
        if (index % 2 === 0) await new Promise(setImmediate);
        return jwt.claim(`own-${index}`, index).protectedHeader('who', user).build();
      }),
    );
    for (const [index, { claims, header }] of issued.entries()) {
      const user = `user-${index}`;
      expect(claims).toMatchObject({ sub: user, name: user, roles: [`role-${index}`], tenant: 't1' });
      expect(Object.keys(claims).filter((name) => name.startsWith('own-'))).toEqual([`own-${index}`]);
      expect(header['who']).toBe(user);
    }
    expect(shared.buildSync().claims).not.toHaveProperty('sub');
  });

  it('is not changed through a value that was given to it', () => {
    const value = { list: [1] };
    const roles = ['user'];
    const jwt = builder
      .claim('own', value)
      .roles(...roles)
      .protectedHeader('x', value);
    value.list.push(2);
    roles.push('admin');
    const { claims, header } = jwt.buildSync();
    expect([claims['own'], claims.roles, header['x']]).toEqual([{ list: [1] }, ['user'], { list: [1] }]);
  });

  it('is equal to its copy, and another object', () => {
    const jwt = builder.subject('alice').jwtId('same');
    expect(jwt.copy()).not.toBe(jwt);
    expect(jwt.copy().buildSync().token).toBe(jwt.buildSync().token);
  });

  it('shows no key in print', () => {
    const printed = JSON.stringify(builder) + print(builder, { depth: Infinity, showHidden: true });
    expect(printed).not.toContain(HEX.slice(0, 16));
  });
});

describe('a call that sets a list', () => {
  it('replaces the audience; one is text, more are a list', () => {
    expect(builder.audience('a', 'b').buildSync().claims.aud).toEqual(['a', 'b']);
    expect(builder.audience('a', 'b').audience('c').buildSync().claims.aud).toBe('c');
  });

  it('takes the roles away when there are none', () => {
    expect(builder.roles('admin').roles().buildSync().claims).not.toHaveProperty('roles');
    expect(builder.scopes('read').roles('a').roles().buildSync().claims['scope']).toBe('read');
  });

  it('takes the scopes away when there are none', () => {
    expect(builder.scopes('read').scopes().buildSync().claims).not.toHaveProperty('scope');
    expect(builder.scopes('read').roles('a').scopes().buildSync().claims.roles).toEqual(['a']);
  });

  it('is refused when it is longer than validators accept, also after it was encrypted', async () => {
    const large = builder.claim('own', 'x'.repeat(20_000));
    expect(() => large.buildSync()).toThrow(/maxTokenLength is 16384 characters/);
    const nearly = builder.claim('own', 'x'.repeat(11_500));
    expect(nearly.buildSync().token.length).toBeLessThan(16_384);
    const encrypted = nearly.encryptWith({ base64url: 'A'.repeat(43) }, { alg: 'dir', enc: 'A256GCM' });
    expect(await refusalOf(() => encrypted.build())).toMatchObject({ option: 'maxTokenLength' });
  });

  it('may be longer where that was said, and then its validator reads it', async () => {
    const large = builder.claim('own', 'x'.repeat(20_000)).maxTokenLength(40_000);
    const { token } = await large.build();
    expect((await large.validator().verify(token)).token).toBe(token);
    expect(() => builder.maxTokenLength(100).buildSync()).toThrow(InvalidOption);
    for (const length of [0, -1, 1.5, Number.NaN, '9' as unknown as number])
      expect(() => builder.maxTokenLength(length)).toThrow(InvalidOption);
  });

  it('replaces roles and scopes', () => {
    const { claims } = builder.roles('a', 'b').roles('c').scopes('x').scopes('read', 'write').buildSync();
    expect([claims.roles, claims.scope]).toEqual([['c'], 'read write']);
  });

  it('adds own claims by name, and the last of one name stands', () => {
    const { claims } = builder.claim('a', 1).claims({ b: 2, c: 3 }).claim('b', 4).buildSync();
    expect(claims).toMatchObject({ a: 1, b: 4, c: 3 });
  });

  it('adds header parameters whether the key comes before or after', () => {
    const before = new JwtBuilder().protectedHeader('x', 1).typ('at+jwt').signWith({ hex: HEX });
    const after = new JwtBuilder().signWith({ hex: HEX }).protectedHeader('x', 1).typ('at+jwt');
    expect(before.buildSync().header).toEqual({ alg: 'HS256', typ: 'at+jwt', x: 1 });
    expect(after.buildSync().header).toEqual(before.buildSync().header);
  });
});

describe('the end of a token', () => {
  it.each<[string, () => JwtBuilder, number]>([
    ['seconds', () => builder.validFor(90), 90],
    ['seconds with unit', () => builder.validFor('90s'), 90],
    ['minutes', () => builder.validFor('15m'), 900],
    ['hours', () => builder.validFor('1h'), 3600],
    ['days', () => builder.validFor('7d'), 604_800],
    ['half hours', () => builder.validFor('1.5h'), 5400],
    ['a fraction of a second, cut off', () => builder.validFor(1.9), 1],
    ['a Date', () => builder.expiresAt(new Date((NOW + 60) * 1000)), 60],
    ['a NumericDate', () => builder.expiresAt(NOW + 61), 61],
    [
      'the last call of several',
      () =>
        builder
          .neverExpires()
          .expiresAt(NOW + 5)
          .validFor('2m'),
      120,
    ],
  ])('comes from %s', (_case, jwt, expected) => {
    const { expiresIn, claims } = jwt().buildSync();
    expect([expiresIn, claims.exp]).toEqual([expected, NOW + expected]);
  });

  it('is absent only when that was said aloud', () => {
    const issued = builder.neverExpires().buildSync();
    expect(issued.claims).not.toHaveProperty('exp');
    expect([issued.expiresAt, issued.expiresIn]).toEqual([undefined, undefined]);
  });

  it.each<[string, unknown, RegExp]>([
    ['a bare numeric string', '900', /validFor is '900' without a unit, which could mean anything/],
    ['another unit', '15min', /validFor is not a duration/],
    ['a blank before the unit', '15 m', /is not a duration/],
    ['an exponent', '1e3s', /is not a duration/],
    ['an empty string', '', /is not a duration/],
    ['undefined', undefined, /is not a duration/],
    ['null', null, /is not a duration/],
    ['a Date', new Date(), /is not a duration/],
    ['zero', 0, /less than a second/],
    ['less than a second', '0.5s', /less than a second/],
    ['a negative number', -1, /zero or more, and is -1/],
    ['NaN', Number.NaN, /and is NaN/],
    ['Infinity', Number.POSITIVE_INFINITY, /and is Infinity/],
    ['a point in time in milliseconds', NOW * 1000, /more than three thousand years/],
  ])('is not made from %s', (_case, duration, words) => {
    expect(() => untyped['validFor']?.(duration)).toThrow(words);
    expect(() => untyped['validFor']?.(duration)).toThrow(InvalidOption);
  });

  it.each<[string, unknown, RegExp]>([
    ['milliseconds', NOW * 1000, /looks like milliseconds/],
    ['an invalid Date', new Date('no'), /is not a point in time/],
    ['text', '2026-01-01', /is not a point in time/],
    ['NaN', Number.NaN, /is not a point in time/],
    ['Infinity', Number.POSITIVE_INFINITY, /is not a point in time/],
  ])('and its beginning are not set to %s', (_case, at, words) => {
    expect(() => untyped['expiresAt']?.(at)).toThrow(words);
    expect(() => untyped['notBefore']?.(at)).toThrow(words);
  });

  it.each<[string, () => JwtBuilder, RegExp]>([
    ['now', () => builder.expiresAt(NOW), /^expiresAt lies before the token begins\./],
    ['before now', () => builder.expiresAt(NOW - 1), /^expiresAt lies before the token begins\./],
    [
      'when the token begins',
      () => builder.notBefore(NOW + 900).validFor('15m'),
      /^validFor is 15 minutes from now, and the token begins only then .+ counts from now/,
    ],
    [
      'by default before the token begins',
      () => builder.notBefore(NOW + 7200),
      /^validFor is 60 minutes from now/,
    ],
  ])('is refused when it lies %s', async (_case, jwt, words) => {
    const error = await refusalOf(() => jwt().build());
    expect(error).toBeInstanceOf(InvalidOption);
    expect(error.message).toMatch(words);
  });

  it('may follow a beginning that lies ahead', () => {
    expect(
      builder
        .notBefore(NOW + 100)
        .validFor(101)
        .buildSync().claims,
    ).toMatchObject({
      nbf: NOW + 100,
      exp: NOW + 101,
    });
  });
});

describe('a claim of one’s own', () => {
  it.each([
    ['iss', 'issuer()'],
    ['sub', 'subject()'],
    ['aud', 'audience()'],
    ['exp', 'validFor() or expiresAt()'],
    ['nbf', 'notBefore()'],
    ['iat', 'clock()'],
    ['jti', 'jwtId()'],
  ])('is not %s, which has %s', (name, call) => {
    expect(() => builder.claim(name, 'x')).toThrow(`claim ${name} is reserved. Use ${call}.`);
    expect(() => builder.claims({ fine: 1, [name]: 'x' })).toThrow(`Use ${call}.`);
  });

  it('keeps every JSON value as it is', async () => {
    const value = {
      text: 'ü\u0000\ud800',
      no: false,
      nothing: null,
      list: [0, -1.5, [], {}],
      ['__proto__']: { a: 1 },
    };
    const { token } = await builder.claim('own', value).build();
    expect(inspect(token).claims?.['own']).toEqual(value);
  });

  class Point {
    x = 1;
  }
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;

  it.each<[string, unknown, RegExp]>([
    ['undefined', undefined, /claim own is undefined, which JSON does not have/],
    ['a function', () => 1, /is a function/],
    ['a symbol', Symbol('s'), /is a symbol/],
    ['a bigint', 1n, /is a bigint/],
    ['NaN', Number.NaN, /is NaN, which JSON does not have/],
    ['a Date', new Date(), /is a Date\. Tokens hold seconds since 1970/],
    ['a class instance', new Point(), /instance of a class/],
    ['a Map', new Map(), /instance of a class/],
    ['a circle', circle, /nested too deep, or in a circle/],
    ['undefined in a list', [1, undefined], /claim own\[1\] is undefined/],
    ['a function in an object', { a: { toJSON: () => 1 } }, /claim own\.a\.toJSON is a function/],
  ])('is not %s', (_case, value, words) => {
    expect(() => builder.claim('own', value)).toThrow(words);
    expect(() => builder.claim('own', value)).toThrow(InvalidOption);
  });

  it.each<[string, unknown[], unknown[], string]>([
    ['name', ['Ada'], ['', 7, null, ['Ada']], 'name()'],
    ['client_id', ['shop'], ['', 7, null], 'as text'],
    ['roles', [['admin'], []], ['admin', [''], ['admin', 7], { 0: 'admin', length: 1 }, null], 'roles('],
    ['scope', ['read', 'read write'], ['', ' read', 'read  write', 'a"b', ['read'], 7, null], 'scopes('],
    ['auth_time', [NOW, NOW + 0.5], [String(NOW), NOW * 1000, null], 'Math.floor'],
  ])('is %s in the form it is registered with, and in no other', (name, good, bad, fix) => {
    for (const value of good) {
      expect(builder.claim(name, value).buildSync().claims[name]).toEqual(value);
      expect(builder.claims({ [name]: value }).buildSync().claims[name]).toEqual(value);
    }
    for (const value of bad) {
      expect(() => builder.claim(name, value)).toThrow(InvalidOption);
      expect(() => builder.claims({ [name]: value })).toThrow(fix);
    }
  });

  it.each<[string, unknown]>([
    ['a promise', Promise.resolve({ tier: 3 })],
    ['a Map', new Map([['tier', 3]])],
    ['text', 'tier'],
    ['a list', [{ tier: 3 }]],
    ['null', null],
    ['undefined', undefined],
    ['a class instance', new Point()],
    ['a function', () => ({ tier: 3 })],
  ])('does not come from %s, which would sign nothing', (_case, claims) => {
    expect(() => untyped['claims']?.(claims)).toThrow(/claims is no plain object\. Give one/);
    expect(() => untyped['claims']?.(claims)).toThrow(InvalidOption);
  });

  it('comes from any plain object, also one without a prototype', () => {
    const own = Object.assign(Object.create(null) as Record<string, unknown>, { tier: 3 });
    expect(builder.claims(own).buildSync().claims).toMatchObject({ tier: 3 });
  });

  it('has a name', () => {
    expect(() => builder.claim('', 1)).toThrow(/claim has no name/);
  });

  it.each([10, 2730, 2731, 5000, 20_000])(
    'is read as it was written, with %i characters of any width',
    async (length) => {
      for (const character of ['a', 'ü', '語', '😀']) {
        const own = character.repeat(length);
        const { token } = await builder.maxTokenLength(200_000).claim('own', own).build();
        expect(inspect(token).claims?.['own']).toBe(own);
      }
    },
  );

  it('may be nested as deep as a validator reads, and no deeper', async () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
    const { token } = await builder.claim('own', nested(63)).build();
    expect((await builder.validator().verify(token)).claims['own']).toEqual(nested(63));
    expect(() => builder.claim('own', nested(64))).toThrow(/nested too deep/);
  });
});

describe('a header parameter of one’s own', () => {
  it.each(['alg', 'kid', 'typ', 'cty', 'crit', 'b64', 'zip', 'jwk', 'jku', 'x5u', 'enc'])(
    'is not %s',
    (name) => {
      expect(() => builder.protectedHeader(name, 'x')).toThrow(`protectedHeader ${name} is reserved`);
      expect(() => builder.protectedHeader(name, 'x')).toThrow(InvalidOption);
    },
  );

  it('is not a value that JSON does not have', () => {
    expect(() => builder.protectedHeader('x', 1n)).toThrow(/protectedHeader x is a bigint/);
  });
});

describe('text that must not be empty', () => {
  it.each(['issuer', 'audience', 'subject', 'name', 'roles', 'scopes', 'typ', 'jwtId', 'protectedHeader'])(
    '%s() refuses an empty one and what is no text',
    (call) => {
      for (const value of ['', 1, null, {}, ['a']]) {
        expect(() => untyped[call]?.(value)).toThrow(InvalidOption);
      }
    },
  );

  it.each(['audience', 'roles', 'scopes'])('%s() says of a list that it is to be spread', (call) => {
    expect(() => untyped[call]?.(['a', 'b'])).toThrow(
      `${call} got a list. Spread the list: ${call}(...list).`,
    );
    expect(() => untyped[call]?.(...['a', 'b'])).not.toThrow();
  });

  it('audience() refuses nothing at all', () => {
    expect(() => untyped['audience']?.()).toThrow(/audience is not a non-empty string/);
  });

  it.each(['read write', 'a"b', 'a\\b', 'ü', 'a\n'])('scopes() refuses %j', (scope) => {
    expect(() => builder.scopes('fine', scope)).toThrow(/RFC 6749 §3\.3/);
  });
});

describe('the key of a builder', () => {
  it('is not a public one', () => {
    expect(() => builder.signWith({ pem: spki(rsa()) })).toThrow(/public key, which cannot sign/);
  });

  it('is not one that is too short, at the call and not at the first token', () => {
    expect(() => builder.signWith({ hex: 'ab'.repeat(31) })).toThrow(InvalidKey);
  });

  it('has the clock beside it, which is a function', () => {
    expect(() => untyped['clock']?.(NOW)).toThrow(/clock is no function/);
  });
});

describe('the validator of a builder', () => {
  it('accepts the builder’s tokens, for they share key, issuer, audience, typ and clock', async () => {
    const jwt = builder.typ('at+jwt').signWith(ec('P-384').privateKey);
    const { token, claims } = await jwt.build();
    const verified = await jwt.validator().verify(token);
    expect(verified.claims).toEqual(claims);
    expect(await builder.signWith(ec('P-384').privateKey).validator().safeVerify(token)).toMatchObject({
      claim: 'typ',
    });
  });

  it('takes options in place of the builder’s', async () => {
    const { token } = await builder.build();
    const other = builder.validator({ audience: 'another' });
    expect(await other.safeVerify(token)).toMatchObject({ ok: false, claim: 'aud' });
  });

  it.each([
    ['issuer', new JwtBuilder().audience('a')],
    ['audience', new JwtBuilder().issuer('a')],
  ])('is refused while the %s is neither set nor given', (option, jwt) => {
    const signing = jwt.signWith({ hex: HEX });
    expect(() => signing.validator()).toThrow(new RegExp(`^${option} is missing`));
    expect(
      signing
        .validator({ [option]: null })
        .describe()
        .map(({ check }) => check),
    ).not.toContain(option);
  });

  it('is refused without a key', () => {
    expect(() => new JwtBuilder().issuer('a').audience('b').validator()).toThrow(/signWith was not called/);
  });

  it('accepts endless tokens only of a builder that makes them', async () => {
    const endless = builder.neverExpires();
    const { token } = await endless.build();
    expect((await endless.validator().verify(token)).expiresAt).toBeUndefined();
    expect(await builder.validator().safeVerify(token)).toMatchObject({ ok: false, claim: 'exp' });
  });
});

describe('the longest lifetime', () => {
  const bounded = builder.maxLifetime('2h');

  it.each<[string, (jwt: JwtBuilder) => unknown]>([
    ['a longer time', (jwt) => jwt.validFor(7201)],
    ['ten years', (jwt) => jwt.validFor('3650d')],
    ['no end', (jwt) => jwt.neverExpires()],
    ['a later end', (jwt) => jwt.expiresAt(NOW + 7201).buildSync()],
    ['a shorter maximum afterwards', (jwt) => jwt.validFor('2h').maxLifetime('1h')],
    ['a maximum of nothing', (jwt) => jwt.maxLifetime(0)],
  ])('refuses %s', (_case, call) => {
    expect(() => call(bounded)).toThrow(InvalidOption);
  });

  it('lets the longest one be, and everything where there is none', () => {
    expect(bounded.validFor('2h').buildSync().expiresIn).toBe(7200);
    expect(bounded.expiresAt(NOW + 7200).buildSync().expiresIn).toBe(7200);
    expect(builder.validFor('3650d').buildSync().expiresIn).toBe(315_360_000);
  });

  it('takes the place of the default hour where it is shorter', () => {
    expect(bounded.buildSync().expiresIn).toBe(3600);
    expect(builder.maxLifetime('5m').buildSync().expiresIn).toBe(300);
  });

  it('bounds renewals', async () => {
    const { token } = await bounded.build();
    expect((await bounded.renew(token, { validFor: '2h' })).expiresIn).toBe(7200);
    expect(await refusalOf(() => bounded.renew(token, { validFor: '3h' }))).toMatchObject({
      option: 'maxLifetime',
    });
  });

  it('is asked for by the validator of the builder', async () => {
    const { token } = await builder.validFor('3h').build();
    expect(await refusalOf(() => bounded.validator().verify(token))).toMatchObject({
      code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
      claim: 'exp',
      expected: 'at most 2 hours',
      actual: '3 hours',
    });
    expect(() => builder.neverExpires().validator({ maxLifetime: '1h' })).toThrow(/acceptNeverExpiring/);
  });
});
