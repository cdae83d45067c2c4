/** Whether a request came over plain HTTP, where anybody on the way can read its secrets. */
import type { Socket } from 'node:net';
import type Application from 'koa';
import type { Context } from 'koa';

/** `@tokenwright/auth` reads it too, for the schemes. */
const ALLOWED = Symbol.for('tokenwright.allowInsecureHttp');
/** The marks of a proxy, taken for nothing but a reason to refuse. */
const PROXY_FIELDS = ['x-forwarded-proto', 'x-forwarded-for', 'forwarded'];
const LOOPBACK = /^(?:(?:::ffff:)?127\.\d+\.\d+\.\d+|::1)$/;

/** Takes secrets over plain HTTP: a listener was told that a proxy in front does the TLS. */
export function allowInsecureHttp(app: Application): void {
  Object.assign(app, { [ALLOWED]: true });
}

/**
 * Whether secrets have no place on the connection of a request. They have on HTTPS, as `ctx.secure` says, which believes
 * proxies that are trusted and nobody else; from this machine to itself, unless a proxy is between; and where they were
 * allowed. Schemes of `@tokenwright/auth` go by the same rule.
 */
export function isInsecure(ctx: Context): boolean {
  if (ctx.secure || (ctx.app as { [ALLOWED]?: unknown })[ALLOWED] === true) return false;
  return PROXY_FIELDS.some((name) => ctx.req.headers[name] !== undefined) || !isLocal(ctx.req.socket);
}

/** Both ends are loopback, or a Unix socket, which has no addresses while it is open. */
function isLocal({ remoteAddress, localAddress, destroyed }: Socket): boolean {
  if (remoteAddress === undefined && localAddress === undefined) return !destroyed;
  return [remoteAddress, localAddress].every((address) => LOOPBACK.test(address ?? ''));
}
