import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createServer } from '../src/index.js';
import { capturedLog } from './captured-log.js';
import { authority, issue } from './certificates-of-test.js';
import { gate } from './gate.js';
import { httpsGet } from './https-client.js';
import { loopback, start, temporaryFolder } from './running.js';
import { tlsConnection } from './tls-client.js';

const open = { auth: false } as const;

/** A server with a route that answers only when it is told to. */
async function slowServer(shutdownTimeout: '10s' | '100ms' = '10s') {
  const log = capturedLog();
  const entered = gate();
  const answer = gate();
  const server = loopback().logger(log.logger).runtime({ shutdownTimeout, keepAliveTimeout: '10s' }).enable();
  server.get('/slow', open, async (ctx) => {
    entered.open();
    await answer.opened;
    ctx.body = 'answered';
  });
  server.get('/streamed', open, async (ctx) => {
    ctx.respond = false;
    ctx.res.writeHead(200);
    ctx.res.write('half ');
    entered.open();
    await answer.opened;
    ctx.res.end('whole');
  });
  return { ...(await start(server)), log, entered: entered.opened, answer: () => answer.open() };
}

describe('close()', () => {
  it('answers the requests in flight and takes no new connection', async () => {
    const { url, close, entered, answer } = await slowServer();
    const slow = fetch(`${url}/slow`);
    await entered;
    const closing = close();
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    answer();
    const response = await slow;
    expect(response.headers.get('connection')).toBe('close');
    expect(await response.text()).toBe('answered');
    await closing;
  });

  it('lets an answer end that had already begun', async () => {
    const { url, close, entered, answer } = await slowServer();
    const streamed = fetch(`${url}/streamed`);
    await entered;
    const closing = close();
    answer();
    expect(await (await streamed).text()).toBe('half whole');
    await closing;
  });

  it('is not ready from its first moment on, for connections that are still open', async () => {
    const { port, close, entered, answer, url } = await slowServer();
    const slow = fetch(`${url}/slow`);
    await entered;
    const silent = connect(port, '127.0.0.1');
    await once(silent, 'connect');
    // The server has to have accepted it; a connection the kernel still holds back is none of its own.
    await (await fetch(`${url}/healthz`)).text();
    const closing = close();
    silent.write('GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    let text = '';
    silent.on('data', (chunk) => {
      text += chunk;
    });
    await once(silent, 'close');
    expect(text).toMatch(/^HTTP\/1\.1 503 .*Connection: close.*\{"status":"closing"\}$/s);
    answer();
    await (await slow).text();
    await closing;
  });

  it('does not wait for idle connections', async () => {
    const { url, close } = await slowServer();
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    const [response] = await once(get(`${url}/healthz`, { agent }), 'response');
    response.resume();
    await once(response, 'end');
    await close();
    expect(await fetch(url).catch(() => 'refused')).toBe('refused');
  });

  it('does not wait for a client that connected and says nothing', async () => {
    const { port, close, url } = await slowServer();
    const silent = connect(port, '127.0.0.1');
    await once(silent, 'connect');
    await (await fetch(`${url}/healthz`)).text();
    await Promise.all([close(), once(silent, 'close')]);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['the beginning of a handshake', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00])],
  ])('does not wait for a client of an HTTPS port that sent %s, and answers the others', async (_, sent) => {
    const times = { handshakeTimeout: '5m', shutdownTimeout: '5m', keepAliveTimeout: '5m' } as const;
    const tls = await issue(await authority('Own'));
    const server = createServer('TLS').runtime(times).listener({ port: 0, tls }).enable();
    const entered = gate();
    const answer = gate();
    server.get('/slow', open, async (ctx) => {
      entered.open();
      await answer.opened;
      ctx.body = 'answered';
    });
    const { port, close } = await start(server);
    const stalled = connect(port, '127.0.0.1');
    stalled.on('error', () => {});
    await once(stalled, 'connect');
    stalled.write(sent);
    const accepted = await tlsConnection(port);
    const asking = await tlsConnection(port);
    const slow = asking.ask('/slow');
    await entered.opened;
    const closing = close();
    // It was accepted before the close, and asks for the first time during it.
    expect(await accepted.ask('/healthz')).toMatch(/^HTTP\/1\.1 200 /);
    await once(stalled, 'close');
    answer.open();
    expect(await slow).toMatch(/^HTTP\/1\.1 200 .*answered$/s);
    await closing;
  });

  it('answers whose handshake ends during it', async () => {
    const server = createServer('TLS')
      .runtime({ handshakeTimeout: '5m', shutdownTimeout: '5m' })
      .listener({ port: 0, tls: await issue(await authority('Own')) })
      .enable();
    const { port, close } = await start(server);
    const beneath = connect(port, '127.0.0.1');
    await once(beneath, 'connect');
    // The server has accepted the connection: it sends something back.
    await (await tlsConnection(port)).ask('/healthz');
    const closing = close();
    const { ask } = await tlsConnection(port, { socket: beneath });
    expect(await ask('/healthz')).toMatch(/^HTTP\/1\.1 200 .*Connection: close/s);
    await closing;
  });

  it('cuts what is not done within shutdownTimeout, and says so', async () => {
    const { url, close, entered, log } = await slowServer('100ms');
    const slow = fetch(`${url}/slow`).catch(() => 'cut');
    await entered;
    await close();
    expect(await slow).toBe('cut');
    expect(await log.line('requests were cut')).toMatchObject({ level: 40, cut: 1 });
  });

  it('can be called again, and happens once', async () => {
    const { close, log } = await slowServer();
    expect(close()).toBe(close());
    await close();
    expect(log.lines.filter(({ msg }) => msg === 'closed')).toHaveLength(1);
  });

  it('is what await using does', async () => {
    let url = '';
    {
      await using running = await loopback().enable().start({ signals: false });
      url = running.url;
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
    }
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it('loses no request that a TLS client had been accepted for', async () => {
    const directory = await temporaryFolder();
    const server = createServer('TLS')
      .listener({ port: 0, tls: { selfSigned: { directory } } })
      .enable();
    let arrived = 0;
    const twenty = gate();
    server.get('/', open, async (ctx) => {
      arrived += 1;
      if (arrived === 20) twenty.open();
      await twenty.opened;
      ctx.body = 'answered';
    });
    const running = await start(server);
    const requests = Array.from({ length: 20 }, () => httpsGet(running.url, join(directory, 'ca.pem')));
    await twenty.opened;
    await running.close();
    const answers = await Promise.all(requests);
    expect(answers.map(({ body }) => body)).toEqual(Array(20).fill('answered'));
  });
});

describe('a process that stood still', () => {
  it.each([
    ['HTTP', false],
    ['HTTPS', true],
  ])(
    'answers what has come meanwhile on a connection that was kept for longer than its time: %s',
    async (_, secure) => {
      const tls = secure ? await issue(await authority('Own')) : undefined;
      const listener = tls === undefined ? { port: 0 } : { port: 0, tls };
      const server = createServer('Still').runtime({ keepAliveTimeout: '50ms' }).listener(listener).enable();
      const { port } = await start(server);
      const socket = secure ? (await tlsConnection(port)).socket : connect(port, '127.0.0.1');
      onTestFinished(() => void socket.destroy());
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      const ended = once(socket, 'close');
      socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
      while (!text.endsWith('{"status":"up"}')) await once(socket, 'data');
      text = '';
      // The request is on its way before the process looks at any time that is over.
      socket.write('GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n');
      // Node gives a kept connection a second more than it says.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500);
      await ended;
      expect(text).toMatch(/^HTTP\/1\.1 200 .*\{"status":"ready"\}$/s);
    },
  );
});

describe('signals', () => {
  const program = `
    import { createServer } from '@tokenwright/server';
    const server = createServer('Child').listener({ port: 0 }).enable();
    server.get('/slow', { auth: false }, async (ctx) => {
      console.log('entered');
      if (process.argv[1] === 'hang') await new Promise(() => {});
      await new Promise((resolve) => process.once('message', resolve));
      ctx.body = 'answered';
    });
    const running = await server.start();
    process.channel?.unref();
    console.log(running.url);
  `;

  async function child(mode: string) {
    const process_ = spawn(process.execPath, ['--input-type=module', '-e', program, mode], {
      cwd: join(import.meta.dirname, '..'),
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    onTestFinished(() => void process_.kill('SIGKILL'));
    const lines: string[] = [];
    const waiting: (() => void)[] = [];
    process_.stdout?.on('data', (chunk) => {
      lines.push(...String(chunk).trim().split('\n'));
      for (const look of waiting.splice(0)) look();
    });
    const line = async (index: number): Promise<string> => {
      while (lines[index] === undefined) await new Promise<void>((resolve) => waiting.push(resolve));
      return lines[index] as string;
    };
    return { process: process_, url: await line(0), line, ended: once(process_, 'exit') };
  }

  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s answers what is in flight and ends with exit code 0',
    async (signal) => {
      const { process: running, url, line, ended } = await child('answer');
      const slow = fetch(`${url}/slow`);
      await line(1);
      running.kill(signal);
      await expect.poll(() => fetch(`${url}/healthz`).catch(() => 'refused')).toBe('refused');
      running.send('go on');
      expect(await (await slow).text()).toBe('answered');
      expect(await ended).toEqual([0, null]);
    },
  );

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('a second %s ends the process with %i', async (signal, code) => {
    const { process: running, url, line, ended } = await child('hang');
    const slow = fetch(`${url}/slow`).catch(() => 'cut');
    await line(1);
    running.kill(signal);
    await expect.poll(() => fetch(`${url}/healthz`).catch(() => 'refused')).toBe('refused');
    running.kill(signal);
    expect(await ended).toEqual([code, null]);
    expect(await slow).toBe('cut');
  });

  it('are handled only while the server runs, and only when wanted', async () => {
    const count = () => process.listenerCount('SIGTERM') + process.listenerCount('SIGINT');
    const before = count();
    await start(loopback().enable());
    expect(count()).toBe(before);
    const running = await loopback().enable().start();
    expect(count()).toBe(before + 2);
    await running.close();
    expect(count()).toBe(before);
  });
});
