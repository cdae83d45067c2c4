/** The extensions of a certificate (RFC 5280 §4.2), and its subject, read from its bytes: Node.js shows few of them. */
import type { X509Certificate } from 'node:crypto';
import { BOOLEAN, type Element, elementsIn, elementsOf, OCTET_STRING, objectIdentifier } from './der.js';

/** One extension: whether whoever does not know it must refuse, and its DER. */
export interface CertificateExtension {
  readonly isCritical: boolean;
  readonly value: Buffer;
}

/** What is read of a certificate's `TBSCertificate`. */
export interface CertificateContents {
  readonly extensions: ReadonlyMap<string, CertificateExtension>;
  /** The relative distinguished names of issuer and subject, as DER. */
  readonly issuer: Buffer;
  readonly subject: Buffer;
}

/** The identifiers of extensions that are looked at (RFC 5280 §4.2.1). */
export const KEY_USAGE = '2.5.29.15';
export const ALTERNATIVE_NAME = '2.5.29.17';
export const BASIC_CONSTRAINTS = '2.5.29.19';
export const NAME_CONSTRAINTS = '2.5.29.30';
export const EXTENDED_KEY_USAGE = '2.5.29.37';

const EXTENSIONS = 0xa3;

/**
 * Reads a certificate.
 *
 * @throws RangeError for what is not written as RFC 5280 says, and for an extension that comes twice (§4.2).
 */
export function contentsOf({ raw }: X509Certificate): CertificateContents {
  const [signed] = elementsOf(raw);
  const fields = elementsIn(signed?.content ?? Buffer.alloc(0));
  // The version is left out of certificates of version 1, and has a tag of its own.
  const [, , issuer, , subject] = fields[0]?.tag === 0xa0 ? fields.slice(1) : fields;
  if (issuer === undefined || subject === undefined) throw new RangeError('a certificate without names');
  const list = fields.find(({ tag }) => tag === EXTENSIONS);
  const extensions = new Map<string, CertificateExtension>();
  for (const { content } of list === undefined ? [] : elementsOf(list.content)) {
    const [id, extension] = extensionOf(elementsIn(content));
    if (extensions.has(id)) throw new RangeError('an extension that comes twice');
    extensions.set(id, extension);
  }
  return { extensions, issuer: issuer.content, subject: subject.content };
}

/** `SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }` */
function extensionOf([id, ...rest]: readonly Element[]): [string, CertificateExtension] {
  const critical = rest.length === 2 ? rest[0] : undefined;
  const value = rest.at(-1);
  if (
    id === undefined ||
    value?.tag !== OCTET_STRING ||
    rest.length > 2 ||
    (critical?.tag ?? BOOLEAN) !== BOOLEAN
  ) {
    throw new RangeError('an extension that is none');
  }
  return [
    objectIdentifier(id.content),
    { isCritical: critical !== undefined && critical.content.readUInt8(0) !== 0, value: value.content },
  ];
}
