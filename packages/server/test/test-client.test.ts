import { basic, createPrincipal, type Scheme } from '@tokenwright/auth';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { createServer } from '../src/index.js';
import { gate } from './gate.js';
import { rawRequest } from './raw-request.js';

const open = { auth: false } as const;
const token: Scheme = {
  kind: 'Bearer',
  authenticate: (ctx) => createPrincipal({ scheme: 'Bearer', subject: ctx.get('authorization') }),
  challenge: () => 'Bearer',
};

function application() {
  const server = createServer('App')
    .scheme('Basic', basic({ realm: 'x', users: { jürgen: 'pass:word' } }))
    .scheme('Bearer', token)
    .enable();
  server.get('/basic', { auth: 'Basic' }, (ctx) => {
    ctx.body = ctx.state.auth.subject;
  });
  server.get('/bearer', { auth: 'Bearer' }, (ctx) => {
    ctx.body = ctx.state.auth.subject;
  });
  server.get('/query', open, (ctx) => {
    ctx.body = ctx.query;
  });
  server.route(
    ['POST', 'PUT', 'PATCH'],
    '/echo',
    { auth: false, body: z.unknown(), bodyTypes: ['json', 'form'] },
    (ctx) => {
      ctx.body = { method: ctx.method, type: ctx.get('content-type'), body: ctx.request.body };
    },
  );
  server.delete('/echo', open, (ctx) => {
    ctx.status = 204;
  });
  server.get('/elsewhere', open, (ctx) => ctx.redirect('/basic'));
  server.get('/headers', open, (ctx) => {
    ctx.body = ctx.headers;
  });
  return server;
}

async function client() {
  const made = await application().test();
  onTestFinished(() => made.close());
  return made;
}

describe('the test client', () => {
  it('asks a server that has no listener, over a real socket', async () => {
    const { url, get } = await client();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await get('/healthz')).toMatchObject({ status: 200, json: { status: 'up' } });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('asks a server that has names of its own, which go on counting', async () => {
    const server = createServer('Names')
      .security({ hosts: ['api.example'] })
      .enable();
    server.get('/', { auth: false }, (ctx) => {
      ctx.body = 'served';
    });
    await using client = await server.test();
    expect((await client.get('/')).text).toBe('served');
    const ask = async (host: string) => {
      const text = `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
      return (await rawRequest(Number(new URL(client.url).port), text)).status;
    };
    expect(await ask('api.example')).toBe(200);
    for (const host of ['evil.example', 'localhost']) expect(await ask(host)).toBe(421);
  });

  it('authenticates by Basic in UTF-8, by Bearer, and not at all', async () => {
    const { get } = await client();
    expect(await get('/basic', { basic: ['jürgen', 'pass:word'] })).toMatchObject({
      status: 200,
      text: 'jürgen',
    });
    expect(await get('/bearer', { bearer: 'a.b.c' })).toMatchObject({ text: 'Bearer a.b.c' });
    const refused = await get('/basic');
    expect(refused).toMatchObject({ status: 401, json: { code: 'credentials_required' } });
    expect(refused.headers.get('www-authenticate')).toContain('Basic');
  });

  it('keeps what it was told once, under what a request says', async () => {
    const made = await client();
    const ann = made.with({ bearer: 'ann', headers: { 'X-Tenant': 't1' } });
    expect((await ann.get('/bearer')).text).toBe('Bearer ann');
    expect((await ann.get('/bearer', { bearer: 'bob' })).text).toBe('Bearer bob');
    expect((await ann.with({ headers: { 'x-tenant': 't2' } }).get('/headers')).json).toMatchObject({
      authorization: 'Bearer ann',
      'x-tenant': 't2',
    });
    expect((await made.get('/headers')).json).not.toHaveProperty('authorization');
  });

  it.each(['post', 'put', 'patch'] as const)('sends JSON, a form or bytes by %s', async (verb) => {
    const made = await client();
    expect((await made[verb]('/echo', { json: { a: 1 } })).json).toMatchObject({
      method: verb.toUpperCase(),
      type: 'application/json',
      body: { a: 1 },
    });
    expect((await made[verb]('/echo', { form: { a: 'x y' } })).json).toMatchObject({ body: { a: 'x y' } });
    const headers = { 'content-type': 'application/merge-patch+json' };
    expect((await made[verb]('/echo', { body: '[1]', headers })).json).toMatchObject({ body: [1] });
    expect((await made[verb]('/echo', { body: Buffer.from('[1]'), headers })).json).toMatchObject({
      body: [1],
    });
  });

  it('deletes, and asks for what has no function of its own', async () => {
    const made = await client();
    expect(await made.delete('/echo')).toMatchObject({ status: 204, text: '', json: undefined });
    expect((await made.request('OPTIONS', '/echo')).headers.get('allow')).toContain('PATCH');
    expect(await made.request('HEAD', '/query')).toMatchObject({ status: 200, text: '' });
  });

  it('makes the query, and repeats the name of a list', async () => {
    const { get } = await client();
    expect((await get('/query', { query: { a: 'x&y', b: [1, true] } })).json).toEqual({
      a: 'x&y',
      b: ['1', 'true'],
    });
  });

  it('checks the JSON of a success against what is expected, and gives what the schema made of it', async () => {
    const server = createServer('App').enable();
    server.get('/user', open, (ctx) => {
      ctx.body = { name: 'ada', born: '1815-12-10' };
    });
    await using client = await server.test();
    const User = z.object({ name: z.string(), born: z.coerce.date() });
    const { json, status } = await client.get('/user', { expects: User });
    expect([status, json.name, json.born.getUTCFullYear()]).toEqual([200, 'ada', 1815]);
    expect((await client.request('GET', '/user', { expects: User })).json.name).toBe('ada');
    const wrong = client.get('/user', { expects: z.object({ name: z.number() }) });
    await expect(wrong).rejects.toThrow(/^GET \/user answered something else than expected: name: /);
    await expect(client.get('/nobody', { expects: User })).rejects.toThrow(
      'GET /nobody was to succeed and answered 404 (not_found).',
    );
  });

  it('follows no redirect', async () => {
    const answer = await (await client()).get('/elsewhere');
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/basic']);
  });

  it.each([
    ['two credentials', { basic: ['a', 'b'] as const, bearer: 'c' }],
    ['two bodies', { json: {}, form: {} }],
  ])('refuses %s', async (_, options) => {
    const { post } = await client();
    await expect(post('/echo', options)).rejects.toThrow(TypeError);
  });

  it.each(['', 'echo', 'http://127.0.0.1/'])('refuses what is no path: %j', async (path) => {
    const { get } = await client();
    await expect(get(path)).rejects.toThrow("start with '/'");
  });

  it('ends its server with await using, once its requests are answered', async () => {
    const entered = gate();
    const leave = gate();
    const server = createServer('App').enable();
    server.get('/slow', open, async (ctx) => {
      entered.open();
      await leave.opened;
      ctx.body = 'done';
    });
    let url = '';
    let slow: Promise<{ text: string }> | undefined;
    {
      await using made = await server.test();
      url = made.url;
      slow = made.get('/slow');
      await entered.opened;
      setImmediate(leave.open);
    }
    expect((await slow).text).toBe('done');
    await expect(fetch(url)).rejects.toThrow();
  });

  it('leaves the readiness of the server itself as it is', async () => {
    const server = createServer('App').listener({ port: 0 }).enable();
    const running = await server.start({ signals: false });
    onTestFinished(() => running.close());
    await (await server.test()).close();
    expect((await fetch(`${running.url}/readyz`)).status).toBe(200);
  });
});
