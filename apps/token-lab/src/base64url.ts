/** Base64url of UTF-8 text (RFC 7515 §2), for the tokens that the page itself breaks. */

/** Encodes without padding. */
export function encodeText(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return encodeLatin(binary);
}

/** The `user:password` of Basic (RFC 7617 §2), in UTF-8 and padded base64. */
export function basicCredentials(user: string, password: string): string {
  const padded = encodeText(`${user}:${password}`).replaceAll('-', '+').replaceAll('_', '/');
  return padded + '='.repeat((4 - (padded.length % 4)) % 4);
}

function encodeLatin(binary: string): string {
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
