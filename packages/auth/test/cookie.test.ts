import { createHmac } from 'node:crypto';
import { importKey, JwtBuilder } from '@tokenwright/jwt';
import type { Middleware } from 'koa';
import { describe, expect, it } from 'vitest';
import {
  apiKey,
  authenticate,
  bearer,
  cookie,
  generateApiKey,
  type Scheme,
  type SessionScheme,
} from '../src/index.js';
import { type Answer, ask, problemOf, serve } from './koa-app.ts';
import { askRaw } from './raw-request.ts';
import {
  askWith,
  builderOf,
  cookieOf,
  NAME,
  own,
  type SessionApp,
  serveSession,
  setCookieOf,
} from './session-app.ts';
import { NOON, tokenFor } from './tokens.ts';

const KEY = { text: 'a key for sessions of 256 bits or more' };

/** The claims in a cookie, unverified. */
function claimsIn(cookie: string): Record<string, unknown> {
  const [, payload = ''] = cookie.slice(cookie.indexOf('=') + 1).split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
}

/** A signed token of whatever claims and header. */
function forge(claims: object, header: object, key = KEY.text): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
}

/** Signs a subject in at `/login`. */
function signingIn(session: Pick<SessionScheme, 'signIn'>, subject: string): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== '/login') return next();
    await session.signIn(ctx, { subject });
    ctx.body = '';
  };
}

describe('a session', () => {
  it('is accepted with the claims it was begun with', async () => {
    await using app = await serveSession();
    const cookie = cookieOf(await app.login());
    const answer = await askWith(app, cookie);
    expect([answer.status, answer.body]).toEqual([200, 'Ada']);
    expect(claimsIn(cookie)).toMatchObject({
      sub: 'ada',
      name: 'Ada',
      roles: ['admin'],
      scope: 'read write',
      auth_time: NOON,
      exp: NOON + 1800,
    });
  });

  it('is asked for where there is none', async () => {
    await using app = await serveSession();
    const answer = await ask(app);
    expect([answer.status, problemOf(answer)['code']]).toEqual([401, 'credentials_required']);
    expect(answer.challenges).toEqual(['Cookie realm="session"']);
  });

  it('can be encrypted', async () => {
    const clock = () => NOON * 1000;
    const secret = { base64url: Buffer.alloc(32, 7).toString('base64url') };
    const jwt = builderOf(clock).encryptWith(secret, { alg: 'dir', enc: 'A256GCM' });
    await using app = await serveSession({ jwt, clock });
    const encrypted = cookieOf(await app.login());
    expect(encrypted.split('.')).toHaveLength(5);
    expect((await askWith(app, encrypted)).body).toBe('Ada');
    await using plain = await serveSession();
    expect((await askWith(app, cookieOf(await plain.login()))).status).toBe(401);
  });

  it('works with anything shaped like a builder', async () => {
    const made: unknown[] = [];
    const jwt = {
      typ: () => jwt,
      subject: () => jwt,
      claims: (claims: object) => {
        made.push(claims);
        return jwt;
      },
      expiresAt: () => jwt,
      build: async () => ({ token: 'opaque' }),
      validator: () => ({
        verify: async () => ({
          claims: { sub: 'ada', name: 'Ada', sid: '1', auth_time: NOON, iat: NOON, exp: NOON + 9 },
        }),
      }),
    };
    const session = cookie({ jwt, clock: () => NOON * 1000 });
    await using app = await serve((koa) =>
      koa
        .use(signingIn(session, 'ada'))
        .use(authenticate(session))
        .use((ctx) => {
          ctx.body = ctx.state.auth.name;
        }),
    );
    const login = await ask(app, { method: 'POST', path: '/login', headers: own(app) });
    expect(cookieOf(login)).toBe(`${NAME}=opaque`);
    expect((await askWith(app, `${NAME}=opaque`)).body).toBe('Ada');
  });

  it('does not put its token on the principal', async () => {
    await using app = await serveSession({}, (koa) =>
      koa.use(async (ctx, next) => {
        await next();
        if (ctx.state['auth'] !== undefined) ctx.body = String(ctx.state['auth'].token);
      }),
    );
    expect((await askWith(app, cookieOf(await app.login()))).body).toBe('undefined');
  });
});

describe('H5 a session, a token and an API key of three users in one request', () => {
  const jwt = builderOf(() => NOON * 1000);
  const session = cookie({ jwt, clock: () => NOON * 1000 });
  const { key, record } = generateApiKey({ subject: 'carol' });
  const schemes = {
    session: session as Scheme<object>,
    bearer: bearer(jwt.validator()) as Scheme<object>,
    key: apiKey({ keys: new Map([[record.id, record]]) }) as Scheme<object>,
  };
  type Name = keyof typeof schemes;
  const subjects = { session: 'Ada', bearer: 'bob', key: 'carol' };
  const orders: [Name, Name, Name][] = [
    ['session', 'bearer', 'key'],
    ['session', 'key', 'bearer'],
    ['bearer', 'session', 'key'],
    ['bearer', 'key', 'session'],
    ['key', 'session', 'bearer'],
    ['key', 'bearer', 'session'],
  ];

  it.each(orders)('is the first one’s, and that one’s fault when it is bad: %s, %s, %s', async (...order) => {
    const [first, second, third] = order;
    await using app = await serve((koa) =>
      koa
        .use(signingIn(session, 'Ada'))
        .use(authenticate([schemes[first], schemes[second], schemes[third]]))
        .use((ctx) => {
          ctx.body = ctx.state.auth.name;
        }),
    );
    const login = await ask(app, { method: 'POST', path: '/login', headers: own(app) });
    const { token } = await jwt.subject('bob').build();
    const good = { session: cookieOf(login), bearer: `Bearer ${token}`, key };
    const asked = (bad: readonly Name[]): Promise<Answer> => {
      const sent = (name: Name): string => (bad.includes(name) ? `${good[name]}x` : good[name]);
      const headers = { cookie: sent('session'), authorization: sent('bearer'), 'x-api-key': sent('key') };
      return ask(app, { headers });
    };
    expect((await asked([])).body).toBe(subjects[first]);
    expect((await asked([second, third])).body).toBe(subjects[first]);
    for (const bad of [[first], [first, second], [...order]]) {
      expect([(await asked(bad)).status, app.refusals.at(-1)?.reasons.map(({ scheme }) => scheme)]).toEqual([
        401,
        [schemes[first].kind],
      ]);
    }
  });
});

describe('H5 several credentials in one request', () => {
  const jwt = builderOf(() => NOON * 1000);
  const session = cookie({ jwt, clock: () => NOON * 1000 });
  const tokens = bearer(jwt.validator());
  const bob = jwt.subject('bob').name('Bob').build();

  async function both(first: 'session' | 'bearer') {
    return serve((koa) =>
      koa
        .use(signingIn(session, 'Ada'))
        .use(authenticate(first === 'session' ? ([session, tokens] as const) : ([tokens, session] as const)))
        .use((ctx) => {
          ctx.body = ctx.state.auth.name;
        }),
    );
  }

  it.each([
    ['session', 'Ada'],
    ['bearer', 'Bob'],
  ] as const)(
    'the cookie of A and the token of B: the %s is first in the list and decides',
    async (first, name) => {
      await using app = await both(first);
      const good = cookieOf(await ask(app, { method: 'POST', path: '/login', headers: own(app) }));
      const answer = await askWith(app, good, { headers: { authorization: `Bearer ${(await bob).token}` } });
      expect([answer.status, answer.body]).toEqual([200, name]);
    },
  );

  it.each(['session', 'bearer'] as const)(
    'a bad one is not covered by a good one: the %s is bad',
    async (first) => {
      await using app = await both(first);
      const good = cookieOf(await ask(app, { method: 'POST', path: '/login', headers: own(app) }));
      const { token } = await bob;
      const answer =
        first === 'session'
          ? await askWith(app, `${good}x`, { headers: { authorization: `Bearer ${token}` } })
          : await askWith(app, good, { headers: { authorization: `Bearer ${token}x` } });
      expect(answer.status).toBe(401);
    },
  );
});

describe('H18 the cookie is written', () => {
  it('by default with __Host-, Path, Secure, HttpOnly and SameSite=Lax, and nothing else', async () => {
    await using app = await serveSession();
    const [pair, ...attributes] = String(setCookieOf(await app.login())).split('; ');
    expect(pair).toMatch(/^__Host-session=[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(attributes).toEqual(['Path=/', 'Secure', 'HttpOnly', 'SameSite=Lax']);
  });

  it('with the name and SameSite=Strict that were asked for', async () => {
    await using app = await serveSession({ name: '__Host-kestrun', sameSite: 'Strict' });
    const line = String(setCookieOf(await app.login()));
    expect(line).toMatch(/^__Host-kestrun=.*; SameSite=Strict$/);
  });

  it.each<[string, Record<string, unknown>]>([
    ['a name without the prefix', { name: 'session' }],
    ['a name with the prefix in lower case', { name: '__host-session' }],
    ['a name that is only the prefix', { name: '__Host-' }],
    ['a name with a semicolon', { name: '__Host-a; Domain=evil.test' }],
    ['a name with CRLF', { name: '__Host-a\r\nSet-Cookie: b' }],
    ['a name with =', { name: '__Host-a=b' }],
    ['a name with a no-break space', { name: '__Host-a\u00a0' }],
    ['SameSite=None', { sameSite: 'None' }],
    ['SameSite with a semicolon', { sameSite: 'Lax; Domain=evil.test' }],
    ['SameSite with CRLF', { sameSite: 'Lax\r\nX: y' }],
    ['a domain', { domain: 'example.com' }],
    ['a path', { path: '/; Domain=evil.test' }],
    ['a priority', { priority: 'high; Domain=evil.test' }],
    ['secure: false', { secure: false }],
    ['httpOnly: false', { httpOnly: false }],
    ['a realm with CRLF', { realm: 'a\r\nb' }],
    ['an idle time of nothing', { idle: 0 }],
    ['an idle time without its unit', { idle: '30' }],
    ['an idle time that is no number', { idle: Number.NaN }],
    ['an absolute end before the idle one', { idle: '2h', absolute: '1h' }],
    ['an absolute end that never comes', { absolute: Number.POSITIVE_INFINITY }],
    ['a trusted origin with a path', { trustedOrigins: ['https://a.test/'] }],
    ['a trusted origin without TLS', { trustedOrigins: ['http://a.test'] }],
    ['the trusted origin null', { trustedOrigins: ['null'] }],
    ['a trusted wildcard', { trustedOrigins: ['*'] }],
    ['a store that is none', { ended: {} }],
    ['no builder', { jwt: undefined }],
  ])('never with %s: that is refused at once', (_what, options) => {
    expect(() => cookie({ jwt: builderOf(Date.now), ...options } as never)).toThrow(TypeError);
  });

  it('never longer than browsers store: that is an error at the sign-in (H9)', async () => {
    const session = cookie({ jwt: builderOf(() => NOON * 1000), clock: () => NOON * 1000 });
    const sizes: number[] = [];
    const load = { length: 0 };
    await using app = await serve((koa) =>
      koa.use(async (ctx) => {
        await session.signIn(ctx, { subject: 'ada', claims: { load: 'x'.repeat(load.length) } });
        ctx.body = '';
      }),
    );
    const login = () => ask(app, { method: 'POST', headers: own(app) });
    for (load.length = 2600; load.length < 2900; load.length += 1) {
      const answer = await login();
      if (answer.status !== 200) break;
      sizes.push(cookieOf(answer).length - 1);
    }
    expect(Math.max(...sizes)).toBeGreaterThan(4090);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4096);
    expect(String(app.errors[0])).toMatch(/a cookie of 409[789] bytes/);
    expect((await login()).headers['set-cookie']).toBeUndefined();
  });
});

describe('H19 the cookie is read', () => {
  it.each<[string, (good: string, other: string) => string]>([
    [
      'its signature flipped',
      (good) => good.slice(0, -3) + (good.at(-3) === 'A' ? 'B' : 'A') + good.slice(-2),
    ],
    [
      'the signature of another session',
      (good, other) => good.slice(0, good.lastIndexOf('.')) + other.slice(other.lastIndexOf('.')),
    ],
    ['no signature', (good) => good.slice(0, good.lastIndexOf('.') + 1)],
    ['no parts', () => `${NAME}=ada`],
    [
      'the algorithm none',
      (good) => `${NAME}=${forge(claimsIn(good), { alg: 'none', typ: 'session+jwt' }).replace(/[^.]*$/, '')}`,
    ],
    ['a value in quotes', (good) => `${good.replace('=', '="')}"`],
    ['nothing', () => `${NAME}=`],
    ['more than 4 KB', (good) => good + 'A'.repeat(4096)],
    [
      'the key of somebody else',
      (good) => `${NAME}=${forge(claimsIn(good), { alg: 'HS256', typ: 'session+jwt' }, 'x'.repeat(32))}`,
    ],
    [
      'another audience',
      (good) =>
        `${NAME}=${forge({ ...claimsIn(good), aud: 'Others' }, { alg: 'HS256', typ: 'session+jwt' })}`,
    ],
    [
      'another issuer',
      (good) =>
        `${NAME}=${forge({ ...claimsIn(good), iss: 'Others' }, { alg: 'HS256', typ: 'session+jwt' })}`,
    ],
    [
      'the type of an access token',
      (good) => `${NAME}=${forge(claimsIn(good), { alg: 'HS256', typ: 'JWT' })}`,
    ],
    [
      'no session ID',
      (good) =>
        `${NAME}=${forge({ ...claimsIn(good), sid: undefined }, { alg: 'HS256', typ: 'session+jwt' })}`,
    ],
    [
      'no beginning',
      (good) =>
        `${NAME}=${forge({ ...claimsIn(good), auth_time: undefined }, { alg: 'HS256', typ: 'session+jwt' })}`,
    ],
    [
      'no subject',
      (good) =>
        `${NAME}=${forge({ ...claimsIn(good), sub: undefined }, { alg: 'HS256', typ: 'session+jwt' })}`,
    ],
    ['twice, the bad one first', (good) => `${NAME}=bad; ${good}`],
    ['twice, the good one first', (good) => `${good}; ${NAME}=bad`],
    ['twice the same', (good) => `${good}; ${good}`],
    ['twice, one of them empty', (good) => `${good}; ${NAME}=`],
  ])('and is a 401 with %s', async (_what, change) => {
    await using app = await serveSession();
    const [good, other] = [cookieOf(await app.login()), cookieOf(await app.login())];
    const answer = await askWith(app, change(good, other));
    expect([answer.status, problemOf(answer)['code'], problemOf(answer)['detail']]).toEqual([
      401,
      'invalid_credentials',
      'The session is not valid',
    ]);
    expect(app.errors).toEqual([]);
    expect((await askWith(app, good)).status).toBe(200);
  });

  it('and is a 401 when it comes in two field lines', async () => {
    await using app = await serveSession();
    const good = cookieOf(await app.login());
    expect((await askRaw(app, [`Cookie: ${good}`, `Cookie: ${NAME}=bad`])).status).toBe(401);
    expect((await askRaw(app, [`Cookie: a=b`, `Cookie: ${good}`])).status).toBe(200);
  });

  it.each([
    ['a leading U+00A0 in UTF-8', '\u00c2\u00a0'],
    ['a leading U+00A0 in latin1', '\u00a0'],
    ['a vertical tab', '\u000b'],
  ])('by its exact name: one with %s is not there', async (_what, prefix) => {
    await using app = await serveSession();
    const good = cookieOf(await app.login());
    const answer = await askRaw(app, [`Cookie: ${prefix}${good}`]).catch(() => undefined);
    // Node.js refuses a control character itself; the rest reaches the scheme, and is no session.
    expect(answer?.status ?? 400).not.toBe(200);
    expect(app.refusals.every(({ code }) => code === 'credentials_required')).toBe(true);
    expect((await askRaw(app, [`Cookie:  \t ${good} \t`])).status).toBe(200);
  });

  it.each([
    '__host-session',
    '__HOST-session',
    '__Host-Session',
    'x__Host-session',
    '__Host-session2',
    'session',
  ])('by its exact name: %s is not there', async (name) => {
    await using app = await serveSession();
    const good = cookieOf(await app.login());
    const answer = await askWith(app, good.replace(NAME, name));
    expect([answer.status, problemOf(answer)['code']]).toEqual([401, 'credentials_required']);
    // Nor does it stand in the way of the real one.
    expect((await askWith(app, `${name}=evil; ${good}`)).status).toBe(200);
  });

  it('among others, malformed ones too', async () => {
    await using app = await serveSession();
    const good = cookieOf(await app.login());
    expect((await askWith(app, `a; b=; =c; ;; ${good};d="e"`)).status).toBe(200);
  });

  it('with a retired key for as long as the validator has it', async () => {
    const old = importKey({ text: 'the old key of sessions, 256 bits', kid: 'old' }, 'HS256');
    const next = importKey({ text: 'the new key of sessions, 256 bits', kid: 'new' }, 'HS256');
    const clock = () => NOON * 1000;
    const before = new JwtBuilder().issuer('a').audience('b').signWith(old).clock(clock);
    const after = new JwtBuilder().issuer('a').audience('b').signWith(next).clock(clock);
    await using first = await serveSession({ jwt: before, clock });
    await using both = await serveSession({ jwt: after, clock, validator: { keys: [next, old] } });
    await using last = await serveSession({ jwt: after, clock });
    const kept = cookieOf(await first.login());
    expect((await askWith(both, kept)).status).toBe(200);
    expect((await askWith(last, kept)).status).toBe(401);
    expect((await askWith(last, cookieOf(await both.login()))).status).toBe(200);
  });

  it('and a session is no access token, nor an access token a session, with the same key', async () => {
    const clock = () => NOON * 1000;
    const jwt = builderOf(clock);
    await using sessions = await serveSession({ jwt, clock });
    await using tokens = await serve((koa) => koa.use(authenticate(bearer(jwt.validator()))));
    const value = cookieOf(await sessions.login()).split('=')[1];
    expect((await ask(tokens, { headers: { authorization: `Bearer ${value}` } })).status).toBe(401);
    const { token } = await jwt.subject('ada').claims({ sid: 'x' }).build();
    expect((await askWith(sessions, `${NAME}=${token}`)).status).toBe(401);
  });

  it('and one that is not good any more is taken from the browser', async () => {
    await using app = await serveSession();
    const good = cookieOf(await app.login());
    expect(setCookieOf(await askWith(app, `${good}x`))).toBe(
      `${NAME}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax`,
    );
    expect(setCookieOf(await askWith(app, good))).toBeUndefined();
  });
});

describe('a bad cookie that comes late, when the browser has a new one', () => {
  const late = (app: SessionApp, cookie: string, mode?: string): Promise<Answer> =>
    askWith(app, cookie, mode === undefined ? {} : { headers: { 'sec-fetch-mode': mode } });

  it.each([undefined, 'cors', 'navigate'])('is left alone when its session was ended: %s', async (mode) => {
    await using app = await serveSession();
    const old = cookieOf(await app.login());
    await askWith(app, old, { method: 'POST', path: '/login', headers: own(app) });
    const answer = await late(app, old, mode);
    expect([answer.status, setCookieOf(answer)]).toEqual([401, undefined]);
  });

  it.each(['cors', 'same-origin', 'no-cors'])(
    'is left alone when it was sent in the background: %s',
    async (mode) => {
      await using app = await serveSession();
      const old = cookieOf(await app.login());
      app.pass(1801);
      const answer = await late(app, old, mode);
      expect([answer.status, setCookieOf(answer)]).toEqual([401, undefined]);
    },
  );

  it('is taken from the browser when it has expired, and a page was asked for with it', async () => {
    await using app = await serveSession();
    const old = cookieOf(await app.login());
    app.pass(1801);
    for (const mode of [undefined, 'navigate']) {
      expect(setCookieOf(await late(app, old, mode))).toContain('Max-Age=0');
    }
  });
});

describe('H20 a session', () => {
  it('has another ID at every login, of 128 bits', async () => {
    await using app = await serveSession();
    const ids = new Set<unknown>();
    for (let i = 0; i < 20; i += 1) ids.add(claimsIn(cookieOf(await app.login()))['sid']);
    expect(ids.size).toBe(20);
    for (const id of ids) expect(Buffer.from(String(id), 'base64url')).toHaveLength(16);
  });

  it('that was there before the login is over', async () => {
    await using app = await serveSession();
    const old = cookieOf(await app.login());
    const login = await askWith(app, old, { method: 'POST', path: '/login', headers: own(app) });
    expect(claimsIn(cookieOf(login))['sid']).not.toBe(claimsIn(old)['sid']);
    expect((await askWith(app, old)).status).toBe(401);
    expect((await askWith(app, cookieOf(login))).status).toBe(200);
  });

  it('that somebody else set before the login is not taken over', async () => {
    await using app = await serveSession();
    const planted = forge(
      { sid: 'planted', sub: 'eve' },
      { alg: 'HS256', typ: 'session+jwt' },
      'x'.repeat(32),
    );
    const login = await askWith(app, `${NAME}=${planted}`, {
      method: 'POST',
      path: '/login',
      headers: own(app),
    });
    expect(login.status).toBe(200);
    expect(claimsIn(cookieOf(login))['sid']).not.toBe('planted');
  });

  it('is over after the log-out, also for who has copied the cookie', async () => {
    await using app = await serveSession();
    const [good, other] = [cookieOf(await app.login()), cookieOf(await app.login())];
    const logout = await askWith(app, good, { method: 'POST', path: '/logout', headers: own(app) });
    expect([logout.status, setCookieOf(logout)]).toEqual([
      200,
      `${NAME}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax`,
    ]);
    const replayed = await askWith(app, good);
    expect([replayed.status, problemOf(replayed)['detail']]).toEqual([401, 'The session is over']);
    expect((await askWith(app, other)).status).toBe(200);
  });

  it('is over after the log-out in all its cookies, earlier and later ones', async () => {
    await using app = await serveSession();
    const first = cookieOf(await app.login());
    app.pass(600);
    const second = cookieOf(await askWith(app, first));
    await askWith(app, first, { method: 'POST', path: '/logout', headers: own(app) });
    expect((await askWith(app, first)).status).toBe(401);
    expect((await askWith(app, second)).status).toBe(401);
    app.pass(1799);
    expect((await askWith(app, second)).status).toBe(401);
  });

  it('may be logged out without there being one', async () => {
    await using app = await serveSession();
    expect((await ask(app, { method: 'POST', path: '/logout', headers: own(app) })).status).toBe(200);
  });

  it.each([
    [1799, 200],
    [1800, 401],
  ])('after %i seconds without a request is a %i', async (seconds, status) => {
    await using app = await serveSession();
    const good = cookieOf(await app.login());
    app.pass(seconds);
    const answer = await askWith(app, good);
    expect(answer.status).toBe(status);
    if (status === 401) expect(problemOf(answer)['detail']).toBe('The session is over');
  });

  it('lasts while requests come, and no longer than its absolute time', async () => {
    await using app = await serveSession({ idle: '30m', absolute: '2h' });
    let cookie = cookieOf(await app.login());
    const statuses: number[] = [];
    for (let minutes = 0; minutes < 140; minutes += 20) {
      app.pass(20 * 60);
      const answer = await askWith(app, cookie);
      statuses.push(answer.status);
      if (answer.status === 200) cookie = cookieOf(answer);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 401, 401]);
    expect(claimsIn(cookie)).toMatchObject({
      auth_time: NOON,
      exp: NOON + 7200,
      sub: 'ada',
      scope: 'read write',
    });
  });

  it('keeps its ID while it slides, and is not made again for every request', async () => {
    await using app = await serveSession();
    const good = cookieOf(await app.login());
    app.pass(179);
    expect(setCookieOf(await askWith(app, good))).toBeUndefined();
    app.pass(1);
    const next = cookieOf(await askWith(app, good));
    expect(claimsIn(next)['sid']).toBe(claimsIn(good)['sid']);
    expect(claimsIn(next)['jti']).not.toBe(claimsIn(good)['jti']);
  });

  it('ends by the absolute time that is set now, not when it began', async () => {
    const text = 'a key for sessions of 256 bits or more';
    await using app = await serveSession({ absolute: '12h' });
    const good = cookieOf(await app.login());
    const clock = () => (NOON + 1200) * 1000;
    await using stricter = await serveSession({
      jwt: builderOf(clock, text),
      clock,
      idle: '15m',
      absolute: '15m',
    });
    expect((await askWith(stricter, good)).status).toBe(401);
  });

  it('is over when the user was disabled', async () => {
    const disabled = new Set<unknown>();
    await using app = await serveSession({ validator: { isRevoked: ({ sub }) => disabled.has(sub) } });
    const good = cookieOf(await app.login());
    expect((await askWith(app, good)).status).toBe(200);
    disabled.add('ada');
    const answer = await askWith(app, good);
    expect([answer.status, problemOf(answer)['detail']]).toEqual([401, 'The session is over']);
  });

  it('is over when it began before the password was changed', async () => {
    const changed = { at: 0 };
    await using app = await serveSession({
      validator: { isRevoked: async ({ auth_time }) => Number(auth_time) < changed.at },
    });
    const good = cookieOf(await app.login());
    app.pass(60);
    changed.at = NOON + 60;
    expect((await askWith(app, good)).status).toBe(401);
    expect((await askWith(app, cookieOf(await app.login()))).status).toBe(200);
  });

  it.each<[string, () => unknown]>([
    ['fails', () => Promise.reject(new Error('the store is down'))],
    ['answers nothing', () => undefined],
    ['answers a text', () => 'no'],
  ])('lets nobody in when the store of ended ones %s', async (_what, has) => {
    await using app = await serveSession({ ended: { add: () => undefined, has: has as () => boolean } });
    const good = cookieOf(await app.login());
    expect([401, 500]).toContain((await askWith(app, good)).status);
  });

  it('with a subject only', async () => {
    const session = cookie({ jwt: builderOf(Date.now) });
    await using app = await serve((koa) =>
      koa.use(async (ctx) => {
        await session.signIn(ctx, { subject: '' });
      }),
    );
    expect((await ask(app, { method: 'POST', headers: own(app) })).status).toBe(500);
    expect(app.errors[0]).toBeInstanceOf(TypeError);
  });

  it('cannot be given another ID or beginning by its claims', async () => {
    const session = cookie({ jwt: builderOf(() => NOON * 1000), clock: () => NOON * 1000 });
    await using app = await serve((koa) =>
      koa.use(async (ctx) => {
        await session.signIn(ctx, { subject: 'ada', claims: { sid: 'mine', auth_time: 1, tier: 3 } });
        ctx.body = '';
      }),
    );
    const claims = claimsIn(cookieOf(await ask(app, { method: 'POST', headers: own(app) })));
    expect(claims).toMatchObject({ auth_time: NOON, tier: 3 });
    expect(claims['sid']).not.toBe('mine');
  });
});

describe('H24 what may be stored', () => {
  it('is, behind a session, the browser’s own, and depends on the cookie', async () => {
    await using app = await serveSession();
    const good = cookieOf(await app.login());
    const { headers } = await askWith(app, good);
    expect([headers['cache-control'], headers['vary']]).toEqual(['private', 'Cookie']);
  });

  it('is not more than what was said before', async () => {
    await using app = await serveSession({}, (koa) =>
      koa.use((ctx, next) => {
        ctx.set('Cache-Control', 'no-store');
        return next();
      }),
    );
    expect((await askWith(app, cookieOf(await app.login()))).headers['cache-control']).toBe('no-store');
  });

  it('is nothing of a login, a log-out and a 401', async () => {
    await using app = await serveSession();
    const login = await app.login();
    const logout = await ask(app, { method: 'POST', path: '/logout', headers: own(app) });
    const refused = await ask(app);
    for (const { headers } of [login, logout, refused]) expect(headers['cache-control']).toBe('no-store');
    expect(refused.headers['vary']).toBe('Cookie');
  });
});

describe('tokens of others', () => {
  it('are not taken for sessions by a scheme of another name', async () => {
    await using app = await serveSession({ name: '__Host-other' });
    expect((await askWith(app, `${NAME}=${await tokenFor('ada')}`)).status).toBe(401);
  });
});
