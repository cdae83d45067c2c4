/** The client credentials grant (RFC 6749 §4.4): an access token for the client itself. There is no refresh token (§4.4.3). */
import type { Issued } from '../token-response.js';
import type { ClientRequest } from './endpoint.js';
import { grantedScopes } from './scope.js';
import type { AccessTokenBuilder, AccessTokenClaims, AccessTokenVerifier } from './seams.js';

/** Answers one grant. @throws OAuthError */
export type Grant = (request: ClientRequest) => Promise<Issued>;

/** What RFC 9068 §2.2 requires beside what is set here. */
const REQUIRED_CLAIMS = ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'];

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
  let tried = false;
  return async ({ client, parameters }) => {
    const scopes = grantedScopes(parameters.get('scope'), client.scopes);
    const own = builder.subject(client.id).claim('client_id', client.id);
    const issued = await (scopes.length === 0 ? own : own.scopes(...scopes)).build();
    if (!tried) await tryToken(verifier, issued.token);
    tried = true;
    return scopes.length === 0 ? issued : { ...issued, scope: scopes.join(' ') };
  };
}

/** The first token is tried, so that a builder and a verifier that do not go together show here and not at a resource. */
async function tryToken(verifier: AccessTokenVerifier, token: string): Promise<void> {
  const tried = await verifier.safeVerify(token);
  if (!tried.ok) {
    throw new TypeError(
      `tokenEndpoints(): the validator refuses the tokens that are issued. Give the same issuer, audience and key to both, and the validator typ: 'at+jwt'. ${tried.hint ?? ''}`,
    );
  }
  const missing = missingClaim(tried.claims);
  if (missing !== undefined)
    throw new TypeError(`tokenEndpoints(): tokens have no ${missing}, which RFC 9068 §2.2 requires.`);
}

function missingClaim(claims: AccessTokenClaims): string | undefined {
  return REQUIRED_CLAIMS.find((name) => claims[name] === undefined);
}
