/** Token introspection (RFC 7662): what a token is worth now, for those who may know. */
import type { Client } from './clients.js';
import { type AnswerClient, required } from './endpoint.js';
import { OAuthError } from './oauth-error.js';
import type { AccessTokenClaims, AccessTokenVerifier, TokenSessions } from './seams.js';

/** The claims that are told (RFC 7662 §2.2). What else a token holds, its reader may verify it for. */
const TOLD = ['scope', 'client_id', 'exp', 'iat', 'nbf', 'sub', 'aud', 'iss', 'jti'];

/** One answer for what is malformed, unknown, expired, revoked, or none of this client's business. */
const INACTIVE = Object.freeze({ active: false });

/**
 * Answers an introspection request. A client sees the tokens that were issued to it, one with `introspection: 'all'` every
 * access token. A refresh token is shown to its own client only: a resource server that looked no closer than `active` would
 * take it for an access token.
 */
export function introspectionAnswer(
  verifier: AccessTokenVerifier,
  sessions: TokenSessions | undefined,
): AnswerClient {
  return async (ctx, { client, parameters }) => {
    if (client.authentication === 'none')
      throw new OAuthError('invalid_client', 'The client is not authenticated.', 'a public client');
    const token = required(parameters, 'token');
    const verified = await verifier.safeVerify(token);
    ctx.status = 200;
    ctx.body = verified.ok
      ? accessToken(verified.claims, client)
      : await refreshToken(await sessions?.find(token), client);
  };
}

function accessToken(claims: AccessTokenClaims, client: Client): object {
  if (client.introspection !== 'all' && claims['client_id'] !== client.id) return INACTIVE;
  const told = TOLD.filter((name) => claims[name] !== undefined).map((name) => [name, claims[name]]);
  return { active: true, token_type: 'Bearer', ...Object.fromEntries(told) };
}

function refreshToken(session: Awaited<ReturnType<TokenSessions['find']>>, client: Client): object {
  if (session === undefined || session.client !== client.id) return INACTIVE;
  const { subject, createdAt, expiresAt } = session;
  return {
    active: true,
    client_id: client.id,
    sub: subject,
    iat: Math.floor(createdAt.getTime() / 1000),
    exp: Math.floor(expiresAt.getTime() / 1000),
  };
}
