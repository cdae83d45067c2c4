/** Which values of `Host` a server answers for (RFC 9110 §7.2): the guard against DNS rebinding. */
import type { Context } from 'koa';
import { arrivalOf } from '../listeners/arrival.js';

/** A name, an IPv4 address, or an IPv6 address in brackets. */
const NAME = /^(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)$/i;

/**
 * Checks the names of `.security({ hosts })`.
 *
 * @throws TypeError for an empty list, or what is no host name without port
 */
export function checkHosts(hosts: readonly string[]): readonly string[] {
  if (!Array.isArray(hosts) || hosts.length === 0)
    throw new TypeError(".security(): hosts has to be a list of names, as ['api.example'].");
  for (const host of hosts) {
    if (typeof host === 'string' && NAME.test(host)) continue;
    throw new TypeError(
      `.security(): hosts: ${JSON.stringify(host)} is no host name. Write it without scheme and port, as 'api.example' or '[::1]'.`,
    );
  }
  return Object.freeze(hosts.map((host) => host.toLowerCase()));
}

/** Whether the request is for one of the server's names. One of HTTP/1.0 may have none: no browser sends that. */
export function isForUs(ctx: Context, configured: readonly string[] | undefined): boolean {
  const { socket, headers } = ctx.req;
  const names = configured ?? arrivalOf(socket).answersFor;
  if (names === undefined || headers.host === undefined) return true;
  return isNamed(ctx.host, names) || isNamed(ctx.host, arrivalOf(socket).answersAlsoFor);
}

/** Whether a value of `Host`, with or without a port, is one of the names. */
export function isNamed(host: string, names: readonly string[]): boolean {
  return names.includes(host.replace(/:\d*$/, '').toLowerCase());
}
