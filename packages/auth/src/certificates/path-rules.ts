/** What RFC 5280 §6.1 asks of a path besides its signatures and dates: who may issue what, and for what. */
import type { X509Certificate } from 'node:crypto';
import { elementsOf } from './der.js';
import {
  ALTERNATIVE_NAME,
  BASIC_CONSTRAINTS,
  type CertificateContents,
  contentsOf,
  EXTENDED_KEY_USAGE,
  KEY_USAGE,
  NAME_CONSTRAINTS,
} from './extensions.js';
import { areWithin, nameConstraintsIn, namesIn } from './name-constraints.js';

/** What is wrong with a path. */
export type PathFault =
  | 'certificate_path'
  | 'certificate_purpose'
  | 'certificate_extension'
  | 'certificate_constraints';

/** RFC 5280 §4.2.1.12: id-kp-clientAuth, and anyExtendedKeyUsage, which an authority may have instead. */
export const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const ANY_PURPOSE = '2.5.29.37.0';

/**
 * The critical extensions that can be refused here as they ask, or can refuse nothing: certificatePolicies (2.5.29.32)
 * is among them since any policy is good, until policyConstraints asks for one.
 */
const KNOWN: ReadonlySet<string> = new Set([
  KEY_USAGE,
  ALTERNATIVE_NAME,
  BASIC_CONSTRAINTS,
  NAME_CONSTRAINTS,
  EXTENDED_KEY_USAGE,
  '2.5.29.32',
]);

/**
 * What a path breaks; undefined for nothing. What the authority's own certificate limits holds as well, as OpenSSL has
 * it: whoever made it did so on purpose.
 *
 * @param client the certificate whose clientAuth was looked at already.
 * @param issuers from the client's own up to the authority.
 */
export function pathFault(
  client: X509Certificate,
  issuers: readonly X509Certificate[],
): PathFault | undefined {
  if (!issuers.every(({ keyUsage }) => isForClients(keyUsage))) return 'certificate_purpose';
  try {
    return faultOf(contentsOf(client), issuers.map(contentsOf));
  } catch {
    // What cannot be read may say anything.
    return 'certificate_extension';
  }
}

function faultOf(
  client: CertificateContents,
  issuers: readonly CertificateContents[],
): PathFault | undefined {
  if (![client, ...issuers].every(hasKnownOnly)) return 'certificate_extension';
  if (!maySign(client)) return 'certificate_purpose';
  for (const [at, issuer] of issuers.entries()) {
    // Those that it has issued, and that count (RFC 5280 §6.1.3 (b), §6.1.4 (l)): self-issued authorities do not.
    const between = issuers.slice(0, at).filter((contents) => !isSelfIssued(contents));
    if (between.length > pathLength(issuer)) return 'certificate_path';
    if (!mayName(issuer, [client, ...between])) return 'certificate_constraints';
  }
  return undefined;
}

function hasKnownOnly({ extensions }: CertificateContents): boolean {
  return [...extensions].every(([id, { isCritical }]) => !isCritical || KNOWN.has(id));
}

/** Node.js calls the extended key usage keyUsage. An authority without one may issue for any. */
function isForClients(purposes: readonly string[] | undefined): boolean {
  return purposes === undefined || purposes.includes(CLIENT_AUTH) || purposes.includes(ANY_PURPOSE);
}

/** RFC 5280 §4.2.1.3: a client signs the handshake (digitalSignature, bit 0) or agrees on its key (keyAgreement, bit 4). */
function maySign({ extensions }: CertificateContents): boolean {
  const usage = extensions.get(KEY_USAGE);
  // BIT STRING, its length, the number of unused bits, the bits.
  return usage === undefined || ((usage.value[3] ?? 0) & 0b1000_1000) !== 0;
}

function isSelfIssued({ issuer, subject }: CertificateContents): boolean {
  return issuer.equals(subject);
}

/** `SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL }` */
function pathLength({ extensions }: CertificateContents): number {
  const constraints = extensions.get(BASIC_CONSTRAINTS);
  const length = constraints === undefined ? undefined : elementsOf(constraints.value)[1]?.content;
  if (length === undefined) return Number.POSITIVE_INFINITY;
  // More than six are never followed, so that longer numbers need not be read exactly.
  return length.length === 1 || length.readInt8(0) < 0 ? length.readInt8(0) : 127;
}

/** What cannot be compared is not within. */
function mayName(issuer: CertificateContents, below: readonly CertificateContents[]): boolean {
  const constraints = issuer.extensions.get(NAME_CONSTRAINTS);
  if (constraints === undefined) return true;
  try {
    const subtrees = nameConstraintsIn(constraints.value);
    return below.every((contents) => areWithin(subtrees, namesIn(contents)));
  } catch {
    return false;
  }
}
