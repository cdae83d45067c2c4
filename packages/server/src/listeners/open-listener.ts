/** Opens a listener: binds each of its addresses on one and the same port, or its Unix socket. */
import { chmod } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { isMainThread } from 'node:worker_threads';
import { ListenError } from './listen-error.js';
import type { Listener } from './listener.js';
import type { NodeServer } from './node-server.js';

/** One bound address. `host` is the path of a Unix socket, whose `port` is 0. */
export interface BoundAddress {
  readonly node: NodeServer;
  readonly host: string;
  readonly port: number;
}

/** How often another free port is tried when the one IPv4 offered is taken on IPv6. */
const ATTEMPTS = 10;
/** What the system says when the machine has no such address: fine for an optional one. */
const MISSING = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'];

/**
 * Binds a listener's addresses.
 *
 * @param create - makes a fresh Node server for each address
 * @throws ListenError when an address cannot be bound; those bound before it are closed again
 */
export async function openListener(listener: Listener, create: () => NodeServer): Promise<BoundAddress[]> {
  if (listener.socket !== undefined) return [await bindSocket(listener.socket, create())];
  for (let attempt = 1; ; attempt++) {
    const bound: BoundAddress[] = [];
    try {
      for (const host of listener.hosts)
        bound.push(await bind(create(), { host, port: bound[0]?.port ?? listener.port }));
      for (const host of listener.optional) await bindOptional(listener, create(), host, bound);
      return bound;
    } catch (error) {
      await Promise.all(bound.map(({ node }) => node.connections.abandon()));
      const retry = listener.port === 0 && bound.length > 0 && attempt < ATTEMPTS;
      if (!(retry && error instanceof ListenError && error.code === 'ERR_LISTEN_ADDRESS_IN_USE')) throw error;
    }
  }
}

async function bindOptional(
  listener: Listener,
  node: NodeServer,
  host: string,
  bound: BoundAddress[],
): Promise<void> {
  try {
    bound.push(await bind(node, { host, port: bound[0]?.port ?? listener.port }));
  } catch (error) {
    const code = error instanceof ListenError ? (error.cause as NodeJS.ErrnoException).code : undefined;
    if (code === undefined || !MISSING.includes(code)) throw error;
  }
}

async function bindSocket(
  { path, mode }: { readonly path: string; readonly mode: number },
  node: NodeServer,
): Promise<BoundAddress> {
  try {
    const bound = await withinMode(mode, () => bind(node, { path }));
    // The mask only takes rights away from those that the system gives a socket.
    await chmod(path, mode);
    return bound;
  } catch (error) {
    if (node.server.listening) await node.connections.abandon();
    const cause = error instanceof ListenError ? (error.cause as NodeJS.ErrnoException) : undefined;
    if (cause?.code === 'EADDRINUSE' && !(await someoneListens(path)))
      throw new ListenError(cause, path, 0, { stale: true });
    throw error;
  }
}

/**
 * Binds under a mask, so that not even for a moment anybody may connect who must not. Node makes the file before `listen()`
 * returns. A worker thread has no mask of its own to set: there the file gets its mode a moment later.
 */
function withinMode<T>(mode: number, make: () => T): T {
  if (!isMainThread) return make();
  const before = process.umask(0o777 & ~mode);
  try {
    return make();
  } finally {
    process.umask(before);
  }
}

/** Whether a socket file has a process behind it. */
function someoneListens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ path });
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED'));
  });
}

/** Where to listen: an address and port, or the file of a Unix socket. */
type Place = { readonly host: string; readonly port: number } | { readonly path: string };

function bind(node: NodeServer, place: Place): Promise<BoundAddress> {
  const { server } = node;
  const socket = 'path' in place;
  const host = socket ? place.path : place.host;
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) =>
      reject(
        socket ? new ListenError(error, host, 0, { stale: false }) : new ListenError(error, host, place.port),
      );
    server.once('error', refuse);
    server.listen(socket ? place : { ...place, exclusive: true }, () => {
      server.off('error', refuse);
      const port = socket ? 0 : (server.address() as AddressInfo).port;
      resolve({ node, host, port });
    });
  });
}
