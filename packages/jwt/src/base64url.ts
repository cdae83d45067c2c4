/** Strict base64url (RFC 4648 §5 without padding, as RFC 7515 §2 has it): one spelling for each sequence of bytes. */

const ALPHABET = /^[A-Za-z0-9_-]*$/;
/** What the last character may be when it carries two or four bits that no byte uses: those bits are zero. */
const LAST_OF_TWO = 'AQgw';
const LAST_OF_THREE = 'AEIMQUYcgkosw048';

/** Whether the text is base64url in its one canonical spelling. */
export function isBase64url(text: string): boolean {
  return ALPHABET.test(text) && endsCanonically(text);
}

/** The part of {@link isBase64url} that concerns the end, for text whose alphabet was checked already. */
export function endsCanonically(text: string): boolean {
  const last = text.charAt(text.length - 1);
  switch (text.length % 4) {
    case 0:
      return true;
    case 2:
      return LAST_OF_TWO.includes(last);
    case 3:
      return LAST_OF_THREE.includes(last);
    default:
      return false;
  }
}

/** What is wrong with text that is not canonical base64url, in words, with the position of the first wrong character. */
export function base64urlFault(text: string): string | undefined {
  const position = text.search(/[^A-Za-z0-9_-]/);
  if (position !== -1) return `has a character that base64url does not have, at position ${position}`;
  if (text.length % 4 === 1) return 'is cut: no bytes are encoded in that many characters';
  return endsCanonically(text) ? undefined : 'ends in a character that sets bits no byte uses';
}

/**
 * Decodes canonical base64url to text, in any JavaScript runtime; undefined when the bytes are not UTF-8.
 * A byte order mark stays, so that what follows sees it.
 */
export function decodeText(text: string): string | undefined {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
