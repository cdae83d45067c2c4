/** The token endpoint (RFC 6749 §3.2): one grant type of those that are served and that the client may use. */
import { tokenResponse } from '../token-response.js';
import type { Grant } from './client-credentials.js';
import type { GrantType } from './clients.js';
import { type AnswerClient, required } from './endpoint.js';
import { OAuthError } from './oauth-error.js';

/** The grants that are served. */
export type Grants = ReadonlyMap<GrantType, Grant>;

/** Answers a token request. */
export function tokenAnswer(grants: Grants): AnswerClient {
  return async (ctx, request) => {
    const type = required(request.parameters, 'grant_type') as GrantType;
    const grant = grants.get(type);
    if (grant === undefined)
      throw new OAuthError('unsupported_grant_type', 'This grant type is not supported.');
    if (!request.client.grants.includes(type))
      throw new OAuthError('unauthorized_client', 'The client may not use this grant type.');
    tokenResponse(ctx, await grant(request));
  };
}
