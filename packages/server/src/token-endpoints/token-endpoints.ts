/** `tokenEndpoints`: token, revocation and introspection endpoints with their metadata, on a server of one's own. */
import { listenersOf, refusePlainHttp } from '../listeners/plain-http.js';
import { refuseUnknownOptions } from '../nearest-name.js';
import type { Server } from '../server.js';
import { clientAuthentication } from './client-authentication.js';
import { clientCredentials, type Grant } from './client-credentials.js';
import { type Clients, clientFinder, clientsInUse, type GrantType } from './clients.js';
import { type AnswerClient, clientEndpoint } from './endpoint.js';
import { introspectionAnswer } from './introspection.js';
import { checkedPath, identifierUrl, issuerMetadataPath } from './issuer.js';
import { authorizationServerMetadata, documentEndpoint } from './metadata.js';
import { refreshGrant } from './refresh.js';
import { revocationAnswer } from './revocation.js';
import type { AccessTokenBuilder, AccessTokenVerifier, TokenSessions } from './seams.js';
import { tokenAnswer } from './token.js';

/** Options of {@link tokenEndpoints}. */
export interface TokenEndpointsOptions {
  /** The issuer identifier: the https URL under which clients reach this server (RFC 8414 §2); http on loopback. */
  readonly issuer: string;
  /** Builds access tokens: a `JwtBuilder` with audience and key. Issuer, `typ: at+jwt`, subject, scope and `client_id` are set here. */
  readonly tokens: AccessTokenBuilder;
  /** The validator of these tokens, the same that `bearer` has: introspection answers what it says. */
  readonly validator: AccessTokenVerifier;
  /** Who may ask. */
  readonly clients: Clients;
  /** Refresh tokens and revocation. Without it neither is served, and access tokens end by themselves alone. */
  readonly sessions?: TokenSessions | undefined;
  /** Where the endpoints are. Default `/oauth/token`, `/oauth/revoke`, `/oauth/introspect`. */
  readonly paths?:
    | {
        readonly token?: string | undefined;
        readonly revocation?: string | undefined;
        readonly introspection?: string | undefined;
      }
    | undefined;
}

const OPTIONS = ['issuer', 'tokens', 'validator', 'clients', 'sessions', 'paths'];
const PATHS = { token: '/oauth/token', revocation: '/oauth/revoke', introspection: '/oauth/introspect' };
const SESSION_CALLS = ['refresh', 'find', 'revoke', 'revokeToken'] as const;

/**
 * Serves token requests of registered clients: client credentials (RFC 6749 §4.4), the refresh of what `sessions` gave
 * (§6), revocation (RFC 7009), introspection (RFC 7662), and the metadata that lets a client find them (RFC 8414).
 * Access tokens follow RFC 9068. What they refuse is JSON as RFC 6749 §5.2 has it, and no cache keeps an answer. A request
 * over plain HTTP from another machine is refused unread (§2.3.1), unless a listener says `allowInsecureHttp`.
 *
 * @throws TypeError for a client that is registered wrongly, an issuer that is no https URL (http on loopback), something
 * that is no builder, validator or sessions, a listener that would carry secrets over plain HTTP beyond loopback, and for
 * whatever `route` throws
 * @example
 * ```ts
 * const tokens = new JwtBuilder().issuer(issuer).audience('https://api.example.com').typ('at+jwt').signWith(keyRing);
 * const login = sessions({ store: memory(), jwt: tokens });
 * const validator = tokens.validator({ isRevoked: login.isRevoked });
 * const server = createServer('Auth').listener({ port: 5000, tls }).scheme('Bearer', bearer(validator)).jwks(tokens).enable();
 * const clients = [{ id: 'nightly-report', secret, grants: ['client_credentials'], scopes: ['reports:read'] }] as const;
 * tokenEndpoints(server, { issuer, tokens, validator, clients, sessions: login });
 * ```
 */
export function tokenEndpoints<Schemes extends object>(
  server: Server<Schemes>,
  options: TokenEndpointsOptions,
): void {
  refuseUnknownOptions(options, OPTIONS, 'tokenEndpoints()');
  const { issuer, validator, clients, sessions } = options;
  const url = identifierUrl(issuer, 'tokenEndpoints(): issuer');
  checkSeams(options);
  refusePlainHttp(listenersOf(server), 'tokenEndpoints()');
  const paths = checkedPaths(options.paths);
  const authenticate = clientAuthentication(clientFinder(clients));
  const grants = grantsOf(options);
  const serve = (path: string, summary: string, answer: AnswerClient) =>
    server.route(['POST'], path, { auth: false, summary }, clientEndpoint(authenticate, answer));
  serve(paths.token, 'Tokens for clients (RFC 6749).', tokenAnswer(grants));
  serve(paths.introspection, 'Token introspection (RFC 7662).', introspectionAnswer(validator, sessions));
  if (sessions !== undefined)
    serve(paths.revocation, 'Token revocation (RFC 7009).', revocationAnswer(validator, sessions));
  const document = authorizationServerMetadata({
    issuer,
    token: url.origin + paths.token,
    introspection: url.origin + paths.introspection,
    revocation: sessions === undefined ? undefined : url.origin + paths.revocation,
    jwks: `${url.origin}/.well-known/jwks.json`,
    grants: [...grants.keys()],
    clients: clientsInUse(clients),
  });
  const summary = 'Metadata of the authorization server (RFC 8414).';
  const wellKnown = issuerMetadataPath(url);
  server.route(['GET'], wellKnown, { auth: false, summary }, documentEndpoint(document));
}

function grantsOf({ issuer, tokens, validator, sessions }: TokenEndpointsOptions): Map<GrantType, Grant> {
  const grants = new Map<GrantType, Grant>();
  grants.set('client_credentials', clientCredentials(issuer, tokens, validator));
  if (sessions !== undefined) grants.set('refresh_token', refreshGrant(sessions, validator));
  return grants;
}

function checkSeams({ tokens, validator, sessions }: TokenEndpointsOptions): void {
  if (typeof tokens?.build !== 'function' || typeof tokens.typ !== 'function')
    throw new TypeError('tokenEndpoints(): tokens has to be a JwtBuilder with audience and key.');
  if (typeof validator?.safeVerify !== 'function')
    throw new TypeError('tokenEndpoints(): validator has to be the JwtValidator of these tokens.');
  if (sessions !== undefined && !SESSION_CALLS.every((name) => typeof sessions?.[name] === 'function'))
    throw new TypeError('tokenEndpoints(): sessions has to be what sessions({ store, jwt }) gives.');
}

function checkedPaths(paths: TokenEndpointsOptions['paths'] = {}): typeof PATHS {
  refuseUnknownOptions(paths, Object.keys(PATHS), 'tokenEndpoints(): paths');
  const pathOf = (name: keyof typeof PATHS) =>
    checkedPath(paths[name] ?? PATHS[name], `tokenEndpoints(): paths.${name}`);
  return {
    token: pathOf('token'),
    revocation: pathOf('revocation'),
    introspection: pathOf('introspection'),
  };
}
