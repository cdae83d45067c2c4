import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { rawRequest } from './raw-request.js';
import { loopback, start } from './running.js';

const open = { auth: false } as const;

async function limited() {
  const seen: unknown[] = [];
  const server = loopback().runtime({ bodyLimit: '64kb' }).enable();
  server.post('/read', open, async (ctx) => {
    try {
      const hash = createHash('sha256');
      for await (const chunk of ctx.req) hash.update(chunk);
      ctx.body = hash.digest('hex');
      seen.push('whole');
    } catch (error) {
      seen.push((error as Error).name);
      throw error;
    }
  });
  server.post('/ignore', open, (ctx) => {
    ctx.body = 'not read';
  });
  const running = await start(server);
  return { ...running, seen };
}

/** Sends chunks without declaring a length, and answers with status and body. */
function chunked(url: string, size: number): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    let answered = false;
    const request = httpRequest(url, { method: 'POST', agent: false }, async (response) => {
      answered = true;
      let body = '';
      for await (const chunk of response) body += chunk;
      resolve({ status: response.statusCode, body });
    });
    // The server may stop reading once it has answered.
    request.on('error', (error) => (answered ? undefined : reject(error)));
    for (let sent = 0; sent < size; sent += 16_384)
      request.write(Buffer.alloc(Math.min(16_384, size - sent), 'x'));
    request.end();
  });
}

const hashOf = (size: number) => createHash('sha256').update('x'.repeat(size)).digest('hex');

describe('a body within the limit', () => {
  it.each([0, 1, 65_536])('reaches the handler unchanged: %i bytes', async (size) => {
    const { url, seen } = await limited();
    const declared = await fetch(`${url}/read`, { method: 'POST', body: 'x'.repeat(size) });
    expect([declared.status, await declared.text()]).toEqual([200, hashOf(size)]);
    expect(await chunked(`${url}/read`, size)).toEqual({ status: 200, body: hashOf(size) });
    expect(seen).toEqual(['whole', 'whole']);
  });
});

describe('H9 a body above the limit', () => {
  it.each([65_537, 5_000_000])(
    'of a declared length is 413 and never reaches the handler: %i bytes',
    async (size) => {
      const { url, seen } = await limited();
      const response = await fetch(`${url}/read`, { method: 'POST', body: 'x'.repeat(size) });
      expect(response.status).toBe(413);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(await response.json()).toMatchObject({
        code: 'payload_too_large',
        detail: 'The body may have 65536 bytes at most.',
      });
      expect(seen).toEqual([]);
    },
  );

  it('is refused by its declared length before a byte of it is sent', async () => {
    const { port } = await limited();
    const answer = await rawRequest(
      port,
      'POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n',
    );
    expect([answer.status, answer.problem['code'], answer.responses]).toEqual([413, 'payload_too_large', 1]);
  });

  it.each([65_537, 5_000_000])(
    'that is chunked is 413, and whoever reads it is told: %i bytes',
    async (size) => {
      const { url, seen } = await limited();
      const { status, body } = await chunked(`${url}/read`, size);
      expect(status).toBe(413);
      expect(JSON.parse(body)).toMatchObject({ code: 'payload_too_large' });
      await expect.poll(() => seen).toEqual(['PayloadTooLarge']);
    },
  );

  it('that is chunked and without end is cut', async () => {
    const { port } = await limited();
    const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
    for (const path of ['/read', '/ignore']) {
      const cut = rawRequest(
        port,
        `POST ${path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n`,
        chunk.repeat(40),
      );
      const status = await cut
        .then((answer) => answer.status)
        .catch((error: NodeJS.ErrnoException) => error.code);
      // An uncut connection would stay open. The reset may overtake the answer of a client that never stops.
      expect([200, 413, 'ECONNRESET', 'EPIPE']).toContain(status);
    }
  });

  it('does not keep the next client from being served', async () => {
    const { url } = await limited();
    await chunked(`${url}/read`, 5_000_000);
    expect(await chunked(`${url}/read`, 10)).toEqual({ status: 200, body: hashOf(10) });
  });
});

describe('a body nobody reads', () => {
  it.each([10, 65_536])('leaves the connection usable: %i bytes', async (size) => {
    const { port } = await limited();
    const body = 'x'.repeat(size);
    const post = `POST /ignore HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n${size.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const answer = await rawRequest(
      port,
      post,
      'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    );
    expect(answer.responses).toBe(2);
    expect(answer.text).toContain('{"status":"up"}');
  });
});
