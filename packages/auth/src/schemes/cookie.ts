/** The cookie scheme: a session whose state is a signed or encrypted token in a `__Host-` cookie. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Context, ExtendableContext } from 'koa';
import { type AuditEvent, audit } from '../audit.js';
import { challenge } from '../challenge.js';
import { principalOfClaims } from '../claims-principal.js';
import { readCookie } from '../cookies/cookie-header.js';
import { csrfTokenOf, hasCsrfToken } from '../cookies/csrf-token.js';
import * as failures from '../cookies/session-failures.js';
import { throwSessionRefused } from '../cookies/session-refused.js';
import { type CookieOptions, type Settings, settingsFrom } from '../cookies/session-settings.js';
import {
  type ClaimsOf,
  keptClaims,
  type Session,
  type SessionTokens,
  sessionIn,
} from '../cookies/session-tokens.js';
import { clearCookie, setCookie } from '../cookies/set-cookie.js';
import { ORIGIN_DIFFERS_BY_SCHEME, OTHER_SITE } from '../cross-site/failures.js';
import { differsByScheme, isSafe, siteOf } from '../cross-site/request-site.js';
import { insecureConnection, overPlainHttp } from '../insecure-connection.js';
import { createPrincipal, type PrincipalClaims, type PrincipalFacts } from '../principal.js';
import { explained, reportRefusal } from '../refusal.js';
import type { Failure, Outcome, Scheme } from '../scheme.js';
import type { VerifiedToken } from './bearer.js';

/** Who signs in. */
export type SignInFacts = Omit<PrincipalFacts, 'scheme' | 'token'>;

/** When a session ends. */
export interface SessionTimes {
  /** Without another request. */
  readonly expiresAt: Date;
  /** In any case. */
  readonly endsAt: Date;
}

/** A scheme that also begins and ends what it accepts. */
export interface SessionScheme<Claims extends object = PrincipalClaims> extends Scheme<Claims> {
  /**
   * Begins a session and sets its cookie. Its ID is new (128 random bits), and a session that the request came with has
   * ended. Call it where the credentials were checked, behind a POST.
   *
   * @throws SessionRefused (status 403) for a request from another site, by GET, or over plain HTTP; RangeError when the
   * cookie would be longer than 4,096 bytes; TypeError for no subject.
   */
  signIn(ctx: ExtendableContext, facts: SignInFacts): Promise<SessionTimes>;
  /**
   * Ends the session that the request came with, if any, and takes its cookie from the browser.
   *
   * @throws SessionRefused as {@link signIn}.
   */
  signOut(ctx: ExtendableContext): Promise<void>;
  /**
   * The token that a page sends back in `X-CSRF-Token`. It lasts as long as the session.
   *
   * @throws Error for a request without a session.
   */
  csrfToken(ctx: ExtendableContext): string;
}

/**
 * A session in a cookie. The state stands in a token, so nothing is stored but the sessions that were ended early. It
 * slides: while requests come, the cookie is made again, never beyond `absolute`. The cookie is `HttpOnly`, `Secure` and
 * `SameSite`, and a request that changes state (any but GET, HEAD and OPTIONS) must come from this site.
 *
 * @throws TypeError at once for options that would weaken it, or are none.
 * @example
 * ```ts
 * const session = cookie({ jwt, idle: '30m', absolute: '12h' });
 * router.post('/login', authenticate(basic({ realm: 'Login', check })), async (ctx) => {
 *   await session.signIn(ctx, { subject: ctx.state.auth.subject, roles: ctx.state.auth.roles });
 *   ctx.status = 204;
 * });
 * router.post('/logout', async (ctx) => { await session.signOut(ctx); ctx.status = 204; });
 * router.get('/me', authenticate(session), (ctx) => { ctx.body = ctx.state.auth.name; });
 * ```
 */
export function cookie<Jwt extends SessionTokens>(options: CookieOptions<Jwt>): SessionScheme<ClaimsOf<Jwt>> {
  return new CookieScheme<ClaimsOf<Jwt>>(settingsFrom(options));
}

/** Accepted, read and still going on. */
interface Live<Claims extends object> {
  readonly session: Session;
  readonly claims: Claims;
}

class CookieScheme<Claims extends object> implements SessionScheme<Claims> {
  readonly kind = 'Cookie';
  readonly openapi: object;
  readonly #settings: Settings<Claims>;
  /** The IDs of the sessions of requests under way. */
  readonly #current = new WeakMap<IncomingMessage, string>();

  constructor(settings: Settings<Claims>) {
    this.#settings = settings;
    this.openapi = { type: 'apiKey', in: 'cookie', name: settings.name };
  }

  async authenticate(ctx: Context): Promise<Outcome<Claims>> {
    const { name, sameSite } = this.#settings;
    ctx.vary('Cookie');
    const cookie = readCookie(ctx.req.headers.cookie, name);
    if (cookie === undefined) return undefined;
    const insecure = insecureConnection(ctx);
    if (insecure !== undefined) return overPlainHttp(insecure);
    if (cookie === 'repeated') return failures.REPEATED;
    if (cookie === 'malformed') return failures.MALFORMED;
    const live = await this.#verify(cookie.value, ctx);
    if ('failed' in live) {
      if (isLatestCookie(ctx, live)) clearCookie(ctx, name, sameSite);
      return live;
    }
    const { session, claims } = live;
    if (!isSafe(ctx)) {
      const foreign = this.#foreign(ctx, session);
      if (foreign !== undefined) return foreign;
    }
    this.#current.set(ctx.req, session.id);
    // RFC 9111 §3.5 keeps answers to `Authorization` out of shared caches, and those to a cookie not.
    if (!ctx.res.hasHeader('Cache-Control')) ctx.set('Cache-Control', 'private');
    await this.#slide(ctx, live);
    return createPrincipal({ ...principalOfClaims(claims), scheme: this.kind, claims });
  }

  challenge(failure?: Failure): string {
    return challenge('Cookie', { realm: this.#settings.realm, error: failure?.error });
  }

  async signIn(extendable: ExtendableContext, facts: SignInFacts): Promise<SessionTimes> {
    const ctx = extendable as Context;
    const { subject, name, roles, scopes, claims } = facts;
    if (typeof subject !== 'string' || subject === '') throw new TypeError('signIn() needs a subject');
    this.#mayChange(ctx, 'signIn', undefined);
    await this.#end(await this.#presented(ctx));
    const id = randomBytes(16).toString('base64url');
    const began = this.#now();
    const times = await this.#issue(ctx, subject, began, {
      ...claims,
      ...(name === undefined ? {} : { name }),
      ...(roles === undefined ? {} : { roles: [...roles] }),
      ...(scopes === undefined ? {} : { scope: scopes.join(' ') }),
      sid: id,
      auth_time: began,
    });
    this.#current.set(ctx.req, id);
    ctx.set('Cache-Control', 'no-store');
    audit(ctx, { action: 'signIn', outcome: 'granted', scheme: this.kind, subject });
    return times;
  }

  async signOut(extendable: ExtendableContext): Promise<void> {
    const ctx = extendable as Context;
    const { name, sameSite } = this.#settings;
    const session = await this.#presented(ctx);
    this.#mayChange(ctx, 'signOut', session);
    await this.#end(session);
    this.#current.delete(ctx.req);
    clearCookie(ctx, name, sameSite);
    ctx.set('Cache-Control', 'no-store');
    audit(ctx, {
      action: 'signOut',
      outcome: 'granted',
      scheme: this.kind,
      subject: session?.subject,
    });
  }

  csrfToken(ctx: ExtendableContext): string {
    const id = this.#current.get(ctx.req);
    if (id !== undefined) return csrfTokenOf(id);
    throw new Error(
      'csrfToken() needs a session: put authenticate(session) in front, or call signIn() first',
    );
  }

  /** @param ctx the request that is refused for it, where one is */
  async #verify(token: string, ctx?: Context): Promise<Live<Claims> | Failure> {
    const { verifier, absolute, ended, report } = this.#settings;
    let verified: VerifiedToken<Claims>;
    try {
      verified = await verifier.verify(token);
    } catch (error) {
      const failure = failures.tokenFailure(error);
      return ctx === undefined ? failure : explained(failure, report, token, ctx);
    }
    const session = sessionIn(verified.claims);
    if (session === undefined) return failures.NO_SESSION;
    const now = this.#now();
    // Without the validator's tolerance: it is meant for clocks that differ, and an idle session ends when it says so.
    if (session.expires <= now) return failures.IDLE;
    if (session.began + absolute <= now) return failures.TOO_OLD;
    return (await ended.has(session.id)) === false
      ? { session, claims: verified.claims }
      : failures.SIGNED_OUT;
  }

  /** The session that a request came with; undefined when there is none, or none that goes on. */
  async #presented(ctx: Context): Promise<Session | undefined> {
    if (insecureConnection(ctx) !== undefined) return undefined;
    const cookie = readCookie(ctx.req.headers.cookie, this.#settings.name);
    if (typeof cookie !== 'object') return undefined;
    const live = await this.#verify(cookie.value);
    return 'failed' in live ? undefined : live.session;
  }

  /** Why a request is not taken for one of this site's own. */
  #foreign(ctx: Context, session: Session | undefined): Failure | undefined {
    const { trustedOrigins, requireCsrfToken } = this.#settings;
    const site = siteOf(ctx, trustedOrigins);
    if (site === 'other') return differsByScheme(ctx) ? ORIGIN_DIFFERS_BY_SCHEME : OTHER_SITE;
    const proven = session !== undefined && hasCsrfToken(ctx, session.id);
    if (site === 'unknown' && !proven) return failures.UNKNOWN_SITE;
    return requireCsrfToken && session !== undefined && !proven ? failures.NO_CSRF_TOKEN : undefined;
  }

  #forged(ctx: Context, session: Session | undefined): Failure | undefined {
    return isSafe(ctx) ? failures.SAFE_METHOD : this.#foreign(ctx, session);
  }

  /** @throws SessionRefused for a request that may not begin or end a session. */
  #mayChange(ctx: Context, action: AuditEvent['action'], session: Session | undefined): void {
    const insecure = insecureConnection(ctx);
    const failure = insecure === undefined ? this.#forged(ctx, session) : overPlainHttp(insecure);
    if (failure === undefined) return;
    const refusal = reportRefusal(ctx, { schemes: [this], failed: { scheme: this, failure }, action });
    // A stranger's request is told the sentence; a server that is set up wrongly is told to its log.
    const own = insecure !== undefined;
    throwSessionRefused(ctx, refusal, own ? `${insecure.hint} ${insecure.fix}` : failure.description, !own);
  }

  async #end(session: Session | undefined): Promise<void> {
    if (session === undefined) return;
    const { idle, ended } = this.#settings;
    // A request that was under way may have made another cookie meanwhile, and other processes have other clocks.
    await ended.add(session.id, new Date((this.#now() + idle + MARGIN) * 1000));
  }

  /** Makes the cookie again when a tenth of the idle time has passed: often enough for it to mean what it says. */
  async #slide(ctx: Context, { session, claims }: Live<Claims>): Promise<void> {
    if (this.#now() - session.issued < this.#settings.idle / 10) return;
    await this.#issue(ctx, session.subject, session.began, keptClaims(claims));
  }

  async #issue(
    ctx: Context,
    subject: string,
    began: number,
    claims: Readonly<Record<string, unknown>>,
  ): Promise<SessionTimes> {
    const { jwt, idle, absolute, name, sameSite } = this.#settings;
    const end = began + absolute;
    const expires = Math.min(this.#now() + idle, end);
    const { token } = await jwt.subject(subject).claims(claims).expiresAt(expires).build();
    setCookie(ctx, name, token, sameSite);
    return { expiresAt: new Date(expires * 1000), endsAt: new Date(end * 1000) };
  }

  #now(): number {
    return Math.floor(this.#settings.clock() / 1000);
  }
}

/**
 * Whether a bad cookie is surely the one that the browser has. A session that was ended has a successor, or its cookie is
 * gone already; and while a page asks in the background, the user may have signed in: that answer must not take the new cookie.
 */
function isLatestCookie(ctx: Context, failure: Failure): boolean {
  const mode = ctx.req.headers['sec-fetch-mode'];
  return failure !== failures.SIGNED_OUT && (mode === undefined || mode === 'navigate');
}

/** Seconds for which an ended session is remembered beyond the last cookie it can have. */
const MARGIN = 120;
