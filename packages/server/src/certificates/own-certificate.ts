/** Whether a certificate of one's own can be used: it fits its key (RFC 8446 §4.4.2), and it has not ended. */
import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { Logger } from 'pino';
import { CertificateError } from './certificate-error.js';
import type { TlsContext } from './tls-material.js';

const DAY = 86_400_000;
/** Days before its end from which a certificate is warned about. */
const SOON = 14;

/** What is wrong with the material, as a sentence; nothing when TLS can use it. It never quotes OpenSSL. */
export function materialProblem(context: TlsContext): string | undefined {
  try {
    createSecureContext(context);
    return undefined;
  } catch {
    if (context.pfx !== undefined) return 'this is no PKCS #12 file, or the passphrase is wrong.';
    return 'key and certificate are not a PEM key and the PEM certificate that belongs to it.';
  }
}

/**
 * Warns of a certificate that ends soon or has not begun. What is inside a PKCS #12 file cannot be seen from here.
 *
 * @param name - what to call it in the log
 * @throws CertificateError when it has ended: no client would take it
 */
export function warnBeforeItsEnd({ cert }: TlsContext, name: string, log: Logger, now: number): void {
  if (cert === undefined) return;
  const { validFrom, validTo } = new X509Certificate(String(cert));
  const left = Math.floor((Date.parse(validTo) - now) / DAY);
  if (Date.parse(validTo) <= now)
    throw new CertificateError('ERR_CERTIFICATE_INVALID', `${name} ended on ${validTo}: get a new one.`);
  if (Date.parse(validFrom) > now)
    log.warn({ validFrom }, `${name} is not valid before ${validFrom}: clients refuse it until then.`);
  else if (left < SOON) log.warn({ validTo }, `${name} ends in ${left} days, on ${validTo}: renew it.`);
}
