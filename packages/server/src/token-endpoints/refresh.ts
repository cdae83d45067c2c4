/** The refresh of what a session gave (RFC 6749 §6). */
import type { Grant } from './client-credentials.js';
import { required } from './endpoint.js';
import { OAuthError } from './oauth-error.js';
import { askedScopes } from './scope.js';
import type { AccessTokenVerifier, TokenSessions } from './seams.js';
import { triedOnce } from './tried-token.js';

/** The part of a refusal of `sessions.refresh` that is read. */
interface RefreshRefusal {
  readonly code?: unknown;
  readonly error?: unknown;
  readonly reason?: unknown;
  readonly hint?: unknown;
}

/** The grant. The session decides about the token, its client and its scopes, which a refresh can only narrow. */
export function refreshGrant(sessions: TokenSessions, verifier: AccessTokenVerifier): Grant {
  const tryFirst = triedOnce(verifier);
  return async ({ client, parameters }) => {
    const refreshToken = required(parameters, 'refresh_token');
    const asked = parameters.get('scope');
    // Well-formed ones; whether they may be had is the session's to say.
    const scopes = asked === undefined ? undefined : askedScopes(asked);
    const refreshed = await sessions
      .refresh(refreshToken, { client: client.id, scopes })
      .catch((error: unknown) => {
        throw refusal(error);
      });
    const { token, claims, expiresIn, expiresAt, refreshToken: successor } = refreshed;
    await tryFirst(token);
    return { token, claims, expiresIn, expiresAt, refreshToken: successor, scope: scopes?.join(' ') };
  };
}

function refusal(error: unknown): unknown {
  const { code, error: kind, reason, hint } = (error ?? {}) as RefreshRefusal;
  if (code !== 'ERR_REFRESH_REFUSED') return error;
  const why = typeof hint === 'string' ? hint : undefined;
  const fine = typeof reason === 'string' ? `refresh_token_${reason}` : undefined;
  return kind === 'invalid_scope'
    ? new OAuthError('invalid_scope', 'The scope is more than the session has.', why, fine)
    : new OAuthError('invalid_grant', 'The refresh token is not valid.', why, fine);
}
