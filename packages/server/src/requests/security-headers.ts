/** The headers that tell a browser what it must not do: helmet's, worked out once, and HSTS (RFC 6797) over HTTPS. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet, { type HelmetOptions } from 'helmet';
import type { Context } from 'koa';
import { arrivalOf } from '../listeners/arrival.js';
import { REQUEST_ID, StandingHeaders, StandingResponse } from '../listeners/standing-headers.js';

/** Options of helmet. `strictTransportSecurity` is sent over HTTPS only, and never with a development certificate. */
export type HeaderOptions = Readonly<HelmetOptions>;

/** Header fields, by where they are sent. */
export interface SecurityHeaders {
  readonly always: readonly (readonly [name: string, value: string])[];
  readonly contentSecurityPolicy: string | undefined;
  readonly strictTransportSecurity: string | undefined;
}

const CSP = 'Content-Security-Policy';
const HSTS = 'Strict-Transport-Security';
/** A page over plain HTTP would ask for its own files over an HTTPS that is not there. */
const UPGRADE = /;?upgrade-insecure-requests/;

/**
 * Asks helmet for its headers. They are the same in every answer, so helmet runs once and not in each request.
 *
 * @throws TypeError for options helmet refuses, and for a directive that is a function: its value would change by request
 */
export function securityHeaders(options: HeaderOptions): SecurityHeaders {
  if (typeof options !== 'object' || options === null)
    throw new TypeError('.security(): headers takes options of helmet, or false.');
  refuseFunctions(options);
  const fields = new Map<string, string>();
  const response = {
    setHeader: (name: string, value: string) => fields.set(name, value),
    removeHeader: () => undefined,
  };
  let failure: unknown;
  try {
    helmet(options)({} as IncomingMessage, response as unknown as ServerResponse, (error) => {
      failure = error;
    });
  } catch (error) {
    failure = error;
  }
  if (failure !== undefined)
    throw new TypeError(`.security(): headers: ${(failure as Error).message}`, { cause: failure });
  return Object.freeze({
    always: [...fields].filter(([name]) => name !== CSP && name !== HSTS),
    contentSecurityPolicy: fields.get(CSP),
    strictTransportSecurity: fields.get(HSTS),
  });
}

/**
 * Makes what gives an answer its id and its security headers, before anything else answers; a handler that sets one of them
 * has the last word. Without `headers` it is the id alone.
 */
export function standingHeaders(
  headers: SecurityHeaders | undefined,
): (ctx: Context, requestId: string) => void {
  const plain = new StandingHeaders(fieldsOf(headers, { secure: false, strict: false }));
  const secure = new StandingHeaders(fieldsOf(headers, { secure: true, strict: false }));
  const strict = new StandingHeaders(fieldsOf(headers, { secure: true, strict: true }));
  return (ctx, requestId) => {
    const { req, res } = ctx;
    // A browser that learned HSTS from a development certificate would refuse plain HTTP on localhost for a year.
    const fields = !ctx.secure ? plain : arrivalOf(req.socket).development ? secure : strict;
    if (res instanceof StandingResponse) return res.stand(fields, requestId);
    // Through `callback()`: the Node server is somebody else's.
    res.setHeader(REQUEST_ID, requestId);
    for (const [name, value] of fields.fields) res.setHeader(name, value);
  };
}

function fieldsOf(
  headers: SecurityHeaders | undefined,
  over: { readonly secure: boolean; readonly strict: boolean },
): [name: string, value: string][] {
  if (headers === undefined) return [];
  const { always, contentSecurityPolicy: policy, strictTransportSecurity: strict } = headers;
  const fields = always.map(([name, value]): [string, string] => [name, value]);
  if (policy !== undefined) fields.push([CSP, over.secure ? policy : policy.replace(UPGRADE, '')]);
  if (over.strict && strict !== undefined) fields.push([HSTS, strict]);
  return fields;
}

/** Whether a field outlives an error: it says nothing of the answer that failed. */
export function isSecurityHeader(name: string): boolean {
  return (
    SECURITY.has(name) || name.startsWith('access-control-allow-') || name === 'access-control-expose-headers'
  );
}

const SECURITY: ReadonlySet<string> = new Set([
  'content-security-policy',
  'content-security-policy-report-only',
  'cross-origin-embedder-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'origin-agent-cluster',
  'referrer-policy',
  'strict-transport-security',
  'x-content-type-options',
  'x-dns-prefetch-control',
  'x-download-options',
  'x-frame-options',
  'x-permitted-cross-domain-policies',
  'x-xss-protection',
  // Without it a cache gives the answer for one origin to another (Fetch standard, CORS protocol and HTTP caches).
  'vary',
]);

function refuseFunctions({ contentSecurityPolicy: policy }: HeaderOptions): void {
  const directives = typeof policy === 'object' ? Object.values(policy.directives ?? {}) : [];
  const sources = directives.flatMap((value): unknown[] =>
    typeof value === 'object' && value !== null && Symbol.iterator in value ? [...value] : [value],
  );
  if (!sources.some((source) => typeof source === 'function')) return;
  throw new TypeError(
    `.security(): headers: a directive is a function. Set ${CSP} in the handler that needs a value of its own.`,
  );
}
