import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { basic } from '@tokenwright/auth';
import { describe, expect, it } from 'vitest';
import { createServer } from '../src/index.js';
import { start, temporaryFolder } from './running.js';

function ask(socketPath: string, headers = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ socketPath, path: '/', agent: false, headers }, async (response: IncomingMessage) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve(text);
    }).on('error', reject);
  });
}

async function served(path: string, mode?: number) {
  const server = createServer('Socket').listener({ path, mode }).enable();
  server.get('/', { auth: false }, (ctx) => {
    ctx.body = 'served';
  });
  return start(server);
}

describe('a listener on a Unix socket', () => {
  it('answers there, whatever Host the proxy hands on, and is gone after close()', async () => {
    const path = join(await temporaryFolder(), 'own.sock');
    const running = await served(path);
    expect([running.url, running.urls, running.port]).toEqual([`unix:${path}`, [`unix:${path}`], 0]);
    expect(await ask(path, { host: 'api.example' })).toBe('served');
    await running.close();
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.each([
    [undefined, 0o600],
    [0o660, 0o660],
  ])('has the permissions asked for: %o', async (given, expected) => {
    const path = join(await temporaryFolder(), 'own.sock');
    await served(path, given);
    expect((await stat(path)).mode & 0o777).toBe(expected);
  });

  it('stands beside others, and may carry secrets in the clear', async () => {
    const path = join(await temporaryFolder(), 'own.sock');
    const server = createServer('Both')
      .listener({ port: 0, host: '127.0.0.1' })
      .listener({ path })
      .scheme('Basic', basic({ realm: 'x', users: { a: 'b' } }))
      .enable();
    server.get('/', { auth: 'Basic' }, (ctx) => {
      ctx.body = 'served';
    });
    const { urls } = await start(server);
    expect(urls).toEqual([expect.stringMatching(/^http:/), `unix:${path}`]);
    expect(await ask(path, { authorization: `Basic ${btoa('a:b')}` })).toBe('served');
  });
});

describe('a Unix socket that cannot be opened', () => {
  const opening = (path: string) =>
    createServer('Socket').listener({ path }).enable().start({ signals: false });

  it('is in use when somebody listens there', async () => {
    const path = join(await temporaryFolder(), 'own.sock');
    await served(path);
    await expect(opening(path)).rejects.toMatchObject({
      code: 'ERR_LISTEN_ADDRESS_IN_USE',
      host: path,
      message: `${path} is already in use: stop what listens there, or choose another path.`,
    });
    expect(await ask(path)).toBe('served');
  });

  it('is stale when it is left from a process that was killed, and says what to do', async () => {
    const path = join(await temporaryFolder(), 'own.sock');
    const program = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    await once(spawn(process.execPath, ['-e', program]), 'exit');
    await expect(opening(path)).rejects.toMatchObject({
      code: 'ERR_LISTEN_ADDRESS_IN_USE',
      message: expect.stringMatching(/left from a process that was killed.*rm "/),
    });
    expect((await stat(path)).isSocket()).toBe(true);
  });

  it('says so when its folder is missing', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    for (const path of [join(folder, 'none', 'own.sock'), join(folder, 'file', 'own.sock')]) {
      await expect(opening(path)).rejects.toMatchObject({
        code: expect.stringMatching(/^ERR_LISTEN_/),
        message: expect.stringContaining(path),
      });
    }
  });

  it.each([
    [{ path: '' }, /1 to 103 bytes/],
    [{ path: 'x'.repeat(104) }, /1 to 103 bytes/],
    [{ path: '/x', mode: 0o1000 }, /mode has to be file permissions/],
    [{ path: '/x', port: 1 }, /no option 'port'/],
    [{ path: '/x', tls: 'self-signed' }, /no option 'tls'/],
  ])('is a TypeError where it is written: %j', (options, message) => {
    expect(() => createServer('x').listener(options as never)).toThrow(message);
  });
});
