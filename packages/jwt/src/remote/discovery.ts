/** Finds an issuer's keys from its name: OpenID Connect Discovery 1.0 §4, RFC 8414 §3. */
import { InvalidOption } from '../errors.js';
import { parseObject } from '../json.js';
import { checkOptionNames } from '../option-names.js';
import { refusalError } from '../refusal.js';
import { FetchFault, faultOf } from './bounded-fetch.js';
import { configuredUrl, isLoopback, reachesThisMachine, shownUrl, urlFault } from './configured-url.js';
import { checkedOptions, REMOTE_JWKS_OPTIONS, type RemoteJwksOptions } from './options.js';
import { RemoteJwks } from './remote-jwks.js';

/** Options of {@link discover}; those of the key set go for the metadata too, where they fit. */
export interface DiscoveryOptions extends RemoteJwksOptions {
  /** Where the metadata lie: `openid-configuration` after the issuer's path, or `oauth-authorization-server` before it. Default 'openid'. */
  kind?: 'openid' | 'oauth2';
}

const OPTIONS: Readonly<Record<keyof DiscoveryOptions, true>> = { ...REMOTE_JWKS_OPTIONS, kind: true };

/** What was discovered. Fits into a validator's options: `new JwtValidator({ ...(await discover(issuer)), audience })`. */
export interface DiscoveredIssuer {
  readonly issuer: string;
  readonly keys: RemoteJwks;
}

/**
 * Fetches an issuer's metadata, once, and answers the issuer with the keys at its `jwks_uri`. That URL keeps the rules of
 * `remoteJwks`, and leads to this machine only if the issuer's own does.
 *
 * @param issuer exactly as it stands in `iss`; the metadata have to say the same, to the character.
 * @throws InvalidOption for an issuer that is no https URL, or has a query or fragment; KeysUnavailable when the metadata
 * cannot be fetched, are another issuer's, or lack a usable `jwks_uri`.
 * @example
 * ```ts
 * const validator = new JwtValidator({ ...(await discover('https://issuer.example')), audience: 'https://api.example' });
 * ```
 */
export async function discover(issuer: string, options: DiscoveryOptions = {}): Promise<DiscoveredIssuer> {
  checkOptionNames(options, OPTIONS, 'discover()');
  const url = metadataUrl(issuer, options.kind ?? 'openid');
  const checked = checkedOptions(options);
  const { fetch, timeout } = checked;
  try {
    const response = await fetch(url.href, {
      method: 'GET',
      headers: new Headers({ accept: 'application/json' }),
      redirect: 'manual',
      signal: AbortSignal.timeout(Math.ceil(timeout * 1000)),
    });
    const metadata = parseObject(await response.text()) ?? {};
    if (metadata['issuer'] !== issuer) throw new FetchFault('answered with the metadata of another issuer');
    return Object.freeze({ issuer, keys: new RemoteJwks(jwksUrl(metadata['jwks_uri'], url), checked) });
  } catch (error) {
    throw refusalError({
      reason: 'keys_unavailable',
      hint: `${shownUrl(url)} ${faultOf(error, timeout)}.`,
    });
  }
}

function metadataUrl(issuer: string, kind: unknown): URL {
  if (typeof issuer !== 'string') {
    throw new InvalidOption('issuer', 'is no string', 'Give it exactly as it stands in the tokens’ iss.');
  }
  const url = configuredUrl(issuer, 'issuer');
  if (/[?#]/.test(issuer)) {
    throw new InvalidOption('issuer', 'has a query or a fragment', 'Issuers have none (RFC 8414 §2).');
  }
  const path = url.pathname.replace(/\/$/, '');
  // Written into the path: resolved against the origin, a path that begins with // would be another host.
  if (kind === 'openid') url.pathname = `${path}/.well-known/openid-configuration`;
  else if (kind === 'oauth2') url.pathname = `/.well-known/oauth-authorization-server${path}`;
  else throw new InvalidOption('kind', "is neither 'openid' nor 'oauth2'", 'Give one of them.');
  return url;
}

function jwksUrl(given: unknown, metadata: URL): URL {
  if (typeof given !== 'string' || !URL.canParse(given)) {
    throw new FetchFault('answered with metadata without the URL of its keys (jwks_uri)');
  }
  const url = new URL(given);
  const fault = urlFault(url);
  if (fault !== undefined) throw new FetchFault(`answered with a jwks_uri that ${fault}`);
  if (reachesThisMachine(url) && !isLoopback(metadata)) {
    throw new FetchFault('answered with a jwks_uri that leads to this machine');
  }
  return url;
}
