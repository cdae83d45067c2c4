/** The connections of one Node server: which are open, which have a request in flight, and how they end. */
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { closed } from './open-listener.js';

/** How long (ms) a connection that has never sent a request may still send its first one during a close. */
const FIRST_REQUEST = 1_000;

/** Follows the connections of a server from its creation, so that closing it loses no accepted request. */
export class Connections {
  readonly #server: HttpServer;
  readonly #open = new Set<Socket>();
  /** The sockets requests come from: for TLS not the same objects as the accepted ones. */
  readonly #speaking = new Set<Socket>();
  readonly #inFlight = new Map<Duplex, ServerResponse>();
  #closing = false;

  constructor(server: HttpServer, secure: boolean) {
    this.#server = server;
    server.on('connection', (socket: Socket) => follow(this.#open, socket));
    server.on(secure ? 'secureConnection' : 'connection', (socket: Socket) => follow(this.#speaking, socket));
    // Before the handler, which may answer at once.
    server.prependListener('request', (req, res) => this.#begin(req, res));
  }

  /** Whether a response has begun on this connection. */
  answered(socket: Duplex): boolean {
    return this.#inFlight.get(socket)?.headersSent ?? false;
  }

  /**
   * Takes no new connection, lets requests in flight end, and cuts what is left after `timeout` milliseconds.
   *
   * @returns how many requests were cut
   */
  async close(timeout: number): Promise<number> {
    this.#closing = true;
    const stopped = closed(this.#server);
    for (const res of this.#inFlight.values()) lastOfItsConnection(res);
    let cut = 0;
    const silent = setTimeout(
      () => this.#destroyWhere((socket) => !this.#inFlight.has(socket)),
      FIRST_REQUEST,
    );
    const late = setTimeout(() => {
      cut = this.#inFlight.size;
      this.#destroyWhere(() => true);
      for (const socket of this.#open) socket.destroy();
    }, timeout);
    await stopped;
    clearTimeout(silent);
    clearTimeout(late);
    return cut;
  }

  #begin(req: IncomingMessage, res: ServerResponse): void {
    const { socket } = req;
    this.#inFlight.set(socket, res);
    if (this.#closing) lastOfItsConnection(res);
    res.once('close', () => {
      if (this.#inFlight.get(socket) === res) this.#inFlight.delete(socket);
      // An answer that had begun before the close said nothing of closing its connection.
      if (this.#closing) setImmediate(() => this.#server.closeIdleConnections());
    });
  }

  #destroyWhere(condition: (socket: Socket) => boolean): void {
    for (const socket of this.#speaking) if (condition(socket)) socket.destroy();
  }
}

function follow(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
}

function lastOfItsConnection(res: ServerResponse): void {
  if (!res.headersSent) res.setHeader('Connection', 'close');
}
