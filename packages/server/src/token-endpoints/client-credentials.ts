/** The client credentials grant (RFC 6749 §4.4): an access token for the client itself. There is no refresh token (§4.4.3). */
import type { Issued } from '../token-response.js';
import type { ClientRequest } from './endpoint.js';
import { grantedScopes } from './scope.js';
import type { AccessTokenBuilder, AccessTokenVerifier } from './seams.js';
import { triedOnce } from './tried-token.js';

/** Answers one grant. @throws OAuthError */
export type Grant = (request: ClientRequest) => Promise<Issued>;

/**
 * The grant. Its tokens are access tokens of RFC 9068: `typ: at+jwt`, `sub` and `client_id` both the client. An account
 * must therefore never be called as a client is (RFC 9068 §5).
 */
export function clientCredentials(
  issuer: string,
  tokens: AccessTokenBuilder,
  verifier: AccessTokenVerifier,
): Grant {
  const builder = tokens.issuer(issuer).typ('at+jwt');
  const tryFirst = triedOnce(verifier);
  return async ({ client, parameters }) => {
    const scopes = grantedScopes(parameters.get('scope'), client.scopes);
    const own = builder.subject(client.id).claim('client_id', client.id);
    const issued = await (scopes.length === 0 ? own : own.scopes(...scopes)).build();
    await tryFirst(issued.token);
    return scopes.length === 0 ? issued : { ...issued, scope: scopes.join(' ') };
  };
}
