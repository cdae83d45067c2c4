/** Is the connection to the client encrypted, and if it does not look so, why? Credentials have no place on plain HTTP. */
import type { Socket } from 'node:net';
import type { Context } from 'koa';
import type { Failure } from './scheme.js';
import { SENTENCES } from './sentences.js';

/** What is wrong with a connection, and what to do about it. */
export interface InsecureConnection {
  readonly hint: string;
  readonly fix: string;
}

/** Options of schemes whose credentials anybody on the way could read and use. */
export interface InsecureHttpOptions {
  /**
   * Takes these credentials over plain HTTP from other machines, too: where a proxy in front does the TLS and does not say
   * so. Default false: over HTTPS, and from this machine to itself.
   */
  allowInsecureHttp?: boolean;
}

/**
 * Why credentials have no place on this connection; undefined where they have. Plain HTTP from this machine to itself is
 * accepted, as browsers do, unless it came through a proxy. Whether the client used HTTPS is what `ctx.secure` says, which
 * believes a proxy when `app.proxy` is on, and nobody else.
 */
export function insecureConnection(ctx: Context): InsecureConnection | undefined {
  if (ctx.secure) return undefined;
  if (!cameThroughProxy(ctx)) return isLocal(ctx.req.socket) ? undefined : PLAIN;
  return ctx.app.proxy ? PROXY_SAYS_HTTP : PROXY_NOT_TRUSTED;
}

/** What refuses credentials on plain HTTP, before they are read, unless they were allowed there. */
export type InsecureHttpGuard = (ctx: Context) => Failure | undefined;

/** @throws TypeError for what is neither true nor false: a setting that was misread would open the door. */
export function insecureHttpGuard({ allowInsecureHttp = false }: InsecureHttpOptions): InsecureHttpGuard {
  if (typeof allowInsecureHttp !== 'boolean') {
    throw new TypeError('the option allowInsecureHttp is true or false');
  }
  if (allowInsecureHttp) return () => undefined;
  return (ctx) => {
    const insecure = insecureConnection(ctx);
    return insecure === undefined || isAllowedIn(ctx) ? undefined : overPlainHttp(insecure);
  };
}

/**
 * Whether credentials have no place on the connection of a request, by the rule of all schemes: for whoever takes secrets
 * in another way than a scheme does, for example in a form (RFC 6749 §2.3.1).
 *
 * @example
 * ```ts
 * if (isInsecureConnection(ctx)) ctx.throw(403);
 * ```
 */
export function isInsecureConnection(ctx: Context): boolean {
  return insecureConnection(ctx) !== undefined && !isAllowedIn(ctx);
}

/** Credentials that must not travel on this connection. They were not read. */
export function overPlainHttp(words: InsecureConnection): Failure {
  return Object.freeze({
    failed: true,
    status: 403,
    error: 'insecure_connection',
    description: SENTENCES.needsHttps,
    code: 'insecure_connection',
    ...words,
  });
}

const PLAIN: InsecureConnection = Object.freeze({
  hint: 'The request came over plain HTTP, where anybody on the way can read its credentials, and a Secure cookie is neither sent nor kept.',
  fix: 'Serve it over HTTPS. Behind a proxy that ends TLS, let the proxy set X-Forwarded-Proto and set app.proxy = true.',
});

const PROXY_NOT_TRUSTED: InsecureConnection = Object.freeze({
  hint: 'The request came over plain HTTP from a proxy, whose word about HTTPS Koa does not take: app.proxy is false.',
  fix: 'Set app.proxy = true, if every request comes through that proxy and it replaces X-Forwarded-Proto. With @tokenwright/server name the proxy in .security({ trustedProxies }).',
});

const PROXY_SAYS_HTTP: InsecureConnection = Object.freeze({
  hint: 'app.proxy is true, and X-Forwarded-Proto does not say https: the client came over plain HTTP, or the proxy does not tell.',
  fix: 'Redirect browsers to HTTPS, and let the proxy set X-Forwarded-Proto: https on what came over TLS.',
});

/** The marks of a proxy. They are taken for an explanation only, never for a proof of HTTPS. */
function cameThroughProxy(ctx: Context): boolean {
  const { headers } = ctx.req;
  return ['x-forwarded-proto', 'x-forwarded-for', 'forwarded'].some((name) => headers[name] !== undefined);
}

/** From this machine to itself: both ends are loopback, or a Unix socket, which has no addresses while it is open. */
function isLocal({ remoteAddress, localAddress, destroyed }: Socket): boolean {
  if (remoteAddress === undefined && localAddress === undefined) return !destroyed;
  return [remoteAddress, localAddress].every((address) =>
    /^(?:(?:::ffff:)?127\.\d+\.\d+\.\d+|::1)$/.test(address ?? ''),
  );
}

/** Set on an application by a host whose listeners were told so; `@tokenwright/server` does. */
const ALLOWED = Symbol.for('tokenwright.allowInsecureHttp');

function isAllowedIn(ctx: Context): boolean {
  return (ctx.app as { [ALLOWED]?: unknown })[ALLOWED] === true;
}
