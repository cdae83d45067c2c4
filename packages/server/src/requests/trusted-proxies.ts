/** What proxies say of the client (`X-Forwarded-*`), believed only from those whose address is listed. */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv4 } from 'node:net';
import { arrivalOf } from '../listeners/arrival.js';

/** Whom to believe. */
export interface TrustedProxies {
  /** Whoever connects through a Unix socket. */
  readonly socket: boolean;
  readonly addresses: BlockList;
}

const FORWARDED = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'] as const;
const LOOPBACK = ['127.0.0.0/8', '::1'];

/**
 * Checks the list of `.security({ trustedProxies })`.
 *
 * @throws TypeError for what is neither an address, a range, `'loopback'` nor `'unix'`
 */
export function checkProxies(list: readonly string[]): TrustedProxies | undefined {
  if (!Array.isArray(list))
    throw new TypeError(".security(): trustedProxies has to be a list, as ['10.0.0.0/8'].");
  const addresses = new BlockList();
  const entries = list.flatMap((entry) => (entry === 'loopback' ? LOOPBACK : [entry]));
  for (const entry of entries) if (entry !== 'unix') addEntry(addresses, entry);
  return entries.length === 0 ? undefined : { socket: entries.includes('unix'), addresses };
}

/**
 * Leaves of `X-Forwarded-*` only what a trusted proxy wrote, so that Koa with `app.proxy` reads nothing else: `ctx.ip` is
 * the nearest address that is no trusted proxy, `ctx.protocol` and `ctx.host` are what the nearest proxy said. A header
 * that the client sent itself is gone.
 */
export function believeForwarded(req: IncomingMessage, proxies: TrustedProxies): void {
  const peer = req.socket.remoteAddress;
  const trusted = arrivalOf(req.socket).socket ? proxies.socket : isListed(proxies, peer);
  if (!trusted) {
    for (const name of FORWARDED) delete req.headers[name];
    return;
  }
  keepLast(req, 'x-forwarded-proto');
  keepLast(req, 'x-forwarded-host');
  keepClient(req, proxies);
}

function addEntry(addresses: BlockList, entry: string): void {
  const [address = '', bits, ...more] = String(entry).split('/');
  const version = isIP(address);
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const longest = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? longest : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (version === 0 || more.length > 0 || !(prefix <= longest)) {
    throw new TypeError(
      `.security(): trustedProxies: ${JSON.stringify(entry)} is no address. Write '10.0.0.7', '10.0.0.0/8', 'loopback' or 'unix'.`,
    );
  }
  // A range of all addresses trusts every client to say who it is.
  if (prefix === 0)
    throw new TypeError(`.security(): trustedProxies: ${entry} would believe everybody. Name the proxies.`);
  addresses.addSubnet(address, prefix, family);
}

function isListed({ addresses }: TrustedProxies, address: string | undefined): boolean {
  if (address === undefined) return false;
  // An IPv4 client of a dual-stack listener (RFC 4291 §2.5.5.2).
  const plain = address.startsWith('::ffff:') && isIPv4(address.slice(7)) ? address.slice(7) : address;
  if (isIP(plain) === 0) return false;
  return addresses.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6');
}

/** Each proxy appends: only the last value is of the one that is trusted directly. */
function keepLast(req: IncomingMessage, name: (typeof FORWARDED)[number]): void {
  const given = req.headers[name];
  if (given === undefined) return;
  const last = String(given).split(',').at(-1)?.trim() ?? '';
  if (last === '') delete req.headers[name];
  else req.headers[name] = last;
}

/** From the nearest backwards: the first address that is no trusted proxy is the client; what stands before it, it wrote. */
function keepClient(req: IncomingMessage, proxies: TrustedProxies): void {
  const given = req.headers['x-forwarded-for'];
  if (given === undefined) return;
  let client: string | undefined;
  for (const entry of String(given).split(',').toReversed()) {
    const address = entry.trim();
    if (isIP(address) === 0) break;
    client = address;
    if (!isListed(proxies, address)) break;
  }
  if (client === undefined) delete req.headers['x-forwarded-for'];
  else req.headers['x-forwarded-for'] = client;
}
