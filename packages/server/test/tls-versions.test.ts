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

/** The first message of a handshake in TLS 1.2 that offers these cipher suites alone (RFC 5246 §7.4.1.2). */
function clientHello(suites: readonly number[]): Buffer {
  const u16 = (value: number) => [value >> 8, value & 0xff];
  const extension = (type: number, content: number[]) => [...u16(type), ...u16(content.length), ...content];
  const extensions = [
    // supported_groups: x25519, secp256r1
    ...extension(10, [...u16(4), ...u16(0x001d), ...u16(0x0017)]),
    // signature_algorithms: rsa_pss_rsae_sha256, rsa_pkcs1_sha256
    ...extension(13, [...u16(4), ...u16(0x0804), ...u16(0x0401)]),
  ];
  const offered = suites.flatMap(u16);
  const random = Array.from({ length: 32 }, (_, index) => index);
  const body = [
    3,
    3,
    ...random,
    0,
    ...u16(offered.length),
    ...offered,
    1,
    0,
    ...u16(extensions.length),
    ...extensions,
  ];
  const message = [1, 0, ...u16(body.length), ...body];
  return Buffer.from([22, 3, 1, ...u16(message.length), ...message]);
}

/** What the server says first: the type of its record, and the description where that is an alert. */
async function firstRecord(
  port: number,
  suites: readonly number[],
): Promise<{ type: number; alert?: number }> {
  const socket = connectPlain(port, '127.0.0.1');
  socket.write(clientHello(suites));
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  const type = chunk[0] ?? 0;
  return type === 21 ? { type, alert: chunk[6] ?? 0 } : { type };
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

  it.each([
    ['RC4', [0x0004, 0x0005, 0xc007, 0xc011]],
    ['3DES', [0x000a, 0x0016, 0xc008, 0xc012]],
    ['DES and export ciphers', [0x0009, 0x0015, 0x0003, 0x0006]],
    ['NULL', [0x0001, 0x0002, 0x003b, 0xc006, 0xc010]],
    ['anonymous key exchange', [0x0018, 0x001b, 0x0034, 0x006c]],
  ])('ends the handshake of a client that has nothing but %s', async (_, suites) => {
    const { port } = await served();
    // handshake_failure (RFC 5246 §7.2.2)
    expect(await firstRecord(port, suites)).toEqual({ type: 21, alert: 40 });
    // The same message goes on with one good suite among them: ECDHE-RSA-AES128-GCM-SHA256.
    expect(await firstRecord(port, [...suites, 0xc02f])).toEqual({ type: 22 });
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
