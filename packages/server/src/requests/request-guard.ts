/** Refuses what Node lets through: ambiguous or foreign `Host`, ambiguous length, long or odd targets, too many fields. */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Context } from 'koa';
import { type Arrival, arrivalOf } from '../listeners/arrival.js';
import type { Limits } from '../runtime.js';
import { isForUs } from './host-names.js';
import { refuse } from './refusals.js';

/** `uri-host [ ":" port ]` (RFC 9110 §7.2): no user information, no path. */
const HOST = /^(?:\[[0-9a-f:.]+\]|[a-z0-9._~%!$&'()*+,;=-]*)(?::\d*)?$/i;

/**
 * Makes the guard: it tells whether a request may pass, and answers those that may not. `hosts` are the names the server
 * answers for, if it has its own.
 */
export function requestGuard(
  { maxHeaderCount, maxUrlLength }: Limits,
  hosts: readonly string[] | undefined,
): (ctx: Context) => boolean {
  // Nearly all requests of a listener name the same host, and what was found good is good again.
  let good: { readonly host: string; readonly arrival: Arrival } | undefined;
  return (ctx) => {
    const { req } = ctx;
    if (condemned.has(req.socket)) return neverMind(ctx);
    if (req.rawHeaders.length > maxHeaderCount * 2) {
      // Node drops fields beyond its own bound without a word, and Authorization could be among them.
      return refused(ctx, 431, `A request may have ${maxHeaderCount} header fields at most.`);
    }
    if ((req.url?.length ?? 0) > maxUrlLength)
      return refused(ctx, 414, `A path with its query may have ${maxUrlLength} bytes at most.`);
    const { host, expect } = req.headers;
    const arrival = arrivalOf(req.socket);
    const known = good !== undefined && host === good.host && arrival === good.arrival;
    const detail = hostProblem(req, known) ?? targetProblem(req) ?? codingProblem(req);
    if (detail !== undefined) return refusedAsLast(ctx, detail);
    if (!known) {
      if (!HOST.test(ctx.host)) return refused(ctx, 400, 'The forwarded host is malformed.');
      if (!isForUs(ctx, hosts)) return refused(ctx, 421, 'This server does not answer for that host.');
      // Behind a proxy the host is another field's.
      if (host !== undefined && !ctx.app.proxy) good = { host, arrival };
    }
    return expect === undefined || expect.toLowerCase() === '100-continue' || refusedExpectation(ctx);
  };
}

function refused(ctx: Context, status: number, detail: string): false {
  refuse(ctx, status, { detail });
  return false;
}

/** Connections on which a request was ambiguous: where the next one begins is a matter of belief (RFC 9112 §11.2). */
const condemned = new WeakSet<Socket>();

/** Refuses a request and all that its connection still brings, some of which Node has parsed already. */
function refusedAsLast(ctx: Context, detail: string): false {
  condemned.add(ctx.req.socket);
  ctx.set('Connection', 'close');
  return refused(ctx, 400, detail);
}

/** A client that hears no may send its body or not, so nothing can follow on its connection. */
function refusedExpectation(ctx: Context): false {
  ctx.set('Connection', 'close');
  return refused(ctx, 417, 'The only expectation is 100-continue.');
}

/** Leaves a request without an answer: the connection ends with the one before it. */
function neverMind(ctx: Context): false {
  ctx.respond = false;
  return false;
}

/** Exactly one Host in HTTP/1.1 (RFC 9112 §3.2); Node takes the first of several. */
function hostProblem(req: IncomingMessage, known: boolean): string | undefined {
  const count = hostCount(req.rawHeaders);
  if (count > 1) return 'A request must have one Host header field only.';
  if (count === 0) return req.httpVersion === '1.1' ? 'A request must have a Host header field.' : undefined;
  return known || HOST.test(req.headers.host ?? '') ? undefined : 'The Host header field is malformed.';
}

/** `rawHeaders` alternates names and values. */
function hostCount(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}

/** Origin form only (RFC 9112 §3.2.1), and `*` for OPTIONS: this server is no proxy. */
function targetProblem(req: IncomingMessage): string | undefined {
  if (req.url?.startsWith('/') || (req.url === '*' && req.method === 'OPTIONS')) return undefined;
  return 'The request target must be a path.';
}

/** With any other coding the length of the body is unknown (RFC 9112 §6.3): Node sees that only after the header. */
function codingProblem(req: IncomingMessage): string | undefined {
  const coding = req.headers['transfer-encoding'];
  if (coding === undefined || coding.toLowerCase() === 'chunked') return undefined;
  return 'The only transfer coding is chunked.';
}
