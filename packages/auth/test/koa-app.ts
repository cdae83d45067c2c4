/** A Koa application on a free port of the loopback, and a client that speaks to it over a socket. */
import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import type { Refusal } from '../src/index.js';

/** A running application: what it told its log, and where it listens. */
export interface RunningApp extends AsyncDisposable {
  readonly port: number;
  /** Every refusal the application was told of. */
  readonly refusals: Refusal[];
  /** Every error that Koa was given. */
  readonly errors: unknown[];
}

/** Starts an application; `Application` is Koa itself, of one version or another. */
export async function serve(
  configure: (app: Koa) => void,
  Application: typeof Koa = Koa,
): Promise<RunningApp> {
  const app = new Application();
  const refusals: Refusal[] = [];
  const errors: unknown[] = [];
  app.on('refusal', (refusal: Refusal) => refusals.push(refusal));
  app.on('error', (error: unknown) => errors.push(error));
  configure(app);
  const server = app.listen(0, '127.0.0.1');
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

/** What came back. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Every value of `WWW-Authenticate`, a header line each. */
  challenges: string[];
  body: string;
}

/** What is sent. */
export interface Question {
  method?: string;
  path?: string;
  headers?: Record<string, string | string[]>;
  body?: string;
}

/** One request on a connection of its own. */
export async function ask({ port }: RunningApp, question: Question = {}): Promise<Answer> {
  const { method = 'GET', path = '/', headers = {}, body } = question;
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const outgoing = request({
    host: '127.0.0.1',
    port,
    method,
    path,
    headers: { ...length, ...headers },
    agent: false,
  });
  outgoing.end(body);
  const [incoming] = await once(outgoing, 'response');
  let text = '';
  for await (const chunk of incoming.setEncoding('utf8')) text += chunk;
  const challenges: string[] = [];
  for (let i = 0; i < incoming.rawHeaders.length; i += 2) {
    if (incoming.rawHeaders[i].toLowerCase() === 'www-authenticate')
      challenges.push(incoming.rawHeaders[i + 1]);
  }
  return { status: incoming.statusCode, headers: incoming.headers, challenges, body: text };
}

/** A request with this `Authorization`. */
export function askAs(app: RunningApp, authorization: string, path = '/'): Promise<Answer> {
  return ask(app, { path, headers: { authorization } });
}

/** The value of `Authorization: Basic` for text, or for bytes that are none. */
export function basicValue(userPass: string | Buffer): string {
  return `Basic ${Buffer.from(userPass as string).toString('base64')}`;
}

/** The problem document of an answer, and proof that it is one. */
export function problemOf(answer: Answer): Record<string, unknown> {
  if (answer.headers['content-type'] !== 'application/problem+json') {
    throw new Error(
      `not a problem: ${answer.status} ${String(answer.headers['content-type'])} ${answer.body}`,
    );
  }
  return JSON.parse(answer.body) as Record<string, unknown>;
}
