import { once } from 'node:events';
import { connect as connectPlain } from 'node:net';
import { type ConnectionOptions, connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { createServer } from '../src/index.js';
import { authority, issue } from './certificates-of-test.js';
import { start } from './running.js';
import { tlsConnection } from './tls-client.js';

async function served() {
  const ca = await authority('Own');
  const tls = await issue(ca);
  const server = createServer('TLS').listener({ port: 0, tls }).enable();
  return { ...(await start(server)), ca: ca.cert };
}

const WEAK = 'DEFAULT:@SECLEVEL=0';

describe('H31 TLS', () => {
  it.each<[string, ConnectionOptions]>([
    ['TLS 1.0', { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: WEAK }],
    ['TLS 1.1', { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: WEAK }],
    ['no encryption', { maxVersion: 'TLSv1.2', ciphers: 'NULL:eNULL:@SECLEVEL=0' }],
    ['no authentication', { maxVersion: 'TLSv1.2', ciphers: 'aNULL:@SECLEVEL=0' }],
  ])('is refused with %s', async (_, options) => {
    const { port } = await served();
    const handshake = new Promise<string>((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () =>
        resolve('accepted'),
      );
      socket.once('error', reject);
    });
    await expect(handshake).rejects.toThrow(/protocol|handshake failure|cipher|no ciphers/i);
  });

  it.each<[string, ConnectionOptions]>([
    ['TLSv1.2', { maxVersion: 'TLSv1.2' }],
    ['TLSv1.3', { minVersion: 'TLSv1.3' }],
  ])('is accepted with %s', async (version, options) => {
    const { port } = await served();
    const { socket, ask } = await tlsConnection(port, options);
    expect([socket.getProtocol(), (await ask('/healthz')).slice(0, 12)]).toEqual([version, 'HTTP/1.1 200']);
    socket.destroy();
  });

  it('names itself only as its certificate does: a client that asked for another name turns away', async () => {
    const { port, ca } = await served();
    const asking = (servername: string) =>
      new Promise((resolve, reject) => {
        const socket = connect({ port, host: '127.0.0.1', ca, servername }, () => {
          socket.destroy();
          resolve('accepted');
        });
        socket.once('error', reject);
      });
    await expect(asking('other.example')).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(await asking('localhost')).toBe('accepted');
  });

  it('does not answer plain HTTP, and goes on answering TLS', async () => {
    const { port } = await served();
    const plain = connectPlain(port, '127.0.0.1');
    let text = '';
    plain.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    plain.on('error', () => {});
    plain.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await new Promise((resolve) => plain.once('close', resolve));
    expect(text).not.toContain('HTTP/1.1');
    const { socket, ask } = await tlsConnection(port);
    expect(await ask('/healthz')).toContain('"up"');
    socket.destroy();
    await once(socket, 'close');
  });
});
