/** Takes a compact JWE apart (RFC 7516 §7.1), strictly: one spelling, bounded, and nothing of it decrypted yet. */
import { base64urlFault, endsCanonically } from '../base64url.js';
import type { Finding } from '../finding.js';
import { isFinding, type ProtectedHeader, parseHeader } from '../token.js';

/** A protected header of an encrypted token that was read (RFC 7516 §4). Frozen. */
export interface EncryptedHeader extends ProtectedHeader {
  readonly enc: string;
}

/** The parts of an encrypted token, as they are spelled. */
export interface EncryptedToken {
  readonly token: string;
  readonly header: EncryptedHeader;
  readonly encryptedKey: string;
  readonly iv: string;
  readonly ciphertext: string;
  readonly tag: string;
}

const COMPACT = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){4}$/;
const PARTS = ['protected header', 'encrypted key', 'initialization vector', 'ciphertext', 'tag'] as const;

/** The parts of an encrypted token, or why it has none. What it says here can be told from the text alone. */
export function parseEncryptedToken(token: unknown, maxLength: number): EncryptedToken | Finding {
  if (token === undefined || token === null || token === '') return { reason: 'token_missing' };
  if (typeof token !== 'string') return { reason: 'jwe_malformed', hint: 'The token is no string.' };
  if (token.length > maxLength) {
    return {
      reason: 'token_too_long',
      expected: `at most ${maxLength} characters`,
      actual: `${token.length}`,
    };
  }
  if (!COMPACT.test(token)) return compactFault(token);
  const [first = '', encryptedKey = '', iv = '', ciphertext = '', tag = ''] = token.split('.');
  if (![encryptedKey, iv, ciphertext, tag].every(endsCanonically)) return compactFault(token);
  // Not remembered as those of signed tokens are: with a key of its own in it, hardly a header comes twice.
  const header = parseHeader(first);
  if (isFinding(header)) return { ...header, reason: 'jwe_malformed' };
  return (
    headerFault(header) ?? { token, header: header as EncryptedHeader, encryptedKey, iv, ciphertext, tag }
  );
}

/** Extensions and compression are refused before any key is looked at. */
function headerFault(header: ProtectedHeader): Finding | undefined {
  if (typeof header['enc'] !== 'string') {
    return {
      reason: 'jwe_malformed',
      claim: 'enc',
      hint: 'The protected header has no enc (RFC 7516 §4.1.2).',
    };
  }
  if (header.crit !== undefined || header['b64'] !== undefined) {
    return { reason: 'crit_not_understood', claim: 'crit' };
  }
  return header['zip'] === undefined ? undefined : { reason: 'compression_not_allowed', claim: 'zip' };
}

/** Which part is wrong and how; runs only for tokens that are refused anyway. */
function compactFault(token: string): Finding {
  const parts = token.split('.', 7);
  if (parts.length === 3) return { reason: 'token_not_encrypted' };
  if (parts.length !== 5) {
    return {
      reason: 'jwe_malformed',
      expected: '5 parts',
      actual: parts.length > 6 ? 'more than 6' : `${parts.length}`,
    };
  }
  for (const [index, part] of parts.entries()) {
    const fault = base64urlFault(part);
    if (fault !== undefined) return { reason: 'jwe_malformed', hint: `The ${PARTS[index]} ${fault}.` };
  }
  return { reason: 'jwe_malformed' };
}
