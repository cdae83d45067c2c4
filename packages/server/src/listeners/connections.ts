/** The connections of one Node server: which are open, which have a request in flight, and how they end. */
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * How long (ms) a close waits for a handshake that goes on, and then for the first request of a connection that has
 * never sent one.
 */
const FIRST_REQUEST = 1_000;

/** Follows the connections of a server from its creation, so that closing it loses no accepted request. */
export class Connections {
  readonly #server: HttpServer;
  readonly #open = new Set<Socket>();
  /** The sockets requests come from: for TLS not the same objects as the accepted ones. */
  readonly #speaking = new Set<Socket>();
  readonly #inFlight = new Map<Duplex, ServerResponse>();
  /** One listener for all responses: nothing is made for each. */
  readonly #ended: (this: ServerResponse) => void;
  #closing = false;

  constructor(server: HttpServer, secure: boolean) {
    this.#server = server;
    const end = (res: ServerResponse) => this.#end(res);
    this.#ended = function ended() {
      end(this);
    };
    server.on('connection', (socket: Socket) => follow(this.#open, socket));
    server.on(secure ? 'secureConnection' : 'connection', (socket: Socket) => this.#speak(socket));
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
    for (const socket of this.#speaking) this.#awaitRequest(socket);
    const unfinished = afterFirstRequest(() => this.#destroyHandshakes());
    const late = setTimeout(() => {
      cut = this.#inFlight.size;
      this.destroy();
    }, timeout);
    await stopped;
    clearTimeout(unfinished);
    clearTimeout(late);
    return cut;
  }

  /**
   * Ends a connection on which nothing has moved for its time: one without a request, and one whose client does not read
   * what waits for it. A handler may take its time, and what has come while the process stood still counts as in time.
   */
  endIdle(socket: Socket): void {
    const { bytesRead, writableLength } = socket;
    setImmediate(() => {
      const unread = writableLength > 0 && socket.writableLength === writableLength;
      const idle = !this.#inFlight.has(socket) && socket.bytesRead === bytesRead;
      if (unread || idle) socket.destroy();
    });
  }

  /** Ends a start that failed: whoever has connected meanwhile is cut, for nobody will answer. */
  abandon(): Promise<void> {
    const stopped = closed(this.#server);
    this.destroy();
    return stopped;
  }

  /** Cuts every connection at once. */
  destroy(): void {
    for (const socket of this.#speaking) socket.destroy();
    for (const socket of this.#open) socket.destroy();
  }

  #speak(socket: Socket): void {
    follow(this.#speaking, socket);
    if (this.#closing) this.#awaitRequest(socket);
  }

  /** During a close: ends a connection that stays silent. */
  #awaitRequest(socket: Socket): void {
    const silent = afterFirstRequest(() => {
      if (!this.#inFlight.has(socket)) socket.destroy();
    });
    socket.once('close', () => clearTimeout(silent));
  }

  /** Whoever has not finished a TLS handshake by now was never accepted: nothing of theirs is lost. */
  #destroyHandshakes(): void {
    const speaking = new Set([...this.#speaking].map(endsOf));
    for (const socket of this.#open) if (!speaking.has(endsOf(socket))) socket.destroy();
  }

  #begin(req: IncomingMessage, res: ServerResponse): void {
    const { socket } = req;
    this.#inFlight.set(socket, res);
    if (this.#closing) lastOfItsConnection(res);
    res.on('close', this.#ended);
  }

  #end(res: ServerResponse): void {
    const { socket } = res.req;
    if (this.#inFlight.get(socket) === res) this.#inFlight.delete(socket);
    // An answer that had begun before the close said nothing of closing its connection.
    if (this.#closing) setImmediate(() => this.#server.closeIdleConnections());
  }
}

/** One more look at the network first: what has come while the process was busy counts as in time. */
function afterFirstRequest(act: () => void): NodeJS.Timeout {
  return setTimeout(() => setImmediate(act), FIRST_REQUEST);
}

/** Names a connection: a TLS socket and the accepted one beneath it are two objects with the same ends. */
function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return [remoteAddress, remotePort, localAddress, localPort].join();
}

/** Stops listening; resolves when the address is free again and the last connection has ended. */
function closed(server: HttpServer): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function follow(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
}

function lastOfItsConnection(res: ServerResponse): void {
  if (!res.headersSent) res.setHeader('Connection', 'close');
}
