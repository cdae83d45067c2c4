/** One HTTP request at a time: bounded in time and size, no redirect is followed, and a CA of one's own can be trusted. */
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import { rootCertificates } from 'node:tls';
import { unreachable, usage } from '../failure.js';

/** What is sent. */
export interface RequestOptions {
  readonly method?: string;
  /** Names and values in turn, so that a name can stand twice and be written in any case. */
  readonly headers?: readonly string[];
  readonly body?: string;
  /** Certificate authorities trusted beside the usual ones, as PEM. */
  readonly ca?: string | undefined;
  /** The longest that it may take, in milliseconds. Default 10,000. */
  readonly timeout?: number;
  /** The most bytes of the body that are read. Default 524,288. */
  readonly maxBytes?: number;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  /** Names in lower case, with every value in the order they came. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** Read up to the bound. */
  readonly body: Buffer;
  /** Whether the body was longer than the bound. */
  readonly cut: boolean;
}

/** Sends a request. @throws what Node.js throws, with its `code`; an error with the code ETIMEDOUT after the time. */
export async function send(url: URL, options: RequestOptions = {}): Promise<Answer> {
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const { method = 'GET', headers = [], body, ca, timeout = 10_000, maxBytes = 524_288 } = options;
  const signal = AbortSignal.timeout(timeout);
  const withHost = headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'host')
    ? headers
    : ['Host', url.host, ...headers];
  const sent = request(url, {
    method,
    headers: [...withHost, 'Connection', 'close'] as unknown as Record<string, string>,
    signal,
    agent: false,
    ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
    ...(isIPv6(url.hostname.replace(/[[\]]/g, '')) ? { servername: '' } : {}),
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sent.on('error', reject).on('response', resolve);
  });
  sent.end(body);
  try {
    const response = await answered;
    return {
      status: response.statusCode ?? 0,
      headers: headersOf(response),
      ...(await bodyOf(response, maxBytes)),
    };
  } catch (error) {
    if (!signal.aborted) throw error;
    throw Object.assign(new Error('timed out', { cause: error }), { code: 'ETIMEDOUT' });
  } finally {
    sent.destroy();
  }
}

/** The URL of an argument. @throws Failure for what is none, and for http to another machine: it would show the token to all between. */
export function urlFrom(text: string, what: string): URL {
  if (!URL.canParse(text)) throw usage(`${what} is no URL.`, 'Give it whole: https://localhost:5000/secure');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw usage(`${what} is neither https nor http.`, 'Give it whole: https://localhost:5000/secure');
  }
  if (url.username !== '' || url.password !== '') {
    throw usage(`${what} has a name or password in it.`, 'Leave them out.');
  }
  if (url.protocol === 'http:' && !isLoopback(url)) {
    throw usage(`${what} is http to another machine, and would show the token to all between.`, 'Use https.');
  }
  return url;
}

/** Whether the host is this machine. Names that merely resolve to it do not count. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** The certificates in a file. @throws Failure when it cannot be read or has none. */
export async function readCa(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const file = path.replace(/^@/, '');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw unreachable(
      `The file of --ca ${file} cannot be read (${error.code ?? 'unknown'}).`,
      'Check the path.',
    );
  });
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw usage(`The file of --ca ${file} has no certificate in it.`, 'Give the CA as PEM.');
}

function headersOf({ rawHeaders }: IncomingMessage): ReadonlyMap<string, readonly string[]> {
  const headers = new Map<string, string[]>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), rawHeaders[index + 1] ?? '']);
  }
  return headers;
}

async function bodyOf(
  response: AsyncIterable<Buffer>,
  maxBytes: number,
): Promise<Pick<Answer, 'body' | 'cut'>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    chunks.push(chunk);
    if (size > maxBytes) return { body: Buffer.concat(chunks).subarray(0, maxBytes), cut: true };
  }
  return { body: Buffer.concat(chunks), cut: false };
}
