import { connect } from 'node:net';
import { basic, bearer } from '@tokenwright/auth';
import { JwtBuilder } from '@tokenwright/jwt';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { RuntimeOptions } from '../src/index.js';
import { capturedLog } from './captured-log.js';
import { rawRequest } from './raw-request.js';
import { loopback, start } from './running.js';

const jwt = new JwtBuilder()
  .issuer('I')
  .audience('A')
  .signWith({ hex: 'a7'.repeat(32) }, 'HS256');

async function limited(limits: RuntimeOptions = {}) {
  const log = capturedLog();
  const server = loopback()
    .logger(log.logger)
    .runtime(limits)
    .scheme('Basic', basic({ realm: 'x', users: { admin: 'password' } }))
    .scheme('Bearer', bearer(jwt.validator()))
    .enable();
  const answered = (ctx: { body: unknown }) => {
    ctx.body = 'served';
  };
  server.get('/', { auth: false }, answered);
  server.post('/basic', { auth: 'Basic' }, answered);
  server.get('/bearer', { auth: 'Bearer' }, answered);
  server.get('/cookie/:size', { auth: false }, (ctx) => {
    ctx.set('Set-Cookie', `session=${'x'.repeat(Number(ctx.params['size']))}`);
    ctx.body = 'served';
  });
  return { ...(await start(server)), log };
}

const get = (path: string, more = '') =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${more}\r\n`;
const fields = (count: number) => Array.from({ length: count }, (_, index) => `X-${index}: a\r\n`).join('');

describe('H6 a header field that Node would drop', () => {
  const password = `Authorization: Basic ${btoa('admin:password')}\r\n`;
  const post = (head: string, body = '') =>
    `POST /basic HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${head}\r\n${body}`;

  it('is never dropped: after 1,500 others Authorization is a 431', async () => {
    const { port } = await limited({ maxHeaderCount: 999, maxHeaderSize: '64kb' });
    for (const head of [fields(1_500) + password, fields(1_000) + password]) {
      const answer = await rawRequest(port, post(head));
      expect([answer.status, answer.problem['code']]).toEqual([431, 'header_fields_too_large']);
    }
  });

  it('is read after as many others as the server allows', async () => {
    const { port } = await limited({ maxHeaderCount: 999, maxHeaderSize: '64kb' });
    expect((await rawRequest(port, post(fields(900) + password))).status).toBe(200);
  });

  it('is no credential in a trailer', async () => {
    const { port } = await limited();
    const chunked = `Transfer-Encoding: chunked\r\nTrailer: Authorization\r\n`;
    const trailing = await rawRequest(port, post(chunked, `1\r\na\r\n0\r\n${password}\r\n`));
    expect([trailing.status, trailing.problem['code']]).toEqual([401, 'credentials_required']);
    const leading = await rawRequest(port, post(chunked + password, '1\r\na\r\n0\r\n\r\n'));
    expect(leading.status).toBe(200);
  });
});

describe('H9 what is too long', () => {
  it('is refused in Authorization before it is decoded: 8 KB of Basic', async () => {
    const { url } = await limited();
    const ask = (name: string) =>
      fetch(`${url}/basic`, { method: 'POST', headers: { authorization: `Basic ${btoa(name)}` } });
    const from = Buffer.from as (...given: unknown[]) => Buffer;
    const spy = vi
      .spyOn(Buffer, 'from')
      .mockImplementation(((...given: unknown[]) => from(...given)) as never);
    onTestFinished(() => spy.mockRestore());
    const isDecoded = (value: string) => spy.mock.calls.some(([given]) => (given as unknown) === value);
    const long = `admin:${'p'.repeat(6_200)}`;
    expect([400, 401]).toContain((await ask(long)).status);
    expect(isDecoded(btoa(long))).toBe(false);
    expect((await ask('admin:password')).status).toBe(200);
    expect(isDecoded(btoa('admin:password'))).toBe(true);
  });

  it('is refused as a token: 15 KB', async () => {
    const { url } = await limited();
    const ask = (token: string) => fetch(`${url}/bearer`, { headers: { authorization: `Bearer ${token}` } });
    expect((await ask(`a.${'b'.repeat(15_000)}.c`)).status).toBe(401);
    const { token } = await jwt.subject('admin').build();
    expect((await ask(token)).status).toBe(200);
  });

  it('is 414 as a path: 8,193 bytes', async () => {
    const { port } = await limited();
    const ask = (length: number) => rawRequest(port, get(`/?${'a'.repeat(length - 2)}`));
    const answer = await ask(8_193);
    expect([answer.status, answer.problem['code']]).toEqual([414, 'uri_too_long']);
    expect((await ask(8_192)).status).toBe(200);
  });

  it('is 431 as a whole header: 17 KB, or what the server wants', async () => {
    const usual = await limited();
    expect((await rawRequest(usual.port, get('/', `X: ${'a'.repeat(17_000)}\r\n`))).status).toBe(431);
    expect((await rawRequest(usual.port, get('/', `X: ${'a'.repeat(15_000)}\r\n`))).status).toBe(200);
    const small = await limited({ maxHeaderSize: '2kb' });
    expect((await rawRequest(small.port, get('/', `X: ${'a'.repeat(2_100)}\r\n`))).status).toBe(431);
  });

  it('is 413 as the body of a login: 5 MB', async () => {
    const { url } = await limited();
    const headers = { authorization: `Basic ${btoa('admin:password')}` };
    const ask = (length: number) =>
      fetch(`${url}/basic`, { method: 'POST', headers, body: 'x'.repeat(length) });
    expect((await ask(5_000_000)).status).toBe(413);
    expect((await ask(1_000)).status).toBe(200);
  });

  it('is an error as a cookie the server writes: 4,097 bytes, which browsers would drop', async () => {
    const { url, log } = await limited();
    const name = 'session='.length;
    const ask = (length: number) => fetch(`${url}/cookie/${length - name}`);
    const refused = await ask(4_097);
    expect([refused.status, refused.headers.has('set-cookie')]).toEqual([500, false]);
    expect(await log.line('request failed')).toMatchObject({
      err: { message: expect.stringContaining('The cookie session has 4097 bytes') },
    });
    expect((await ask(4_096)).headers.get('set-cookie')).toHaveLength(4_096);
  });
});

describe('maxConnections', () => {
  it('turns away one more, says so once, and takes another when one has gone', async () => {
    const { port, log } = await limited({ maxConnections: 2, keepAliveTimeout: '10s' });
    const open = () => {
      const socket = connect(port, '127.0.0.1');
      onTestFinished(() => void socket.destroy());
      socket.on('error', () => {});
      return socket;
    };
    const ask = (socket: ReturnType<typeof open>) =>
      new Promise<string>((resolve) => {
        socket.once('data', (chunk) => resolve(String(chunk).slice(9, 12)));
        socket.once('close', () => resolve('turned away'));
        socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
      });
    const [first, second] = [open(), open()];
    expect([await ask(first), await ask(second)]).toEqual(['200', '200']);
    expect([await ask(open()), await ask(open())]).toEqual(['turned away', 'turned away']);
    expect(log.lines.filter(({ msg }) => String(msg).includes('turned away'))).toHaveLength(1);
    first.destroy();
    await expect.poll(() => ask(open())).toBe('200');
  });
});

describe('a limit', () => {
  it.each([
    [{ maxUrlLength: 0 }, /maxUrlLength/],
    [{ maxConnections: 0 }, /maxConnections/],
    [{ maxConnections: 1.5 }, /maxConnections/],
    [{ maxHeaderSize: 100 }, /maxHeaderSize/],
    [{ maxHeaderSize: '2mb' }, /maxHeaderSize/],
    [{ handshakeTimeout: 0 }, /handshakeTimeout/],
    [{ drainDelay: '-1s' }, /drainDelay/],
  ])('out of range is a TypeError: %j', (options, message) => {
    expect(() => loopback().runtime(options as never)).toThrow(TypeError);
    expect(() => loopback().runtime(options as never)).toThrow(message);
  });
});
