import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, type Server as TlsServer } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkClientCertificates } from '../src/listeners/client-certificates.js';
import { createNodeServer } from '../src/listeners/node-server.js';
import { silentLogger } from '../src/logger.js';
import { DEFAULT_LIMITS } from '../src/runtime.js';
import { authority, issue } from './certificates-of-test.js';

const ARRIVAL = { development: false, socket: false, answersFor: undefined, answersAlsoFor: [] };

/** Two listeners with mutual TLS whose session tickets could be read by one another. */
async function two(renewed: boolean): Promise<[number, number]> {
  const ca = await authority('Own');
  const tls = await issue(ca);
  const tickets = randomBytes(48);
  const open = async () => {
    const clientCertificates = checkClientCertificates({ ca: ca.cert }, true);
    const { server, connections, renew } = createNodeServer({
      handler: (_req, res) => void res.end(),
      limits: DEFAULT_LIMITS,
      log: silentLogger(),
      arrival: ARRIVAL,
      tls,
      clientCertificates,
    });
    if (renewed) renew(await issue(ca));
    (server as unknown as TlsServer).setTicketKeys(tickets);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
      connections.destroy();
    });
    return (server.address() as AddressInfo).port;
  };
  return [await open(), await open()];
}

/** Connects, and gives the session. In TLS 1.2 it is there with the handshake; in TLS 1.3 it comes some time later. */
async function visit(port: number, session?: Buffer): Promise<{ session: Buffer; resumed: boolean }> {
  const version = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, session, ...version });
  await once(socket, 'secureConnect');
  const seen = { session: socket.getSession() ?? Buffer.alloc(0), resumed: socket.isSessionReused() };
  socket.destroy();
  return seen;
}

describe('a TLS session', () => {
  it.each([
    ['at first', false],
    ['after its certificate was renewed', true],
  ])(
    'goes on at the listener where its client was asked for a certificate, and at no other: %s',
    async (_, renewed) => {
      const [here, there] = await two(renewed);
      const { session } = await visit(here);
      expect((await visit(here, session)).resumed).toBe(true);
      expect((await visit(there, session)).resumed).toBe(false);
    },
  );
});
