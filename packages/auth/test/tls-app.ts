/** A Koa application behind HTTPS, plain node:https around its callback, and clients with and without certificates. */
import { once } from 'node:events';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type ConnectionOptions, connect } from 'node:tls';
import Koa from 'koa';
import type { Refusal } from '../src/index.js';
import type { Identity } from './certificates.ts';
import type { Answer, RunningApp } from './koa-app.ts';
import { parseAnswers } from './raw-request.ts';

/** Starts an application over TLS. */
export async function serveTls(configure: (app: Koa) => void, tls: ServerOptions): Promise<RunningApp> {
  const app = new Koa();
  const refusals: Refusal[] = [];
  const errors: unknown[] = [];
  app.on('refusal', (refusal: Refusal) => refusals.push(refusal));
  app.on('error', (error: unknown) => errors.push(error));
  configure(app);
  const server = createServer(tls, app.callback()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    refusals,
    errors,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An answer over TLS, and what a later connection can be resumed with. */
export interface TlsAnswer extends Answer {
  /** Whether the connection was a resumed one. */
  readonly resumed: boolean;
  readonly session: Buffer | undefined;
}

/** The certificate that a client shows, with the intermediates it sends. */
export function shown(client: Identity, ...intermediates: Identity[]): ConnectionOptions {
  return { key: client.key, cert: [client, ...intermediates].map(({ cert }) => cert).join('') };
}

/** One request on a connection of its own. The server's certificate is not what is tested. */
export async function askTls(
  app: RunningApp,
  options: ConnectionOptions = {},
  {
    headers = {},
    method = 'GET',
    path = '/',
  }: { headers?: Record<string, string>; method?: string; path?: string } = {},
): Promise<TlsAnswer> {
  const socket = connect({
    port: app.port,
    host: '127.0.0.1',
    servername: 'localhost',
    rejectUnauthorized: false,
    ...options,
  });
  let session: Buffer | undefined;
  let resumed = false;
  let received = '';
  socket.on('secureConnect', () => {
    resumed = socket.isSessionReused();
  });
  socket.on('session', (ticket) => {
    session = ticket;
  });
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    received += chunk;
  });
  const lines = Object.entries({ host: 'localhost', connection: 'close', ...headers });
  socket.write(
    `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
    'latin1',
  );
  await once(socket, 'close');
  const [answer] = parseAnswers(received);
  if (answer === undefined) throw new Error(`no HTTP answer: ${JSON.stringify(received)}`);
  return { ...answer, resumed, session };
}
