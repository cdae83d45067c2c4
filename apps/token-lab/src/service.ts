/** The requests of the lab: to the service as any client sends them, and to the lab's own two endpoints. */
import type { Explanation } from '@tokenwright/jwt';
import { basicCredentials } from './base64url.ts';
import type { ServerFault } from './breakers.ts';
import type { Settings } from './settings.ts';

/** A header field: name and value. */
export type Field = readonly [name: string, value: string];

/** A request as it is shown: no password in it. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly fields: readonly Field[];
  /** The bearer token that was sent. */
  readonly token?: string;
}

/** A response as it is shown. */
export interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly fields: readonly Field[];
  readonly body: string;
  /** The token it brought. */
  readonly token?: string;
}

/** A request with its answer; without one when the server could not be reached. */
export interface Roundtrip {
  readonly request: SentRequest;
  readonly answer: Answer | undefined;
}

/** The report on a token, or why there is none. */
export type Report = { readonly explanation: Explanation } | { readonly refused: string };

/** What else is asked about a token. */
export interface Question {
  /** Whether it is to be renewed. */
  readonly renewed?: boolean;
  /** Claims that it should hold by now. */
  readonly expects?: Readonly<Record<string, unknown>>;
}

const SHOWN_FIELDS = ['www-authenticate', 'content-type', 'cache-control', 'x-request-id'];
const NO_ANSWER = 'The server did not answer. Is it still running?';

/** Talks to the service. */
export class Service {
  readonly #paths: Settings['paths'];

  constructor({ paths }: Settings) {
    this.#paths = paths;
  }

  issue(user: string, password: string): Promise<Roundtrip> {
    const shown: Field = ['Authorization', `Basic ${user}:•••••• in base64`];
    return send('POST', this.#paths.issue, `Basic ${basicCredentials(user, password)}`, { fields: [shown] });
  }

  use(token: string | undefined): Promise<Roundtrip> {
    return withToken('GET', this.#paths.use, token);
  }

  renew(token: string | undefined): Promise<Roundtrip> {
    const { renew } = this.#paths;
    if (renew === false) throw new TypeError('This service renews no token.');
    return withToken('POST', renew, token);
  }

  /** Why the service decides as it does on a token, or on none. */
  async explain(token: string | undefined, question: Question = {}): Promise<Report> {
    const answer = await ask('/lab/explain', { token, ...question });
    return 'refused' in answer ? answer : { explanation: answer.body as Explanation };
  }

  /** A token with a fault that takes a key to make. */
  async broken(token: string, fault: ServerFault): Promise<{ token: string } | { refused: string }> {
    const answer = await ask('/lab/broken', { token, fault });
    return 'refused' in answer ? answer : { token: (answer.body as { token: string }).token };
  }
}

function withToken(method: string, path: string, token: string | undefined): Promise<Roundtrip> {
  if (token === undefined) return send(method, path, undefined, { fields: [] });
  return send(method, path, `Bearer ${token}`, { fields: [], token });
}

/** `credentials: 'omit'`: no cookie is sent, and the browser answers no challenge with a password box of its own. */
async function send(
  method: string,
  path: string,
  authorization: string | undefined,
  shown: Pick<SentRequest, 'fields' | 'token'>,
): Promise<Roundtrip> {
  const request = { method, path, ...shown };
  const headers = {
    'Token-Lab': '1',
    ...(authorization === undefined ? {} : { Authorization: authorization }),
  };
  try {
    const response = await fetch(path, { method, headers, credentials: 'omit', cache: 'no-store' });
    return { request, answer: await read(response) };
  } catch {
    return { request, answer: undefined };
  }
}

async function read(response: Response): Promise<Answer> {
  const body = await response.text();
  const fields = SHOWN_FIELDS.flatMap((name): Field[] => {
    const value = response.headers.get(name);
    return value === null ? [] : [[title(name), value]];
  });
  const token = response.ok ? accessToken(body) : undefined;
  const { status, statusText: reason } = response;
  return { status, reason, fields, body, ...(token === undefined ? {} : { token }) };
}

function accessToken(body: string): string | undefined {
  try {
    const { access_token: token } = JSON.parse(body) as { access_token?: unknown };
    return typeof token === 'string' ? token : undefined;
  } catch {
    return undefined;
  }
}

async function ask(path: string, body: object): Promise<{ body: unknown } | { refused: string }> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      credentials: 'omit',
    });
    const json: unknown = await response.json();
    if (response.ok) return { body: json };
    return { refused: (json as { detail?: string }).detail ?? `The server answered ${response.status}.` };
  } catch {
    return { refused: NO_ANSWER };
  }
}

function title(name: string): string {
  return name
    .replaceAll(/(^|-)([a-z])/g, (letters) => letters.toUpperCase())
    .replace('Www', 'WWW')
    .replace('-Id', '-ID');
}
