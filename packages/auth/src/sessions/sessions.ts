/** Sessions: a short access token with a rotating refresh token (RFC 6749 §6, RFC 9700 §4.14.2), which can be taken back. */
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
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
import type { RevocableClaims } from './revocation.js';
import type { RotationOutcome } from './rotation.js';
import { type SessionRecord, sessionIdIn } from './session-record.js';
import { type AccessToken, type SessionsOptions, type Settings, settingsFrom } from './settings.js';

/** Who signs in, and with what. */
export interface SessionFacts {
  readonly subject: string;
  readonly name?: string | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly scopes?: readonly string[] | undefined;
  /** Own claims of the access tokens; they are the same after every refresh. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  /** What the subject recognises the session by in a list, for example a `User-Agent`; cut to 256 characters. */
  readonly device?: string | undefined;
  /** The OAuth client that alone may refresh (RFC 6749 §6); it becomes `client_id` (RFC 9068 §2.2). */
  readonly client?: string | undefined;
}

/** A session as a list shows it. */
export interface SessionInfo {
  readonly id: string;
  readonly subject: string;
  readonly device: string | undefined;
  readonly client: string | undefined;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  /** When it ends without another refresh. */
  readonly expiresAt: Date;
  /** When it ends in any case. */
  readonly endsAt: Date;
}

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

/** What a verified access token says of itself. */
export type AccessClaims = RevocableClaims & { readonly exp?: number | undefined };

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
    const now = clock();
    const id = sessionIdIn(await store.era(), randomBytes(16));
    const first = firstRefreshToken(id);
    // Whole seconds, as `exp` has them, so that the last access token ends with its session.
    const endsAt = Math.ceil((now + absolute) / 1000) * 1000;
    const claims = claimsOf(facts);
    const record: SessionRecord = {
      id,
      subject: checkedText('subject', facts.subject),
      device: facts.device?.slice(0, 256),
      client: facts.client === undefined ? undefined : checkedText('client', facts.client),
      claims: JSON.stringify(claims),
      createdAt: now,
      lastUsedAt: now,
      idleEndsAt: Math.min(now + idle, endsAt),
      endsAt,
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
    if (scopes !== undefined) await this.#checkScopes(presented, scopes, now);
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
      revokedUntil: this.#accessTokensUntil(now),
    });
    if (answer.outcome !== 'rotated' && answer.outcome !== 'repeated') throw this.#refusal(answer);
    const successor = answer.outcome === 'rotated' ? proposed : successorOf(presented, answer.nonce);
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
    const record = await this.#live(presented);
    if (presented === undefined || record?.current !== hashed(presented.secret)) return undefined;
    return infoOf(record);
  }

  /**
   * Ends the session of a refresh token, spent or not, with all its tokens (RFC 7009 §2.1). A token that is none of this
   * store, or of another client, changes nothing.
   *
   * @throws SessionsUnavailable
   */
  async revoke(refreshToken: string, { client }: Pick<RefreshOptions, 'client'> = {}): Promise<void> {
    const record = await this.#live(readRefreshToken(refreshToken));
    if (record !== undefined && record.client === client) await this.revokeSession(record.id);
  }

  /**
   * Takes back one access token.
   *
   * @param claims of the verified token
   * @throws TypeError for a token without `jti` or `exp`, SessionsUnavailable
   */
  async revokeToken({ jti, exp }: AccessClaims): Promise<void> {
    const { store, clock, clockTolerance } = this.#settings;
    if (typeof jti !== 'string' || typeof exp !== 'number') {
      throw new TypeError('revokeToken() takes the claims of a verified token, with jti and exp');
    }
    await store.revoke({ kind: 'token', id: jti, until: exp * 1000 + clockTolerance }, clock());
  }

  /** Ends one session with all its tokens. @throws SessionsUnavailable */
  async revokeSession(id: string): Promise<void> {
    const { store, clock } = this.#settings;
    const now = clock();
    await store.revoke(
      { kind: 'session', id: checkedText('id', id), until: this.#accessTokensUntil(now) },
      now,
    );
  }

  /** Ends all of a subject's sessions: log-out everywhere. @throws SessionsUnavailable */
  async revokeSubject(subject: string): Promise<void> {
    const { store, clock, absolute } = this.#settings;
    const at = clock();
    const until = this.#accessTokensUntil(at + absolute);
    await store.revoke({ kind: 'subject', id: checkedText('subject', subject), at, until }, at);
  }

  /** Ends all sessions of everybody. @throws SessionsUnavailable */
  async revokeAll(): Promise<void> {
    const at = this.#settings.clock();
    await this.#settings.store.revoke({ kind: 'all', at }, at);
  }

  /**
   * Whether an access token was taken back: the `isRevoked` of a `JwtValidator`. It answers at once from the copy in this
   * process while that is fresh, and else asks the store.
   *
   * @throws SessionsUnavailable (as a rejection) when neither can tell.
   * @example
   * ```ts
   * app.use(authenticate(bearer(jwt.validator({ isRevoked: login.isRevoked }))));
   * ```
   */
  readonly isRevoked = (claims: AccessClaims): boolean | Promise<boolean> => {
    const { store } = this.#settings;
    return store.isRevokedLocally(claims) ?? store.isRevoked(claims);
  };

  /** The session that a token is of, whether or not the token is spent, unless it has ended. */
  async #live(presented: RefreshToken | undefined): Promise<SessionRecord | undefined> {
    if (presented === undefined) return undefined;
    const { store, clock } = this.#settings;
    const record = await store.read(presented.sessionId, clock());
    if (record === undefined || record.ended || record.family !== hashed(presented.family)) return undefined;
    return (await store.isRevoked({ sid: record.id, sub: record.subject })) ? undefined : record;
  }

  async #checkScopes(presented: RefreshToken, scopes: readonly string[], now: number): Promise<void> {
    const record = await this.#settings.store.read(presented.sessionId, now);
    // What else is wrong with the token, the rotation says.
    if (record === undefined || record.family !== hashed(presented.family)) return;
    const { scope } = JSON.parse(record.claims) as { scope?: string };
    const had = new Set(scope?.split(' '));
    if (scopes.length === 0 || scopes.some((one) => !had.has(one))) throw new RefreshRefused('wider_scope');
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
    const { token, expiresAt, expiresIn } = await jwt
      .subject(subject)
      .claims({
        ...claims,
        ...(client === undefined ? {} : { client_id: client }),
        sid: id,
        auth_time: Math.floor(createdAt / 1000),
      })
      .expiresAt(new Date(Math.min(now + accessFor, endsAt)))
      .build();
    return { token, expiresAt, expiresIn };
  }

  /** When the last access token that is issued now is refused everywhere. */
  #accessTokensUntil(now: number): number {
    return now + this.#settings.accessFor + this.#settings.clockTolerance;
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

function claimsOf({ name, roles, scopes, claims }: SessionFacts): Readonly<Record<string, unknown>> {
  return {
    ...claims,
    ...(name === undefined ? {} : { name }),
    ...(roles === undefined ? {} : { roles }),
    ...(scopes === undefined || scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
  };
}

function infoOf(record: SessionRecord): SessionInfo {
  return Object.freeze({
    id: record.id,
    subject: record.subject,
    device: record.device,
    client: record.client,
    createdAt: new Date(record.createdAt),
    lastUsedAt: new Date(record.lastUsedAt),
    expiresAt: new Date(Math.min(record.idleEndsAt, record.endsAt)),
    endsAt: new Date(record.endsAt),
  });
}

function checkedText(what: string, text: unknown): string {
  if (typeof text === 'string' && text !== '') return text;
  throw new TypeError(`${what} must be a non-empty string`);
}
