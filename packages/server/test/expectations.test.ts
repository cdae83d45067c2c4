import { once } from 'node:events';
import { connect } from 'node:net';
import { basic } from '@tokenwright/auth';
import { describe, expect, it, onTestFinished } from 'vitest';
import { capturedLog } from './captured-log.js';
import { rawRequest } from './raw-request.js';
import { loopback, start } from './running.js';

async function expecting() {
  const log = capturedLog();
  const scheme = basic({ realm: 'x', users: { admin: 'password' } });
  const server = loopback().logger(log.logger).runtime({ bodyLimit: '1kb' }).scheme('Basic', scheme).enable();
  const read = async (ctx: { req: AsyncIterable<Buffer>; body: unknown }) => {
    let text = '';
    for await (const chunk of ctx.req) text += chunk;
    ctx.body = `read ${text}`;
  };
  server.post('/read', { auth: false }, read);
  server.post('/guarded', { auth: 'Basic' }, read);
  server.post('/ignore', { auth: false }, (ctx) => {
    ctx.body = 'not read';
  });
  return { ...(await start(server)), log };
}

const head = (path: string, expectation: string, length = 5) =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\nExpect: ${expectation}\r\n\r\n`;

describe('Expect: 100-continue', () => {
  it('is answered with 100 when the handler reads, and the connection goes on', async () => {
    const { port } = await expecting();
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    const seen = async (what: string) => {
      while (!text.includes(what)) await once(socket, 'data');
    };
    for (const body of ['first', 'again']) {
      text = '';
      socket.write(head('/read', '100-continue'));
      await seen('100 Continue\r\n\r\n');
      expect(text).toBe('HTTP/1.1 100 Continue\r\n\r\n');
      socket.write(body);
      await seen(`read ${body}`);
      expect(text).toMatch(/HTTP\/1\.1 200 OK/);
    }
  });

  it.each<[string, string, number, number]>([
    ['413 for a body above the limit', '/read', 2_000, 413],
    ['401 without credentials', '/guarded', 5, 401],
    ['404 for an unknown path', '/unknown', 5, 404],
    ['200 of a handler that does not read', '/ignore', 5, 200],
  ])(
    'is answered at once, without 100 before it, and the connection ends: %s',
    async (_, path, length, status) => {
      const { port } = await expecting();
      const answer = await rawRequest(port, head(path, '100-continue', length));
      expect(answer).toMatchObject({ status, responses: 1 });
      expect(answer.text).toMatch(/Connection: close/i);
    },
  );
});

describe('any other expectation', () => {
  it.each(['foo', '100-continue, foo'])(
    'is a 417 of the host, with a line in the log: %s',
    async (expectation) => {
      const { port, log } = await expecting();
      const answer = await rawRequest(port, head('/read', expectation));
      expect(answer).toMatchObject({ status: 417, responses: 1, problem: { code: 'expectation_failed' } });
      expect(answer.text).toContain('Content-Type: application/problem+json');
      const id = /X-Request-Id: ([0-9a-f-]{36})/.exec(answer.text)?.[1];
      expect(await log.line('POST /read 417')).toMatchObject({ requestId: id, status: 417 });
    },
  );
});
