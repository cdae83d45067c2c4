/** Whom to count a failed attempt against: the client's address, as far as it can't be made up. */
import { isIPv6 } from 'node:net';
import type { Context } from 'koa';

/**
 * The client's IPv4 address, or the network of its IPv6 one (/64: who has one address of it has them all).
 * `X-Forwarded-For` is looked at only when `app.proxy` is on. Of its addresses the last `app.maxIpsCount` were written by
 * proxies of one's own; where that is not set, one proxy is taken to be there, and only the last address is believed.
 */
export function clientAddress(ctx: Context): string {
  const { ips } = ctx;
  const forwarded = ctx.app.maxIpsCount > 0 ? ips[0] : ips.at(-1);
  return networkOf(forwarded ?? ctx.req.socket.remoteAddress ?? '');
}

function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [left = '', right] = (address.split('%')[0] ?? '').split('::');
  const groups = left === '' ? [] : left.split(':');
  if (right !== undefined) {
    const tail = right === '' ? [] : right.split(':');
    while (groups.length + tail.length < 8) groups.push('0');
    groups.push(...tail);
  }
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
