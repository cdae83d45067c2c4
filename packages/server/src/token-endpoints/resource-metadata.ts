/** Metadata of a protected resource (RFC 9728): who issues the tokens it takes. */
import { refuseUnknownOptions } from '../nearest-name.js';
import type { Server } from '../server.js';
import { identifierUrl, resourceMetadataPath } from './issuer.js';
import { documentEndpoint } from './metadata.js';
import { isScope } from './scope.js';

/** Options of {@link resourceMetadata}. */
export interface ResourceMetadataOptions {
  /** The resource identifier: its https URL. */
  readonly resource: string;
  /** The issuers whose tokens it takes. */
  readonly authorizationServers: readonly [string, ...string[]];
  /** The scopes it asks for. */
  readonly scopes?: readonly string[] | undefined;
  /** A name for people. */
  readonly name?: string | undefined;
}

const OPTIONS = ['resource', 'authorizationServers', 'scopes', 'name'];

/**
 * Serves the metadata of a protected resource at `/.well-known/oauth-protected-resource`, followed by the path of its
 * identifier.
 *
 * @throws TypeError for an identifier that is no https URL (http on loopback), no authorization server, a malformed
 * scope, and for whatever `route` throws
 * @example
 * ```ts
 * resourceMetadata(server, { resource: 'https://api.example.com', authorizationServers: ['https://auth.example.com'] });
 * ```
 */
export function resourceMetadata<Schemes extends object>(
  server: Server<Schemes>,
  options: ResourceMetadataOptions,
): void {
  refuseUnknownOptions(options, OPTIONS, 'resourceMetadata()');
  const { resource, authorizationServers, scopes = [], name } = options;
  const url = identifierUrl(resource, 'resourceMetadata(): resource');
  if (!Array.isArray(authorizationServers) || authorizationServers.length === 0)
    throw new TypeError('resourceMetadata(): authorizationServers has to name at least one issuer.');
  for (const issuer of authorizationServers)
    identifierUrl(issuer, 'resourceMetadata(): each of authorizationServers');
  if (!Array.isArray(scopes) || !scopes.every(isScope))
    throw new TypeError('resourceMetadata(): scopes is a list of scopes without blanks (RFC 6749 §3.3).');
  const document = {
    resource,
    authorization_servers: authorizationServers,
    ...(scopes.length === 0 ? {} : { scopes_supported: scopes }),
    bearer_methods_supported: ['header'],
    ...(name === undefined ? {} : { resource_name: name }),
  };
  const summary = 'Metadata of this resource (RFC 9728).';
  const path = resourceMetadataPath(url);
  server.route(['GET'], path, { auth: false, summary }, documentEndpoint(document));
}
