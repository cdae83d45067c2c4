/** Takes a compact JWS apart (RFC 7515 §7.1), strictly: one spelling, bounded, nothing decoded twice. */
import { isUtf8 } from 'node:buffer';
import { base64urlFault, endsCanonically, isBase64url } from './base64url.js';
import type { Finding } from './finding.js';
import { flatCopy } from './flat-text.js';
import { freezeDeep, parseObject } from './json.js';
import { hasRepeatedMember } from './repeated-members.js';
import { isThenable } from './thenable.js';

/** A protected header that was read (RFC 7515 §4). Frozen, and shared by all tokens that have it. */
export interface ProtectedHeader {
  readonly alg: string;
  readonly typ?: string;
  readonly kid?: string;
  readonly cty?: string;
  readonly crit?: unknown;
  readonly [parameter: string]: unknown;
}

/** The parts of a token. */
export interface ParsedToken {
  readonly token: string;
  readonly header: ProtectedHeader;
  /** Header, dot, payload: what is signed. */
  readonly signingInput: string;
  /** Canonical base64url. */
  readonly payload: string;
  /** The payload as text; undefined when it is not UTF-8. Nothing in it is to be believed before the signature was verified. */
  readonly text: string | undefined;
  /** Canonical base64url. */
  readonly signature: string;
}

/** Whether an answer of {@link parseToken} or {@link parseHeader} is a finding. */
export function isFinding(value: object): value is Finding {
  return 'reason' in value && typeof value.reason === 'string' && !('alg' in value) && !('token' in value);
}

/** The parts of a signed token, or why it has none. */
export function parseToken(token: unknown, maxLength: number): ParsedToken | Finding {
  if (token === undefined || token === null || token === '') return { reason: 'token_missing' };
  if (typeof token !== 'string') return { reason: 'token_malformed', hint: noTextHint(token) };
  if (token.length > maxLength) {
    return {
      reason: 'token_too_long',
      expected: `at most ${maxLength} characters`,
      actual: `${token.length}`,
    };
  }
  const first = token.indexOf('.');
  const second = token.indexOf('.', first + 1);
  if (first === -1 || second === -1 || token.includes('.', second + 1)) return compactFault(token);
  const header = headerOf(token, first);
  if (isFinding(header)) return { ...header, ...slip(token) };
  const signature = token.slice(second + 1);
  if (signature === '') return { reason: 'token_unsigned' };
  const payload = token.slice(first + 1, second);
  const decoded = decodePart(payload);
  if (decoded === undefined || !isBase64url(signature)) return compactFault(token);
  return { token, header, signingInput: token.slice(0, second), payload, text: decoded.text, signature };
}

function noTextHint(token: unknown): string {
  if (isThenable(token)) return 'The token is no string but a promise: await it.';
  return typeof token === 'object' && token !== null && 'token' in token
    ? 'The token is no string but an object: give its member token.'
    : 'The token is no string.';
}

const SLIPS: readonly (readonly [RegExp, string])[] = [
  [/^bearer\s/i, 'The token has the word Bearer before it: give what comes after it.'],
  [/^\s|\s$/, 'The token has a blank or a line end before or after it: take that away.'],
  [/^["'`]/, 'The token stands in quotes: take them away.'],
];

/** The hint for what people give for a token; nothing where it is none of that. */
function slip(token: string): { hint?: string } {
  const hint = SLIPS.find(([pattern]) => pattern.test(token))?.[1];
  return hint === undefined ? {} : { hint };
}

const PARTS = ['protected header', 'payload', 'signature'] as const;

/** Which part is wrong and how; runs only for tokens that are refused anyway. */
function compactFault(token: string): Finding {
  const parts = token.split('.', 7);
  // Five parts may also be two signed tokens on two lines.
  if (parts.length === 5 && /^[\w.-]+$/.test(token)) return { reason: 'token_encrypted' };
  if (parts.length !== 3) {
    return {
      reason: 'token_malformed',
      expected: '3 parts',
      actual: parts.length > 6 ? 'more than 6' : `${parts.length}`,
    };
  }
  for (const [index, part] of parts.entries()) {
    const fault = base64urlFault(part);
    if (fault !== undefined)
      return { reason: 'token_malformed', hint: `The ${PARTS[index]} ${fault}.`, ...slip(token) };
  }
  return { reason: 'token_malformed' };
}

/** Headers repeat from token to token, so each distinct text is parsed once. Bounded, because strangers choose the text. */
const remembered = new Map<string, RememberedHeader>();
const REMEMBERED_HEADERS = 256;
/** In characters of the encoded header; a longer one is parsed each time. */
const REMEMBERED_LENGTH = 1024;

interface RememberedHeader {
  /** In memory of its own: who sends a megabyte must not have it kept for the sake of its header. */
  readonly text: string;
  readonly header: ProtectedHeader;
}

/** The header of the last token; comparing it costs less than cutting it out and looking it up. */
let last: RememberedHeader | undefined;

function headerOf(token: string, end: number): ProtectedHeader | Finding {
  if (last !== undefined && end === last.text.length && token.startsWith(last.text)) return last.header;
  const text = token.slice(0, end);
  const known = remembered.get(text);
  if (known !== undefined) {
    last = known;
    return known.header;
  }
  const header = parseHeader(text);
  if (isFinding(header) || end > REMEMBERED_LENGTH) return header;
  if (remembered.size >= REMEMBERED_HEADERS) remembered.clear();
  last = { text: flatCopy(text), header };
  remembered.set(last.text, last);
  return header;
}

/** The protected header in a base64url part, or why it is none. */
export function parseHeader(text: string): ProtectedHeader | Finding {
  const json = decodePart(text)?.text;
  const header = json === undefined ? undefined : parseObject(json);
  if (json === undefined || header === undefined) {
    const fault = base64urlFault(text);
    return {
      reason: 'header_malformed',
      hint: `The protected header ${fault ?? 'is not a JSON object in UTF-8'}.`,
    };
  }
  // Deep before anything walks it; and frozen whole, because all tokens with this header share it.
  if (!freezeDeep(header)) {
    return { reason: 'header_malformed', hint: 'The protected header is nested deeper than is accepted.' };
  }
  if (hasRepeatedMember(json)) {
    return { reason: 'header_malformed', hint: 'The protected header has a member twice (RFC 7515 §4).' };
  }
  for (const name of ['alg', 'typ', 'kid', 'cty']) {
    if (typeof header[name] === 'string' || (name !== 'alg' && header[name] === undefined)) continue;
    return { reason: 'header_malformed', claim: name, hint: `The protected header's ${name} is no string.` };
  }
  return header as ProtectedHeader;
}

/** Parts of usual size are decoded here, one after the other, because making a buffer costs as much as decoding. */
const scratch = Buffer.allocUnsafeSlow(8192);

/** What a base64url part says, as text where it is UTF-8; undefined for any but its one spelling. */
function decodePart(part: string): { text: string | undefined } | undefined {
  const fits = part.length <= scratch.length;
  const bytes = fits ? scratch : Buffer.from(part, 'base64url');
  const length = fits ? scratch.write(part, 0, 'base64url') : bytes.length;
  if (!isOneSpelling(part, length)) return undefined;
  const text = bytes.toString('utf8', 0, length);
  // What is not UTF-8 decodes to this character; only where it stands must the bytes be looked at.
  const isText = !text.includes('\uFFFD') || isUtf8(bytes.subarray(0, length));
  return { text: isText ? text : undefined };
}

const WIDE = /[\u0100-\uffff]/;

/**
 * Whether a part is the one spelling of the bytes that Node.js decoded it to. Node.js skips what is no base64 and then has
 * fewer bytes, takes the two characters of plain base64 too, and of a wide character sees the lower byte only. Asking for
 * these takes half the time of looking at each character, or of encoding the bytes again.
 */
function isOneSpelling(part: string, decodedLength: number): boolean {
  return (
    decodedLength === Math.floor((part.length * 3) / 4) &&
    endsCanonically(part) &&
    !part.includes('+') &&
    !part.includes('/') &&
    !WIDE.test(part)
  );
}
