import { basic, bearer } from '@tokenwright/auth';
import { inspect, JwtBuilder, KeyRing } from '@tokenwright/jwt';
import type { Context } from 'koa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createServer, type TestClient, tokenResponse } from '../src/index.js';
import { asksItself } from '../src/lab/local-page.js';
import { type TokenLabOptions, tokenLab } from '../src/lab.js';
import { rawRequest } from './raw-request.js';

const jwt = new JwtBuilder()
  .issuer('issuer')
  .audience('audience')
  .signWith({ hex: 'ab'.repeat(32) }, 'HS256');

/** A service with the lab, and a client of it. */
async function service(
  { jwt: builder = jwt, ...options }: Partial<Omit<TokenLabOptions, 'jwt'>> & { jwt?: JwtBuilder } = {},
  hosts: readonly string[] = [],
): Promise<{
  client: TestClient;
  lab: (path: string, json: unknown, headers?: object) => ReturnType<TestClient['post']>;
}> {
  const validator = builder.validator();
  const server = createServer('Test')
    // As a server that was told of these names: what it does not know it refuses by itself (421).
    .security({ hosts: ['127.0.0.1', 'localhost', '[::1]', ...hosts] })
    .scheme('Basic', basic({ realm: 'Test', users: { admin: 'password' } }))
    .scheme('Bearer', bearer(validator))
    .enable();
  server.get('/token/new', { auth: 'Basic' }, async (ctx) => {
    tokenResponse(ctx, await builder.subject('admin').name('Ada').claim('tier', 3).build());
  });
  server.get('/hello', { auth: 'Bearer' }, (ctx) => {
    ctx.body = 'hello';
  });
  tokenLab(server, { jwt: builder, validator, ...options });
  const client = await server.test();
  onTestFinished(() => client.close());
  const lab = (path: string, json: unknown, headers: object = {}) =>
    client.post(path, { json, headers: { Origin: client.url, ...headers } });
  return { client, lab };
}

const passing = { 'Token-Lab': '1' };

async function issued(client: TestClient): Promise<string> {
  const answer = await client.get('/token/new', { basic: ['admin', 'password'], headers: passing });
  return (answer.json as { access_token: string }).access_token;
}

describe('the page', () => {
  it('is served under a policy without anything inline and without any other origin', async () => {
    const { client } = await service();
    const page = await client.get('/');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'/);
    expect(policy).not.toMatch(/unsafe|https?:|data:|\*/);
    expect(page.text).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=|https?:\/\//);
    expect(page.headers.get('cache-control')).toBe('no-cache');
  });

  it('has files that may be kept for ever, because their names change with what is in them', async () => {
    const { client } = await service();
    const page = await client.get('/');
    const files = [...page.text.matchAll(/(?:src|href)="(\/lab\/[^"]+)"/g)].map(([, path]) => path ?? '');
    expect(files).toHaveLength(3);
    for (const path of files) {
      const file = await client.get(path);
      expect(file.status).toBe(200);
      expect(file.headers.get('x-content-type-options')).toBe('nosniff');
      expect(file.headers.get('cache-control')).toBe(
        path.endsWith('.svg') ? 'no-cache' : 'public, max-age=31536000, immutable',
      );
    }
  });

  it.each(['/lab/index.html', '/lab/package.json', '/lab/..%2f..%2findex.js', '/lab/'])(
    'has nothing at %s',
    async (path) => {
      const { client } = await service();
      expect((await client.get(path)).status).toBe(404);
    },
  );

  it('is told where the service has its routes, and nothing it was not given', async () => {
    const { client } = await service({
      paths: { use: '/hello' },
      prefill: { user: 'admin' },
      clockTolerance: '2m',
    });
    expect((await client.get('/lab/settings')).json).toEqual({
      name: 'Test',
      paths: { issue: '/token/new', renew: '/token/renew', use: '/hello' },
      prefill: { user: 'admin' },
      clockTolerance: 120,
    });
  });
});

describe('a report', () => {
  it('is given on a token that the lab was issued', async () => {
    const { client, lab } = await service();
    const report = await lab('/lab/explain', { token: await issued(client) });
    expect(report.status).toBe(200);
    expect(report.headers.get('cache-control')).toBe('no-store');
    expect(report.json).toMatchObject({ accepted: true });
  });

  it('is given on a token that the lab sent, whatever it is', async () => {
    const { client, lab } = await service();
    await client.get('/hello', { bearer: 'no.token.atall', headers: passing });
    expect((await lab('/lab/explain', { token: 'no.token.atall' })).json).toMatchObject({ accepted: false });
  });

  it('is given on a request without a token', async () => {
    const { lab } = await service();
    expect((await lab('/lab/explain', {})).json).toMatchObject({ decisive: { reason: 'token_missing' } });
  });

  it('tells of a claim that was expected and is not there', async () => {
    const { client, lab } = await service();
    const token = await issued(client);
    expect((await lab('/lab/explain', { token, expects: { tier: 4 } })).json).toMatchObject({
      accepted: false,
      decisive: { check: 'expected claims', reason: 'claim_not_updated', claim: 'tier' },
    });
    expect((await lab('/lab/explain', { token, expects: { tier: 3 } })).json).toMatchObject({
      accepted: true,
    });
  });

  it('is refused for a token that passed through no request of the lab', async () => {
    const { client, lab } = await service();
    const { token } = await jwt.build();
    await client.get('/hello', { bearer: token });
    const answer = await lab('/lab/explain', { token });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.json).toMatchObject({ code: 'forbidden' });
    expect(answer.text).not.toContain(token);
  });

  it.each([
    ['another origin', { Origin: 'https://elsewhere.example' }],
    ['a frame without an origin', { Origin: 'null' }],
    ['the same host under another scheme', { Origin: 'https://127.0.0.1' }],
    ['behind a proxy', { 'X-Forwarded-For': '192.0.2.1' }],
    ['behind a proxy that says so in Forwarded', { Forwarded: 'for=192.0.2.1' }],
    ['behind a proxy that says so in Via', { Via: '1.1 proxy' }],
  ])('is refused to %s', async (_who, headers) => {
    const { client, lab } = await service();
    const token = await issued(client);
    for (const [path, body] of [
      ['/lab/explain', { token }],
      ['/lab/broken', { token, fault: 'expired' }],
    ] as const)
      expect(await lab(path, body, headers)).toMatchObject({ status: 403 });
    expect(await lab('/lab/explain', { token })).toMatchObject({ status: 200 });
  });

  it.each(['rebound.example', 'localhost.example', '127.0.0.1.example', '192.0.2.1'])(
    'is refused under the name "%s", which is rebound to this machine, and not earned under it either',
    async (name) => {
      const { client, lab } = await service({}, [name]);
      const port = Number(new URL(client.url).port);
      const host = `Host: ${name}:${port}\r\nOrigin: http://${name}:${port}\r\nConnection: close\r\n`;
      await rawRequest(
        port,
        `GET /hello HTTP/1.1\r\n${host}Token-Lab: 1\r\nAuthorization: Bearer a.b.c\r\n\r\n`,
      );
      expect((await lab('/lab/explain', { token: 'a.b.c' })).status).toBe(403);
      const asked = 'Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}';
      expect((await rawRequest(port, `POST /lab/explain HTTP/1.1\r\n${host}${asked}`)).status).toBe(403);
    },
  );

  it.each(['localhost', '127.0.0.1', '[::1]', 'LOCALHOST'])('is given under the name "%s"', async (name) => {
    const { client } = await service();
    const port = Number(new URL(client.url).port);
    const host = `Host: ${name}:${port}\r\nOrigin: http://${name}:${port}\r\nConnection: close\r\n`;
    const asked = 'Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}';
    expect((await rawRequest(port, `POST /lab/explain HTTP/1.1\r\n${host}${asked}`)).status).toBe(200);
  });

  it.each([
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['192.0.2.1', false],
    ['::ffff:192.0.2.1', false],
    ['2001:db8::1', false],
    ['fe80::1%eth0', false],
    ['1270.0.0.1', false],
    [undefined, false],
  ])('is for the peer %s: %s', (remoteAddress, given) => {
    const headers: Record<string, string> = { host: 'localhost:5000', origin: 'http://localhost:5000' };
    const ctx = {
      req: { socket: { remoteAddress }, headers },
      get: (name: string) => headers[name.toLowerCase()] ?? '',
    };
    expect(asksItself(ctx as unknown as Context)).toBe(given);
  });

  it('is refused without an Origin', async () => {
    const { client } = await service();
    expect((await client.post('/lab/explain', { json: {} })).status).toBe(403);
  });

  it.each([
    ['another origin', { Origin: 'https://elsewhere.example' }],
    ['a proxy', { Via: '1.1 proxy' }],
  ])('is not earned by a token sent by %s', async (_who, headers) => {
    const { client, lab } = await service();
    await client.get('/hello', { bearer: 'a.b.c', headers: { ...passing, ...headers } });
    expect((await lab('/lab/explain', { token: 'a.b.c' })).status).toBe(403);
  });

  it('is not kept possible for more than the last 256 tokens', async () => {
    const { client, lab } = await service();
    for (let count = 0; count < 257; count++)
      await client.get('/hello', { bearer: `a.b.${count}`, headers: passing });
    expect((await lab('/lab/explain', { token: 'a.b.0' })).status).toBe(403);
    expect((await lab('/lab/explain', { token: 'a.b.1' })).status).toBe(200);
  });

  it.each([
    ['a token that is no text', { token: 3 }],
    ['a token that is longer than any', { token: 'x'.repeat(100_001) }],
    ['claims to expect that are a list', { expects: [] }],
    ['a renewal that is a text', { renewed: 'yes' }],
    ['a list', []],
    ['a text', 'token'],
  ])('is refused when it is asked for with %s', async (_what, body) => {
    const { lab } = await service();
    expect(await lab('/lab/explain', body)).toMatchObject({ status: 400, json: { code: 'invalid_input' } });
  });
});

/** A validator that takes whatever can be read. */
const acceptsAll = {
  explain: async () => ({ accepted: true }),
  safeVerify: async (token: string) => ({ ok: true, token, ...inspect(token) }),
} as unknown as TokenLabOptions['validator'];

describe('a broken token', () => {
  const reasons = {
    expired: 'expired',
    'another key': 'signature_mismatch',
    'another audience': 'audience_mismatch',
  };
  const broken = async (
    { client, lab }: Awaited<ReturnType<typeof service>>,
    fault: string,
  ): Promise<{ status: number; token?: string; detail?: string }> => {
    const { status, json } = await lab('/lab/broken', { token: await issued(client), fault });
    return { status, ...(json as { token?: string; detail?: string }) };
  };

  it.each(Object.entries(reasons))(
    'with the fault "%s" is refused for it, and is like the other otherwise',
    async (fault, reason) => {
      const { client, lab } = await service();
      const good = await issued(client);
      const { token } = (await lab('/lab/broken', { token: good, fault })).json as { token: string };
      await client.get('/hello', { bearer: token, headers: passing });
      const report = (await lab('/lab/explain', { token })).json as { checks: { outcome: string }[] };
      expect(report).toMatchObject({ accepted: false, decisive: { reason } });
      expect(report.checks.filter(({ outcome }) => outcome === 'fail')).toHaveLength(1);
      expect(inspect(token).claims).toMatchObject({ iss: 'issuer', sub: 'admin', name: 'Ada', tier: 3 });
    },
  );

  it.each(['ES256', 'EdDSA', 'PS256'] as const)(
    'of another key fails at the signature for %s too, also from a ring',
    async (alg) => {
      const ring = await KeyRing.generate(alg);
      const { client, lab } = await service({
        jwt: new JwtBuilder().issuer('i').audience('a').signWith(ring),
      });
      const good = await issued(client);
      const { token } = (await lab('/lab/broken', { token: good, fault: 'another key' })).json as {
        token: string;
      };
      await client.get('/hello', { bearer: token, headers: passing });
      expect((await lab('/lab/explain', { token })).json).toMatchObject({
        decisive: { reason: 'signature_mismatch' },
      });
    },
  );

  it.each([
    ['that the lab was told of', { clockTolerance: '30m' }],
    ['that the validator describes', {}],
  ] as const)('is expired beyond a tolerance %s', async (_whence, told) => {
    const validator = jwt.validator({ clockTolerance: '30m' });
    const lab = await service({ validator, ...told });
    const { token } = await broken(lab, 'expired');
    expect(await validator.safeVerify(token)).toMatchObject({ ok: false, code: 'ERR_JWT_EXPIRED' });
    expect((await lab.client.get('/lab/settings')).json).toMatchObject({ clockTolerance: 1800 });
  });

  it.each<[string, RegExp, Partial<TokenLabOptions>]>([
    [
      'expired',
      /would accept this token.*clockTolerance/,
      { validator: jwt.validator({ clockTolerance: '3h' }), clockTolerance: '60s' },
    ],
    [
      'another audience',
      /would accept this token.*audience: null/,
      { validator: jwt.validator({ audience: null }) },
    ],
    ['another key', /would accept this token.*keys/, { validator: acceptsAll }],
    ['session over', /would accept this token.*maxSession/, { validator: acceptsAll }],
  ])('with the fault "%s" is not given when the service would accept it', async (fault, words, options) => {
    const { jwt: _builder, ...rest } = options;
    const refused = await broken(await service(rest), fault);
    expect(refused).toMatchObject({ status: 422, detail: expect.stringMatching(words) });
    expect(refused).not.toHaveProperty('token');
    expect(await broken(await service(), fault)).toMatchObject({ status: 200 });
  });

  it('whose session is over is refused by a renewal alone, and is valid no longer than the first', async () => {
    const lab = await service({ maxSession: '7d' });
    const { token } = await broken(lab, 'session over');
    const asked = { token, renewed: true };
    await lab.client.get('/hello', { bearer: token as string, headers: passing });
    expect((await lab.lab('/lab/explain', asked)).json).toMatchObject({
      accepted: false,
      decisive: { check: 'session', reason: 'session_over', expected: 'begun less than 7 days ago' },
    });
    expect((await lab.lab('/lab/explain', { token })).json).toMatchObject({ accepted: true });
    const first = inspect(await issued(lab.client)).expiresAt as Date;
    expect(inspect(token as string).expiresAt?.getTime()).toBeLessThanOrEqual(first.getTime());
  });

  it('is made where no token may last an hour', async () => {
    const short = jwt.maxLifetime('5m').validFor('5m');
    for (const fault of [...Object.keys(reasons), 'session over'])
      expect(await broken(await service({ jwt: short }), fault)).toMatchObject({ status: 200 });
  });

  it('is not made from a token that is not valid', async () => {
    const { client, lab } = await service();
    await client.get('/hello', { bearer: 'a.b.c', headers: passing });
    expect(await lab('/lab/broken', { token: 'a.b.c', fault: 'expired' })).toMatchObject({
      status: 422,
      json: { detail: expect.stringContaining('Sign in') },
    });
  });

  it('is not made with a fault that there is not', async () => {
    const { client, lab } = await service();
    const token = await issued(client);
    expect(await lab('/lab/broken', { token, fault: 'admin' })).toMatchObject({ status: 400 });
  });
});

describe('tokenLab()', () => {
  it.each([
    ['no builder', { jwt: undefined }, 'jwt is missing'],
    ['no validator', { validator: undefined }, 'validator is missing'],
    ['a slip in an option', { prefil: {} }, "Did you mean 'prefill'?"],
    ['a tolerance without a unit', { clockTolerance: '60' }, 'clockTolerance'],
    ['a session without a unit', { maxSession: '60' }, 'maxSession'],
    ['a session of no time', { maxSession: 0 }, 'maxSession'],
  ])('is refused with %s', (_what, wrong, words) => {
    const server = createServer('Test').enable();
    const options = { jwt, validator: jwt.validator(), ...wrong } as unknown as TokenLabOptions;
    expect(() => tokenLab(server, options)).toThrow(TypeError);
    expect(() => tokenLab(server, options)).toThrow(words);
  });
});
