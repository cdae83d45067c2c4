/** A client for the tests of an application: real requests to a running server, answers that are easy to compare. */
import type { RouteMethod } from '../routes/route.js';
import type { SchemaOutput, StandardSchema } from '../routes/standard-schema.js';
import { jsonAsExpected } from './expected-json.js';

/** Who asks, and what is sent along. */
export interface TestRequestOptions {
  /** Name and password, sent as `Authorization: Basic …` (RFC 7617, UTF-8). */
  readonly basic?: readonly [name: string, password: string] | undefined;
  /** A token, sent as `Authorization: Bearer …` (RFC 6750). */
  readonly bearer?: string | undefined;
  /** Header fields, which go over those the other options make. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Appended to the path; a list repeats its name. */
  readonly query?: Readonly<Record<string, QueryValue | readonly QueryValue[]>> | undefined;
  /** A body to send as JSON. One of `json`, `form` and `body`. */
  readonly json?: unknown;
  /** A body to send as an HTML form. */
  readonly form?: Readonly<Record<string, string>> | undefined;
  /** A body to send as it is; its type goes into `headers`. */
  readonly body?: string | Uint8Array | undefined;
  /**
   * What the JSON of a successful answer has to be, for example the `response` of the route: `json` is then what the schema
   * gives, and has its type. Any other answer rejects with an error that says what came.
   */
  readonly expects?: StandardSchema | undefined;
}

/** A value in a query. */
export type QueryValue = string | number | boolean;

/** An answer, read to its end. */
export interface TestResponse<Json = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** What the text is as JSON, where its media type says it is; else undefined. With `expects`, what that schema gives. */
  readonly json: Json;
}

/** What `json` of an answer is: known where the request says what it expects. */
export type TestJson<Options> = Options extends { readonly expects: infer Schema extends StandardSchema }
  ? SchemaOutput<Schema>
  : unknown;

/** Sends one request. */
export type TestRequest = <const Options extends TestRequestOptions>(
  path: string,
  options?: Options,
) => Promise<TestResponse<TestJson<Options>>>;

/** Sends requests to one server. Redirects are answers like any other, and cookies are not kept. */
export interface TestClient extends AsyncDisposable {
  /** Where the server listens for this client. */
  readonly url: string;
  readonly get: TestRequest;
  readonly post: TestRequest;
  readonly put: TestRequest;
  readonly patch: TestRequest;
  readonly delete: TestRequest;
  /** For the methods that have no function of their own. */
  request<const Options extends TestRequestOptions>(
    method: RouteMethod | 'HEAD' | 'OPTIONS',
    path: string,
    options?: Options,
  ): Promise<TestResponse<TestJson<Options>>>;
  /** The same server with these options in every request; the options of a request go over them, header by header. */
  with(options: Pick<TestRequestOptions, 'basic' | 'bearer' | 'headers'>): TestClient;
  /** Ends the server behind this client, once its requests are answered. */
  close(): Promise<void>;
}

/** A client for a server that runs at `url`. */
export function testClient(
  url: string,
  close: () => Promise<void>,
  always: TestRequestOptions = {},
): TestClient {
  const request = (async (method: string, path: string, options: TestRequestOptions = {}) =>
    send(url, method, path, options, headersOf(always))) as TestClient['request'];
  const verb =
    (method: RouteMethod): TestRequest =>
    (path, options) =>
      request(method, path, options);
  return Object.freeze({
    url,
    request,
    get: verb('GET'),
    post: verb('POST'),
    put: verb('PUT'),
    patch: verb('PATCH'),
    delete: verb('DELETE'),
    with: (options: TestRequestOptions) =>
      testClient(url, close, { headers: { ...headersOf(always), ...headersOf(options) } }),
    close,
    [Symbol.asyncDispose]: close,
  });
}

async function send(
  url: string,
  method: string,
  path: string,
  options: TestRequestOptions,
  always: Readonly<Record<string, string>>,
): Promise<TestResponse> {
  if (!path.startsWith('/')) throw new TypeError(`'${path}' is no path: it has to start with '/'.`);
  const { type, body } = payload(options);
  const response = await fetch(url + path + queryOf(options), {
    method,
    redirect: 'manual',
    headers: { ...(type === undefined ? {} : { 'content-type': type }), ...always, ...headersOf(options) },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const isJson = /^application\/(?:[^;]+\+)?json\b/i.test(response.headers.get('content-type') ?? '');
  const { status, headers } = response;
  const json: unknown = isJson && text !== '' ? JSON.parse(text) : undefined;
  const { expects } = options;
  if (expects === undefined) return { status, headers, text, json };
  const asked = `${method} ${path}`;
  return { status, headers, text, json: await jsonAsExpected(expects, { asked, status, json }) };
}

/** In small letters, so that one option goes over another. */
function headersOf({ basic, bearer, headers = {} }: TestRequestOptions): Record<string, string> {
  if (basic !== undefined && bearer !== undefined)
    throw new TypeError('basic and bearer are two ways to authenticate. Give one of them.');
  const fields: Record<string, string> = {};
  if (basic !== undefined)
    fields['authorization'] = `Basic ${Buffer.from(basic.join(':'), 'utf8').toString('base64')}`;
  if (bearer !== undefined) fields['authorization'] = `Bearer ${bearer}`;
  for (const [name, value] of Object.entries(headers)) fields[name.toLowerCase()] = value;
  return fields;
}

function payload({ json, form, body }: TestRequestOptions): {
  type?: string;
  body?: string | Uint8Array<ArrayBuffer>;
} {
  if ([json, form, body].filter((given) => given !== undefined).length > 1)
    throw new TypeError('json, form and body are three ways to send a body. Give one of them.');
  if (json !== undefined) return { type: 'application/json', body: JSON.stringify(json) };
  if (form !== undefined)
    return { type: 'application/x-www-form-urlencoded', body: new URLSearchParams(form).toString() };
  if (body === undefined) return {};
  return { body: typeof body === 'string' ? body : new Uint8Array(body) };
}

function queryOf({ query }: TestRequestOptions): string {
  if (query === undefined) return '';
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, String(one)]),
  );
  return `?${new URLSearchParams(pairs)}`;
}
