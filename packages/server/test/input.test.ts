import { basic, hasRole } from '@tokenwright/auth';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { StandardSchema } from '../src/index.js';
import { capturedLog } from './captured-log.js';
import { rawRequest } from './raw-request.js';
import { loopback, start } from './running.js';

const open = { auth: false } as const;
const admin = { authorization: `Basic ${btoa('admin:password')}` };
const json = { 'content-type': 'application/json' };

interface InvalidInput {
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly { readonly in: string; readonly pointer: string; readonly detail: string }[];
}

async function post(url: string, body: unknown, headers: Record<string, string> = json) {
  const asIs = typeof body === 'string' || body instanceof Uint8Array;
  const payload = asIs ? (body as string | Uint8Array<ArrayBuffer>) : JSON.stringify(body);
  const response = await fetch(url, { method: 'POST', headers, body: payload });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function parsed(text: string): InvalidInput {
  return JSON.parse(text.startsWith('{') ? text : '{}');
}

/** One route that answers with the body its schema gave. */
async function echo(body: StandardSchema, bodyTypes: ['json' | 'form', ...('json' | 'form')[]] = ['json']) {
  const log = capturedLog();
  const server = loopback().logger(log.logger).runtime({ bodyLimit: '64kb' }).enable();
  server.post('/echo', { auth: false, body, bodyTypes }, (ctx) => {
    ctx.body = { seen: ctx.state.input.body ?? null };
  });
  const running = await start(server);
  return { url: `${running.url}/echo`, port: running.port, log };
}

describe.each([
  [
    'zod',
    z.object({ name: z.string().min(3), age: z.number().int().optional() }),
    z.object({ page: z.coerce.number().int().default(1), tag: z.array(z.string()).optional() }),
    z.object({ id: z.string().regex(/^\d+$/).transform(Number) }),
    z.object({ 'x-tenant': z.string() }),
  ],
  [
    'valibot',
    v.object({ name: v.pipe(v.string(), v.minLength(3)), age: v.optional(v.pipe(v.number(), v.integer())) }),
    v.object({
      page: v.optional(v.pipe(v.string(), v.transform(Number), v.integer()), '1'),
      tag: v.optional(v.array(v.string())),
    }),
    v.object({ id: v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number)) }),
    v.object({ 'x-tenant': v.string() }),
  ],
])('with schemas of %s a handler', (_, body, query, params, headers) => {
  async function users() {
    const calls: unknown[] = [];
    const server = loopback().enable();
    server.post('/users/:id', { ...open, body, query, params, headers }, (ctx) => {
      calls.push(ctx.state.input);
      ctx.body = ctx.state.input;
    });
    return { ...(await start(server)), calls };
  }

  it('sees what the schemas gave of every part, and nothing they do not know', async () => {
    const { url } = await users();
    const answer = await post(
      `${url}/users/12?page=3&tag=a&tag=b&more=1`,
      { name: 'Ada', age: 36, admin: true },
      { ...json, 'x-tenant': 't1' },
    );
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      body: { name: 'Ada', age: 36 },
      query: { page: 3, tag: ['a', 'b'] },
      params: { id: 12 },
      headers: { 'x-tenant': 't1' },
    });
  });

  it('is not called when a part is refused, and the client learns every part at once', async () => {
    const { url, calls } = await users();
    const answer = await post(`${url}/users/x?page=1.5`, { name: 'A', age: 'old' });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.json.code).toBe('invalid_input');
    expect(answer.json.errors.map((error) => [error.in, error.pointer])).toEqual([
      ['path', '#/id'],
      ['query', '#/page'],
      ['header', '#/x-tenant'],
      ['body', '#/name'],
      ['body', '#/age'],
    ]);
    expect(answer.json.errors.every(({ detail }) => detail.length > 0)).toBe(true);
    expect(calls).toEqual([]);
  });
});

describe('a schema', () => {
  it('that is asynchronous is awaited', async () => {
    const free = z.string().refine(async (name) => name !== 'taken', 'This name is taken already.');
    const { url } = await echo(z.object({ name: free }));
    expect((await post(url, { name: 'new' })).status).toBe(200);
    expect((await post(url, { name: 'taken' })).json.errors).toEqual([
      { in: 'body', pointer: '#/name', detail: 'This name is … already.' },
    ]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('cannot read hunter2');
      },
    ],
    ['rejects', () => Promise.reject(new Error('cannot read hunter2'))],
    ['answers true', () => true],
    ['answers nothing', () => undefined],
    ['answers an empty object', () => ({})],
  ])('that %s is a 500, and neither the answer nor the log quotes it', async (_, validate) => {
    const schema = { '~standard': { version: 1, vendor: 'own', validate } } as unknown as StandardSchema;
    const { url, log } = await echo(schema);
    const answer = await post(url, { password: 'hunter2' });
    expect([answer.status, answer.json.code]).toEqual([500, 'internal_error']);
    expect(await log.line('request failed')).toMatchObject({
      err: { message: expect.stringContaining('own') },
    });
    expect(answer.text + log.text()).not.toContain('hunter2');
  });

  it('of header fields never sees the credentials', async () => {
    const server = loopback()
      .scheme('Basic', basic({ realm: 'x', users: { admin: 'password' } }))
      .enable();
    server.get('/headers', { auth: 'Basic', headers: z.looseObject({}) }, (ctx) => {
      ctx.body = Object.keys(ctx.state.input.headers);
    });
    const { url } = await start(server);
    const names = await (
      await fetch(`${url}/headers`, { headers: { ...admin, cookie: 'a=b', 'x-own': '1' } })
    ).json();
    expect(names).toContain('x-own');
    expect(names).not.toContain('authorization');
    expect(names).not.toContain('cookie');
  });
});

describe('input that is refused', () => {
  it('is pointed at by an RFC 6901 pointer, escaped', async () => {
    const { url } = await echo(z.object({ list: z.array(z.record(z.string(), z.number())) }));
    const answer = await post(url, { list: [{}, { 'a/b~c d\ud800': 'x' }] });
    expect(answer.json.errors.map(({ pointer }) => pointer)).toEqual(['#/list/1/a~1b~0c%20d%EF%BF%BD']);
  });

  it('is listed up to twenty errors, each of bounded length, and the rest is counted', async () => {
    const long = z.string().refine(() => false, { error: 'word '.repeat(150) });
    const { url } = await echo(z.array(z.object({ ['k'.repeat(500)]: long })));
    const answer = await post(
      url,
      Array.from({ length: 25 }, (_, index) => ({ ['k'.repeat(500)]: `text ${index}` })),
    );
    expect(answer.json.errors).toHaveLength(20);
    expect(answer.json.detail).toContain('The first 20 of 25 errors are listed.');
    for (const { detail, pointer } of answer.json.errors) {
      expect(detail.length).toBeLessThanOrEqual(201);
      expect(pointer.length).toBeLessThanOrEqual(201);
    }
  });

  it.each([
    ['valibot quotes it', v.object({ key: v.pipe(v.string(), v.email()) }), 'Invalid email: Received "…"'],
    [
      'a message of the application quotes it',
      z.object({ key: z.string().refine(() => false, { error: (issue) => `${issue.input} is bad` }) }),
      '… is bad',
    ],
    [
      'a message quotes it in lower case',
      z.object({
        key: z
          .string()
          .refine(() => false, { error: (issue) => `${String(issue.input).toLowerCase()} is bad` }),
      }),
      '… is bad',
    ],
    [
      'the message of another field quotes it',
      z
        .object({ key: z.string(), again: z.string() })
        .superRefine(({ key }, ctx) =>
          ctx.addIssue({ code: 'custom', path: ['again'], message: `is not ${key}` }),
        ),
      'is not …',
    ],
  ])('never comes back in the answer or the log, when %s', async (_, schema, detail) => {
    const secret = 'Hunter2-İ-"quoted"';
    const { url, log } = await echo(schema);
    const answer = await post(url, { key: secret, again: 'x' });
    expect(answer.status).toBe(400);
    expect(answer.json.errors[0]?.detail).toBe(detail);
    expect((answer.text + log.text()).toLowerCase()).not.toContain('hunter2');
  });

  it.each([
    ['a number', 93_021_447],
    ['a short text', 'pin'],
  ])('that is %s never comes back either', async (_, secret) => {
    const bad = z
      .unknown()
      .refine(() => false, { error: (issue) => `'${issue.input}' is bad, pinned or not` });
    const { url } = await echo(z.object({ key: bad }));
    expect((await post(url, { key: secret })).json.errors[0]?.detail).toBe("'…' is bad, pinned or not");
  });

  it('of more values than are searched gets a sentence that quotes nothing', async () => {
    const bad = z
      .array(z.string())
      .refine(() => false, { error: (issue) => `${String(issue.input)} are bad` });
    const { url } = await echo(bad);
    const answer = await post(
      url,
      Array.from({ length: 1_500 }, (_, index) => `secret${index}`),
    );
    expect(answer.json.errors).toEqual([{ in: 'body', pointer: '#', detail: 'The value is not accepted.' }]);
  });
});

describe('authentication and policy come before the schemas', () => {
  async function guarded() {
    let checks = 0;
    const body = z.object({ name: z.string() }).refine(() => {
      checks += 1;
      return true;
    });
    const server = loopback()
      .scheme('Basic', basic({ realm: 'x', users: { admin: 'password' } }))
      .enable();
    server.post('/users', { auth: 'Basic', body }, (ctx) => {
      ctx.body = 'made';
    });
    server.post('/roots', { auth: 'Basic', policy: hasRole('root'), body }, () => {});
    const { url } = await start(server);
    return { url, checks: () => checks };
  }

  it.each([
    ['a bad body', { name: 1 }],
    ['a good body', { name: 'x' }],
    ['no JSON', '{'],
    ['another type', '<x/>'],
  ])('so that a stranger with %s learns nothing but 401', async (_, body) => {
    const { url, checks } = await guarded();
    const answer = await post(`${url}/users`, body, body === '<x/>' ? { 'content-type': 'text/xml' } : json);
    expect([answer.status, answer.json.code]).toEqual([401, 'credentials_required']);
    expect(checks()).toBe(0);
  });

  it('and one who may not learns nothing but 403', async () => {
    const { url, checks } = await guarded();
    expect((await post(`${url}/roots`, { name: 1 }, { ...json, ...admin })).status).toBe(403);
    expect(checks()).toBe(0);
  });

  it('and one who may learns what is wrong', async () => {
    const { url } = await guarded();
    expect((await post(`${url}/users`, { name: 1 }, { ...json, ...admin })).json.code).toBe('invalid_input');
    expect((await post(`${url}/users`, { name: 'x' }, { ...json, ...admin })).text).toBe('made');
  });
});

describe('a body', () => {
  const anything = z.unknown();

  it('is parsed on routes that ask for it, and left alone on all others', async () => {
    const server = loopback().enable();
    server.post('/parsed', { ...open, body: anything }, (ctx) => {
      ctx.body = { parsed: ctx.request.body };
    });
    server.post('/raw', open, async (ctx) => {
      let text = '';
      for await (const chunk of ctx.req) text += chunk;
      ctx.body = { text, parsed: ctx.request.body ?? null };
    });
    const { url } = await start(server);
    expect((await post(`${url}/parsed`, { a: 1 })).json).toEqual({ parsed: { a: 1 } });
    expect((await post(`${url}/raw`, { a: 1 })).json).toEqual({ text: '{"a":1}', parsed: null });
  });

  const text = (...parts: (string | number)[]) =>
    new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(typeof part === 'string' ? part : [part]))));

  it.each<[string, Uint8Array]>([
    ['a byte of Latin-1', text('{"a":"', 0xe9, '"}')],
    ['a sequence that ends too soon', text('{"a":"', 0xe2, 0x82, '"}')],
    ['an overlong sequence', text('{"a":"', 0xc0, 0xaf, '"}')],
    ['a surrogate', text('{"a":"', 0xed, 0xa0, 0x80, '"}')],
    ['UTF-16', new Uint8Array(Buffer.from('{"a":"b"}', 'utf16le'))],
  ])('is refused as JSON that is no UTF-8 (RFC 8259 §8.1): %s', async (_, bytes) => {
    const { url } = await echo(anything);
    const answer = await post(url, bytes);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({
      errors: [{ in: 'body', pointer: '#', detail: expect.stringContaining('UTF-8') }],
    });
  });

  it('is taken as JSON in UTF-8, also with a byte order mark, split anywhere, or with U+FFFD of its own', async () => {
    const { url, port } = await echo(anything);
    for (const value of ['é', '€', '\u{1f511}', '\ufffd']) {
      expect((await post(url, { a: value })).json).toEqual({ seen: { a: value } });
      expect((await post(url, `\ufeff{"a":"${value}"}`)).json).toEqual({ seen: { a: value } });
    }
    const body = Buffer.from('{"a":"\u{1f511}"}');
    const head = `POST /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const chunks = [...body].map((byte) => Buffer.from([0x31, 0x0d, 0x0a, byte, 0x0d, 0x0a]));
    const answer = await rawRequest(
      port,
      Buffer.concat([Buffer.from(head), ...chunks, Buffer.from('0\r\n\r\n')]),
    );
    expect(Buffer.from(answer.text, 'latin1').toString()).toContain('{"seen":{"a":"\u{1f511}"}}');
  });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'APPLICATION/JSON',
    'application/merge-patch+json',
  ])('is taken as %s', async (type) => {
    const { url } = await echo(anything);
    expect((await post(url, '{"a":1}', { 'content-type': type })).json).toEqual({ seen: { a: 1 } });
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
  ])('is 415 as %s, and the answer names what is taken', async (type) => {
    const { url } = await echo(anything);
    const answer = await post(url, 'a=1', { 'content-type': type });
    expect([answer.status, answer.json.code]).toEqual([415, 'unsupported_media_type']);
    expect(answer.headers.get('accept')).toBe('application/json, application/*+json');
  });

  it('is 415 without a type', async () => {
    const { port } = await echo(anything);
    const answer = await rawRequest(
      port,
      'POST /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}',
    );
    expect(answer.status).toBe(415);
  });

  it('is 415 when it is compressed, and the answer says what is not', async () => {
    const { url } = await echo(anything);
    const answer = await post(url, '{}', { ...json, 'content-encoding': 'gzip' });
    expect([answer.status, answer.headers.get('accept-encoding')]).toEqual([415, 'identity']);
    expect((await post(url, '{}', { ...json, 'content-encoding': 'identity' })).status).toBe(200);
  });

  it.each(['null', '"text"', '12', '[]', 'false'])('may be any JSON: %s', async (text) => {
    const { url } = await echo(anything);
    expect((await post(url, text)).json).toEqual({ seen: JSON.parse(text) });
  });

  it.each(['', ' ', '{', '{"a":hunter2}', "{'a':1}", 'NaN', '{"a":1}}'])(
    'that is no JSON is invalid_input and quoted nowhere: %s',
    async (text) => {
      const { url, log } = await echo(anything);
      const answer = await post(url, text);
      expect(answer.status).toBe(400);
      expect(answer.json).toMatchObject({ code: 'invalid_input', errors: [{ in: 'body', pointer: '#' }] });
      expect(answer.text + log.text()).not.toContain('hunter2');
    },
  );

  it('that is missing is undefined to the schema, which may take that', async () => {
    const strict = await echo(z.object({}));
    const lenient = await echo(z.object({}).optional());
    expect((await fetch(strict.url, { method: 'POST' })).status).toBe(400);
    expect(await (await fetch(lenient.url, { method: 'POST' })).json()).toEqual({ seen: null });
  });

  it('above the limit is 413, declared or counted', async () => {
    const { url } = await echo(anything);
    const long = JSON.stringify('x'.repeat(70_000));
    expect((await post(url, long)).status).toBe(413);
    const stream = new Blob([long]).stream();
    const counted = await fetch(url, {
      method: 'POST',
      headers: json,
      body: stream,
      duplex: 'half',
    } as RequestInit);
    expect(counted.status).toBe(413);
    expect((await post(url, JSON.stringify('x'.repeat(60_000)))).status).toBe(200);
  });

  it('of a form is flat, where the route takes forms', async () => {
    const { url } = await echo(z.looseObject({}), ['json', 'form']);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await post(url, 'name=Ada+L&tag=a&tag=b&a[b]=1&c.d=2', form)).json).toEqual({
      seen: { name: 'Ada L', tag: ['a', 'b'], 'a[b]': '1', 'c.d': '2' },
    });
    expect((await post(url, '{"name":"Ada"}')).json).toEqual({ seen: { name: 'Ada' } });
    expect((await post(url, '', form)).json).toEqual({ seen: {} });
  });
});

describe('H27 a request that is after prototypes', () => {
  const loose = z.looseObject({ name: z.string().optional() });
  const inherited = () => ({}) as Record<string, unknown>;

  it.each([
    '{"__proto__":{"role":"admin"}}',
    '{"name":"x","a":{"b":[{"__proto__":{"role":"admin"}}]}}',
    '{"\\u005f_proto_\\u005f":{"role":"admin"}}',
  ])('as JSON is refused: %s', async (body) => {
    const { url } = await echo(loose);
    const answer = await post(url, body);
    expect([answer.status, answer.json.code]).toEqual([400, 'invalid_input']);
    expect(inherited()['role']).toBeUndefined();
    expect((await post(url, { name: 'x' })).status).toBe(200);
  });

  it.each([
    '{"constructor":{"prototype":{"role":"admin"}}}',
    '{"prototype":{"role":"admin"}}',
    '{"toString":"x"}',
  ])('as JSON stays data: %s', async (body) => {
    const { url } = await echo(loose);
    const answer = await post(url, body);
    expect([answer.status, answer.json]).toEqual([200, { seen: JSON.parse(body) }]);
    expect(inherited()['role']).toBeUndefined();
  });

  it.each(['__proto__=a&__proto__=b', '__proto__=a'])('as a form or a query is refused: %s', async (text) => {
    const { url } = await echo(loose, ['form']);
    const form = await post(url, text, { 'content-type': 'application/x-www-form-urlencoded' });
    expect(form.json).toMatchObject({ errors: [{ in: 'body', pointer: '#/__proto__' }] });
    const server = loopback().enable();
    server.get('/query', { ...open, query: loose }, () => {});
    const running = await start(server);
    expect((await fetch(`${running.url}/query?${text}`)).status).toBe(400);
  });

  it('as a nested query stays a plain name', async () => {
    const server = loopback().enable();
    server.get('/query', { ...open, query: loose }, (ctx) => {
      ctx.body = ctx.state.input.query;
    });
    const { url } = await start(server);
    const answer = await fetch(`${url}/query?__proto__[role]=admin&constructor[prototype][role]=admin`);
    expect(await answer.json()).toEqual({
      '__proto__[role]': 'admin',
      'constructor[prototype][role]': 'admin',
    });
    expect(inherited()['role']).toBeUndefined();
  });

  it.each(['__proto__', 'constructor'])('as the header field %s leaves the process alive', async (name) => {
    const server = loopback().enable();
    server.get('/headers', { ...open, headers: loose }, (ctx) => {
      ctx.body = 'ok';
    });
    const { port, url } = await start(server);
    const answer = await rawRequest(
      port,
      `GET /headers HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${name}: admin\r\n\r\n`,
    );
    expect([200, 400]).toContain(answer.status);
    expect(inherited()['role']).toBeUndefined();
    expect((await fetch(`${url}/headers`)).status).toBe(200);
  });
});
