/** What the token endpoints need of others, by shape, so that versions can mix. */
import type { Issued } from '../token-response.js';

/** Builds access tokens: a `JwtBuilder` of `@tokenwright/jwt` with audience and key. */
export interface AccessTokenBuilder {
  issuer(issuer: string): AccessTokenBuilder;
  typ(typ: string): AccessTokenBuilder;
  subject(subject: string): AccessTokenBuilder;
  scopes(...scopes: string[]): AccessTokenBuilder;
  claim(name: string, value: unknown): AccessTokenBuilder;
  build(): Promise<Issued>;
}

/** Verified claims of an access token (RFC 9068 §2.2). */
export type AccessTokenClaims = Readonly<Record<string, unknown>>;

/** Says of a token whether it is accepted: a `JwtValidator`. It throws only for trouble of its own. */
export interface AccessTokenVerifier {
  safeVerify(
    token: string,
  ): Promise<
    { readonly ok: true; readonly claims: AccessTokenClaims } | { readonly ok: false; readonly hint?: string }
  >;
}

/** A session, as far as introspection tells of it. */
export interface RefreshableSession {
  readonly subject: string;
  readonly client?: string | undefined;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** Refresh tokens and revocation: `sessions()` of `@tokenwright/auth/sessions`. */
export interface TokenSessions {
  /** Spends a refresh token. It rejects with `code: 'ERR_REFRESH_REFUSED'` and `error: 'invalid_grant' | 'invalid_scope'`. */
  refresh(
    refreshToken: string,
    options: { readonly client: string; readonly scopes?: readonly string[] | undefined },
  ): Promise<Issued & { readonly refreshToken: string }>;
  /** The session of a refresh token that is good now, without spending it. */
  find(refreshToken: string): Promise<RefreshableSession | undefined>;
  /** Ends the session of a refresh token, spent or not, when it is this client's. Answers which, for the audit log. */
  revoke(
    refreshToken: string,
    options: { readonly client: string },
  ): Promise<{ readonly subject: string } | undefined>;
  /** Takes back one access token; the verifier refuses it from then on. */
  revokeToken(claims: AccessTokenClaims): Promise<void>;
}
