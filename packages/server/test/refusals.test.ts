import { describe, expect, it } from 'vitest';
import type { RuntimeOptions } from '../src/index.js';
import { rawRequest } from './raw-request.js';
import { loopback, start } from './running.js';

async function counting(limits: RuntimeOptions = {}) {
  let calls = 0;
  const server = loopback().runtime(limits).enable();
  server.route(['GET', 'POST'], '/', { auth: false }, async (ctx) => {
    calls += 1;
    for await (const _ of ctx.req);
    ctx.body = 'served';
  });
  const { port, url } = await start(server);
  return { port, url, calls: () => calls };
}

const second = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

const keeping = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

describe('a malformed request', () => {
  it.each([
    ['H7 a blank before the colon', 'GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization : a\r\n\r\n'],
    ['H7 NUL in a value', 'GET / HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n'],
    ['H7 a folded line', 'GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n'],
    ['H7 a bare LF after the request line', 'GET / HTTP/1.1\nHost: localhost\r\n\r\n'],
    ['H7 a bare LF after a field', 'GET / HTTP/1.1\r\nHost: localhost\nX: a\r\n\r\n'],
    ['H7 a bare LF that ends the header', 'GET / HTTP/1.1\r\nHost: localhost\r\n\n'],
    ['H7 a control character in a value', 'GET / HTTP/1.1\r\nHost: localhost\r\nX: a\x01b\r\n\r\n'],
    ['H7 DEL in a value', 'GET / HTTP/1.1\r\nHost: localhost\r\nX: a\x7fb\r\n\r\n'],
    ['H7 a control character in a name', 'GET / HTTP/1.1\r\nHost: localhost\r\nX\x0b: a\r\n\r\n'],
    ['H7 a control character in the path', 'GET /\x01 HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['H7 a bare CR', 'GET / HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n'],
    [
      'H8 two ways to tell the length',
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'H8 two lengths',
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc',
    ],
    [
      'H8 an unknown coding',
      'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'H8 chunked before another coding',
      'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n',
    ],
    ['no HTTP at all', 'hello there\r\n\r\n'],
    ['TLS on a plain port', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ])('is one 400 as problem+json, and nothing after it is served: %s', async (_, bytes) => {
    const { port, calls } = await counting();
    const answer = await rawRequest(port, Buffer.from(bytes + second, 'latin1'));
    expect(answer.status).toBe(400);
    expect(answer.responses).toBe(1);
    expect(answer.text).toContain('Content-Type: application/problem+json');
    expect(answer.text).toMatch(/X-Request-Id: [0-9a-f-]{36}/);
    expect(answer.problem).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      code: 'bad_request',
      request_id: /X-Request-Id: (.*)\r\n/.exec(answer.text)?.[1],
    });
    expect(calls()).toBe(0);
  });

  it.each([
    ['an extension with a control character', '3;a=\x01\r\nabc\r\n0\r\n\r\n'],
    ['an extension that ends with a bare LF', '3;a=b\nabc\r\n0\r\n\r\n'],
    ['an extension without a name', '3;=b\x00\r\nabc\r\n0\r\n\r\n'],
    ['a size that is none', 'xyz\r\nabc\r\n0\r\n\r\n'],
    ['a size with a sign', '+3\r\nabc\r\n0\r\n\r\n'],
    ['a chunk longer than its size', '3\r\nabcdef\r\n0\r\n\r\n'],
  ])('H8 in its chunks is one 400, and nothing after it is served: %s', async (_, chunks) => {
    const { port } = await counting();
    const head = 'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n';
    const answer = await rawRequest(port, Buffer.from(head + chunks + second, 'latin1'));
    expect([answer.status, answer.responses]).toEqual([400, 1]);
    expect(answer.text).not.toContain('served');
    const good = '3;a=b\r\nabc\r\n0\r\n\r\n';
    expect(await rawRequest(port, head + good + second)).toMatchObject({ status: 200, responses: 2 });
  });

  it('does not keep the next client from being served', async () => {
    const { port, url } = await counting();
    await rawRequest(port, 'nonsense\r\n\r\n');
    expect(await (await fetch(url)).text()).toBe('served');
  });
});

describe('H25 an ambiguous request', () => {
  const close = 'Connection: close\r\n\r\n';

  it.each([
    ['two Host fields', `GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n${close}`],
    ['the same Host twice', `GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n${close}`],
    ['no Host', `GET / HTTP/1.1\r\n${close}`],
    ['user information in Host', `GET / HTTP/1.1\r\nHost: evil.com:fake@good\r\n${close}`],
    ['a path in Host', `GET / HTTP/1.1\r\nHost: good/evil\r\n${close}`],
    ['a target in absolute form', `GET http://evil/ HTTP/1.1\r\nHost: localhost\r\n${close}`],
  ])('is 400: %s', async (_, bytes) => {
    const { port, calls } = await counting();
    const answer = await rawRequest(port, bytes);
    expect([answer.status, answer.problem['code']]).toEqual([400, 'bad_request']);
    expect(calls()).toBe(0);
  });

  it.each([
    ['H25 two Host fields', 'GET / HTTP/1.1\r\nHost: a\r\nHost: localhost\r\n\r\n'],
    ['H25 no Host', 'GET / HTTP/1.1\r\n\r\n'],
    ['H25 a target in absolute form', 'GET http://evil/ HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    [
      'H8 a coding before chunked',
      'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    ],
  ])('is one 400 and the end of its connection, and nothing after it is served: %s', async (_, bytes) => {
    const { port, calls } = await counting();
    const answer = await rawRequest(port, bytes + keeping + second);
    expect([answer.status, answer.responses]).toEqual([400, 1]);
    expect(answer.text).toMatch(/^Connection: close\r$/m);
    expect(calls()).toBe(0);
  });

  it('is told from good ones, which are served one after the other', async () => {
    const { port, calls } = await counting();
    const answer = await rawRequest(port, keeping + second);
    expect([answer.status, answer.responses, calls()]).toEqual([200, 2, 2]);
  });

  it.each(['localhost', 'localhost:5000', '127.0.0.1:5000', '[::1]:5000', 'LocalHost'])(
    'is not one with Host: %s',
    async (host) => {
      const { port } = await counting();
      const answer = await rawRequest(port, `GET / HTTP/1.1\r\nHost: ${host}\r\n${close}`);
      expect(answer.status).toBe(200);
    },
  );

  it('is not one in HTTP/1.0 without Host', async () => {
    const { port } = await counting();
    expect((await rawRequest(port, 'GET / HTTP/1.0\r\n\r\n')).status).toBe(200);
  });
});

describe('header fields', () => {
  const fields = (count: number) => Array.from({ length: count }, (_, index) => `X-${index}: a\r\n`).join('');

  it('H9 are 431 when they are longer than 16 KB together', async () => {
    const { port, calls } = await counting();
    const answer = await rawRequest(
      port,
      `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(17_000)}\r\n\r\n${second}`,
    );
    expect([answer.status, answer.problem['code'], answer.responses]).toEqual([
      431,
      'header_fields_too_large',
      1,
    ]);
    expect(calls()).toBe(0);
  });

  it('H6 are 431 when they are too many, before Node could drop one', async () => {
    const { port, calls } = await counting();
    for (const count of [99, 1_500]) {
      const answer = await rawRequest(
        port,
        `GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${fields(count)}\r\n`,
      );
      expect([answer.status, answer.problem['code']]).toEqual([431, 'header_fields_too_large']);
    }
    expect(calls()).toBe(0);
    const allowed = await rawRequest(
      port,
      `GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${fields(98)}\r\n`,
    );
    expect(allowed.status).toBe(200);
  });

  it('may be as few as the server wants', async () => {
    const { port } = await counting({ maxHeaderCount: 2 });
    const request = (more: string) =>
      rawRequest(port, `GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${more}\r\n`);
    expect((await request('')).status).toBe(200);
    expect((await request('X: a\r\n')).status).toBe(431);
  });
});

describe('H10 a slow client', () => {
  it.each([
    ['that never ends its header', 'GET / HTTP/1.1\r\nHost: localhost\r\nX: a'],
    ['that never ends its body', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc'],
  ])('%s is 408 and disconnected', async (_, bytes) => {
    const { port, url } = await counting({ headersTimeout: '150ms', requestTimeout: '300ms' });
    const slow = rawRequest(port, bytes);
    expect(await (await fetch(url)).text()).toBe('served');
    const answer = await slow;
    expect([answer.status, answer.problem['code'], answer.responses]).toEqual([408, 'request_timeout', 1]);
  });
});
