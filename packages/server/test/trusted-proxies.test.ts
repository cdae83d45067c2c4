import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createServer } from '../src/index.js';
import { start, temporaryFolder } from './running.js';

interface Seen {
  readonly ip: string;
  readonly ips: string[];
  readonly protocol: string;
  readonly host: string;
  readonly header: string | null;
}

async function behind(trustedProxies: string[]) {
  const path = join(await temporaryFolder(), 'own.sock');
  const server = createServer('Proxied')
    .listener({ port: 0, host: '127.0.0.1' })
    .listener({ path })
    .security({ trustedProxies, hosts: ['127.0.0.1', 'localhost', 'api.example'] })
    .enable();
  server.get('/', { auth: false }, (ctx) => {
    const { ip, ips, protocol, host } = ctx;
    ctx.body = { ip, ips, protocol, host, header: ctx.get('x-forwarded-for') || null };
  });
  const { port } = await start(server);
  const ask = (headers: Record<string, string>, place: object = { host: '127.0.0.1', port }) =>
    new Promise<Seen>((resolve, reject) => {
      get({ ...place, path: '/', agent: false, headers }, async (response: IncomingMessage) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        resolve(JSON.parse(text));
      }).on('error', reject);
    });
  return {
    ask,
    throughSocket: (headers: Record<string, string>) => ask(headers, { socketPath: path }),
    port,
  };
}

const claims = {
  'x-forwarded-for': '203.0.113.9',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'api.example',
};

describe('what a proxy says', () => {
  it.each([[['127.0.0.1']], [['127.0.0.0/8']], [['loopback']], [['10.0.0.0/8', '127.0.0.1/32']]])(
    'is believed when it is listed: %j',
    async (trusted) => {
      const { ask } = await behind(trusted);
      expect(await ask(claims)).toMatchObject({
        ip: '203.0.113.9',
        protocol: 'https',
        host: 'api.example',
      });
    },
  );

  it.each([[[]], [['10.0.0.0/8']], [['127.0.0.2']], [['::1']], [['unix']]])(
    'H16 is ignored when it is not: %j',
    async (trusted) => {
      const { ask, port } = await behind(trusted);
      expect(await ask(claims)).toMatchObject({
        ip: '127.0.0.1',
        ips: [],
        protocol: 'http',
        host: `127.0.0.1:${port}`,
      });
    },
  );

  it('is believed through a Unix socket only when that is listed', async () => {
    const listed = await behind(['unix']);
    expect(await listed.throughSocket(claims)).toMatchObject({ ip: '203.0.113.9', protocol: 'https' });
    const other = await behind(['127.0.0.1']);
    expect(await other.throughSocket(claims)).toMatchObject({ ips: [], protocol: 'http' });
  });

  it.each([
    ['what the client wrote before the proxy', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['a proxy between them', '203.0.113.9, 10.1.2.3', '203.0.113.9'],
    ['a forged proxy before them', '10.6.6.6, 203.0.113.9, 10.1.2.3', '203.0.113.9'],
    ['an IPv4 address as IPv6', '203.0.113.9, ::ffff:10.1.2.3', '203.0.113.9'],
    ['an IPv6 client', '2001:db8::1', '2001:db8::1'],
    ['proxies alone', '10.1.2.3, 10.1.2.4', '10.1.2.3'],
    ['nonsense before a proxy', 'unknown, 10.1.2.3', '10.1.2.3'],
    ['nonsense', '_hidden', '127.0.0.1'],
    ['nothing', ' ', '127.0.0.1'],
  ])('gives the nearest address that is no proxy: %s', async (_, chain, ip) => {
    const { ask } = await behind(['loopback', '10.0.0.0/8']);
    expect(await ask({ 'x-forwarded-for': chain })).toMatchObject({ ip });
  });

  it('counts by its last value, for the client may have written the others', async () => {
    const { ask } = await behind(['loopback']);
    const said = { 'x-forwarded-proto': 'https, http', 'x-forwarded-host': 'evil.example, api.example' };
    expect(await ask(said)).toMatchObject({ protocol: 'http', host: 'api.example' });
  });
});

describe('trustedProxies', () => {
  it.each([
    [['0.0.0.0/0'], /believe everybody/],
    [['::/0'], /believe everybody/],
    [['10.0.0.0/33'], /is no address/],
    [['10.0.0.0/8/8'], /is no address/],
    [['10.0.0.0/'], /is no address/],
    [['proxy.example'], /is no address/],
    [['*'], /is no address/],
    ['10.0.0.1', /has to be a list/],
    [true, /has to be a list/],
  ])('refuse %j', (trustedProxies, message) => {
    expect(() => createServer('x').security({ trustedProxies: trustedProxies as never })).toThrow(message);
  });
});
