import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createServer, type RuntimeOptions } from '../src/index.js';
import { capturedLog } from './captured-log.js';
import { authority, issue } from './certificates-of-test.js';
import { gate } from './gate.js';
import { loopback, start } from './running.js';
import { tlsConnection } from './tls-client.js';

const TIMES = {
  headersTimeout: '200ms',
  requestTimeout: '400ms',
  handshakeTimeout: '200ms',
  keepAliveTimeout: '200ms',
} as const;

async function served(tls?: { key: string; cert: string }, times: RuntimeOptions = TIMES) {
  const builder = tls === undefined ? loopback() : createServer('TLS').listener({ port: 0, tls });
  const server = builder.runtime(times).enable();
  server.route(['GET', 'POST'], '/', { auth: false }, async (ctx) => {
    for await (const _ of ctx.req);
    ctx.body = 'served';
  });
  return start(server);
}

/** A client that sends a byte at a time, without end. */
async function dripping(port: number, begin: string): Promise<{ ended: Promise<string> }> {
  const socket: Socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(begin);
  const drip = setInterval(() => socket.write('a'), 20);
  const stop = () => {
    clearInterval(drip);
    socket.destroy();
  };
  onTestFinished(stop);
  const ended = new Promise<string>((resolve) => {
    socket.once('close', () => {
      stop();
      resolve(text);
    });
  });
  return { ended };
}

const HEAD = 'GET / HTTP/1.1\r\nHost: localhost\r\nX: ';
const BODY = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n';

describe('H10 a slow client', () => {
  it.each([
    ['that drips its header', HEAD],
    ['that drips its body', BODY],
  ])('%s is 408 and disconnected: 300 of them, while another is served', async (_, begin) => {
    const { port, url } = await served();
    const slow = await Promise.all(Array.from({ length: 300 }, () => dripping(port, begin)));
    let open = slow.length;
    for (const { ended } of slow) void ended.then(() => (open -= 1));
    expect(await (await fetch(url)).text()).toBe('served');
    expect(open).toBeGreaterThan(0);
    const answers = await Promise.all(slow.map(({ ended }) => ended));
    // The client writes on, so that its own reset may swallow the answer.
    for (const answer of answers) expect(answer).toMatch(/^($|HTTP\/1\.1 408 )/);
    expect(answers.filter((answer) => answer.startsWith('HTTP/1.1 408 ')).length).toBeGreaterThan(0);
    expect(await (await fetch(url)).text()).toBe('served');
  });

  it('that stalls in its TLS handshake is disconnected, while another is served', async () => {
    const times = { ...TIMES, handshakeTimeout: '1s' } as const;
    const { port } = await served(await issue(await authority('Own')), times);
    const silent = connect(port, '127.0.0.1');
    const half = connect(port, '127.0.0.1');
    half.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]));
    for (const socket of [silent, half]) socket.on('error', () => {});
    const ends = [silent, half].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    let open = ends.length;
    for (const end of ends) void end.then(() => (open -= 1));
    const normal = await tlsConnection(port);
    expect(await normal.ask('/')).toContain('served');
    expect(open).toBe(2);
    normal.socket.destroy();
    await Promise.all(ends);
  });

  it('that says nothing after its TLS handshake is disconnected', async () => {
    const { port } = await served(await issue(await authority('Own')));
    const { socket } = await tlsConnection(port);
    socket.resume();
    await once(socket, 'close');
  });

  it('that keeps a connection without using it is disconnected', async () => {
    const { port } = await served();
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'close');
    expect(text).toMatch(/^HTTP\/1\.1 200 .*served$/s);
    // But for the ID of the request, which is random and may have any three digits.
    expect(text.replace(/^x-request-id: .*$/im, '')).not.toContain('408');
  });

  it.each([
    ['HTTP', false],
    ['HTTPS', true],
  ])(
    'that does not read its answer is disconnected, and a handler may take its time: %s',
    async (_, secure) => {
      const log = capturedLog();
      const tls = secure ? await issue(await authority('Own')) : undefined;
      const listener = tls === undefined ? { port: 0 } : { port: 0, tls };
      const server = createServer('Slow')
        .logger(log.logger)
        .listener(listener)
        .runtime({ writeTimeout: '200ms', keepAliveTimeout: '5m', shutdownTimeout: '5m' })
        .enable();
      const entered = gate();
      const answer = gate();
      server.get('/big', { auth: false }, (ctx) => {
        ctx.body = Buffer.alloc(64 * 1024 * 1024);
      });
      server.get('/slow', { auth: false }, async (ctx) => {
        entered.open();
        await answer.opened;
        ctx.body = 'took its time';
      });
      const { port } = await start(server);
      const open = async () => {
        const socket = secure ? (await tlsConnection(port)).socket : connect(port, '127.0.0.1');
        onTestFinished(() => void socket.destroy());
        return socket.on('error', () => {});
      };
      const patient = await open();
      let text = '';
      patient.on('data', (chunk) => {
        text += chunk;
      });
      patient.write('GET /slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      await entered.opened;
      const stalled = await open();
      stalled.pause();
      stalled.write('GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n');
      expect(await log.line('GET /big')).toMatchObject({ status: 200, aborted: true });
      answer.open();
      await once(patient, 'close');
      expect(text).toMatch(/took its time$/);
    },
  );

  it('that reads, however slowly, gets the whole answer', async () => {
    const server = loopback().runtime({ writeTimeout: '200ms' }).enable();
    const size = 8 * 1024 * 1024;
    server.get('/big', { auth: false }, (ctx) => {
      ctx.body = Buffer.alloc(size, 'x');
    });
    const { port } = await start(server);
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /big HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    let length = 0;
    for await (const chunk of socket) length += (chunk as Buffer).length;
    expect(length).toBeGreaterThan(size);
  });
});
