/** Certificates for tests, made with @peculiar/x509: authorities, clients, and everything that can be wrong with one. */
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsageExtension,
  Extension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
  X509CrlGenerator,
  X509CrlReason,
} from '@peculiar/x509';

export { Extension, KeyUsageFlags };

cryptoProvider.set(webcrypto as unknown as Parameters<typeof cryptoProvider.set>[0]);

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 86_400_000;

export const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/** A certificate with its private key. */
export interface Identity {
  readonly certificate: X509Certificate;
  /** PEM. */
  readonly cert: string;
  /** PEM (PKCS #8). */
  readonly key: string;
  readonly keys: webcrypto.CryptoKeyPair;
}

/** What a certificate says; everything has a default that is good. */
export interface Facts {
  subject: string;
  /** None: self-signed. */
  issuer?: Identity | undefined;
  ca?: boolean;
  /** Days from now. */
  from?: number;
  until?: number;
  names?: JsonGeneralName[];
  purposes?: string[];
  /** The issuer's name, where it is not the issuer's. */
  issuerName?: string;
  /** Whether it says which key has signed it (RFC 5280 §4.2.1.1). */
  keyIdentifier?: boolean;
  /** How many authorities may stand below this one, of which `ca` is true. */
  pathLength?: number;
  /** What the key is for. Default: to sign certificates and lists for an authority, nothing said for others. */
  keyUsage?: KeyUsageFlags;
  /** What else it says. */
  extensions?: Extension[];
}

/** Makes a certificate and its key. */
export async function identity(facts: Facts): Promise<Identity> {
  const { subject, issuer, ca = false, from = -1, until = 30, names } = facts;
  const { purposes = ca ? [] : [CLIENT_AUTH], pathLength } = facts;
  const keyUsage = facts.keyUsage ?? (ca ? KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign : undefined);
  const keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  const signer = issuer?.keys ?? keys;
  const extensions: Extension[] = [
    new BasicConstraintsExtension(ca, pathLength, true),
    await SubjectKeyIdentifierExtension.create(keys.publicKey),
  ];
  if (facts.keyIdentifier !== false) {
    extensions.push(await AuthorityKeyIdentifierExtension.create(signer.publicKey));
  }
  if (keyUsage !== undefined) extensions.push(new KeyUsagesExtension(keyUsage, true));
  if (purposes.length > 0) extensions.push(new ExtendedKeyUsageExtension(purposes));
  if (names !== undefined) extensions.push(new SubjectAlternativeNameExtension(names));
  extensions.push(...(facts.extensions ?? []));
  const certificate = await X509CertificateGenerator.create({
    serialNumber: `01${randomBytes(8).toString('hex')}`,
    subject,
    issuer: facts.issuerName ?? issuer?.certificate.subject ?? subject,
    notBefore: new Date(Date.now() + from * DAY),
    notAfter: new Date(Date.now() + until * DAY),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: signer.privateKey,
    extensions,
  });
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { certificate, cert: `${certificate.toString('pem')}\n`, key: pem(pkcs8), keys };
}

/** A self-signed authority. */
export function authority(subject: string, facts: Partial<Facts> = {}): Promise<Identity> {
  return identity({ subject, ca: true, ...facts });
}

/** A certificate for the server on the loopback. */
export function serverIdentity(issuer: Identity): Promise<Identity> {
  const names: JsonGeneralName[] = [
    { type: 'dns', value: 'localhost' },
    { type: 'ip', value: '127.0.0.1' },
  ];
  return identity({ subject: 'CN=localhost', issuer, names, purposes: [SERVER_AUTH] });
}

/** A name as a subtree of name constraints holds it: the tag of its kind, and its bytes (RFC 5280 §4.2.1.6). */
export type Subtree = readonly [tag: number, content: string | Buffer];

/** Name constraints (RFC 5280 §4.2.1.10). */
export function nameConstraints(
  permitted: readonly Subtree[],
  excluded: readonly Subtree[] = [],
  isCritical = true,
): Extension {
  const subtrees = (tag: number, list: readonly Subtree[]): Buffer[] =>
    list.length === 0 ? [] : [der(tag, ...list.map(([kind, content]) => der(0x30, der(kind, content))))];
  return new Extension(
    '2.5.29.30',
    isCritical,
    der(0x30, ...subtrees(0xa0, permitted), ...subtrees(0xa1, excluded)),
  );
}

/** DER of less than 128 bytes: a tag, a length, and what is in it. */
export function der(tag: number, ...contents: readonly (string | Buffer)[]): Buffer {
  const content = Buffer.concat(contents.map((part) => Buffer.from(part as string)));
  if (content.length > 127) throw new RangeError('too long for a length of one byte');
  return Buffer.concat([Buffer.from([tag, content.length]), content]);
}

/** A list of revoked certificates (RFC 5280 §5), PEM. */
export async function revocationList(issuer: Identity, revoked: readonly Identity[]): Promise<string> {
  const list = await X509CrlGenerator.create({
    issuer: issuer.certificate.subject,
    thisUpdate: new Date(Date.now() - DAY),
    nextUpdate: new Date(Date.now() + DAY),
    entries: revoked.map(({ certificate }) => ({
      serialNumber: certificate.serialNumber,
      revocationDate: new Date(Date.now() - DAY / 2),
      reason: X509CrlReason.keyCompromise,
    })),
    signingAlgorithm: ALGORITHM,
    signingKey: issuer.keys.privateKey,
  });
  const lines =
    Buffer.from(list.rawData)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN X509 CRL-----\n${lines.join('\n')}\n-----END X509 CRL-----\n`;
}

function pem(pkcs8: ArrayBuffer): string {
  const lines =
    Buffer.from(pkcs8)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
}
