/** Token revocation (RFC 7009): a client gives back a token of its own. */
import { report } from '../observability/report.js';
import type { Client } from './clients.js';
import { type AnswerClient, required } from './endpoint.js';
import { OAuthError } from './oauth-error.js';
import type { AccessTokenClaims, AccessTokenVerifier, TokenSessions } from './seams.js';

/**
 * Answers a revocation request: 200 for a token that was revoked and for one that is not valid (§2.2). `token_type_hint`
 * is not needed to find either kind. A refresh token takes its session and the access tokens of it along (§2.1).
 */
export function revocationAnswer(verifier: AccessTokenVerifier, sessions: TokenSessions): AnswerClient {
  return async (ctx, { client, parameters }) => {
    const token = required(parameters, 'token');
    const verified = await verifier.safeVerify(token);
    const revoked = verified.ok
      ? await revokeAccessToken(sessions, verified.claims, client)
      : await revokeRefreshToken(sessions, token, client);
    if (revoked !== undefined)
      report(ctx, 'audit', { event: 'token.revoked', client: client.id, ...revoked });
    ctx.status = 200;
    ctx.body = '';
  };
}

/** What the audit log learns of what was revoked; undefined when nothing was. */
type Revoked = { readonly subject: unknown; readonly tokenId?: unknown } | undefined;

async function revokeAccessToken(
  sessions: TokenSessions,
  claims: AccessTokenClaims,
  client: Client,
): Promise<Revoked> {
  if (claims['client_id'] !== client.id) throw foreign();
  if (claims['jti'] === undefined || claims['exp'] === undefined)
    throw new OAuthError('unsupported_token_type', 'A token without jti or exp cannot be revoked.');
  await sessions.revokeToken(claims);
  return { subject: claims['sub'], tokenId: claims['jti'] };
}

async function revokeRefreshToken(sessions: TokenSessions, token: string, client: Client): Promise<Revoked> {
  const session = await sessions.find(token);
  if (session !== undefined && session.client !== client.id) throw foreign();
  // Also where none was found: a spent token still ends its session.
  const ended = await sessions.revoke(token, { client: client.id });
  return ended === undefined ? undefined : { subject: ended.subject };
}

/** RFC 7009 §2.1: of a token that is good the client is told. A silent 200 would let it believe that somebody was logged out. */
function foreign(): OAuthError {
  return new OAuthError('unauthorized_client', 'The token was not issued to this client.');
}
