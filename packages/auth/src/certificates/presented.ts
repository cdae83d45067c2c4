/** The certificate that a client has shown on its own TLS connection (RFC 8446 §4.4.2). */
import { X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import type { Context } from 'koa';
import type { ShownCertificate } from './forwarded.js';

/** A certificate, and what the TLS layer says against it. */
export interface PresentedCertificate extends ShownCertificate {
  /** OpenSSL's code, as `CERT_HAS_EXPIRED`; undefined where it has accepted the certificate. */
  readonly refusedBy: string | undefined;
}

/**
 * The certificate of the connection; undefined without TLS or without one.
 *
 * `authorized` alone proves nothing: on Node.js 20 it is true on a resumed TLS 1.3 connection without any
 * certificate.
 */
export function presentedCertificate(ctx: Context): PresentedCertificate | undefined {
  const socket = ctx.req.socket as Partial<TLSSocket>;
  if (socket.encrypted !== true || typeof socket.getPeerX509Certificate !== 'function') return undefined;
  const issuers = issuersOf(socket as TLSSocket);
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  return {
    certificate,
    refusedBy: socket.authorized === true ? undefined : codeOf(socket.authorizationError),
    others: issuers,
  };
}

/** Typed as an Error, but Node.js sets the code's text. */
function codeOf(error: unknown): string {
  if (typeof error === 'string') return error;
  const code = (error as { code?: unknown } | undefined | null)?.code;
  return typeof code === 'string' ? code : 'not authorized';
}

const issuersBySocket = new WeakMap<TLSSocket, readonly X509Certificate[]>();

/**
 * The intermediates that the client has sent. They are read once, before anything else: `getPeerX509Certificate()` takes
 * them from the connection. Some releases of Node.js (24.21, 26.8) hand none of them on to a server: nodejs/node#65579.
 */
function issuersOf(socket: TLSSocket): readonly X509Certificate[] {
  const known = issuersBySocket.get(socket);
  if (known !== undefined) return known;
  const issuers: X509Certificate[] = [];
  // Each certificate is linked to its issuer, and one that is self-signed to itself.
  let last: Partial<DetailedPeerCertificate> = socket.getPeerCertificate(true);
  while (last.issuerCertificate?.raw && last.issuerCertificate !== last && issuers.length < 10) {
    last = last.issuerCertificate;
    issuers.push(new X509Certificate(last.raw as Buffer));
  }
  issuersBySocket.set(socket, issuers);
  return issuers;
}
