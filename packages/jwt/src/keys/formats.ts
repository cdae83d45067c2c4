/**
 * Names the format that key material is in, so that errors say what was found, and so that public material is never
 * taken for a shared secret: whoever knows it could then sign (CVE-2023-48223, CVE-2022-29217, CVE-2024-33663).
 */
import {
  BIT_STRING,
  CONTEXT_0,
  type DerElement,
  derElement,
  derElements,
  INTEGER,
  OBJECT_IDENTIFIER,
  OCTET_STRING,
  SEQUENCE,
} from './der.js';

/** A format that was recognised. */
export interface Format {
  /** With its article, as it stands in a sentence: "a PEM block (PUBLIC KEY)". */
  readonly what: string;
  /** What to do with it. */
  readonly fix: string;
}

const AS_PEM = 'Give it as { pem }.';
const AS_X509 = 'Give it as { x509 }.';
const AS_JWK = 'Give it as { jwk }.';
const TO_PEM = 'Turn it into PEM and give it as { pem }: openssl pkey -inform DER -in FILE.';

/** Deep enough for a PEM block in base64 in hexadecimal digits, and not for more. */
const MAX_WRAPPINGS = 2;

/** The format of these bytes, or of the text that they are; undefined when they look like nothing known: a secret does. */
export function formatOf(material: Buffer | string): Format | undefined {
  let bytes: Buffer = typeof material === 'string' ? bytesOf(material) : material;
  for (let wrappings = 0; ; wrappings += 1) {
    const format = formatOfDer(bytes) ?? formatOfText(plainText(bytes)) ?? formatOfSshBlob(bytes);
    if (format !== undefined || wrappings === MAX_WRAPPINGS) return format;
    const inner = unwrapped(plainText(bytes));
    if (inner === undefined) return undefined;
    bytes = inner;
  }
}

/** Text may be bytes that were read one character a byte. */
function bytesOf(text: string): Buffer {
  return Buffer.from(text, /[^\0-\xff]/.test(text) ? 'utf8' : 'latin1');
}

/** What a PEM label stands for, in a sentence, and what to do with it. */
export function formatOfLabel(label: string): Format {
  const [, fix] = LABELS.find(([pattern]) => pattern.test(label)) ?? [];
  return { what: `a PEM block (${label})`, fix: fix ?? 'Give a key.' };
}

const LABELS: readonly (readonly [RegExp, string])[] = [
  [/^OPENSSH PRIVATE KEY$/, 'Turn it into PKCS#8: ssh-keygen -p -m PKCS8 -f FILE; then give it as { pem }.'],
  [/^SSH2 /, 'Turn it into PEM: ssh-keygen -e -m PKCS8 -f FILE; then give it as { pem }.'],
  [/^PGP /, 'OpenPGP keys do not sign tokens: make a key of its own for them.'],
  [/^DSA /, 'No algorithm of JWS uses DSA: make another key.'],
  [/REQUEST$/, 'Give the certificate that was made from it as { x509 }, or the key as { pem }.'],
  [/CERTIFICATE$/, AS_X509],
  [/PARAMETERS$/, 'Those are parameters; give the block with the key as { pem }.'],
  [/KEY$/, AS_PEM],
];

/** Text as it is looked at: one character a byte, and UTF-16, as PowerShell writes files, without its zero bytes. */
function plainText(bytes: Buffer): string {
  return bytes.toString('latin1').replaceAll('\0', '');
}

const PATTERNS: readonly (readonly [RegExp, string, string])[] = [
  [
    /"keys"\s*:\s*\[/,
    'a JSON Web Key Set',
    'Import it with importJwks(set), or take the one key out of its `keys`.',
  ],
  [
    /^[^{]*\[\s*\{[\s\S]*"kty"\s*:/,
    'a list of JSON Web Keys',
    'Take the one key out of it and give it as { jwk }.',
  ],
  [/"kty"\s*:/, 'a JSON Web Key', AS_JWK],
  [
    /PuTTY-User-Key-File-/,
    'a PuTTY key',
    'Export it as an OpenSSH key, turn that into PKCS#8 and give it as { pem }.',
  ],
  [
    /(?:ssh-(?:rsa|dss|ed25519|ed448)|ecdsa-sha2-nistp\d+|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@)[\w.@-]*\s+["']?AAAA/,
    'an SSH key',
    'Turn it into PEM: ssh-keygen -e -m PKCS8 -f FILE; then give it as { pem }.',
  ],
  [/<(?:\w+:)?RSAKeyValue>/, 'an RSA key in XML', 'Turn it into PEM or a JWK.'],
  [
    /^\s*(?:Bearer\s+)?eyJ[\w-]+(?:\.[\w-]*){2}(?:(?:\.[\w-]*){2})?\s*$/i,
    'a JSON Web Token',
    'A token is no key: give what it is signed with.',
  ],
];

function formatOfText(text: string): Format | undefined {
  // SSH2 files have four dashes and a blank (RFC 4716 §3.2).
  const label = /-{4,5} ?BEGIN ([A-Z0-9 ]+?) ?-{4,5}/.exec(text)?.[1];
  if (label !== undefined) return formatOfLabel(label.slice(0, 40));
  for (const [pattern, what, fix] of PATTERNS) if (pattern.test(text)) return { what, fix };
  return undefined;
}

/** An SSH public key as its base64 holds it: the length of the type, then the type (RFC 4253 §6.6). */
function formatOfSshBlob(bytes: Buffer): Format | undefined {
  return /^\0\0\0.(?:ssh-|ecdsa-sha2-|sk-)/s.test(bytes.subarray(0, 16).toString('latin1'))
    ? {
        what: 'an SSH key',
        fix: 'Turn it into PEM: ssh-keygen -e -m PKCS8 -f FILE; then give it as { pem }.',
      }
    : undefined;
}

/** The bytes that a text spells in hexadecimal digits or base64; undefined when it spells none. */
function unwrapped(text: string): Buffer | undefined {
  const digits = text.replaceAll(/[\s:"']/g, '').replace(/^0x/i, '');
  if (digits.length < 16) return undefined;
  if (digits.length % 2 === 0 && /^[0-9a-f]+$/i.test(digits)) return Buffer.from(digits, 'hex');
  return /^[\w+/-]+={0,2}$/.test(digits) ? Buffer.from(digits, 'base64') : undefined;
}

/** DER by its shape, so that it is known on every runtime, whatever the algorithm in it. */
function formatOfDer(bytes: Buffer): Format | undefined {
  const parts = sequence(derElement(bytes));
  const [first, second, third] = parts;
  if (parts.length === 2 && isAlgorithm(first)) {
    if (second?.tag === BIT_STRING) return { what: 'a public key in DER (SPKI)', fix: TO_PEM };
    if (second?.tag === OCTET_STRING)
      return { what: 'an encrypted private key in DER (PKCS#8)', fix: TO_PEM };
  }
  if (parts.length === 3 && first?.tag === SEQUENCE && isAlgorithm(second) && third?.tag === BIT_STRING) {
    return isCertificate(sequence(first))
      ? { what: 'a certificate in DER', fix: AS_X509 }
      : {
          what: 'a certificate request in DER',
          fix: 'Give the certificate as { x509 }, or the key as { pem }.',
        };
  }
  if (first?.tag !== INTEGER) return undefined;
  if (isAlgorithm(second) && third?.tag === OCTET_STRING)
    return { what: 'a private key in DER (PKCS#8)', fix: TO_PEM };
  if (first.content[0] === 1 && second?.tag === OCTET_STRING)
    return { what: 'an EC private key in DER (SEC1)', fix: TO_PEM };
  if (!parts.every((part) => part.tag === INTEGER)) return undefined;
  if (parts.length >= 9) return { what: 'an RSA private key in DER (PKCS#1)', fix: TO_PEM };
  // Two numbers alone may also be a signature; a modulus is longer than those are.
  return parts.length === 2 && first.content.length >= 128
    ? { what: 'an RSA public key in DER (PKCS#1)', fix: TO_PEM }
    : undefined;
}

/** The object identifier of the key's algorithm (RFC 5280 §4.1.2.7), as hexadecimal digits, in SPKI, PKCS#8 or a certificate. */
export function algorithmIdentifier(der: Buffer): string | undefined {
  const parts = sequence(derElement(der));
  const [first] = parts;
  // In a certificate it is in the part with the public key, a sequence of algorithm and bits.
  const holder =
    isAlgorithm(parts[1]) && first?.tag === SEQUENCE
      ? sequence(first).find((part) => isAlgorithm(sequence(part)[0]))
      : undefined;
  const algorithm = (holder === undefined ? parts : sequence(holder)).find(isAlgorithm);
  return sequence(algorithm)[0]?.content.toString('hex');
}

function sequence(element: DerElement | undefined): readonly DerElement[] {
  return element?.tag === SEQUENCE ? (derElements(element.content) ?? []) : [];
}

/** An AlgorithmIdentifier begins with the object identifier of the algorithm (RFC 5280 §4.1.1.2). */
function isAlgorithm(element: DerElement | undefined): boolean {
  return sequence(element)[0]?.tag === OBJECT_IDENTIFIER;
}

/** Certificates have a version or, in the first version, an algorithm second (RFC 5280 §4.1); requests have a name there. */
function isCertificate(parts: readonly DerElement[]): boolean {
  return parts[0]?.tag === CONTEXT_0 || isAlgorithm(parts[1]);
}
