/** Addresses that tokens point to (`jku`, `x5u`, `kid`): whoever calls there has followed a stranger's link (RFC 8725 §3.10). */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Attacker } from './attacker.js';

/** The lures, each for the attack of its name. Those for https answer no handshake, but being called is what counts. */
export const LURES = ['jku', 'jku-https', 'x5u', 'x5u-https', 'kid-url'] as const;

/** One of {@link LURES}. */
export type LureName = (typeof LURES)[number];

/** The lures while they listen. */
export interface Lures {
  /** The address of a lure; nobody else points there. */
  readonly address: (name: LureName) => string;
  /** Whether somebody has called there. */
  readonly wasCalled: (name: LureName) => boolean;
  readonly close: () => void;
}

/** Listens on loopback, with the attacker's keys to be fetched. */
export async function openLures(attacker: Attacker): Promise<Lures> {
  const open = new Map<LureName, { server: Server; address: string }>();
  const called = new Set<LureName>();
  for (const name of LURES) {
    const content = contentOf(name, attacker);
    const server = createServer((_, response) => {
      response.setHeader('Content-Type', content.type);
      response.end(content.body);
    });
    // A connection is enough: a TLS handshake, too, shows that the link was followed.
    server.on('connection', () => called.add(name));
    server.on('clientError', (_, socket) => socket.destroy());
    await new Promise<void>((resolve, reject) => {
      server.on('error', reject).listen(0, '127.0.0.1', resolve);
    });
    server.unref();
    const { port } = server.address() as AddressInfo;
    const scheme = name.endsWith('-https') ? 'https' : 'http';
    open.set(name, { server, address: `${scheme}://127.0.0.1:${port}/${content.path}` });
  }
  return {
    address: (name) => open.get(name)?.address ?? '',
    wasCalled: (name) => called.has(name),
    close: () => {
      for (const { server } of open.values()) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

interface Content {
  readonly path: string;
  readonly type: string;
  readonly body: string;
}

function contentOf(name: LureName, { key, pair, chain }: Attacker): Content {
  if (name.startsWith('x5u')) {
    return { path: 'chain.pem', type: 'application/pem-certificate-chain', body: chain.pem };
  }
  if (name === 'kid-url')
    return { path: 'key.jwk', type: 'application/jwk+json', body: JSON.stringify(key.jwk) };
  const keys = pair === key ? [key.jwk] : [key.jwk, pair.jwk];
  return { path: 'jwks.json', type: 'application/jwk-set+json', body: JSON.stringify({ keys }) };
}
