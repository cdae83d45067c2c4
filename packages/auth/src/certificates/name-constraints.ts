/** Name constraints (RFC 5280 §4.2.1.10): the names below an authority that it may give. */
import { isIP } from 'node:net';
import { type Element, elementsIn, elementsOf, objectIdentifier, SEQUENCE } from './der.js';
import { ALTERNATIVE_NAME, type CertificateContents } from './extensions.js';

/** The subtrees of names that an authority may give, and that it may not. */
export interface NameConstraints {
  readonly permitted: readonly Element[];
  readonly excluded: readonly Element[];
}

/** The tags of the kinds of names (RFC 5280 §4.2.1.6) that are compared. */
const EMAIL = 0x81;
const DNS = 0x82;
const DIRECTORY = 0xa4;
const URI = 0x86;
const IP_ADDRESS = 0x87;

/** @throws RangeError for what is not written so, and for a subtree with a minimum or maximum, which nobody uses. */
export function nameConstraintsIn(value: Buffer): NameConstraints {
  const lists = elementsOf(value);
  if (lists.length === 0) throw new RangeError('name constraints of nothing');
  const bases = (wanted: number): Element[] =>
    lists
      .filter(({ tag }) => tag === wanted)
      .flatMap(({ content }) => elementsIn(content))
      .map((subtree) => {
        const [base, ...bounds] = elementsIn(subtree.content);
        if (base === undefined || bounds.length > 0) throw new RangeError('a subtree with bounds');
        return base;
      });
  return { permitted: bases(0xa0), excluded: bases(0xa1) };
}

/** All names of a certificate: the alternative ones, its subject, and the e-mail addresses in that. */
export function namesIn({ extensions, subject }: CertificateContents): Element[] {
  const alternative = extensions.get(ALTERNATIVE_NAME);
  const names = alternative === undefined ? [] : elementsOf(alternative.value);
  for (const content of emailAddressesIn(subject)) names.push({ tag: EMAIL, content });
  if (subject.length > 0) names.push({ tag: DIRECTORY, content: subject });
  return names;
}

/**
 * Whether every name is in none of the excluded subtrees, and in a permitted one where there are some of its kind.
 *
 * @throws RangeError for a name, or a subtree of its kind, that cannot be compared: that is no yes.
 */
export function areWithin({ permitted, excluded }: NameConstraints, names: readonly Element[]): boolean {
  return names.every((name) => {
    const ofItsKind = ({ tag }: Element): boolean => tag === name.tag;
    const isIn = (base: Element): boolean => isInSubtree(name, base);
    const allowed = permitted.filter(ofItsKind);
    return !excluded.filter(ofItsKind).some(isIn) && (allowed.length === 0 || allowed.some(isIn));
  });
}

function isInSubtree({ tag, content }: Element, base: Element): boolean {
  if (tag === IP_ADDRESS) return isInNetwork(content, base.content);
  if (tag === DIRECTORY) return isBelow(content, elementsOf(base.content, SEQUENCE));
  const [name, subtree] = [textOf(content), textOf(base.content)];
  if (tag === DNS) return subtree === '' || isHostOrBelow(hostIn(name), hostIn(subtree));
  if (tag === EMAIL) return isMailbox(name, subtree);
  if (tag === URI) return isHostOfSubtree(hostOfUri(name), subtree);
  throw new RangeError('a kind of name that cannot be compared');
}

/** Names of these kinds are ASCII (IA5String). */
function textOf(content: Buffer): string {
  const text = content.toString('latin1');
  if (!/^[\x21-\x7e]*$/.test(text)) throw new RangeError('a name that is not printable ASCII');
  return text;
}

/** Hosts are compared without regard to case. */
function hostIn(text: string): string {
  if (!/^[A-Za-z0-9.*_-]+$/.test(text)) throw new RangeError('a name that is no host’s');
  return text.toLowerCase();
}

function isHostOrBelow(host: string, base: string): boolean {
  return host === base || host.endsWith(base.startsWith('.') ? base : `.${base}`);
}

/** For e-mail addresses and URIs: `.example.com` is every host below, `example.com` that host alone. */
function isHostOfSubtree(host: string, subtree: string): boolean {
  const base = hostIn(subtree);
  return base.startsWith('.') ? host.endsWith(base) : host === base;
}

/** A subtree is one mailbox, whose local part is compared exactly, or the hosts of mailboxes. */
function isMailbox(name: string, subtree: string): boolean {
  const at = name.lastIndexOf('@');
  if (at < 1) throw new RangeError('an e-mail address that is none');
  const host = hostIn(name.slice(at + 1));
  const baseAt = subtree.lastIndexOf('@');
  if (baseAt === -1) return isHostOfSubtree(host, subtree);
  return name.slice(0, at) === subtree.slice(0, baseAt) && host === hostIn(subtree.slice(baseAt + 1));
}

/** RFC 5280 §4.2.1.10: a URI that names no host, or an address, is refused where hosts of URIs are constrained. */
function hostOfUri(uri: string): string {
  const authority = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/(?:[^/?#]*@)?([^/?#:@]+)(?::\d*)?(?:[/?#]|$)/.exec(
    uri,
  )?.[1];
  if (authority === undefined || isIP(authority) !== 0) throw new RangeError('a URI that names no host');
  return hostIn(authority);
}

/** An address is 4 or 16 bytes; a subtree has as many for the network, and as many for its mask. */
function isInNetwork(address: Buffer, subtree: Buffer): boolean {
  const size = address.length;
  if (![4, 16].includes(size) || ![8, 32].includes(subtree.length))
    throw new RangeError('an address that is none');
  if (subtree.length !== size * 2) return false;
  return address.every((byte, at) => {
    const mask = subtree[size + at] ?? 0xff;
    return (byte & mask) === ((subtree[at] ?? 0) & mask);
  });
}

/** A name is in a subtree that its relative names begin with. */
function isBelow(subject: Buffer, base: readonly Element[]): boolean {
  const names = elementsIn(subject);
  return base.every((part, at) => {
    const name = names[at];
    return name !== undefined && canonical(name) === canonical(part);
  });
}

/** RFC 5280 §7.1: text is compared without regard to case, to blanks that repeat, and to how it is encoded. */
function canonical(relative: Element): string {
  const attributes = elementsIn(relative.content).map(({ content }) => {
    const [type, value] = elementsIn(content);
    if (type === undefined || value === undefined) throw new RangeError('an attribute that is none');
    return `${objectIdentifier(type.content)}=${canonicalText(value)}`;
  });
  return JSON.stringify(attributes.sort());
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function canonicalText({ tag, content }: Element): string {
  const text = textOfType(tag, content);
  if (text === undefined) return `${tag}:${content.toString('hex')}`;
  return `text:${text.trim().replace(/\s+/g, ' ').toLowerCase()}`;
}

/** The text of UTF8String, the ASCII strings, T61String and BMPString (X.680 §41); undefined for what is no text. */
function textOfType(tag: number, content: Buffer): string | undefined {
  if ([0x0c, 0x12, 0x13, 0x16, 0x1a].includes(tag)) return utf8.decode(content);
  if (tag === 0x14) return content.toString('latin1');
  if (tag === 0x1e) return Buffer.from(content).swap16().toString('utf16le');
  return undefined;
}

const EMAIL_ADDRESS = '1.2.840.113549.1.9.1';

function emailAddressesIn(subject: Buffer): Buffer[] {
  return elementsIn(subject)
    .flatMap(({ content }) => elementsIn(content))
    .map(({ content }) => elementsIn(content))
    .flatMap(([type, value]) =>
      type !== undefined && value !== undefined && objectIdentifier(type.content) === EMAIL_ADDRESS
        ? [value.content]
        : [],
    );
}
