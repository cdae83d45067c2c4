/** What token endpoints answer (RFC 6749 §5.2, RFC 7009 §2.2.1): the `error` of `@tokenwright/server`. */
import type { OAuthErrorCode } from '@tokenwright/server';
import { table } from './markdown.ts';

/** A new code does not compile without its words. */
const WORDS: Readonly<Record<OAuthErrorCode, string>> = {
  invalid_request:
    'A parameter is missing, repeated or malformed; or the request came over plain HTTP (403).',
  invalid_client: 'The client is unknown, or its credentials are wrong (401).',
  invalid_grant: 'The refresh token is not accepted; the log has the reason.',
  unauthorized_client: 'This client may not use this grant.',
  unsupported_grant_type: 'The endpoint does not know this `grant_type`.',
  invalid_scope:
    'A scope was asked for that the client or the session does not have, or more than 256 scopes.',
  unsupported_token_type: 'Tokens of this kind cannot be revoked here.',
  server_error: 'Something of the service itself failed; the log has it.',
  temporarily_unavailable: 'The service cannot answer now: try again a little later.',
};

/** A row for every code. */
export function oauthCodes(): string {
  return table(
    ['`error`', 'meaning'],
    Object.entries(WORDS).map(([code, meaning]) => [`\`${code}\``, meaning]),
  );
}
