import { SessionsUnavailable } from '@tokenwright/auth/sessions';
import type { Context } from 'koa';
import { describe, expect, it } from 'vitest';
import { capturedLog } from './captured-log.js';
import { loopback, start } from './running.js';

/** A server whose one route throws what the test wants, and another that answers. */
async function throwing(what: () => unknown, before: (ctx: Context) => void = () => {}) {
  const log = capturedLog();
  const server = loopback().logger(log.logger).enable();
  server.get('/throws', { auth: false }, (ctx) => {
    before(ctx);
    throw what();
  });
  server.get('/answers', { auth: false }, (ctx) => {
    ctx.body = 'alive';
  });
  const { url } = await start(server);
  return { url, log, ask: () => fetch(`${url}/throws`) };
}

function selfCaused(): Error {
  const error = new Error('round');
  error.cause = error;
  return error;
}

function circular(): Error {
  const error = new Error('outer');
  error.cause = new Error('inner', { cause: error });
  return error;
}

/** An error with a member that throws when it is read. */
function trapped(member: string): Error {
  return Object.defineProperty(new Error('trapped'), member, {
    get() {
      throw new Error('the trap');
    },
  });
}

function chain(length: number): Error {
  let error = new Error('the innermost');
  for (let i = 1; i < length; i++) error = new Error(`level ${i}`, { cause: error });
  return error;
}

describe('a thrown error', () => {
  it.each<[string, () => unknown]>([
    ['is its own cause', selfCaused],
    ['is its own cause by way of another', circular],
    ['has 100,000 causes', () => chain(100_000)],
    ...['name', 'message', 'stack', 'cause', 'code', 'status', 'statusCode', 'expose', 'headers'].map(
      (member): [string, () => unknown] => [`cannot be asked for its ${member}`, () => trapped(member)],
    ),
    [
      'is a proxy that answers nothing',
      () =>
        new Proxy(new Error('no'), {
          get() {
            throw new Error('the trap');
          },
          getPrototypeOf() {
            throw new Error('the trap');
          },
        }),
    ],
    ['has a message that is no text', () => Object.assign(new Error('x'), { message: Symbol('x') })],
    [
      'is exposed and has a message that is no text',
      () => Object.assign(new Error('x'), { expose: true, message: 7n }),
    ],
    ['has a stack that is no text', () => Object.assign(new Error('x'), { stack: 7n, name: 7n })],
    ['has a code that is no text', () => Object.assign(new Error('x'), { code: { toJSON: () => 1n } })],
    ['is no error', () => ({ status: 404, expose: true, message: 'no' })],
  ])('is a plain 500, in the log, and the server lives, when it %s', async (_what, what) => {
    const { url, log, ask } = await throwing(what);
    const answer = await ask();
    expect(answer.status).toBe(500);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      code: 'internal_error',
      request_id: answer.headers.get('x-request-id'),
    });
    expect(await log.line('request failed')).toMatchObject({
      level: 50,
      requestId: answer.headers.get('x-request-id'),
    });
    expect(await (await fetch(`${url}/answers`)).text()).toBe('alive');
  });

  it('has its type in the log', async () => {
    const { log, ask } = await throwing(() => new RangeError('too far', { cause: new URIError('no way') }));
    await ask();
    expect(await log.line('request failed')).toMatchObject({
      err: { type: 'RangeError', message: expect.stringContaining('too far'), stack: expect.any(String) },
    });
  });

  it('is answered although the answer so far cannot be mended', async () => {
    const { ask, url } = await throwing(
      () => new Error('it broke'),
      (ctx) => {
        ctx.vary = () => {
          throw new Error('no vary');
        };
      },
    );
    expect((await ask()).status).toBe(500);
    expect(await (await fetch(`${url}/answers`)).text()).toBe('alive');
  });

  it('has five causes in the log, and no more', async () => {
    const { log, ask } = await throwing(() => chain(9));
    await ask();
    const text = JSON.stringify(await log.line('request failed'));
    expect(text).toContain('level 8');
    expect(text).toContain('level 3');
    expect(text).not.toContain('level 2');
  });

  it('is answered although a listener of its own cannot take it', async () => {
    const log = capturedLog();
    const server = loopback().logger(log.logger).enable();
    server.use(async (ctx, next) => {
      ctx.app.once('error', () => {
        throw new Error('the listener broke');
      });
      await next();
    });
    server.get('/', { auth: false }, () => Promise.reject(new Error('the handler broke')));
    const { url } = await start(server);
    expect((await fetch(url)).status).toBe(500);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });
});

describe('a rejection with nothing', () => {
  it.each<[string, () => unknown]>([
    ['null', () => Promise.reject(null)],
    ['undefined', () => Promise.reject()],
  ])(
    'is a 500 like any other error, in the log, and close() does not wait for it: %s',
    async (text, fail) => {
      const log = capturedLog();
      const server = loopback().logger(log.logger).enable();
      server.get('/rejects', { auth: false }, fail);
      server.get('/throws', { auth: false }, () => {
        throw text === 'null' ? null : undefined;
      });
      const { url, close } = await start(server);
      for (const path of ['/rejects', '/throws']) {
        const answer = await fetch(url + path);
        expect([answer.status, (await answer.json()) as object]).toMatchObject([
          500,
          { code: 'internal_error' },
        ]);
      }
      expect(await log.line('request failed')).toMatchObject({
        level: 50,
        err: { message: expect.stringContaining(`${text} was thrown`) },
      });
      await close();
    },
  );

  it('cuts an answer that had begun', async () => {
    const server = loopback().enable();
    server.get('/', { auth: false }, (ctx) => {
      ctx.respond = false;
      ctx.res.writeHead(200, { 'Content-Length': '10' });
      ctx.res.write('half');
      return Promise.reject();
    });
    const { url, close } = await start(server);
    await expect(fetch(url).then((answer) => answer.text())).rejects.toThrow();
    await close();
  });
});

describe('the headers of a thrown error', () => {
  const answer = async (properties: object) => {
    const { ask } = await throwing(() => Object.assign(new Error('no'), properties));
    return ask();
  };

  it.each<[string, string, string]>([
    ['www-authenticate', 'Negotiate', 'Negotiate'],
    ['Retry-After', '120', '120'],
    ['allow', 'GET', 'GET'],
    ['Accept', 'application/json', 'application/json'],
  ])('are sent when it is exposed: %s', async (name, value, sent) => {
    const { status, headers } = await answer({ status: 403, expose: true, headers: { [name]: value } });
    expect([status, headers.get(name)]).toEqual([403, sent]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['a cookie', { 'set-cookie': 'a=b' }],
    ['a coding that the body does not have', { 'content-encoding': 'gzip' }],
    ['a length that the body does not have', { 'Content-Length': '1' }],
    ['a framing', { 'transfer-encoding': 'chunked' }],
    ['a line break', { 'retry-after': '1\nset-cookie: a=b' }],
    ['a line break in a name', { 'x-a\nb': 'c', 'x-a': 'a\nb' }],
    ['a value outside of latin1', { 'www-authenticate': 'Negotiate \u2028' }],
    ['a value that is none', { 'retry-after': { toString: () => 'x' }, allow: undefined }],
    [
      'a value that cannot be read',
      Object.defineProperty({}, 'allow', { enumerable: true, get: () => JSON.parse('{') }),
    ],
    ['an origin', { 'access-control-allow-origin': '*' }],
  ])('are not sent, and the answer stays what it is, with %s', async (_what, headers) => {
    const got = await answer({ status: 404, expose: true, headers });
    expect(got.status).toBe(404);
    expect(await got.json()).toMatchObject({ status: 404, code: 'not_found', detail: 'no' });
    for (const name of ['set-cookie', 'content-encoding', 'retry-after', 'x-a', 'www-authenticate', 'allow'])
      expect(got.headers.get(name)).toBeNull();
    expect(got.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('are not sent when it is not exposed, as an error of a client for another service', async () => {
    const headers = {
      'www-authenticate': 'Bearer realm="upstream"',
      'set-cookie': 'a=b',
      'retry-after': '1',
    };
    const got = await answer({ status: 401, headers });
    expect(got.status).toBe(401);
    for (const name of Object.keys(headers)) expect(got.headers.get(name)).toBeNull();
  });

  it('are not sent with a 503 that is not exposed, but for when to come back', async () => {
    const headers = {
      'Retry-After': '7',
      'www-authenticate': 'Bearer realm="upstream"',
      'set-cookie': 'a=b',
    };
    const got = await answer({ status: 503, headers });
    expect([got.status, got.headers.get('retry-after')]).toEqual([503, '7']);
    expect([got.headers.get('www-authenticate'), got.headers.get('set-cookie')]).toEqual([null, null]);
    expect(await got.json()).not.toHaveProperty('detail');
  });

  it('say when to come back when the store of sessions is away', async () => {
    const { ask } = await throwing(() => new SessionsUnavailable('the file is locked'));
    const got = await ask();
    expect([got.status, got.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await got.text()).not.toContain('locked');
  });
});
