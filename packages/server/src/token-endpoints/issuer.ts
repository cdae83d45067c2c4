/** Identifiers that are URLs, and the well-known path where their metadata is (RFC 8414 §3.1, RFC 9728 §3.1). */

/** A path that can be a route as it stands: no escapes and none of the router's signs. */
const PLAIN_PATH = /^\/[A-Za-z0-9._~/-]*$/;
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Reads an identifier.
 *
 * @throws TypeError for what is no URL, has a query or a fragment, or is neither https nor on loopback
 */
export function identifierUrl(identifier: string, option: string): URL {
  const url = URL.canParse(identifier) ? new URL(identifier) : undefined;
  const secure = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.includes(url.hostname));
  if (url === undefined || !secure || /[?#@]/.test(identifier) || !PLAIN_PATH.test(url.pathname)) {
    throw new TypeError(
      `${option} has to be an https URL without user, query and fragment, such as 'https://auth.example.com'; http is for loopback.`,
    );
  }
  return url;
}

/** Of an issuer: the well-known suffix stands between host and path, and a slash at the end is left out (RFC 8414 §3.1). */
export function issuerMetadataPath({ pathname }: URL): string {
  return `/.well-known/oauth-authorization-server${pathname.replace(/\/$/, '')}`;
}

/** Of a resource: the same, but a slash at the end of a path is a part of it (RFC 9728 §3.1). */
export function resourceMetadataPath({ pathname }: URL): string {
  return `/.well-known/oauth-protected-resource${pathname === '/' ? '' : pathname}`;
}

/** A route's path. @throws TypeError for one with signs that mean something to the router */
export function checkedPath(path: string, option: string): string {
  if (typeof path === 'string' && PLAIN_PATH.test(path)) return path;
  throw new TypeError(`${option} has to be a plain path, such as '/oauth/token'.`);
}
