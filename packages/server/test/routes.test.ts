import { createServer as createNodeServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basic, createPrincipal, hasRole, type Scheme } from '@tokenwright/auth';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createServer, tokenResponse } from '../src/index.js';
import { capturedLog } from './captured-log.js';
import { loopback, start } from './running.js';

const open = { auth: false } as const;
const basicInit = basic({ realm: 'Init', users: { admin: 'password' } });
const keyed: Scheme = {
  kind: 'Key',
  authenticate: (ctx) =>
    ctx.get('x-key') === ''
      ? undefined
      : createPrincipal({ scheme: 'Key', subject: ctx.get('x-key'), roles: ['robot'] }),
  challenge: () => 'Key',
};
const admin = { authorization: `Basic ${btoa('admin:password')}` };

describe('a route with auth', () => {
  async function protectedServer() {
    const server = loopback().scheme('BasicInit', basicInit).scheme('Key', keyed).enable();
    server.get('/me', { auth: 'BasicInit' }, (ctx) => {
      ctx.body = ctx.state.auth.name;
    });
    server.get('/either', { auth: ['Key', 'BasicInit'] }, (ctx) => {
      ctx.body = `${ctx.state.auth.scheme} ${ctx.state.auth.subject}`;
    });
    server.get('/robots', { auth: ['Key', 'BasicInit'], policy: hasRole('robot') }, (ctx) => {
      ctx.body = 'beep';
    });
    return start(server);
  }

  it('shows the handler who it is', async () => {
    const { url } = await protectedServer();
    const response = await fetch(`${url}/me`, { headers: admin });
    expect([response.status, await response.text()]).toEqual([200, 'admin']);
  });

  it.each(['GET', 'HEAD'])(
    'refuses %s without credentials, with the challenge of its scheme',
    async (method) => {
      const { url } = await protectedServer();
      const response = await fetch(`${url}/me`, { method });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Basic realm="Init", charset="UTF-8"');
      expect(response.headers.get('content-type')).toContain('application/problem+json');
    },
  );

  it.each(['/ME', '/me/', '//me', '/x/../ME'])(
    'is not reached as %s, where no guard stands',
    async (path) => {
      const { url } = await protectedServer();
      expect((await fetch(url + path, { headers: admin })).status).toBe(404);
    },
  );

  it('takes several schemes in the order given', async () => {
    const { url } = await protectedServer();
    const both = await fetch(`${url}/either`, { headers: { ...admin, 'x-key': 'r2' } });
    expect(await both.text()).toBe('Key r2');
    expect(await (await fetch(`${url}/either`, { headers: admin })).text()).toBe('Basic admin');
    expect((await fetch(`${url}/either`)).headers.get('www-authenticate')).toContain('Key');
  });

  it('holds the principal against its policy', async () => {
    const { url } = await protectedServer();
    expect((await fetch(`${url}/robots`, { headers: { 'x-key': 'r2' } })).status).toBe(200);
    const refused = await fetch(`${url}/robots`, { headers: admin });
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
      403,
      'insufficient_scope',
    ]);
  });
});

describe('an open route', () => {
  it('has no principal, whatever the client sends', async () => {
    const server = loopback().scheme('BasicInit', basicInit).enable();
    server.get('/open', open, (ctx) => {
      ctx.body = { auth: 'auth' in ctx.state };
    });
    const { url } = await start(server);
    expect(await (await fetch(`${url}/open`, { headers: admin })).json()).toEqual({ auth: false });
  });
});

describe('what no route answers', () => {
  async function smallServer() {
    const server = loopback().enable();
    server.route(['GET', 'POST'], '/thing', open, (ctx) => {
      ctx.body = ctx.method;
    });
    server.put('/things/:id', open, (ctx) => {
      ctx.body = ctx.params['id'];
    });
    server.get('/silent', open, () => {});
    server.get('/gone', open, (ctx) => {
      ctx.status = 410;
    });
    return start(server);
  }

  it('is 404 not_found for an unknown path', async () => {
    const { url } = await smallServer();
    const response = await fetch(`${url}/nothing?token=secret`);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      code: 'not_found',
      request_id: response.headers.get('x-request-id'),
    });
  });

  it.each([
    ['DELETE', '/thing', ['GET', 'HEAD', 'OPTIONS', 'POST']],
    ['PROPFIND', '/thing', ['GET', 'HEAD', 'OPTIONS', 'POST']],
    ['GET', '/things/1', ['OPTIONS', 'PUT']],
    ['POST', '/healthz', ['GET', 'HEAD', 'OPTIONS']],
  ])('is 405 with Allow for %s %s', async (method, path, allow) => {
    const { url } = await smallServer();
    const response = await fetch(url + path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')?.split(', ').toSorted()).toEqual(allow);
    expect(((await response.json()) as { code: string }).code).toBe('method_not_allowed');
  });

  it('is an empty 204 with Allow for OPTIONS of a known path, and 404 of an unknown one', async () => {
    const { url } = await smallServer();
    const known = await fetch(`${url}/thing`, { method: 'OPTIONS' });
    expect([known.status, await known.text()]).toEqual([204, '']);
    expect(known.headers.get('allow')).toContain('POST');
    expect((await fetch(`${url}/nothing`, { method: 'OPTIONS' })).status).toBe(404);
  });

  it('is the header of the GET answer for HEAD', async () => {
    const { url } = await smallServer();
    const response = await fetch(`${url}/thing`, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '4']);
  });

  it('is a problem document too when a handler says nothing, or a status alone', async () => {
    const { url } = await smallServer();
    expect(await (await fetch(`${url}/silent`)).json()).toMatchObject({ status: 404, code: 'not_found' });
    expect(await (await fetch(`${url}/gone`)).json()).toMatchObject({ status: 410, code: 'gone' });
  });
});

describe('a thrown error', () => {
  async function throwing() {
    const server = loopback().enable();
    server.get('/secret', open, (ctx) => {
      ctx.set('Set-Cookie', 'half=done');
      throw new Error('the password is hunter2');
    });
    server.get('/forbidden', open, (ctx) =>
      ctx.throw(403, 'Only on Sundays.', { headers: { 'Retry-After': '86400' } }),
    );
    server.get('/upstream', open, (ctx) => ctx.throw(503, 'db7.internal is down'));
    server.get('/odd', open, () => {
      throw 'a string';
    });
    server.get('/cyclic', open, (ctx) => {
      const cyclic: Record<string, unknown> = {};
      ctx.body = Object.assign(cyclic, { cyclic });
    });
    return start(server);
  }

  it.each(['/secret', '/odd', '/cyclic'])('is 500 internal_error and says nothing more: %s', async (path) => {
    const { url } = await throwing();
    const response = await fetch(url + path);
    expect(response.status).toBe(500);
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      code: 'internal_error',
      request_id: response.headers.get('x-request-id'),
    });
  });

  it('of http-errors keeps its status, the headers that explain it and its exposed message', async () => {
    const { url } = await throwing();
    const response = await fetch(`${url}/forbidden`);
    expect(response.headers.get('retry-after')).toBe('86400');
    expect(await response.json()).toMatchObject({
      status: 403,
      code: 'forbidden',
      detail: 'Only on Sundays.',
    });
  });

  it('of http-errors that is not exposed keeps its status alone', async () => {
    const { url } = await throwing();
    const response = await fetch(`${url}/upstream`);
    expect(response.status).toBe(503);
    // But for the ID of the request, which is random and may have any three digits.
    const id = response.headers.get('x-request-id') ?? 'none';
    expect((await response.text()).replaceAll(id, '')).not.toContain('db7');
  });

  it('does not end the server', async () => {
    const { url } = await throwing();
    await fetch(`${url}/secret`);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });
});

describe("middleware of one's own", () => {
  it('runs before the routes, in its order, and sees the request id', async () => {
    const server = loopback().enable();
    const order: string[] = [];
    server.use(async (ctx, next) => {
      order.push(typeof ctx.state['requestId']);
      await next();
      order.push('after');
    });
    server.use((_, next) => {
      order.push('second');
      return next();
    });
    server.get('/', open, (ctx) => {
      order.push('route');
      ctx.body = '';
    });
    const { url } = await start(server);
    await fetch(url);
    expect(order).toEqual(['string', 'second', 'route', 'after']);
  });
});

describe('a request id', () => {
  it("is on every answer, never the client's own", async () => {
    const { url } = await start(loopback().enable());
    const ids = new Set<string | null>();
    for (const path of ['/healthz', '/nothing', '/healthz']) {
      const response = await fetch(url + path, { headers: { 'x-request-id': 'mine' } });
      expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      ids.add(response.headers.get('x-request-id'));
    }
    expect(ids.size).toBe(3);
  });
});

describe('callback()', () => {
  it("serves in a Node server of one's own, without any listener", async () => {
    const server = createServer('Embedded').enable();
    server.get('/hello', open, (ctx) => {
      ctx.body = 'hello';
    });
    const node = createNodeServer(server.callback()).listen(0, '127.0.0.1');
    onTestFinished(() => void node.close());
    await new Promise((resolve) => node.once('listening', resolve));
    const url = `http://127.0.0.1:${(node.address() as AddressInfo).port}`;
    expect(await (await fetch(`${url}/hello`)).text()).toBe('hello');
    expect(await (await fetch(`${url}/nothing`)).json()).toMatchObject({ code: 'not_found' });
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });
});

describe('a token response', () => {
  async function answer(issued: Parameters<typeof tokenResponse>[1]) {
    const server = loopback().enable();
    server.post('/token', open, (ctx) => tokenResponse(ctx, issued));
    const { url } = await start(server);
    return fetch(`${url}/token`, { method: 'POST' });
  }

  it('is the JSON of RFC 6749 §5.1, kept out of caches', async () => {
    const response = await answer({
      token: 'a.b.c',
      expiresIn: 3600,
      expiresAt: new Date('2030-01-01T00:00:00Z'),
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('pragma')).toBe('no-cache');
    expect(await response.json()).toEqual({
      access_token: 'a.b.c',
      token_type: 'Bearer',
      expires_in: 3600,
      expires: '2030-01-01T00:00:00.000Z',
    });
  });

  it('names no end for a token that has none', async () => {
    const response = await answer({ token: 'a.b.c', expiresIn: undefined, expiresAt: undefined });
    expect(await response.json()).toEqual({ access_token: 'a.b.c', token_type: 'Bearer' });
  });

  it.each([
    ['a promise', Promise.resolve({ token: 'a.b.c' }), 'await build() first'],
    ['the token alone', 'a.b.c', 'not its token alone'],
    ['nothing', undefined, 'give what build() of a JwtBuilder answers'],
    ['an empty token', { token: '' }, 'give what build() of a JwtBuilder answers'],
  ])('is no 200 without a token: %s is a TypeError that says so', async (_what, issued, advice) => {
    const log = capturedLog();
    const server = loopback().logger(log.logger).enable();
    server.post('/token', open, (ctx) => tokenResponse(ctx, issued as never));
    const { url } = await start(server);
    expect((await fetch(`${url}/token`, { method: 'POST' })).status).toBe(500);
    const { err } = (await log.line('request failed')) as { err: { message: string; stack: string } };
    expect(err.message).toContain(advice);
    expect(err.stack).toMatch(/^TypeError: /);
    expect(log.text()).not.toContain('a.b.c');
  });
});
