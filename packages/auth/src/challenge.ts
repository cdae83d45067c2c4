/** Builds the value of `WWW-Authenticate` (RFC 9110 §11.6.1). The one place that does. */

/** What a quoted-string can carry (RFC 9110 §5.6.4) without leaving ASCII, which is all a header is sure to keep. */
const QUOTABLE = /^[\x20-\x7e]*$/;

/** What a scheme and a parameter are named with (RFC 9110 §5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * One challenge: the scheme, then its parameters in the order given, each a quoted-string. Undefined ones are left out.
 *
 * @throws TypeError for a value with control or non-ASCII characters, and for a name that is no token.
 * @example
 * ```ts
 * challenge('Bearer', { realm: 'api', error: 'invalid_token' }); // Bearer realm="api", error="invalid_token"
 * ```
 */
export function challenge(scheme: string, parameters: Readonly<Record<string, string | undefined>>): string {
  checkedToken('the scheme', scheme);
  const quoted: string[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) quoted.push(`${checkedToken('a parameter', name)}=${quotedString(name, value)}`);
  }
  return quoted.length === 0 ? scheme : `${scheme} ${quoted.join(', ')}`;
}

function checkedToken(what: string, name: string): string {
  if (TOKEN.test(name)) return name;
  throw new TypeError(`${what} of a challenge must be named with letters, digits and hyphens`);
}

function quotedString(name: string, value: string): string {
  if (!QUOTABLE.test(value)) {
    throw new TypeError(
      `${name} holds a character that a challenge cannot carry; use printable ASCII without line breaks`,
    );
  }
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/**
 * The realm option of a scheme, checked when the scheme is made.
 *
 * @throws TypeError when it is empty or can't stand in a header.
 */
export function checkedRealm(realm: string): string {
  if (typeof realm !== 'string' || realm === '') {
    throw new TypeError('realm must be a non-empty string: it tells the user what the credentials are for');
  }
  quotedString('realm', realm);
  return realm;
}
