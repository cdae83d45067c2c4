/** Metadata of the authorization server (RFC 8414 §2): where its endpoints are and what they take. */
import type { Middleware } from 'koa';
import type { ClientsInUse, GrantType } from './clients.js';

/** What there is to tell. Undefined endpoints are not served. */
export interface MetadataFacts {
  readonly issuer: string;
  readonly token: string;
  readonly revocation: string | undefined;
  readonly introspection: string;
  readonly jwks: string;
  readonly grants: readonly GrantType[];
  readonly clients: ClientsInUse;
}

/** The document. */
export function authorizationServerMetadata(facts: MetadataFacts): object {
  const { issuer, token, revocation, introspection, jwks, grants, clients } = facts;
  const methods = clients.authentication;
  const secretMethods = methods.filter((method) => method !== 'none');
  return {
    issuer,
    token_endpoint: token,
    jwks_uri: jwks,
    ...listed('scopes_supported', clients.scopes),
    // Required, and empty without an authorization endpoint; §3.2 would leave empty lists out.
    response_types_supported: [],
    grant_types_supported: grants,
    ...listed('token_endpoint_auth_methods_supported', methods),
    ...(revocation === undefined
      ? {}
      : {
          revocation_endpoint: revocation,
          ...listed('revocation_endpoint_auth_methods_supported', methods),
        }),
    introspection_endpoint: introspection,
    ...listed('introspection_endpoint_auth_methods_supported', secretMethods),
  };
}

/** §3.2: a list without an element is left out. */
function listed(name: string, values: readonly string[]): object {
  return values.length === 0 ? {} : { [name]: values };
}

/** Serves a document that does not change. */
export function documentEndpoint(document: object): Middleware {
  const text = JSON.stringify(document);
  return (ctx) => {
    ctx.set('Cache-Control', 'public, max-age=300');
    ctx.type = 'application/json';
    ctx.body = text;
  };
}
