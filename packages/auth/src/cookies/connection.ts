/** Is the connection to the browser encrypted, and if it does not look so, why? */
import type { Context } from 'koa';

/** What is wrong with a connection, and what to do about it. */
export interface InsecureConnection {
  readonly hint: string;
  readonly fix: string;
}

/**
 * Why a `Secure` cookie has no place on this connection; undefined where it has. Plain HTTP from this machine to itself
 * is accepted, as browsers do, unless it came through a proxy.
 */
export function insecureConnection(ctx: Context): InsecureConnection | undefined {
  if (ctx.secure) return undefined;
  if (!cameThroughProxy(ctx)) return isLoopback(ctx) ? undefined : PLAIN;
  return ctx.app.proxy ? PROXY_SAYS_HTTP : PROXY_NOT_TRUSTED;
}

const PLAIN: InsecureConnection = Object.freeze({
  hint: 'The request came over plain HTTP, where a Secure cookie is neither sent nor kept.',
  fix: 'Serve it over HTTPS. Behind a proxy that ends TLS, let the proxy set X-Forwarded-Proto and set app.proxy = true.',
});

const PROXY_NOT_TRUSTED: InsecureConnection = Object.freeze({
  hint: 'The request came over plain HTTP from a proxy, whose word about HTTPS Koa does not take: app.proxy is false.',
  fix: 'Set app.proxy = true, if every request comes through that proxy and it replaces X-Forwarded-Proto.',
});

const PROXY_SAYS_HTTP: InsecureConnection = Object.freeze({
  hint: 'app.proxy is true, and X-Forwarded-Proto does not say https: the browser came over plain HTTP, or the proxy does not tell.',
  fix: 'Redirect browsers to HTTPS, and let the proxy set X-Forwarded-Proto: https on what came over TLS.',
});

/** The marks of a proxy. They are taken for an explanation only, never for a proof of HTTPS. */
function cameThroughProxy(ctx: Context): boolean {
  const { headers } = ctx.req;
  return ['x-forwarded-proto', 'x-forwarded-for', 'forwarded'].some((name) => headers[name] !== undefined);
}

function isLoopback(ctx: Context): boolean {
  const { remoteAddress, localAddress } = ctx.req.socket;
  return [remoteAddress, localAddress].every((address) =>
    /^(?:(?:::ffff:)?127\.\d+\.\d+\.\d+|::1)$/.test(address ?? ''),
  );
}
