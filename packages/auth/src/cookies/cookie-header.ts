/** Reads one cookie out of the `Cookie` field (RFC 6265 §4.2), as strictly as a credential deserves. */

/** A cookie that came once, more than once, or with a value that no cookie of this server has. */
export type CookieReading = { readonly value: string } | 'repeated' | 'malformed';

/** RFC 6265 §4.1.1: `cookie-octet`. Quotes, blanks, commas and non-ASCII are not among them. */
const COOKIE_OCTETS = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+$/;

/** RFC 6265bis §5.6: what a browser stores at most of a name and its value, in bytes. */
export const MAX_COOKIE_BYTES = 4096;

/**
 * The cookie of exactly this name; undefined when there is none. Names are compared byte by byte, and only blanks and
 * tabs are taken off: a browser protects `__Host-` names by their first letters, so whoever reads `\u00a0__Host-session`
 * or `__host-session` as the same cookie takes one that any subdomain could have set.
 *
 * @param field the value of `Cookie`; Node.js joins several field lines with `; `.
 */
export function readCookie(field: string | undefined, name: string): CookieReading | undefined {
  if (field === undefined || !field.includes(name)) return undefined;
  let found: string | undefined;
  for (const pair of field.split(';')) {
    const equals = pair.indexOf('=');
    if (equals === -1 || trimmed(pair.slice(0, equals)) !== name) continue;
    if (found !== undefined) return 'repeated';
    found = trimmed(pair.slice(equals + 1));
  }
  if (found === undefined) return undefined;
  const fits = name.length + found.length <= MAX_COOKIE_BYTES;
  return fits && COOKIE_OCTETS.test(found) ? { value: found } : 'malformed';
}

/** By index: the regular expression that would do it takes the square of the blanks inside, which strangers choose. */
function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
