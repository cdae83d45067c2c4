import { type SpawnOptions, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createServer, ListenError } from '../src/index.js';
import { gate } from './gate.js';
import { loopback, start, temporaryFolder } from './running.js';

/** Occupies a port of 127.0.0.1 until the test ends. */
async function occupied(): Promise<number> {
  const server: TcpServer = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as { port: number }).port;
}

describe('a loopback listener', () => {
  it('binds 127.0.0.1 first, and ::1 on the same port where there is one', async () => {
    const { url, urls, port } = await start(loopback().enable());
    expect(url).toBe(`http://127.0.0.1:${port}`);
    expect([[url], [url, `http://[::1]:${port}`]]).toContainEqual(urls);
    for (const address of urls) expect((await fetch(`${address}/healthz`)).status).toBe(200);
  });
});

describe('several listeners', () => {
  it('serve the same routes', async () => {
    const server = loopback().listener({ port: 0, host: '127.0.0.1' }).enable();
    server.get('/', { auth: false }, (ctx) => {
      ctx.body = 'same';
    });
    const { urls } = await start(server);
    expect(new Set(urls).size).toBe(urls.length);
    expect(urls.length).toBeGreaterThanOrEqual(2);
    for (const url of urls) expect(await (await fetch(url)).text()).toBe('same');
  });

  it('are all closed again when one cannot be opened, and the server may start again', async () => {
    const busy = await occupied();
    const free = await occupiedThenFree();
    const server = createServer('x').listener({ port: free }).listener({ port: busy }).enable();
    await expect(server.start({ signals: false })).rejects.toBeInstanceOf(ListenError);
    await expect(server.start({ signals: false })).rejects.toMatchObject({ port: busy });
    const { port } = await start(createServer('y').listener({ port: free }).enable());
    expect(port).toBe(free);
  });
});

/** A server whose second listener has to wait for the lock on its certificates, and whose third may find its port busy. */
async function halfOpen(last: number) {
  const directory = await temporaryFolder();
  const lock = join(directory, 'lock');
  await writeFile(lock, '');
  const [port, second] = [await occupiedThenFree(), await occupiedThenFree()];
  const entered = gate();
  const server = createServer('x')
    .runtime({ keepAliveTimeout: '5m', requestTimeout: '5m' })
    .listener({ port, host: '127.0.0.1' })
    .listener({ port: second, host: '127.0.0.1', tls: { selfSigned: { directory } } })
    .listener({ port: last, host: '127.0.0.1' })
    .enable();
  server.get('/never', { auth: false }, () => {
    entered.open();
    return new Promise(() => {});
  });
  const starting = server.start({ signals: false });
  const url = `http://127.0.0.1:${port}`;
  await expect
    .poll(() =>
      fetch(`${url}/healthz`).then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(200);
  return { starting, url, entered: entered.opened, goOn: () => rm(lock) };
}

describe('a start', () => {
  it('is not ready before every listener is open', async () => {
    const { starting, url, goOn } = await halfOpen(await occupiedThenFree());
    const early = await fetch(`${url}/readyz`);
    expect([early.status, await early.json()]).toEqual([503, { status: 'starting' }]);
    await goOn();
    const running = await starting;
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    await running.close();
  });

  it('that fails cuts whoever has connected already, and does not wait for them', async () => {
    const { starting, url, entered, goOn } = await halfOpen(await occupied());
    const asking = fetch(`${url}/never`).catch(() => 'cut');
    await entered;
    await goOn();
    await expect(starting).rejects.toBeInstanceOf(ListenError);
    expect(await asking).toBe('cut');
    await expect(fetch(url)).rejects.toThrow();
  });
});

/** A port that was free a moment ago. */
async function occupiedThenFree(): Promise<number> {
  const running = await loopback().enable().start({ signals: false });
  await running.close();
  return running.port;
}

describe('a listener that cannot be opened', () => {
  it('names the address in one line when the port is in use', async () => {
    const port = await occupied();
    const error: ListenError = await createServer('x')
      .listener({ port })
      .enable()
      .start({ signals: false })
      .catch((e) => e);
    expect(error).toBeInstanceOf(ListenError);
    expect(error).toMatchObject({ code: 'ERR_LISTEN_ADDRESS_IN_USE', host: '127.0.0.1', port });
    expect(error.message).toBe(
      `127.0.0.1:${port} is already in use: stop what listens there, or choose another port.`,
    );
    expect(error.cause).toMatchObject({ code: 'EADDRINUSE' });
  });

  it.each([
    ['EADDRINUSE', 5000, /on macOS the AirPlay Receiver uses port 5000/],
    ['EADDRINUSE', 7000, /on macOS the AirPlay Receiver uses port 7000/],
    ['EADDRINUSE', 5001, /^\[::1\]:5001 is already in use: /],
    ['EACCES', 80, /No permission.*below 1024/],
    ['EOTHER', 80, /Cannot listen on \[::1\]:80: why/],
  ])('explains %s on port %i', (code, port, message) => {
    const error = new ListenError(Object.assign(new Error('why'), { code }), '::1', port);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('\n');
  });

  it('says so when the address is none of this machine', async () => {
    const server = createServer('x').listener({ port: 0, host: '192.0.2.1' }).enable();
    await expect(server.start({ signals: false })).rejects.toMatchObject({
      code: 'ERR_LISTEN_ADDRESS_NOT_AVAILABLE',
    });
  });
});

/** A program that starts a server and catches nothing. */
function uncaught(listener: object, options: SpawnOptions = {}): Promise<{ code: number; stderr: string }> {
  const program = `
    import { createServer } from '@tokenwright/server';
    await createServer('x').listener(JSON.parse(process.argv[1])).enable().start();
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, JSON.stringify(listener)], {
    cwd: join(import.meta.dirname, '..'),
    stdio: ['ignore', 'ignore', 'pipe'],
    ...options,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code: code ?? -1, stderr })));
}

describe('a program that does not catch a failed start', () => {
  it('ends with exit code 1 and says what to do in one line, without a stack', async () => {
    const port = await occupied();
    const missing = await uncaught({
      port: 0,
      tls: { keyFile: '/nothing/key.pem', certFile: '/nothing/c.pem' },
    });
    const busy = await uncaught({ port, host: '127.0.0.1' });
    expect([busy.code, missing.code]).toEqual([1, 1]);
    expect(busy.stderr).toMatch(/ListenError: 127\.0\.0\.1:\d+ is already in use: stop what listens there/);
    expect(missing.stderr).toMatch(/CertificateError: Cannot read \/nothing\/key\.pem: check the path/);
    for (const { stderr } of [busy, missing]) expect(stderr).not.toMatch(/^\s+at /m);
  });

  // Only root can become somebody else, and only somebody else is refused anything.
  const other = { uid: 65_534, gid: 65_534 };
  const isRoot = process.getuid?.() === 0;

  it.skipIf(!isRoot || lowestFreePort() < 1_024)(
    'says that a port below 1024 needs privileges (EACCES)',
    async () => {
      const { code, stderr } = await uncaught({ port: 1_023, host: '127.0.0.1' }, other);
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /ListenError: No permission to listen on 127\.0\.0\.1:1023: ports below 1024 usually need/,
      );
      expect(stderr).toContain("code: 'ERR_LISTEN_PERMISSION'");
    },
  );

  it.skipIf(!isRoot)('says that the folder of a socket belongs to somebody else (EACCES)', async () => {
    const path = join(await temporaryFolder(), 'own.sock');
    const { code, stderr } = await uncaught({ path }, other);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `ListenError: No permission to make the socket ${path}: choose a folder this user may`,
    );
  });
});

/** Linux lets everybody have ports from here on; containers often from 0. */
function lowestFreePort(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
  } catch {
    return 1_024;
  }
}
