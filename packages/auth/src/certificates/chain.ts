/** Path validation of client certificates (RFC 5280 §6): every signature up to an authority that was named for it. */
import { X509Certificate } from 'node:crypto';
import { CLIENT_AUTH, type PathFault, pathFault } from './path-rules.js';

/** What is wrong with a certificate. */
export type CertificateFault = 'certificate_chain' | 'certificate_dates' | PathFault;

/** The longest path that is followed, the client's own certificate included. */
const MAX_LENGTH = 6;

/** How many certificates' paths are remembered. */
const MAX_REMEMBERED = 1000;

/**
 * Validates certificates against a set of authorities. What the TLS layer has found is not relied on: it trusts what its
 * listener was given, a resumed connection is not validated again, and a certificate that a proxy forwards it has never
 * seen.
 */
export class ClientAuthorities {
  readonly #authorities: readonly X509Certificate[];
  /** Not trusted for themselves. */
  readonly #intermediates: readonly X509Certificate[];
  /** By thumbprint, the good path that was found once: a resumed connection does not bring its intermediates again. */
  readonly #paths = new Map<string, readonly X509Certificate[]>();

  constructor(authorities: readonly X509Certificate[], intermediates: readonly X509Certificate[]) {
    this.#authorities = authorities;
    this.#intermediates = intermediates;
  }

  /**
   * What is wrong with a certificate now; undefined for nothing.
   *
   * @param others what the client sent besides, in any order.
   * @param now milliseconds since 1970.
   */
  fault(
    certificate: X509Certificate,
    others: readonly X509Certificate[],
    now: number,
  ): CertificateFault | undefined {
    // Node.js calls the extended key usage keyUsage. Without one RFC 5280 leaves the choice, and this is a no.
    if (!certificate.keyUsage?.includes(CLIENT_AUTH)) return 'certificate_purpose';
    if (!isCurrent(certificate, now)) return 'certificate_dates';
    const known = this.#paths.get(certificate.fingerprint256);
    const path = known ?? this.#find(certificate, [...others, ...this.#intermediates]);
    if (path === undefined) return 'certificate_chain';
    const broken = known === undefined ? pathFault(certificate, path) : undefined;
    if (broken !== undefined) return broken;
    this.#remember(certificate, path);
    return path.every((issuer) => isCurrent(issuer, now)) ? undefined : 'certificate_dates';
  }

  /** The issuers from the certificate's own to an authority's; undefined where they do not lead to one. */
  #find(
    certificate: X509Certificate,
    others: readonly X509Certificate[],
  ): readonly X509Certificate[] | undefined {
    const path: X509Certificate[] = [];
    for (let last = certificate; path.length < MAX_LENGTH; ) {
      const authority = this.#authorities.find((candidate) => isIssuer(candidate, last));
      if (authority !== undefined) return [...path, authority];
      const issuer = others.find((candidate) => isIssuer(candidate, last) && !path.includes(candidate));
      if (issuer === undefined) return undefined;
      path.push(issuer);
      last = issuer;
    }
    return undefined;
  }

  #remember({ fingerprint256 }: X509Certificate, path: readonly X509Certificate[]): void {
    this.#paths.delete(fingerprint256);
    this.#paths.set(fingerprint256, path);
    if (this.#paths.size <= MAX_REMEMBERED) return;
    const [oldest] = this.#paths.keys();
    if (oldest !== undefined) this.#paths.delete(oldest);
  }
}

/** By its signature, not by its name: anybody can write a name. */
function isIssuer(issuer: X509Certificate, certificate: X509Certificate): boolean {
  try {
    return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    // A key of a kind that Node.js does not know has signed nothing for us.
    return false;
  }
}

function isCurrent({ validFrom, validTo }: X509Certificate, now: number): boolean {
  return Date.parse(validFrom) <= now && now <= Date.parse(validTo);
}

const PEM = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** What the development CA of `@tokenwright/server` is called. */
const DEVELOPMENT = /^(?:O|CN)=Tokenwright development CA/m;

/**
 * Makes a validator from PEM text.
 *
 * @throws TypeError for no authority, for what is no certificate or no authority, and for the development CA: its key
 * lies on a developer's machine, and it signs for whoever asks there.
 */
export function clientAuthorities(
  ca: string | readonly string[],
  intermediates: string | readonly string[],
): ClientAuthorities {
  const authorities = authoritiesIn('ca', ca);
  if (authorities.length === 0) {
    throw new TypeError(
      'clientCertificate() found no certificate in `ca`: it takes PEM text, not the name of a file',
    );
  }
  return new ClientAuthorities(authorities, authoritiesIn('intermediates', intermediates));
}

function authoritiesIn(option: string, pem: string | readonly string[]): X509Certificate[] {
  const texts = typeof pem === 'string' ? [pem] : pem;
  if (!Array.isArray(texts) || texts.some((text) => typeof text !== 'string')) {
    throw new TypeError(
      `the option ${option} of clientCertificate() takes certificates of authorities in PEM`,
    );
  }
  const certificates = texts.flatMap((text) => text.match(PEM) ?? []).map((text) => parsed(option, text));
  for (const certificate of certificates) {
    if (!certificate.ca) {
      throw new TypeError(
        `the option ${option} of clientCertificate() holds what is no authority's certificate`,
      );
    }
    if (DEVELOPMENT.test(certificate.subject)) {
      throw new TypeError(
        'clientCertificate() does not trust the development CA; make an authority of its own',
      );
    }
  }
  return certificates;
}

function parsed(option: string, pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new TypeError(`the option ${option} of clientCertificate() holds what cannot be read`, { cause });
  }
}
