/** Sessions by shape: one good refresh token per session, bound to its client. What the endpoints are held against, not the real rotation. */
import { randomUUID } from 'node:crypto';
import type { JwtBuilder } from '@tokenwright/jwt';
import type { AccessTokenClaims, RefreshableSession, TokenSessions } from '../../src/index.js';

interface Session extends RefreshableSession {
  readonly scopes: readonly string[];
  ended: boolean;
}

class RefreshRefused extends Error {
  readonly code = 'ERR_REFRESH_REFUSED';
  readonly hint = 'a hint for the log';
  readonly error: 'invalid_grant' | 'invalid_scope';
  constructor(error: 'invalid_grant' | 'invalid_scope') {
    super('refused');
    this.error = error;
  }
}

export class SessionsDouble implements TokenSessions {
  readonly #jwt: JwtBuilder;
  readonly #now: number;
  readonly #good = new Map<string, Session>();
  readonly #spent = new Map<string, Session>();
  readonly #revoked = new Set<unknown>();
  /** Every call rejects with it, as when the store is away. */
  trouble: Error | undefined;

  constructor(jwt: JwtBuilder, now: number) {
    this.#jwt = jwt;
    this.#now = now;
  }

  isRevoked = ({ jti }: AccessTokenClaims): boolean => this.#revoked.has(jti);

  signIn(subject: string, client: string, scopes: readonly string[]) {
    const createdAt = new Date(this.#now);
    const expiresAt = new Date(this.#now + 1_800_000);
    return this.#issue({ subject, client, scopes, createdAt, expiresAt, ended: false }, scopes);
  }

  async refresh(
    token: string,
    { client, scopes }: { client: string; scopes?: readonly string[] | undefined },
  ) {
    this.#check();
    const session = this.#good.get(token);
    if (session === undefined || session.ended || session.client !== client)
      throw new RefreshRefused('invalid_grant');
    if (scopes?.some((scope) => !session.scopes.includes(scope))) throw new RefreshRefused('invalid_scope');
    this.#good.delete(token);
    this.#spent.set(token, session);
    return this.#issue(session, scopes ?? session.scopes);
  }

  async find(token: string): Promise<RefreshableSession | undefined> {
    this.#check();
    const session = this.#good.get(token);
    return session?.ended === false ? session : undefined;
  }

  async revoke(token: string, { client }: { client: string }): Promise<void> {
    this.#check();
    const session = this.#good.get(token) ?? this.#spent.get(token);
    if (session?.client === client) session.ended = true;
  }

  async revokeToken({ jti }: AccessTokenClaims): Promise<void> {
    this.#check();
    this.#revoked.add(jti);
  }

  async #issue(session: Session, scopes: readonly string[]) {
    const own = this.#jwt.subject(session.subject).claim('client_id', session.client);
    const { token, expiresAt, expiresIn } = await own.scopes(...scopes).build();
    const refreshToken = `0_session.${randomUUID()}`;
    this.#good.set(refreshToken, session);
    return { token, expiresAt, expiresIn, refreshToken };
  }

  #check(): void {
    if (this.trouble !== undefined) throw this.trouble;
  }
}
