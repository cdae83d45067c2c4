/** The refusals of token, revocation and introspection endpoints: the JSON of RFC 6749 §5.2, not a problem document. */
import { challenge, type Refusal } from '@tokenwright/auth';
import type { Context } from 'koa';
import { report } from '../observability/report.js';

/** The codes of RFC 6749 §5.2 and RFC 7009 §2.2.1; the last two are those of RFC 6749 §4.1.2.1 for trouble of the server's own. */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'unsupported_token_type'
  | 'server_error'
  | 'temporarily_unavailable';

/** Why a request is refused. `message` is for the client: one sentence of ours, nothing of the request. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly error: OAuthErrorCode;
  /** What was wrong in particular: log only. */
  readonly hint: string | undefined;
  /** The fine-grained code of the log, where there is a finer one. */
  readonly reason: string;

  constructor(error: OAuthErrorCode, description: string, hint?: string, reason: string = error) {
    super(description);
    this.error = error;
    this.hint = hint;
    this.reason = reason;
  }
}

/** RFC 6749 §5.2 has 400 for all else. Over plain HTTP it is 403, as of the schemes: no other parameters would mend it. */
const STATUSES: Readonly<Record<string, 401 | 403>> = { invalid_client: 401, insecure_connection: 403 };

/** RFC 9110 §15.5.2 asks every 401 for a challenge, RFC 6749 §5.2 for that of the scheme the client used: both are Basic. */
const CHALLENGE = challenge('Basic', { realm: 'token endpoints', charset: 'UTF-8' });

/**
 * Answers with a refusal and tells the application, as `authenticate` does (`app.on('refusal', …)`).
 *
 * @param client - who was refused, once it has proved it
 */
export function refuseClient(ctx: Context, refused: OAuthError, client: string | undefined): void {
  const { error, message: description, hint, reason } = refused;
  const status = STATUSES[reason] ?? 400;
  const challenges = status === 401 ? [CHALLENGE] : [];
  const refusal: Omit<Refusal, 'code'> & { readonly code: OAuthErrorCode } = {
    status,
    code: error,
    description,
    trace: String(ctx.state['requestId']),
    challenges,
    reasons: hint === undefined ? [] : [{ scheme: 'Client', code: reason, hint }],
    subject: client,
  };
  report(ctx, 'refusal', Object.freeze(refusal));
  if (status === 401) ctx.set('WWW-Authenticate', CHALLENGE);
  writeOAuthError(ctx, status, error, description);
}

/** Writes the JSON of RFC 6749 §5.2. */
export function writeOAuthError(
  ctx: Context,
  status: number,
  error: OAuthErrorCode,
  description: string,
): void {
  ctx.status = status;
  ctx.body = { error, error_description: description };
}
