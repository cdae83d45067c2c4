/** Makes the Node server behind an address: plain or TLS, with every limit Node has set on purpose. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server as HttpServer, type RequestListener, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { SecureContextOptions, TlsOptions, Server as TlsServer } from 'node:tls';
import type { Logger } from 'pino';
import type { TlsContext } from '../certificates/tls-material.js';
import type { Limits } from '../runtime.js';
import { type Arrival, noteArrival } from './arrival.js';
import type { ClientCertificates } from './client-certificates.js';
import { clientErrorListener } from './client-error.js';
import { Connections } from './connections.js';
import { answerExpectations } from './expectations.js';
import { StandingResponse } from './standing-headers.js';

/** How often, at most, the log says the same of connections that were not taken (ms). */
const REPORTED_EVERY = 10_000;

/** A Node server and the book of its connections. */
export interface NodeServer {
  readonly server: HttpServer;
  readonly connections: Connections;
  /** Takes another certificate; connections that are open keep theirs. Only with TLS. */
  renew(context: TlsContext): void;
}

/** What a server is made of. */
export interface NodeServerParts {
  readonly handler: RequestListener;
  readonly limits: Limits;
  readonly log: Logger;
  readonly arrival: Arrival;
  readonly tls: TlsContext | undefined;
  readonly clientCertificates: ClientCertificates | undefined;
}

/** Makes a server that does not listen yet. */
export function createNodeServer(parts: NodeServerParts): NodeServer {
  const { handler, limits, log, arrival, tls, clientCertificates } = parts;
  const options = serverOptions(limits);
  const ownSessions = sessionContext(clientCertificates);
  const server =
    tls === undefined
      ? createServer(options, handler)
      : createTlsServer(
          {
            ...options,
            ...secureContext(tls, clientCertificates),
            ...ownSessions,
            ...clientOptions(clientCertificates),
            handshakeTimeout: limits.handshakeTimeout,
          },
          handler,
        );
  answerExpectations(server);
  server.maxHeadersCount = limits.maxHeaderCount + 1;
  server.maxConnections = limits.maxConnections;
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) =>
    noteArrival(socket, arrival),
  );
  const connections = new Connections(server, tls !== undefined);
  server.setTimeout(limits.writeTimeout, (socket) => connections.endIdle(socket));
  server.on(
    'clientError',
    clientErrorListener(log, (socket) => connections.answered(socket)),
  );
  server.on('tlsClientError', (error: Error) => log.debug({ reason: error.message }, 'TLS handshake failed'));
  reportDrops(server, limits, log);
  reportFailures(server, log);
  const renew = (context: TlsContext) => {
    const renewed: TlsOptions = { ...secureContext(context, clientCertificates), ...ownSessions };
    (server as unknown as TlsServer).setSecureContext(renewed);
  };
  return { server, connections, renew };
}

function serverOptions(limits: Limits): ServerOptions {
  const { requestTimeout, headersTimeout, keepAliveTimeout, maxHeaderSize } = limits;
  return {
    requestTimeout,
    headersTimeout,
    keepAliveTimeout,
    maxHeaderSize,
    // Node looks for late clients at this interval only; its default of 30 s would make the other bounds a fiction.
    connectionsCheckingInterval: Math.max(50, Math.min(headersTimeout / 4, 2_000)),
    insecureHTTPParser: false,
    ServerResponse: StandingResponse,
    // The guard refuses a missing Host itself, with a problem document.
    requireHostHeader: false,
  };
}

/** Everything that a renewal has to set again. */
function secureContext(tls: TlsContext, clients: ClientCertificates | undefined): SecureContextOptions {
  return {
    ...tls,
    minVersion: 'TLSv1.2',
    ...(clients === undefined ? {} : { ca: [...clients.ca] }),
  };
}

function clientOptions(clients: ClientCertificates | undefined): object {
  if (clients === undefined) return {};
  return {
    requestCert: true,
    rejectUnauthorized: clients.required,
  };
}

/**
 * A session that began on another listener brings a certificate this one never looked at (CVE-2025-23419). Without one
 * of its own, a listener has that of the process; a renewal would bring it back to that.
 */
function sessionContext(clients: ClientCertificates | undefined): Pick<TlsOptions, 'sessionIdContext'> {
  return clients === undefined ? {} : { sessionIdContext: randomBytes(16).toString('hex') };
}

function reportDrops(server: HttpServer, { maxConnections }: Limits, log: Logger): void {
  const warn = seldom(() =>
    log.warn({ maxConnections }, 'connections are turned away: there are maxConnections already'),
  );
  server.on('drop', warn);
}

/**
 * Out of files or memory, the system refuses to hand over a connection. Without a listener Node would end the process for
 * it, and with it every request in flight. Before it listens, whoever binds the server is told.
 */
function reportFailures(server: HttpServer, log: Logger): void {
  const write = seldom((err: unknown) =>
    log.error({ err }, 'connections cannot be taken: see whether the machine has files and memory left'),
  );
  server.on('error', (error) => {
    if (server.listening) write(error);
  });
}

/** Calls it at once, and then not again for a while: what fails for one connection fails for the next thousand. */
function seldom<Args extends unknown[]>(act: (...args: Args) => void): (...args: Args) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (...args) => {
    const now = performance.now();
    if (now - last < REPORTED_EVERY) return;
    last = now;
    act(...args);
  };
}
