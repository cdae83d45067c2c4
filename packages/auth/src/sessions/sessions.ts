/** Sessions: a short access token with a rotating refresh token (RFC 6749 §6, RFC 9700 §4.14.2), which can be taken back. */
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { type AccessClaims, outlivesSessions } from './access-claims.js';
import { type RefreshRefusal, RefreshRefused } from './refresh-refused.js';
import {
  firstRefreshToken,
  hashed,
  newNonce,
  type RefreshToken,
  readRefreshToken,
  successorOf,
  written,
} from './refresh-token.js';
import type { RotationOutcome } from './rotation.js';
import { checkFacts, checkScopes, checkText, claimsOf, type SessionFacts } from './session-facts.js';
import { infoOf, type SessionInfo } from './session-info.js';
import { type SessionRecord, sessionIdIn } from './session-record.js';
import { type AccessToken, type SessionsOptions, type Settings, settingsFrom } from './settings.js';

/** What signing in and refreshing give: an access token, as `tokenResponse` takes it, and what renews it. */
export interface IssuedSession extends AccessToken {
  readonly refreshToken: string;
  readonly session: SessionInfo;
}

/** Options of {@link Sessions.refresh}. */
export interface RefreshOptions {
  /** The authenticated client that presents the token; needed when it signed in with one. */
  readonly client?: string | undefined;
  /** Scopes of the new access token alone, none that the session does not have (RFC 6749 §6). Default: all of them. */
  readonly scopes?: readonly string[] | undefined;
}

/** The events of {@link Sessions.events}. */
export interface SessionEvents {
  /** A spent refresh token was presented: it was stolen, and its session has ended. */
  reuse: [session: SessionInfo];
}

/** Begins, renews, lists and ends sessions. */
export class Sessions {
  /** Emits `reuse`, in the process that it was presented to. A listener that throws changes no decision; it is an uncaught exception. */
  readonly events: EventEmitter<SessionEvents> = new EventEmitter();
  readonly #settings: Settings;

  /** @internal */
  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /**
   * Begins a session. Call it where the credentials were checked.
   *
   * @throws TypeError for no subject, InvalidOption of the builder for claims it does not take; SessionsUnavailable.
   */
  async signIn(facts: SessionFacts): Promise<IssuedSession> {
    const { store, clock, idle, absolute } = this.#settings;
    checkFacts(facts);
    const now = clock();
    const id = sessionIdIn(await store.era(), randomBytes(16));
    const first = firstRefreshToken(id);
    // Whole seconds, as `exp` has them, so that the last access token ends with its session.
    const endsAt = Math.ceil((now + absolute) / 1000) * 1000;
    const claims = claimsOf(facts);
    const record: SessionRecord = {
      id,
      subject: facts.subject,
      device: facts.device?.slice(0, 256),
      client: facts.client,
      claims: JSON.stringify(claims),
      createdAt: now,
      lastUsedAt: now,
      idleEndsAt: Math.min(now + idle, endsAt),
      endsAt,
      tokensUntil: this.#tokensUntil(now),
      ended: false,
      family: hashed(first.family),
      generation: 0,
      current: hashed(first.secret),
      previous: undefined,
    };
    // First the access token: claims that cannot stand in one leave no session behind.
    const access = await this.#accessToken(record, claims, now);
    await store.create(record, now);
    return { ...access, refreshToken: written(first), session: infoOf(record) };
  }

  /**
   * Spends a refresh token and gives its successor with a fresh access token. The same token again within the grace gives
   * the same successor; later it is taken for stolen, and the session ends.
   *
   * @throws RefreshRefused for a token that is not good, SessionsUnavailable when the store is away: the client keeps its
   * token then and tries again.
   */
  async refresh(refreshToken: string, { client, scopes }: RefreshOptions = {}): Promise<IssuedSession> {
    const { store, clock, grace, idle } = this.#settings;
    const presented = readRefreshToken(refreshToken);
    if (presented === undefined) throw new RefreshRefused('malformed');
    const now = clock();
    // Before the token is spent, as long as it is good; what else is wrong with it, the rotation says.
    if (scopes !== undefined) {
      const record = await store.read(presented.sessionId, now);
      if (record?.current === hashed(presented.secret)) checkScopes(record, scopes);
    }
    const nonce = newNonce();
    const proposed = successorOf(presented, nonce);
    const answer = await store.rotate({
      sessionId: presented.sessionId,
      family: hashed(presented.family),
      generation: presented.generation,
      presented: hashed(presented.secret),
      nonce,
      successor: hashed(proposed.secret),
      client,
      now,
      grace,
      idle,
      tokensUntil: this.#tokensUntil(now),
    });
    if (answer.outcome !== 'rotated' && answer.outcome !== 'repeated') throw this.#refusal(answer);
    const successor = answer.outcome === 'rotated' ? proposed : successorOf(presented, answer.nonce);
    if (scopes !== undefined) checkScopes(answer.record, scopes);
    const claims = JSON.parse(answer.record.claims) as object;
    const narrowed = scopes === undefined ? claims : { ...claims, scope: scopes.join(' ') };
    const access = await this.#accessToken(answer.record, narrowed, now);
    return { ...access, refreshToken: written(successor), session: infoOf(answer.record) };
  }

  /** A subject's sessions that are still going on, the one used last first. @throws SessionsUnavailable */
  async list(subject: string): Promise<readonly SessionInfo[]> {
    const { store, clock } = this.#settings;
    const records = await store.list(subject, clock());
    return records.map(infoOf).sort((a, b) => b.lastUsedAt.getTime() - a.lastUsedAt.getTime());
  }

  /**
   * The session of a refresh token that would be good now (RFC 7662 §2.2: `active`), without spending it.
   *
   * @throws SessionsUnavailable
   */
  async find(refreshToken: string): Promise<SessionInfo | undefined> {
    const presented = readRefreshToken(refreshToken);
    const record = await this.#known(presented);
    if (presented === undefined || record?.current !== hashed(presented.secret) || record.ended)
      return undefined;
    const isRevoked = await this.#settings.store.isRevoked({ sid: record.id, sub: record.subject });
    return isRevoked ? undefined : infoOf(record);
  }

  /**
   * Ends the session of a refresh token, spent or not, with all its tokens (RFC 7009 §2.1). A token that is none of this
   * store, or of another client, changes nothing.
   *
   * @returns the session that was ended
   * @throws SessionsUnavailable
   */
  async revoke(
    refreshToken: string,
    { client }: Pick<RefreshOptions, 'client'> = {},
  ): Promise<SessionInfo | undefined> {
    // Also one that has ended: whoever asks again may not have been answered, because the other half of it failed.
    const record = await this.#known(readRefreshToken(refreshToken));
    if (record === undefined || record.client !== client) return undefined;
    await this.revokeSession(record.id);
    return infoOf(record);
  }

  /**
   * Takes back one access token.
   *
   * @param claims of the verified token
   * @throws TypeError for a token without `jti` or `exp`, SessionsUnavailable
   */
  async revokeToken({ jti, exp }: AccessClaims): Promise<void> {
    const { store, clock, clockTolerance, grace } = this.#settings;
    if (typeof jti !== 'string' || typeof exp !== 'number') {
      throw new TypeError('revokeToken() takes the claims of a verified token, with jti and exp');
    }
    const until = Math.ceil(exp * 1000) + clockTolerance + grace;
    await store.revoke({ kind: 'token', id: jti, until }, clock());
  }

  /**
   * Ends one session with all its tokens.
   *
   * @param of the subject whose session it has to be, where somebody ends one of their own: another's stays as it is
   * @returns whether it was ended; also true for one that the store does not know, when no subject was given
   * @throws SessionsUnavailable
   * @example
   * ```ts
   * await login.revokeSession(ctx.params.id, { subject: ctx.state.auth.subject });
   * ```
   */
  async revokeSession(id: string, of: { readonly subject?: string | undefined } = {}): Promise<boolean> {
    const { store, clock } = this.#settings;
    checkText('id', id);
    const now = clock();
    const record = await store.read(id, now);
    if (of.subject !== undefined && record?.subject !== of.subject) return false;
    const until = Math.max(this.#tokensUntil(now), record?.tokensUntil ?? 0);
    await store.revoke({ kind: 'session', id, until }, now);
    return true;
  }

  /** Ends all of a subject's sessions: log-out everywhere. @throws SessionsUnavailable */
  async revokeSubject(subject: string): Promise<void> {
    const { store, clock, absolute } = this.#settings;
    checkText('subject', subject);
    const at = clock();
    await store.revoke({ kind: 'subject', id: subject, at, until: this.#tokensUntil(at + absolute) }, at);
  }

  /** Ends all sessions of everybody. @throws SessionsUnavailable */
  async revokeAll(): Promise<void> {
    const at = this.#settings.clock();
    await this.#settings.store.revoke({ kind: 'all', at }, at);
  }

  /**
   * Whether an access token was taken back: the `isRevoked` of a `JwtValidator`. It answers at once from the copy in this
   * process while that is fresh, and else asks the store. A token of a session that lasts longer than `accessFor` was not
   * issued here, but renewed apart from its session, or before `accessFor` was made shorter: it counts as taken back, for
   * revocations are kept no longer than the tokens that were issued.
   *
   * @throws SessionsUnavailable (as a rejection) when neither can tell.
   * @example
   * ```ts
   * app.use(authenticate(bearer(jwt.validator({ isRevoked: login.isRevoked }))));
   * ```
   */
  readonly isRevoked = (claims: AccessClaims): boolean | Promise<boolean> => {
    const { store, accessFor } = this.#settings;
    if (outlivesSessions(claims, accessFor)) return true;
    return store.isRevokedLocally(claims) ?? store.isRevoked(claims);
  };

  /** The session that a token is of, whether or not either is still good. */
  async #known(presented: RefreshToken | undefined): Promise<SessionRecord | undefined> {
    if (presented === undefined) return undefined;
    const { store, clock } = this.#settings;
    const record = await store.read(presented.sessionId, clock());
    return record?.family === hashed(presented.family) ? record : undefined;
  }

  #refusal(answer: RotationOutcome): RefreshRefused {
    if (answer.outcome === 'reused') {
      const session = infoOf(answer.record);
      queueMicrotask(() => this.events.emit('reuse', session));
    }
    return new RefreshRefused(answer.outcome.replace(' ', '_') as RefreshRefusal);
  }

  async #accessToken(record: SessionRecord, claims: object, now: number): Promise<AccessToken> {
    const { jwt, accessFor } = this.#settings;
    const { id, subject, client, createdAt, endsAt } = record;
    const {
      token,
      claims: issued,
      expiresAt,
      expiresIn,
    } = await jwt
      .subject(subject)
      .claims({
        ...claims,
        ...(client === undefined ? {} : { client_id: client }),
        sid: id,
        auth_time: Math.floor(createdAt / 1000),
      })
      .expiresAt(new Date(Math.min(now + accessFor, endsAt)))
      .build();
    return { token, claims: issued, expiresAt, expiresIn };
  }

  /** From when on an access token that is issued now, or within the grace, is accepted nowhere. */
  #tokensUntil(now: number): number {
    const { accessFor, grace, clockTolerance } = this.#settings;
    return now + accessFor + grace + clockTolerance;
  }
}

/**
 * Sessions over a store.
 *
 * @throws TypeError at once for options that would not do what was meant.
 * @example
 * ```ts
 * const jwt = new JwtBuilder().issuer('KestrunApi').audience('KestrunClients').signWith({ hex: secret }, 'HS256');
 * const login = sessions({ store: memory(), jwt });
 *
 * const { token, refreshToken } = await login.signIn({ subject: 'admin', roles: ['admin'], device: 'Firefox on Linux' });
 * const renewed = await login.refresh(refreshToken);
 * await login.revokeSubject('admin');
 * ```
 */
export function sessions(options: SessionsOptions): Sessions {
  return new Sessions(settingsFrom(options));
}
