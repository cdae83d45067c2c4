/** Which pages of other origins may read the answers (CORS, Fetch standard §3.2), through @koa/cors. */
import cors from '@koa/cors';
import type { Middleware } from 'koa';
import { type Duration, milliseconds } from '../duration.js';
import { refuseUnknownOptions } from '../nearest-name.js';

/** Options of `.security({ cors })`. */
export interface CorsOptions {
  /** The origins, each exactly as a browser sends it (`'https://app.example'`), or `'*'` for all. */
  readonly origins: readonly string[] | '*';
  /** Whether cookies and client certificates may come along. Needs origins that are named. Default false. */
  readonly credentials?: boolean | undefined;
  /** Default GET, HEAD, POST, PUT, PATCH, DELETE. */
  readonly methods?: readonly string[] | undefined;
  /** The request headers a page may set. Default `Authorization` and `Content-Type`. */
  readonly allowHeaders?: readonly string[] | undefined;
  /** The response headers a page may read. Default `X-Request-Id` and `WWW-Authenticate`. */
  readonly exposeHeaders?: readonly string[] | undefined;
  /** How long a browser may remember a preflight. Default `'10m'`. */
  readonly maxAge?: Duration | undefined;
}

const OPTIONS = ['origins', 'credentials', 'methods', 'allowHeaders', 'exposeHeaders', 'maxAge'];
/** A token of RFC 9110 §5.6.2: a method or the name of a header field. */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

/**
 * Checks the options.
 *
 * @throws TypeError for `'*'` with credentials, for an origin that no browser sends or that many pages share (`'null'`),
 * and for what is no method or header name
 */
export function checkCors(options: CorsOptions): CorsOptions {
  const where = '.security(): cors';
  refuseUnknownOptions(options, OPTIONS, where);
  const { origins, credentials, methods = [], allowHeaders = [], exposeHeaders = [], maxAge } = options;
  if (origins === '*' || (Array.isArray(origins) && origins.includes('*'))) {
    if (credentials === true) {
      throw new TypeError(
        `${where}: origins '*' with credentials would let every page on the Internet act as the user. Name the origins.`,
      );
    }
    if (origins !== '*') throw new TypeError(`${where}: write origins: '*' alone, or name the origins.`);
  } else checkOrigins(origins, where);
  for (const name of [...methods, ...allowHeaders, ...exposeHeaders]) {
    if (typeof name === 'string' && TOKEN.test(name) && name !== '*') continue;
    throw new TypeError(`${where}: ${JSON.stringify(name)} is no name of a method or a header.`);
  }
  if (maxAge !== undefined) milliseconds(maxAge, `${where}.maxAge`);
  return Object.freeze({ ...options });
}

/** The middleware. An origin that is not listed gets the answer without a word of CORS, which its browser then hides. */
export function crossOrigin(options: CorsOptions): Middleware {
  const { origins, credentials = false, maxAge = '10m' } = options;
  const listed = new Set(origins === '*' ? [] : origins);
  return cors({
    origin: (ctx) => {
      if (origins === '*') return '*';
      const origin = ctx.get('Origin');
      return listed.has(origin) ? origin : '';
    },
    credentials,
    allowMethods: [...(options.methods ?? ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])],
    allowHeaders: [...(options.allowHeaders ?? ['Authorization', 'Content-Type'])],
    exposeHeaders: [...(options.exposeHeaders ?? ['X-Request-Id', 'WWW-Authenticate'])],
    maxAge: Math.round(milliseconds(maxAge, 'maxAge') / 1_000),
    // The answer to an error keeps these headers by itself; @koa/cors would hang them on the thrown object.
    keepHeadersOnError: false,
  });
}

function checkOrigins(origins: readonly string[], where: string): void {
  if (!Array.isArray(origins) || origins.length === 0)
    throw new TypeError(`${where}: origins is missing. Give a list, as ['https://app.example'], or '*'.`);
  for (const origin of origins) {
    if (
      !String(origin).includes('*') &&
      URL.canParse(origin) &&
      new URL(origin).origin === origin &&
      /^https?:/.test(origin)
    )
      continue;
    throw new TypeError(
      `${where}: ${JSON.stringify(origin)} is no origin. Write scheme, host and a port that is not the usual one, as 'https://app.example'.`,
    );
  }
}
