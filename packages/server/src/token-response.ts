/** The answer of a token endpoint (RFC 6749 §5.1). */
import type { Context } from 'koa';
import type { AuditEntry } from './observability/audit.js';
import { report } from './observability/report.js';

/** What was issued: an `IssuedToken` of `@tokenwright/jwt`, or anything of that shape. */
export interface Issued {
  /** The token in its compact form. */
  readonly token: string;
  /** Seconds until it expires; nothing for a token that never does. */
  readonly expiresIn?: number | undefined;
  /** The moment it expires; nothing for a token that never does. */
  readonly expiresAt?: Date | undefined;
  /** Its claims, of which the audit log gets the subject and the id. */
  readonly claims?: { readonly sub?: string | undefined; readonly jti?: string | undefined } | undefined;
  /** What renews it: there after `sessions.signIn` and `sessions.refresh`. */
  readonly refreshToken?: string | undefined;
  /** The scopes it has, separated by blanks, where that is not what was asked for. */
  readonly scope?: string | undefined;
}

/** The JSON body that {@link tokenResponse} writes. */
export interface TokenResponseBody {
  access_token: string;
  token_type: 'Bearer';
  /** Seconds. */
  expires_in?: number;
  /** ISO 8601, UTC. */
  expires?: string;
  refresh_token?: string;
  /** RFC 6749 §3.3. */
  scope?: string;
}

/**
 * Writes a token as JSON, with the two headers that keep it out of every cache (RFC 6749 §5.1).
 * `expires_in` and `expires` are left out for a token that never expires. The audit log gets a `token.issued`.
 *
 * @throws TypeError when `issued` has no token, as a promise that was not awaited; nothing is written then
 * @example
 * ```ts
 * server.get('/token/new', { auth: 'BasicInit' }, async (ctx) => {
 *   tokenResponse(ctx, await jwt.subject(ctx.state.auth.name).build());
 * });
 * ```
 */
export function tokenResponse(
  ctx: Pick<Context, 'set' | 'status' | 'body'> & Partial<Pick<Context, 'app' | 'state'>>,
  issued: Issued,
): void {
  checkIssued(issued);
  const body: TokenResponseBody = { access_token: issued.token, token_type: 'Bearer' };
  if (issued.expiresIn !== undefined && Number.isFinite(issued.expiresIn)) body.expires_in = issued.expiresIn;
  if (issued.expiresAt !== undefined) body.expires = issued.expiresAt.toISOString();
  if (issued.refreshToken !== undefined) body.refresh_token = issued.refreshToken;
  if (issued.scope !== undefined) body.scope = issued.scope;
  ctx.status = 200;
  ctx.set('Cache-Control', 'no-store');
  ctx.set('Pragma', 'no-cache');
  ctx.body = body;
  report(ctx, 'audit', issuance(issued));
}

/** From JavaScript anything may come, and `{ access_token: undefined }` would look like a success. */
function checkIssued(issued: Issued): void {
  const given: unknown = issued;
  if (typeof issued?.token === 'string' && issued.token !== '') return;
  const advice =
    given instanceof Promise
      ? 'it is a promise: await build() first'
      : typeof given === 'string'
        ? 'it is a text: give all that build() answers, not its token alone'
        : 'give what build() of a JwtBuilder answers';
  throw new TypeError(`tokenResponse(ctx, issued): issued has no token; ${advice}.`);
}

/** What the audit log learns: of the token its id and its subject, nothing else. */
function issuance({ claims, expiresAt }: Issued): AuditEntry {
  return { event: 'token.issued', subject: claims?.sub, tokenId: claims?.jti, expiresAt };
}
