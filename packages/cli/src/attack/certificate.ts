/** Certificates of the attacker's own making (RFC 5280 §4.1): well-formed, signed by a CA that nobody trusts. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** A certificate and the one that it was issued by, which is its own issuer. */
export interface CertificateChain {
  /** DER, the leaf first. */
  readonly certificates: readonly [leaf: Buffer, authority: Buffer];
  /** The same as PEM (RFC 7468 §5). */
  readonly pem: string;
}

/** A chain whose leaf holds this public key. */
export function certificateChain(publicKey: KeyObject): CertificateChain {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificates = [
    certificate('attacker', publicKey, authority.privateKey, []),
    certificate('attacker CA', authority.publicKey, authority.privateKey, [IS_AUTHORITY]),
  ] as const;
  return { certificates, pem: certificates.map(pemOf).join('') };
}

function certificate(
  subject: string,
  publicKey: KeyObject,
  issuerKey: KeyObject,
  extensions: readonly Buffer[],
): Buffer {
  const day = 86_400_000;
  const now = Date.now();
  const toBeSigned = sequence(
    element(EXPLICIT_0, integer(Buffer.of(2))),
    // A leading 1 keeps the number positive, whatever the random bytes are.
    integer(Buffer.concat([Buffer.of(1), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    nameOf('attacker CA'),
    sequence(time(now - day), time(now + 30 * day)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length === 0 ? [] : [element(EXPLICIT_3, sequence(...extensions))]),
  );
  const signature = sign('sha256', toBeSigned, issuerKey);
  return sequence(toBeSigned, ECDSA_WITH_SHA256, element(0x03, Buffer.of(0), signature));
}

const EXPLICIT_0 = 0xa0;
const EXPLICIT_3 = 0xa3;

/** A DER element (X.690 §8.1) with a definite length. */
function element(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const length = content.length;
  const head =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...head), content]);
}

function sequence(...contents: readonly Buffer[]): Buffer {
  return element(0x30, ...contents);
}

function integer(bytes: Buffer): Buffer {
  return element(0x02, bytes);
}

/** @param hex the identifier as X.690 §8.19 encodes it. */
function identifier(hex: string): Buffer {
  return element(0x06, Buffer.from(hex, 'hex'));
}

/** 1.2.840.10045.4.3.2 (RFC 5758 §3.2). */
const ECDSA_WITH_SHA256 = sequence(identifier('2a8648ce3d040302'));
/** Basic constraints (RFC 5280 §4.2.1.9), critical: it may issue others. */
const IS_AUTHORITY = sequence(
  identifier('551d13'),
  element(0x01, Buffer.of(0xff)),
  element(0x04, sequence(element(0x01, Buffer.of(0xff)))),
);

/** A name with one part, the common name. */
function nameOf(commonName: string): Buffer {
  return sequence(element(0x31, sequence(identifier('550403'), element(0x0c, Buffer.from(commonName)))));
}

/** UTCTime (RFC 5280 §4.1.2.5.1): two digits of the year, to the second. */
function time(milliseconds: number): Buffer {
  const text = new Date(milliseconds).toISOString().replace(/\.\d+|[-:T]/g, '');
  return element(0x17, Buffer.from(text.slice(2)));
}

function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
