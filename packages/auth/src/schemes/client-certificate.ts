/** The client certificate scheme: mutual TLS (RFC 8446 §4.4.2), here or at a trusted proxy (RFC 9440). */

import type { X509Certificate } from 'node:crypto';
import type { Context } from 'koa';
import { type AlternativeName, alternativeNames } from '../certificates/alternative-names.js';
import {
  FAULTS,
  MALFORMED,
  NOBODY,
  REVOKED,
  refusedByTls,
  UNREADABLE_NAMES,
} from '../certificates/certificate-failures.js';
import { clientAuthorities } from '../certificates/chain.js';
import { forwardedCertificate, type ShownCertificate, trustedPeers } from '../certificates/forwarded.js';
import { presentedCertificate } from '../certificates/presented.js';
import { challenge, checkedRealm } from '../challenge.js';
import { type CrossSiteOptions, crossSiteGuard } from '../cross-site/ambient.js';
import { copied } from '../frozen.js';
import { checkOptionNames, type OptionNames } from '../option-names.js';
import { createPrincipal, type PrincipalFacts } from '../principal.js';
import type { Failure, Outcome, Scheme } from '../scheme.js';

/** A client's certificate whose chain, purpose and dates are good. */
export interface ClientCertificate {
  /** SHA-256 of the certificate, in lower-case hex. */
  readonly thumbprint: string;
  /** The subject alternative names: `DNS:billing.internal`, `URI:spiffe://example.org/billing`. */
  readonly names: readonly AlternativeName[];
  /** The certificate itself. Its `subject` is text for people: decide by the thumbprint or by a name. */
  readonly x509: X509Certificate;
}

/** Who a certificate stands for. */
export type CertificateFacts = Omit<PrincipalFacts, 'scheme' | 'token'>;

/** Options of {@link clientCertificate}: authorities, and one way from a certificate to its principal. */
export type ClientCertificateOptions = {
  /**
   * The authorities that client certificates come from, in PEM; several in one text or in a list. The authorities of the
   * system are never asked, nor is the development CA.
   */
  ca: string | readonly string[];
  /**
   * Certificates between the authorities and the clients, for clients that do not send theirs, and for releases of Node.js
   * that do not hand on what was sent (24.21, 26.8). They are not trusted for themselves. Default none.
   */
  intermediates?: string | readonly string[];
  /**
   * Addresses of proxies that end TLS and forward the client's certificate in `Client-Cert`: `10.0.0.7`, `10.0.0.0/8`.
   * From anybody else that header is ignored. Default none.
   */
  proxies?: readonly string[];
  /** Says of a good certificate, at every request, whether it was taken back. Anything but `false` refuses. */
  isRevoked?: (certificate: ClientCertificate) => boolean | Promise<boolean>;
  /** Stands in the challenge. Default `api`. */
  realm?: string;
  /** Milliseconds since 1970. Default `Date.now`. */
  clock?: () => number;
} & CrossSiteOptions &
  (
    | {
        /** Principals by thumbprint: SHA-256 in hex, with or without colons. */
        thumbprints: Readonly<Record<string, CertificateFacts>>;
        names?: never;
        principal?: never;
      }
    | {
        /** Principals by subject alternative name, compared exactly: `DNS:billing.internal`. */
        names: Readonly<Record<AlternativeName, CertificateFacts>>;
        thumbprints?: never;
        principal?: never;
      }
    | {
        /** Finds the principal; undefined for a certificate that stands for nobody here. */
        principal: (
          certificate: ClientCertificate,
        ) => CertificateFacts | undefined | Promise<CertificateFacts | undefined>;
        thumbprints?: never;
        names?: never;
      }
  );

const OPTIONS: OptionNames<ClientCertificateOptions> = {
  ca: true,
  intermediates: true,
  proxies: true,
  isRevoked: true,
  thumbprints: true,
  names: true,
  principal: true,
  realm: true,
  clock: true,
  crossSite: true,
  trustedOrigins: true,
};

/**
 * A scheme that takes the certificate a client has proved to hold. Its listener must ask for one
 * (`requestCert: true`, with `rejectUnauthorized: false` where other schemes are good, too). At every request, also on a
 * resumed or long-lived connection: the TLS layer has accepted the certificate, its signatures lead to one of `ca`, it
 * is made for clients (clientAuth, RFC 5280 §4.2.1.12), nothing on the way breaks what its issuers limit (path length,
 * purposes, name constraints, critical extensions), all of it is valid now, and it was not taken back. Who it is follows from the thumbprint or from a subject alternative name, never from the text of its subject.
 *
 * The principal's claims hold `cnf: { 'x5t#S256' }` (RFC 8705 §3.1).
 *
 * @throws TypeError at once for options that are missing, that there are not, or that would trust more than was meant.
 * @example
 * ```ts
 * const machines = clientCertificate({ ca, names: { 'DNS:billing.internal': { subject: 'billing' } } });
 * router.post('/invoices', authenticate(machines), (ctx) => { ctx.body = ctx.state.auth.subject; });
 * ```
 */
export function clientCertificate(options: ClientCertificateOptions): Scheme {
  checkOptionNames(options, OPTIONS, 'clientCertificate()');
  const authorities = clientAuthorities(options.ca, options.intermediates ?? []);
  const principalOf = mappingFrom(options);
  const { proxies = [], isRevoked = () => false, clock = Date.now } = options;
  const fromProxy = trustedPeers(proxies);
  const realm = checkedRealm(options.realm ?? 'api');
  const foreign = crossSiteGuard(options);
  return {
    kind: 'ClientCertificate',
    async authenticate(ctx: Context): Promise<Outcome> {
      const shown = shownIn(ctx, proxies.length > 0 && fromProxy(ctx));
      if (shown === undefined || 'failed' in shown) return shown;
      if (!ctx.res.hasHeader('Cache-Control')) ctx.set('Cache-Control', 'private');
      const crossSite = foreign(ctx);
      if (crossSite !== undefined) return crossSite;
      const fault = authorities.fault(shown.certificate, shown.others, clock());
      if (fault !== undefined) return FAULTS[fault];
      const names = alternativeNames(shown.certificate.subjectAltName);
      if (names === undefined) return UNREADABLE_NAMES;
      const certificate = described(shown.certificate, names);
      if ((await isRevoked(certificate)) !== false) return REVOKED;
      const facts = await principalOf(certificate);
      if (typeof facts?.subject !== 'string' || facts.subject === '') return NOBODY;
      const cnf = { 'x5t#S256': Buffer.from(certificate.thumbprint, 'hex').toString('base64url') };
      return createPrincipal({
        ...facts,
        scheme: 'ClientCertificate',
        claims: { ...copied(facts.claims ?? {}), cnf },
      });
    },
    challenge: (failure) => challenge('ClientCertificate', { realm, error: failure?.error }),
  };
}

/** A proxy's own certificate is not its client's: from a proxy only what it forwards counts, from others only their own. */
function shownIn(ctx: Context, fromProxy: boolean): ShownCertificate | Failure | undefined {
  if (fromProxy) {
    ctx.vary('Client-Cert');
    const forwarded = forwardedCertificate(ctx);
    return forwarded === 'malformed' ? MALFORMED : forwarded;
  }
  const presented = presentedCertificate(ctx);
  return presented?.refusedBy === undefined ? presented : refusedByTls(presented.refusedBy);
}

function described(x509: X509Certificate, names: readonly AlternativeName[]): ClientCertificate {
  return Object.freeze({ thumbprint: normalised(x509.fingerprint256), names: Object.freeze(names), x509 });
}

type Mapping = (
  certificate: ClientCertificate,
) => CertificateFacts | undefined | Promise<CertificateFacts | undefined>;

function mappingFrom({ thumbprints, names, principal }: ClientCertificateOptions): Mapping {
  if ([thumbprints, names, principal].filter((way) => way !== undefined).length !== 1) {
    throw new TypeError('clientCertificate() needs one of thumbprints, names and principal');
  }
  if (thumbprints !== undefined) {
    const known = table(thumbprints, checkedThumbprint);
    return ({ thumbprint }) => known.get(thumbprint);
  }
  if (names !== undefined) {
    const known = table(names, checkedName);
    return (certificate) => onlyOne(certificate.names.flatMap((name) => known.get(name) ?? []));
  }
  if (typeof principal !== 'function') {
    throw new TypeError('the option principal of clientCertificate() must be a function of a certificate');
  }
  return principal;
}

/** A certificate with names of two principals is neither's. */
function onlyOne(found: readonly CertificateFacts[]): CertificateFacts | undefined {
  const [first] = found;
  return found.every((facts) => facts === first) ? first : undefined;
}

function table(
  facts: Readonly<Record<string, CertificateFacts>>,
  key: (text: string) => string,
): ReadonlyMap<string, CertificateFacts> {
  const entries = Object.entries(facts).map(([text, one]) => [key(text), one] as const);
  const known = new Map(entries);
  if (known.size === 0) throw new TypeError('clientCertificate() knows nobody: its list is empty');
  if (known.size < entries.length) throw new TypeError('clientCertificate() got one certificate twice');
  return known;
}

function normalised(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase();
}

function checkedThumbprint(text: string): string {
  const hex = normalised(text);
  if (/^[0-9a-f]{64}$/.test(hex)) return hex;
  throw new TypeError(
    'thumbprints of clientCertificate() are SHA-256 in hex: 64 digits (openssl x509 -fingerprint -sha256)',
  );
}

function checkedName(text: string): string {
  if (/^(?:DNS|URI|email|IP Address):./.test(text)) return text;
  throw new TypeError("names of clientCertificate() are 'DNS:…', 'URI:…', 'email:…' or 'IP Address:…'");
}
