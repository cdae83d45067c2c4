/** Every way in which a client certificate is refused: the client learns one sentence, and the log which it was. */
import type { Failure } from '../scheme.js';
import { credentialsInvalid } from '../schemes/credentials-invalid.js';
import type { CertificateFault } from './chain.js';

const ASK_THE_ISSUER = 'Get a new certificate from the authority.';

/** What is wrong with a certificate or its chain. */
export const FAULTS: Readonly<Record<CertificateFault, Failure>> = {
  certificate_chain: credentialsInvalid('certificate_chain', {
    hint: 'The signatures do not lead from the certificate to an authority in `ca`.',
    fix: 'Name its authority in `ca`, and what lies between in `intermediates`: some releases of Node.js do not hand on what the client sends (nodejs/node#65579).',
  }),
  certificate_dates: credentialsInvalid('certificate_dates', {
    hint: 'The certificate, or one of its issuers, is not valid yet or not any more.',
    fix: ASK_THE_ISSUER,
  }),
  certificate_purpose: credentialsInvalid('certificate_purpose', {
    hint: 'The certificate, or one of its issuers, is not made for clients: its extended key usage has no clientAuth (RFC 5280 §4.2.1.12), or its key usage no digitalSignature.',
    fix: 'Issue client certificates with the extended key usage clientAuth, by authorities that are not limited to others.',
  }),
  certificate_path: credentialsInvalid('certificate_path', {
    hint: 'There are more authorities between the certificate and one of its issuers than pathLen of that issuer allows (RFC 5280 §4.2.1.9).',
    fix: ASK_THE_ISSUER,
  }),
  certificate_extension: credentialsInvalid('certificate_extension', {
    hint: 'The certificate, or one of its issuers, has a critical extension that is not known here (RFC 5280 §4.2), or one that cannot be read.',
    fix: 'Issue certificates whose critical extensions are basicConstraints, keyUsage, extKeyUsage, subjectAltName, nameConstraints or certificatePolicies.',
  }),
  certificate_constraints: credentialsInvalid('certificate_constraints', {
    hint: 'A name of the certificate, or of an authority in between, is outside of the name constraints of one of its issuers (RFC 5280 §4.2.1.10), or cannot be compared with them.',
    fix: ASK_THE_ISSUER,
  }),
};

export const MALFORMED: Failure = credentialsInvalid('malformed_client_cert', {
  hint: 'Client-Cert or Client-Cert-Chain of a trusted proxy does not hold certificates as RFC 9440 writes them.',
  fix: 'Let the proxy replace both headers, and write each certificate as :base64 of its DER:.',
});

export const UNREADABLE_NAMES: Failure = credentialsInvalid('certificate_names', {
  hint: 'The subject alternative names of the certificate cannot be read without doubt.',
  fix: ASK_THE_ISSUER,
});

export const REVOKED: Failure = credentialsInvalid('certificate_revoked', {
  hint: 'isRevoked() says that the certificate was taken back.',
  fix: ASK_THE_ISSUER,
});

export const NOBODY: Failure = credentialsInvalid('certificate_unknown', {
  hint: 'The certificate is good, but stands for nobody here.',
  fix: 'Name its thumbprint or one of its subject alternative names in the options of clientCertificate().',
});

/** @param code what the TLS layer says */
export function refusedByTls(code: string): Failure {
  return credentialsInvalid('certificate_refused', {
    hint: `The TLS layer refused the certificate: ${code}.`,
    fix: 'Give the listener the authorities of the clients (ca), and the client a certificate of theirs with its intermediates.',
  });
}
