import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Koa from 'koa';
import { describe, expect, it } from 'vitest';
import { apiKey, authenticate, basic, generateApiKey, type Scheme } from '../src/index.js';
import { type Answer, ask, basicValue, problemOf, type Question, type RunningApp, serve } from './koa-app.ts';

const { key, record } = generateApiKey({ subject: 'ada' });

/** Schemes whose credentials are secrets that can be used again, and a request with good ones. */
const SECRETS: [string, (allow?: boolean) => { scheme: Scheme; looked: unknown[] }, Question][] = [
  [
    'a password',
    (allow) => {
      const looked: unknown[] = [];
      const check = (name: string, password: string): boolean => {
        looked.push(name);
        return password === 'right';
      };
      return { scheme: basic({ realm: 'Init', check, ...allowed(allow) }), looked };
    },
    { headers: { authorization: basicValue('ada:right') } },
  ],
  ['an API key in a header', (allow) => keyScheme(allow), { headers: { 'x-api-key': key } }],
  ['an API key in the query', (allow) => keyScheme(allow), { path: `/?k=${key}` }],
];

function keyScheme(allow?: boolean): { scheme: Scheme; looked: unknown[] } {
  const looked: unknown[] = [];
  const find = (id: string) => {
    looked.push(id);
    return id === record.id ? record : undefined;
  };
  return { scheme: apiKey({ keys: { find }, query: 'k', ...allowed(allow) }), looked };
}

function allowed(allow: boolean | undefined): { allowInsecureHttp?: boolean } {
  return allow === undefined ? {} : { allowInsecureHttp: allow };
}

/** From where a request seems to come, and whether the application trusts a proxy. */
interface Way {
  peer?: string;
  proxy?: boolean;
  headers?: Record<string, string>;
}

function serveOn({ peer, proxy = false }: Way, scheme: Scheme): Promise<RunningApp> {
  return serve((koa) => {
    koa.proxy = proxy;
    koa.use((ctx, next) => {
      if (peer !== undefined) Object.defineProperty(ctx.req.socket, 'remoteAddress', { value: peer });
      return next();
    });
    koa.use(authenticate(scheme)).use((ctx) => {
      ctx.body = ctx.state.auth.subject;
    });
  });
}

function askOn(app: RunningApp, { headers = {} }: Way, question: Question): Promise<Answer> {
  return ask(app, { ...question, headers: { ...question.headers, ...headers } });
}

const REFUSED: [string, Way, RegExp][] = [
  ['from another machine', { peer: '192.0.2.1' }, /app\.proxy = true/],
  ['from another machine, by IPv6', { peer: '2001:db8::1' }, /app\.proxy = true/],
  [
    'from another machine that says X-Forwarded-Proto: https',
    { peer: '192.0.2.1', headers: { 'x-forwarded-proto': 'https' } },
    /app\.proxy = true.*trustedProxies/,
  ],
  [
    'from another machine that says Forwarded: proto=https',
    { peer: '192.0.2.1', headers: { forwarded: 'for=127.0.0.1;proto=https' } },
    /app\.proxy = true/,
  ],
  [
    'from another machine that calls itself the loopback',
    { peer: '192.0.2.1', headers: { 'x-forwarded-for': '127.0.0.1' } },
    /app\.proxy = true/,
  ],
  [
    'from a proxy on this machine that is not trusted',
    { headers: { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.1' } },
    /app\.proxy = true/,
  ],
  [
    'from a trusted proxy on this machine that says http',
    { proxy: true, headers: { 'x-forwarded-proto': 'http' } },
    /X-Forwarded-Proto: https/,
  ],
  [
    'from a trusted proxy that says nothing of it',
    { proxy: true, headers: { 'x-forwarded-for': '192.0.2.1' } },
    /X-Forwarded-Proto: https/,
  ],
];

describe.each(SECRETS)('H16 %s over plain HTTP', (_what, make, question) => {
  it.each(REFUSED)('is refused unread %s', async (_where, way, fix) => {
    const { scheme, looked } = make();
    await using app = await serveOn(way, scheme);
    const answer = await askOn(app, way, question);
    expect([answer.status, problemOf(answer)['code'], problemOf(answer)['detail']]).toEqual([
      403,
      'insecure_connection',
      'Credentials are accepted over HTTPS only',
    ]);
    expect(app.refusals[0]?.reasons[0]?.fix).toMatch(fix);
    expect(looked).toEqual([]);
  });

  it.each(REFUSED)('is taken where allowInsecureHttp says so, %s', async (_where, way) => {
    const { scheme } = make(true);
    await using app = await serveOn(way, scheme);
    expect((await askOn(app, way, question)).body).toBe('ada');
  });

  it.each<[string, Way]>([
    ['from this machine', {}],
    ['from this machine, by IPv4 within IPv6', { peer: '::ffff:127.0.0.1' }],
    [
      'from a trusted proxy that says https',
      { peer: '192.0.2.1', proxy: true, headers: { 'x-forwarded-proto': 'https' } },
    ],
  ])('is taken %s', async (_where, way) => {
    const { scheme } = make(false);
    await using app = await serveOn(way, scheme);
    expect((await askOn(app, way, question)).body).toBe('ada');
  });

  it('is taken where the host of the application says that it may', async () => {
    const { scheme } = make();
    await using app = await serve((koa) => {
      Object.assign(koa, { [Symbol.for('tokenwright.allowInsecureHttp')]: true });
      koa.use(authenticate(scheme)).use((ctx) => {
        ctx.body = ctx.state.auth.subject;
      });
    });
    const way = { headers: { 'x-forwarded-for': '192.0.2.1' } };
    expect((await askOn(app, way, question)).body).toBe('ada');
  });

  it('is not asked for in vain: without credentials the answer is 401', async () => {
    const { scheme } = make();
    const way = { peer: '192.0.2.1' };
    await using app = await serveOn(way, scheme);
    expect((await ask(app)).status).toBe(401);
  });
});

describe('H16 a password on a Unix socket', () => {
  it('is taken, for that is this machine', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tokenwright-auth-'));
    const socketPath = join(folder, 'app.sock');
    const koa = new Koa();
    koa.use(authenticate(basic({ realm: 'Init', users: { ada: 'right' } }))).use((ctx) => {
      ctx.body = 'in';
    });
    const server = koa.listen(socketPath);
    await once(server, 'listening');
    try {
      const outgoing = request({
        socketPath,
        headers: { authorization: basicValue('ada:right') },
        agent: false,
      });
      outgoing.end();
      const [incoming] = await once(outgoing, 'response');
      incoming.resume();
      expect(incoming.statusCode).toBe(200);
    } finally {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the option allowInsecureHttp', () => {
  it.each(['false', 0, null])('is refused at once when it is %j', (value) => {
    const option = { allowInsecureHttp: value as unknown as boolean };
    expect(() => basic({ realm: 'Init', check: () => true, ...option })).toThrow(TypeError);
    expect(() => apiKey({ keys: new Map(), ...option })).toThrow(TypeError);
  });
});
