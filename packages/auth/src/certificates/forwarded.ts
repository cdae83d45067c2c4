/** The client's certificate as a proxy that ends TLS forwards it (RFC 9440), and whose word is taken for it. */
import { X509Certificate } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import type { Context } from 'koa';

/** A certificate that a client has shown, and what came with it. */
export interface ShownCertificate {
  readonly certificate: X509Certificate;
  readonly others: readonly X509Certificate[];
}

/** Whether the peer of a request's connection is a proxy that is trusted. */
export type IsTrustedPeer = (ctx: Context) => boolean;

/**
 * Makes the test for trusted peers. It looks at the connection itself, never at `ctx.ip`, which a header can set.
 *
 * @param addresses of proxies: `10.0.0.7`, `10.0.0.0/8`, `fd00::/8`.
 * @throws TypeError for what is no address, and for a network of everybody.
 */
export function trustedPeers(addresses: readonly string[]): IsTrustedPeer {
  const list = new BlockList();
  for (const address of addresses) add(list, address);
  return ({ req }) => {
    // An IPv4 peer of a socket that listens on IPv6 is ::ffff:10.0.0.7.
    const address = req.socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, '') ?? '';
    const version = isIP(address);
    return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6');
  };
}

function add(list: BlockList, entry: string): void {
  const [, address = '', prefix] = /^([\d.a-fA-F:]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const version = isIP(address);
  const bits = prefix === undefined ? undefined : Number(prefix);
  if (version === 0 || bits === 0 || (bits ?? 0) > (version === 4 ? 32 : 128)) {
    throw new TypeError(
      'the option proxies of clientCertificate() takes addresses and networks of proxies: 10.0.0.7, 10.0.0.0/8, fd00::/8',
    );
  }
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (bits === undefined) list.addAddress(address, family);
  else list.addSubnet(address, bits, family);
}

/** RFC 8941 §3.3.5: a byte sequence, as RFC 9440 §2.1 writes a certificate. */
const BYTES = /^:([A-Za-z0-9+/]+={0,2}):$/;

/**
 * What a trusted proxy says in `Client-Cert` and `Client-Cert-Chain` (RFC 9440 §2.2, §2.3); undefined when it says
 * nothing, `malformed` when it is no certificate, or more than one.
 */
export function forwardedCertificate(ctx: Context): ShownCertificate | 'malformed' | undefined {
  const { 'client-cert': field, 'client-cert-chain': chain } = ctx.req.headers;
  if (field === undefined) return undefined;
  const certificate = typeof field === 'string' ? decoded(field) : undefined;
  const others = chain === undefined ? [] : String(chain).split(',').map(decoded);
  if (certificate === undefined || others.includes(undefined)) return 'malformed';
  return { certificate, others: others as X509Certificate[] };
}

function decoded(sequence: string): X509Certificate | undefined {
  const encoded = BYTES.exec(sequence.trim())?.[1];
  if (encoded === undefined) return undefined;
  try {
    return new X509Certificate(Buffer.from(encoded, 'base64'));
  } catch {
    return undefined;
  }
}
