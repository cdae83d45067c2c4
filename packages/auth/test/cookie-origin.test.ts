import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { authenticate, basic, bearer, cookie, SessionRefused } from '../src/index.js';
import { ask, basicValue, problemOf, type Question, type RunningApp, serve } from './koa-app.ts';
import { askWith, builderOf, cookieOf, own, serveSession, setCookieOf } from './session-app.ts';
import { NOON } from './tokens.ts';

type Headers = Record<string, string>;

/** What the log is told of them. */
const OTHER_SITE = 'Sec-Fetch-Site or Origin says that a page of another site sends the request.';
const UNKNOWN_SITE =
  'The request has neither Sec-Fetch-Site nor Origin, nor the session’s token in X-CSRF-Token.';

/** Headers as pages of other sites make a browser send them, or as none does. */
const FOREIGN: [string, (port: number) => Headers, string][] = [
  ['the Origin of another site', () => ({ origin: 'https://evil.test' }), OTHER_SITE],
  ['the Origin null', () => ({ origin: 'null' }), OTHER_SITE],
  [
    'an Origin that begins like this one',
    (port) => ({ origin: `http://127.0.0.1:${port}.evil.test` }),
    OTHER_SITE,
  ],
  ['an Origin of another port', () => ({ origin: 'http://127.0.0.1:1' }), OTHER_SITE],
  ['an Origin of another host', (port) => ({ origin: `http://localhost:${port}` }), OTHER_SITE],
  ['an empty Origin', () => ({ origin: '' }), OTHER_SITE],
  ['neither Origin nor Sec-Fetch-Site', () => ({}), UNKNOWN_SITE],
  ['Sec-Fetch-Site: cross-site', () => ({ 'sec-fetch-site': 'cross-site' }), OTHER_SITE],
  ['Sec-Fetch-Site: same-site', () => ({ 'sec-fetch-site': 'same-site' }), OTHER_SITE],
  ['an unknown Sec-Fetch-Site', () => ({ 'sec-fetch-site': 'near-by' }), OTHER_SITE],
  [
    'Sec-Fetch-Site: cross-site and the right Origin',
    (port) => ({ 'sec-fetch-site': 'cross-site', origin: `http://127.0.0.1:${port}` }),
    OTHER_SITE,
  ],
  ['a text/plain body', () => ({ origin: 'https://evil.test', 'content-type': 'text/plain' }), OTHER_SITE],
  [
    'a form',
    () => ({ origin: 'https://evil.test', 'content-type': 'application/x-www-form-urlencoded' }),
    OTHER_SITE,
  ],
  ['a wrong CSRF token', () => ({ 'x-csrf-token': 'x' }), UNKNOWN_SITE],
  [
    'an X-Forwarded-Host that fits the Origin',
    () => ({ origin: 'http://evil.test', 'x-forwarded-host': 'evil.test' }),
    OTHER_SITE,
  ],
];

const OWN: [string, (port: number) => Headers][] = [
  ['its own Origin', (port) => ({ origin: `http://127.0.0.1:${port}` })],
  ['Sec-Fetch-Site: same-origin', () => ({ 'sec-fetch-site': 'same-origin' })],
  ['Sec-Fetch-Site: none', () => ({ 'sec-fetch-site': 'none' })],
  [
    'Sec-Fetch-Site: same-origin and the Origin null, as behind Referrer-Policy: no-referrer',
    () => ({ 'sec-fetch-site': 'same-origin', origin: 'null' }),
  ],
];

describe('H21 a request that changes state', () => {
  it.each(FOREIGN)('is refused with a session and %s', async (_what, headers, hint) => {
    await using app = await serveSession();
    const good = cookieOf(await app.login());
    const answer = await askWith(app, good, { method: 'POST', headers: headers(app.port), body: 'a=b' });
    expect([answer.status, problemOf(answer)['code'], problemOf(answer)['detail']]).toEqual([
      403,
      'cross_site_request',
      'The request does not come from this site',
    ]);
    expect(app.refusals.at(-1)?.reasons[0]?.hint).toBe(hint);
    expect(setCookieOf(answer)).toBeUndefined();
  });

  it.each(OWN)('is accepted with a session and %s', async (_what, headers) => {
    await using app = await serveSession();
    const good = cookieOf(await app.login());
    expect((await askWith(app, good, { method: 'POST', headers: headers(app.port) })).body).toBe('Ada');
  });

  it.each(['PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND'])('by %s is one', async (method) => {
    await using app = await serveSession();
    const good = cookieOf(await app.login());
    const headers = { origin: 'https://evil.test' };
    expect((await askWith(app, good, { method, headers })).status).toBe(403);
    expect((await askWith(app, good, { method, headers: own(app) })).status).toBe(200);
  });

  it.each(['GET', 'HEAD', 'OPTIONS'])('is not one by %s, which a link may send', async (method) => {
    await using app = await serveSession();
    const good = cookieOf(await app.login());
    expect((await askWith(app, good, { method, headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(
      200,
    );
  });

  it('is accepted from an origin that is trusted, and from that one only', async () => {
    await using app = await serveSession({ trustedOrigins: ['https://app.test'] });
    const good = cookieOf(await app.login());
    const from = (origin: string) =>
      askWith(app, good, { method: 'POST', headers: { origin, 'sec-fetch-site': 'same-site' } });
    expect((await from('https://app.test')).status).toBe(200);
    expect((await from('https://app.test.evil.test')).status).toBe(403);
    expect((await from('http://app.test')).status).toBe(403);
  });

  it('is accepted by the session’s CSRF token where it does not say where it comes from', async () => {
    await using app = await serveSession();
    const [good, other] = [cookieOf(await app.login()), cookieOf(await app.login())];
    const token = (await askWith(app, good, { path: '/csrf' })).body;
    const post = (cookie: string, headers: Headers) => askWith(app, cookie, { method: 'POST', headers });
    expect((await post(good, { 'x-csrf-token': token })).status).toBe(200);
    expect((await post(other, { 'x-csrf-token': token })).status).toBe(403);
    expect((await post(good, { 'x-csrf-token': token, origin: 'https://evil.test' })).status).toBe(403);
  });

  it('needs the CSRF token as well where that is asked for', async () => {
    await using app = await serveSession({ requireCsrfToken: true });
    const good = cookieOf(await app.login());
    const token = (await askWith(app, good, { path: '/csrf' })).body;
    const post = (headers: Headers) =>
      askWith(app, good, { method: 'POST', headers: { ...own(app), ...headers } });
    expect((await post({})).status).toBe(403);
    expect((await post({ 'x-csrf-token': `${token}x` })).status).toBe(403);
    expect((await post({ 'x-csrf-token': token })).status).toBe(200);
  });

  it('keeps its CSRF token while the session slides', async () => {
    await using app = await serveSession();
    const good = cookieOf(await app.login());
    const token = (await askWith(app, good, { path: '/csrf' })).body;
    app.pass(600);
    const next = cookieOf(await askWith(app, good));
    expect((await askWith(app, next, { path: '/csrf' })).body).toBe(token);
  });

  it('is not asked where it comes from with a bearer token, and is with a password', async () => {
    const jwt = builderOf(() => NOON * 1000);
    const session = cookie({ jwt, clock: () => NOON * 1000 });
    const { token } = await jwt.subject('bob').build();
    const users = basic({ realm: 'Init', users: { admin: 'password' } });
    await using app = await serve((koa) =>
      koa.use(authenticate([session, bearer(jwt.validator()), users])).use((ctx) => {
        ctx.body = ctx.state.auth.scheme;
      }),
    );
    const evil = { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' };
    const post = (authorization: string) => ask(app, { method: 'POST', headers: { ...evil, authorization } });
    expect((await post(`Bearer ${token}`)).body).toBe('Bearer');
    expect((await post(basicValue('admin:password'))).status).toBe(403);
  });
});

describe('H21 a login and a log-out', () => {
  it.each(['/login', '/logout'])('by GET is refused: %s', async (path) => {
    await using app = await serveSession();
    const good = cookieOf(await app.login());
    const answer = await askWith(app, good, { path, headers: { 'sec-fetch-site': 'same-origin' } });
    expect([answer.status, setCookieOf(answer)]).toEqual([403, undefined]);
    expect((await askWith(app, good)).status).toBe(200);
  });

  it.each(FOREIGN)('from another site is refused: %s', async (_what, headers) => {
    await using app = await serveSession();
    const good = cookieOf(await app.login());
    for (const path of ['/login', '/logout']) {
      const answer = await askWith(app, good, { method: 'POST', path, headers: headers(app.port) });
      expect(problemOf(answer)).toEqual({
        type: 'about:blank',
        title: 'Forbidden',
        status: 403,
        code: 'cross_site_request',
        detail: 'The request does not come from this site',
        trace: app.refusals.at(-1)?.trace,
      });
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.challenges).toEqual(['Cookie realm="session", error="cross_site_request"']);
      expect(setCookieOf(answer)).toBeUndefined();
    }
    expect((await askWith(app, good)).status).toBe(200);
  });

  it('that is refused is reported once, with the trace of its error', async () => {
    const seen: unknown[] = [];
    await using app = await serveSession({}, (koa) =>
      koa.use(async (_ctx, next) => {
        await next().catch((error: unknown) => {
          seen.push(error);
          throw error;
        });
      }),
    );
    await ask(app, { method: 'POST', path: '/login', headers: { origin: 'https://evil.test' } });
    const [error] = seen as SessionRefused[];
    expect(error).toBeInstanceOf(SessionRefused);
    expect(app.refusals.map(({ code, trace }) => [code, trace])).toEqual([
      ['cross_site_request', error?.trace],
    ]);
  });
});

describe('H21 a login that is refused', () => {
  const evil = { method: 'POST', path: '/login', headers: { origin: 'https://evil.test' } };

  it('is answered as the application’s own handler of errors has it', async () => {
    await using app = await serveSession({}, (koa) =>
      koa.use(async (ctx, next) => {
        await next().catch(({ status, code }: SessionRefused) => {
          ctx.status = status;
          ctx.body = `mine: ${code}`;
        });
      }),
    );
    const answer = await ask(app, evil);
    expect([answer.status, answer.body]).toEqual([403, 'mine: cross_site_request']);
  });

  it('is answered by the application’s own onerror, where it has one', async () => {
    await using app = await serveSession({}, (koa) => {
      koa.context.onerror = function onerror(error) {
        if (error !== null) this['res'].end(`mine: ${error.message}`);
      };
    });
    expect((await ask(app, evil)).body).toBe('mine: The request does not come from this site');
  });

  it('does not change the answer to another error of that request', async () => {
    await using app = await serveSession({}, (koa) =>
      koa.use(async (_ctx, next) => {
        await next().catch(() => {
          throw new Error('the page of errors is broken');
        });
      }),
    );
    const answer = await ask(app, evil);
    expect([answer.status, answer.body]).toEqual([500, 'Internal Server Error']);
  });
});

/** A request to a name, whatever the address. */
async function askHost(app: RunningApp, host: string, { headers = {}, ...rest }: Question) {
  return ask(app, { ...rest, headers: { host, ...headers } });
}

describe('behind a proxy that ends TLS', () => {
  const proxied = { 'x-forwarded-proto': 'https', origin: 'https://shop.test' };

  it('a login is a 403 that names app.proxy in the log, not a 500', async () => {
    await using app = await serveSession();
    const answer = await askHost(app, 'shop.test', { method: 'POST', path: '/login', headers: proxied });
    expect([answer.status, problemOf(answer)['detail'], setCookieOf(answer)]).toEqual([
      403,
      'Credentials are accepted over HTTPS only',
      undefined,
    ]);
    expect(String(app.errors[0])).toContain('app.proxy = true');
    expect(app.refusals[0]).toMatchObject({ code: 'insecure_connection' });
    expect(app.refusals[0]?.reasons[0]?.fix).toContain('app.proxy = true');
  });

  it('a session is refused the same way, before it is read', async () => {
    await using app = await serveSession();
    const good = cookieOf(await app.login());
    const answer = await askWith(app, good, { headers: { 'x-forwarded-proto': 'https' } });
    expect([answer.status, problemOf(answer)['code'], problemOf(answer)['detail']]).toEqual([
      403,
      'insecure_connection',
      'Credentials are accepted over HTTPS only',
    ]);
    expect(app.refusals[0]?.reasons[0]?.hint).toContain('app.proxy is false');
  });

  it('with app.proxy = true all of it is as over TLS', async () => {
    await using app = await serveSession({}, (koa) => {
      koa.proxy = true;
    });
    const headers = { ...proxied, 'x-forwarded-host': 'shop.test' };
    const login = await askHost(app, 'internal:8080', { method: 'POST', path: '/login', headers });
    expect(login.status).toBe(200);
    const cookie = cookieOf(login);
    const post = (origin: string) =>
      askHost(app, 'internal:8080', { method: 'POST', headers: { ...headers, origin, cookie } });
    expect((await post('https://shop.test')).status).toBe(200);
    expect((await post('http://shop.test')).status).toBe(403);
  });

  it('with app.proxy = true, one that says http is told apart', async () => {
    await using app = await serveSession({}, (koa) => {
      koa.proxy = true;
    });
    const headers = { 'x-forwarded-proto': 'http', origin: 'http://shop.test' };
    const answer = await askHost(app, 'shop.test', { method: 'POST', path: '/login', headers });
    expect(answer.status).toBe(403);
    expect(String(app.errors[0])).toContain('X-Forwarded-Proto does not say https');
  });

  it('one that does not say that it is there is found by the Origin', async () => {
    await using app = await serveSession();
    const headers = { origin: 'https://shop.test' };
    const answer = await askHost(app, 'shop.test', { method: 'POST', path: '/login', headers });
    expect(answer.status).toBe(403);
    expect(app.refusals[0]?.reasons[0]?.fix).toContain('app.proxy = true');
  });

  it('the userinfo of a Host is not this server’s own name', async () => {
    await using app = await serveSession();
    const headers = { origin: 'http://evil.test' };
    const answer = await askHost(app, 'evil.test:fake@good', { method: 'POST', path: '/login', headers });
    expect(answer.status).toBe(403);
  });
});

it('H16 plain HTTP from another machine is refused, whatever it says', async () => {
  const session = cookie({ jwt: builderOf(Date.now) });
  await using app = await serve((koa) => {
    koa.use((ctx, next) => {
      // The one thing a test cannot have: a peer that is somewhere else.
      Object.defineProperty(ctx.req.socket, 'remoteAddress', { value: '203.0.113.7', configurable: true });
      return next();
    });
    koa.use((ctx) => session.signIn(ctx, { subject: 'ada' }));
  });
  const outgoing = request({
    port: app.port,
    host: '127.0.0.1',
    method: 'POST',
    headers: own(app),
    agent: false,
  });
  outgoing.end();
  const [incoming] = await once(outgoing, 'response');
  incoming.resume();
  expect(incoming.statusCode).toBe(403);
  expect(String(app.errors[0])).toContain('plain HTTP');
});
