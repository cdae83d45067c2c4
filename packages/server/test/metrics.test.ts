import { basic, bearer, hasRole } from '@tokenwright/auth';
import { JwtBuilder } from '@tokenwright/jwt';
import { describe, expect, it } from 'vitest';
import { rawRequest } from './raw-request.js';
import { loopback, start } from './running.js';

const jwt = new JwtBuilder()
  .issuer('I')
  .audience('A')
  .signWith({ hex: 'a7'.repeat(32) }, 'HS256');
const admin = { authorization: `Basic ${btoa('admin:password')}` };

const schemes = () =>
  loopback()
    .scheme('Basic', basic({ realm: 'x', users: { admin: 'password' } }))
    .scheme('Bearer', bearer(jwt.validator()));

async function counted() {
  const server = schemes()
    .metrics({ listener: { port: 0 } })
    .enable();
  server.get('/users/:id', { auth: 'Bearer' }, (ctx) => {
    ctx.body = 'user';
  });
  server.get('/me', { auth: 'Basic', policy: hasRole('root') }, () => {});
  const running = await start(server);
  const read = async () => (await fetch(running.metrics?.url ?? '')).text();
  return { ...running, read };
}

describe('metrics on a listener of their own', () => {
  it('stand there and nowhere else', async () => {
    const { url, urls, metrics, read } = await counted();
    expect(metrics?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    expect(urls.some((one) => metrics?.url.startsWith(`${one}/`))).toBe(false);
    expect((await fetch(`${url}/metrics`)).status).toBe(404);
    expect(await read()).toMatch(/^# HELP http_requests_total /m);
    const other = new URL(metrics?.url ?? '');
    expect((await fetch(`${other.origin}/healthz`)).status).toBe(404);
    expect((await fetch(other, { method: 'POST' })).status).toBe(405);
  });

  it('H25 are not for a page that rebinds its name to their port', async () => {
    const { metrics } = await counted();
    const port = Number(new URL(metrics?.url ?? '').port);
    const ask = (host: string) =>
      rawRequest(port, `GET /metrics HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(await ask('evil.example')).toMatchObject({ status: 421 });
    expect((await ask('evil.example')).text).not.toContain('http_requests_total');
    for (const host of [`localhost:${port}`, '127.0.0.1']) expect((await ask(host)).status).toBe(200);
  });

  it('name a scheme as the server does, also of two of one kind', async () => {
    const staff = basic({ realm: 'Staff', users: { ann: 'secret' } });
    const admins = basic({ realm: 'Admins', check: () => false });
    const server = loopback()
      .scheme('Staff', staff)
      .scheme('Admins', admins)
      .scheme('Access', bearer(jwt.validator()))
      .metrics({ auth: 'Access' })
      .enable();
    const open = (ctx: { body: unknown }) => {
      ctx.body = 'open';
    };
    server.get('/staff', { auth: 'Staff' }, open);
    server.get('/either', { auth: ['Access', 'Staff', 'Admins'] }, open);
    server.get('/admins', { auth: ['Admins', 'Staff'] }, open);
    const { url } = await start(server);
    const { token } = await jwt.subject('admin').build();
    const ask = (path: string, authorization: string) =>
      fetch(url + path, { headers: { authorization } }).then((answer) => answer.text());
    const ann = `Basic ${btoa('ann:secret')}`;
    await ask('/staff', ann);
    await fetch(`${url}/staff`, { method: 'HEAD', headers: { authorization: ann } });
    await ask('/either', ann);
    await ask('/admins', ann);
    await ask('/either', `Bearer ${token}`);
    await ask('/metrics', 'Bearer a.b.c');
    const lines = async () =>
      (await ask('/metrics', `Bearer ${token}`)).match(/^auth_outcomes_total\{.*$/gm) ?? [];
    await expect
      .poll(lines)
      .toEqual(
        expect.arrayContaining([
          'auth_outcomes_total{scheme="Staff",code="ok"} 3',
          'auth_outcomes_total{scheme="Admins",code="invalid_credentials"} 1',
          expect.stringMatching(/^auth_outcomes_total\{scheme="Access",code="ok"\} [1-9]/),
          expect.stringMatching(/^auth_outcomes_total\{scheme="Access",code="ERR_.*"\} 1$/),
        ]),
      );
    expect((await lines()).join()).not.toMatch(/"(Basic|Bearer)"/);
  });

  it('count what the caches of tokens knew', async () => {
    const { url, read } = await counted();
    const { token } = await jwt.subject('admin').build();
    for (const sent of [token, token, token, 'a.b.c'])
      await fetch(`${url}/users/1`, { headers: { authorization: `Bearer ${sent}` } });
    for (let look = 0; look < 2; look += 1) {
      expect((await read()).match(/^auth_token_cache_total\{.*$/gm)).toEqual([
        'auth_token_cache_total{scheme="Bearer",result="hit"} 2',
        'auth_token_cache_total{scheme="Bearer",result="miss"} 2',
      ]);
    }
  });

  it('count requests by method, pattern of the route and status, never by path', async () => {
    const { url, read } = await counted();
    const { token } = await jwt.subject('admin').build();
    const headers = { authorization: `Bearer ${token}` };
    for (const path of ['/users/1', '/users/2', '/users/xyzzy'])
      await (await fetch(url + path, { headers })).text();
    await fetch(`${url}/nothing-xyzzy`);
    await fetch(`${url}/healthz`, { method: 'PROPFIND' });
    const counts = () => read().then((text) => text.match(/^http_requests_total\{.*$/gm) ?? []);
    await expect
      .poll(counts)
      .toEqual([
        'http_requests_total{method="GET",route="/users/:id",status="200"} 3',
        'http_requests_total{method="GET",route="unmatched",status="404"} 1',
        expect.stringMatching(/^http_requests_total\{method="other",route="[^"]*",status="405"\} 1$/),
      ]);
    const text = await read();
    expect(text).toMatch(/http_request_duration_seconds_count\{method="GET",route="\/users\/:id"\} 3/);
    expect(text).not.toContain('xyzzy');
  });

  it('count outcomes of authentication by scheme and code', async () => {
    const { url, read } = await counted();
    const expired = await jwt
      .subject('admin')
      .clock(() => Date.parse('2020-01-01T00:00:00Z'))
      .build();
    const { token } = await jwt.subject('admin').build();
    const ask = async (path: string, authorization?: string) =>
      (await fetch(url + path, authorization === undefined ? {} : { headers: { authorization } })).text();
    await ask('/users/1', `Bearer ${token}`);
    await ask('/users/1', `Bearer ${expired.token}`);
    await ask('/users/1', 'Bearer a.b.c');
    await ask('/users/1');
    await ask('/me', admin.authorization);
    const outcomes = async () =>
      Object.fromEntries(
        [...(await read()).matchAll(/^auth_outcomes_total\{scheme="(.*)",code="(.*)"\} (\d+)$/gm)].map(
          ([, scheme, code, count]) => [`${scheme} ${code}`, Number(count)],
        ),
      );
    await expect.poll(outcomes).toMatchObject({
      'Bearer ok': 1,
      'Bearer ERR_JWT_EXPIRED': 1,
      'none credentials_required': 1,
    });
    const all = await outcomes();
    expect(Object.values(all).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(5);
    expect(JSON.stringify(all)).not.toContain(token);
  });

  it('have the delay of the event loop and the memory', async () => {
    const { read } = await counted();
    const text = await read();
    expect(text).toMatch(/^nodejs_eventloop_delay_seconds\{quantile="0\.99"\} /m);
    expect(Number(/^process_resident_memory_bytes (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(1_000_000);
  });

  it('end with the server', async () => {
    const { metrics, close } = await counted();
    await close();
    await expect(fetch(metrics?.url ?? '')).rejects.toThrow();
  });

  it('of two servers are apart', async () => {
    const [one, two] = await Promise.all([counted(), counted()]);
    await fetch(`${one.url}/nothing`);
    await expect.poll(one.read).toContain('route="unmatched",status="404"');
    expect(await two.read()).not.toContain('status="404"');
  });
});

describe('metrics behind a scheme', () => {
  it('are for whoever the scheme and the policy let in', async () => {
    const open = await start(schemes().metrics({ auth: 'Basic' }).enable());
    expect((await fetch(`${open.url}/metrics`)).status).toBe(401);
    const answer = await fetch(`${open.url}/metrics`, { headers: admin });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/plain'),
    ]);
    expect(await answer.text()).toContain('auth_outcomes_total{scheme="none",code="credentials_required"} 1');
    const strict = await start(
      schemes()
        .metrics({ auth: 'Basic', policy: hasRole('ops') })
        .enable(),
    );
    expect((await fetch(`${strict.url}/metrics`, { headers: admin })).status).toBe(403);
  });
});

describe('metrics are refused', () => {
  it.each([
    ['without a place', {}, /say where/],
    ['with two', { listener: { port: 0 }, auth: 'Basic' }, /say where/],
    ['for an unknown scheme', { auth: 'Basci' }, /no scheme is called 'Basci'/],
    ['for a bad listener', { listener: { port: -1 } }, /is no port/],
    ['open to all', { auth: false }, /no scheme/],
  ])('%s', (_, options, message) => {
    expect(() => schemes().metrics(options as never)).toThrow(message);
  });

  it('by default: nothing is at /metrics', async () => {
    const { url, metrics } = await start(schemes().enable());
    expect([metrics, (await fetch(`${url}/metrics`)).status]).toEqual([undefined, 404]);
  });
});
