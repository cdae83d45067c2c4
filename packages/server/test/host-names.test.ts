import { describe, expect, it } from 'vitest';
import { createServer, type SecurityOptions } from '../src/index.js';
import { rawRequest } from './raw-request.js';
import { start, temporaryFolder } from './running.js';
import { tlsConnection } from './tls-client.js';

async function serving(security?: SecurityOptions, host = '127.0.0.1') {
  let builder = createServer('Names').listener({ port: 0, host });
  if (security !== undefined) builder = builder.security(security);
  const server = builder.enable();
  let calls = 0;
  server.get('/', { auth: false }, (ctx) => {
    calls += 1;
    ctx.body = 'served';
  });
  const { port } = await start(server);
  const ask = async (name: string, more = '') => {
    const text = `GET / HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n${more}\r\n`;
    return rawRequest(port, text);
  };
  return { ask, port, calls: () => calls };
}

describe('H25 a Host that is none of the server', () => {
  it.each([
    'evil.example',
    'localhost.evil.example',
    'evil.example:5000',
    '127.0.0.1.evil.example',
    '127.0.0.2',
    '[::2]',
    'localhost.',
    '',
  ])('is 421 on loopback, so that no page can rebind its name to it: %s', async (name) => {
    const { ask, calls } = await serving();
    const answer = await ask(name);
    expect([answer.status, answer.problem['code'], calls()]).toEqual([421, 'misdirected_request', 0]);
  });

  it.each(['localhost', 'LOCALHOST:80', '127.0.0.1', '[::1]', '[::1]:5000'])(
    'is not one on loopback: %s',
    async (name) => {
      const { ask } = await serving();
      expect((await ask(name)).status).toBe(200);
    },
  );

  it('is never one in HTTP/1.0 without Host', async () => {
    const { port } = await serving();
    expect((await rawRequest(port, 'GET / HTTP/1.0\r\n\r\n')).status).toBe(200);
  });

  it('is any on an address of the network, unless the server names its own', async () => {
    const open = await serving(undefined, '0.0.0.0');
    expect((await open.ask('evil.example')).status).toBe(200);
    const named = await serving({ hosts: ['api.example'] }, '0.0.0.0');
    expect((await named.ask('evil.example')).status).toBe(421);
    expect((await named.ask('API.example:443')).status).toBe(200);
  });

  it('is localhost too, once the server names others', async () => {
    const { ask } = await serving({ hosts: ['api.example', '[::1]'] });
    const asked = await Promise.all(['api.example', '[::1]:1', 'localhost'].map((name) => ask(name)));
    expect(asked.map(({ status }) => status)).toEqual([200, 200, 421]);
  });

  it('is not one that the development certificate was made for', async () => {
    const directory = await temporaryFolder();
    const tls = { selfSigned: { directory, hosts: ['Dev.example', 'fd00::1'] } };
    const server = createServer('Dev').listener({ port: 0, tls }).enable();
    const { port } = await start(server);
    const statuses: string[] = [];
    for (const host of ['dev.example', '[fd00::1]', 'localhost', 'evil.example']) {
      const { ask, socket } = await tlsConnection(port);
      statuses.push((await ask('/healthz', host)).slice(9, 12));
      socket.destroy();
    }
    expect(statuses).toEqual(['200', '200', '200', '421']);
  });

  it('is never what X-Forwarded-Host of a stranger says', async () => {
    const { ask } = await serving();
    expect((await ask('localhost', 'X-Forwarded-Host: evil.example\r\n')).status).toBe(200);
    expect((await ask('evil.example', 'X-Forwarded-Host: localhost\r\n')).status).toBe(421);
  });

  it('is what a trusted proxy says', async () => {
    const { ask } = await serving({ hosts: ['api.example'], trustedProxies: ['loopback'] });
    expect((await ask('inner', 'X-Forwarded-Host: evil.example\r\n')).status).toBe(421);
    expect((await ask('inner', 'X-Forwarded-Host: api.example\r\n')).status).toBe(200);
    expect((await ask('inner', 'X-Forwarded-Host: evil.example/@api.example\r\n')).status).toBe(421);
  });
});

describe('hosts', () => {
  it.each([
    [[]],
    [['https://api.example']],
    [['api.example:443']],
    [['api example']],
    [['*']],
    ['api.example'],
  ])('refuse %j', (hosts) => {
    expect(() => createServer('x').security({ hosts: hosts as never })).toThrow(TypeError);
  });
});
