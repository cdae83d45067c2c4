/** Whether a kept certificate may still be used (RFC 5280 §6.1, as far as a development certificate needs it). */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { CertificatePair } from './certificate-folder.js';

/** How a kept pair looks: usable, due for renewal, or damaged. */
export type CertificateState = 'good' | 'due' | 'damaged';

const DAY = 86_400_000;

/** Checks a CA: it parses, is a CA, signed itself, owns its key, and lasts `days` more. `now` in milliseconds. */
export function checkAuthority(pair: CertificatePair, days: number, now: number): CertificateState {
  const ca = parse(pair);
  if (ca === undefined || !ca.ca || !ca.verify(ca.publicKey)) return 'damaged';
  return lasts(ca, days, now) ? 'good' : 'due';
}

/** Checks a server certificate: the CA issued it, it owns its key, names exactly `hosts`, and lasts `days` more. */
export function checkServer(
  pair: CertificatePair,
  ca: CertificatePair,
  hosts: readonly string[],
  days: number,
  now: number,
): CertificateState {
  const server = parse(pair);
  const issuer = parse(ca);
  if (server === undefined || issuer === undefined) return 'damaged';
  if (!server.checkIssued(issuer) || !server.verify(issuer.publicKey)) return 'due';
  return sameNames(server, hosts) && lasts(server, days, now) ? 'good' : 'due';
}

function parse(pair: CertificatePair): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(pair.cert);
    return certificate.checkPrivateKey(createPrivateKey(pair.key)) ? certificate : undefined;
  } catch {
    return undefined;
  }
}

function lasts(certificate: X509Certificate, days: number, now: number): boolean {
  return Date.parse(certificate.validFrom) <= now && Date.parse(certificate.validTo) - now >= days * DAY;
}

function sameNames(certificate: X509Certificate, hosts: readonly string[]): boolean {
  const named = (certificate.subjectAltName ?? '')
    .split(', ')
    .map((entry) => canonical(entry.replace(/^[^:]*:/, '')));
  return named.toSorted().join() === hosts.map(canonical).toSorted().join();
}

/** OpenSSL prints ::1 as 0:0:0:0:0:0:0:1; the URL parser knows the short form of both (RFC 5952). */
function canonical(host: string): string {
  return isIPv6(host) ? new URL(`http://[${host}]`).hostname.slice(1, -1) : host.toLowerCase();
}
