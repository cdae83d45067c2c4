import { readFile } from 'node:fs/promises';
import { connect, type TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { developmentCertificate } from '../src/certificates/development-certificate.js';
import { createServer } from '../src/index.js';
import { silentLogger } from '../src/logger.js';
import { authority, issue, type Pair } from './certificates-of-test.js';
import { start, temporaryFolder } from './running.js';
import { tlsConnection } from './tls-client.js';

async function asking(required?: boolean) {
  const [own, clients, foreign] = await Promise.all(['Own', 'Clients', 'Foreign'].map(authority));
  const tls = await issue(own as Pair);
  const server = createServer('Mutual')
    .listener({ port: 0, tls, clientCertificates: { ca: (clients as Pair).cert, required } })
    .enable();
  server.get('/', { auth: false }, (ctx) => {
    ctx.body = String((ctx.req.socket as TLSSocket).authorized);
  });
  const { port } = await start(server);
  const good = await issue(clients as Pair, { domains: ['client.example'] });
  const bad = await issue(foreign as Pair, { domains: ['client.example'] });
  const ask = async (pair?: Pair) => {
    const { ask, socket } = await tlsConnection(port, pair ?? {});
    const text = await ask('/');
    socket.destroy();
    return text.split('\r\n\r\n')[1];
  };
  return { ask, good, bad, port };
}

describe('clientCertificates', () => {
  it('lets every client connect, and says to the scheme which certificate is authorized', async () => {
    const { ask, good, bad } = await asking();
    expect([await ask(good), await ask(bad), await ask()]).toEqual(['true', 'false', 'false']);
  });

  it('with required ends the handshake of a client that has none, or one of another authority', async () => {
    const { ask, good, bad, port } = await asking(true);
    expect(await ask(good)).toBe('true');
    for (const pair of [bad, {}]) {
      let answer = '';
      const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...pair });
      socket.on('data', (chunk) => {
        answer += chunk;
      });
      // TLS 1.3 tells the client only after it believes the handshake done; the reset may overtake the alert.
      socket.on('error', () => {});
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await new Promise((resolve) => socket.once('close', resolve));
      expect(answer).toBe('');
    }
  });
});

describe('clientCertificates are refused', () => {
  it('for a development CA, whose key lies in a folder of the user', async () => {
    const directory = await temporaryFolder();
    const { certificateAuthority } = await developmentCertificate({ directory }, silentLogger());
    const ca = await readFile(certificateAuthority, 'utf8');
    const other = await authority('Other');
    expect(() =>
      createServer('x').listener({
        port: 0,
        tls: 'self-signed',
        clientCertificates: { ca: [other.cert, ca] },
      }),
    ).toThrow(/development CA, which must not vouch for clients/);
  });

  it.each([
    ['without tls', { port: 0, clientCertificates: { ca: 'x' } }, /needs tls/],
    [
      'for what is no certificate',
      { port: 0, tls: 'self-signed', clientCertificates: { ca: 'x' } },
      /PEM certificates/,
    ],
    [
      'for a damaged one',
      {
        port: 0,
        tls: 'self-signed',
        clientCertificates: { ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
      },
      /cannot be read/,
    ],
    [
      'for a misspelt option',
      { port: 0, tls: 'self-signed', clientCertificates: { ca: 'x', require: true } },
      /Did you mean 'required'/,
    ],
  ])('%s', (_, options, message) => {
    expect(() => createServer('x').listener(options as never)).toThrow(message);
  });
});
