/** The options of a session in a cookie, checked once and made ready. */
import { checkedRealm } from '../challenge.js';
import { checkedOrigins } from '../cross-site/request-site.js';
import { type Reporter, type ReportOptions, reporter } from '../decision-report.js';
import { type Duration, secondsIn } from '../duration.js';
import { checkOptionNames, type OptionNames } from '../option-names.js';
import type { TokenVerifier } from '../schemes/bearer.js';
import { type EndedSessions, endedSessions } from './ended-sessions.js';
import { type ClaimsOf, SESSION_TYP, type SessionTokens, type ValidatorOptionsOf } from './session-tokens.js';
import { checkedCookieName, checkedSameSite, type SameSite } from './set-cookie.js';

/** Options of `cookie()`. */
export interface CookieOptions<Jwt extends SessionTokens> {
  /** Makes and verifies the tokens, for example a `JwtBuilder` with a key; `encryptWith` encrypts the cookie. */
  jwt: Jwt;
  /**
   * Options for `jwt.validator()`: `isRevoked` is asked at every request, for users who were disabled or have changed
   * their password; `keys` may name retired ones. `typ` is the scheme's own.
   */
  validator?: ValidatorOptionsOf<Jwt>;
  /** The name of the cookie, which begins with `__Host-`. Default `__Host-session`. */
  name?: string;
  /** `Strict` keeps the cookie at home even when a link from another site is followed. Default `Lax`. */
  sameSite?: SameSite;
  /** How long a session lasts without a request: seconds, or '30m'. Default '30m'. */
  idle?: Duration;
  /** How long a session lasts at most, whatever happens: seconds, or '12h'. Default '12h'. */
  absolute?: Duration;
  /** Other origins of one's own whose pages may change state here: `https://app.example.com`. Default none. */
  trustedOrigins?: readonly string[];
  /**
   * Asks for the token of `csrfToken(ctx)` in `X-CSRF-Token` with every request that changes state, besides its origin.
   * Default false: it is asked for where a request does not say where it comes from.
   */
  requireCsrfToken?: boolean;
  /** Where ended sessions are remembered. Default {@link endedSessions}: the memory of this process. */
  ended?: EndedSessions;
  /** The decision report in the `refusal` event, where the validator can `explain`; `false` makes none. */
  report?: ReportOptions | false;
  /** Stands in the challenge. Default `session`. */
  realm?: string;
  /** Milliseconds since 1970; the same as the builder's. Default `Date.now`. */
  clock?: () => number;
}

/** Options, checked and made ready; durations in seconds. */
export interface Settings<Claims extends object> {
  readonly jwt: SessionTokens;
  readonly verifier: TokenVerifier<Claims>;
  readonly name: string;
  readonly sameSite: SameSite;
  readonly idle: number;
  readonly absolute: number;
  readonly trustedOrigins: ReadonlySet<string>;
  readonly requireCsrfToken: boolean;
  readonly ended: EndedSessions;
  readonly report: Reporter | undefined;
  readonly realm: string;
  readonly clock: () => number;
}

const OPTIONS: OptionNames<CookieOptions<SessionTokens>> = {
  jwt: true,
  validator: true,
  name: true,
  sameSite: true,
  idle: true,
  absolute: true,
  trustedOrigins: true,
  requireCsrfToken: true,
  ended: true,
  report: true,
  realm: true,
  clock: true,
};

/** @throws TypeError for options that would weaken the session, or are none. */
export function settingsFrom<Jwt extends SessionTokens>(
  options: CookieOptions<Jwt>,
): Settings<ClaimsOf<Jwt>> {
  // `domain`, `path`, `secure` or `httpOnly` that seem to be taken would be a belief in a cookie that is not so.
  checkOptionNames(options, OPTIONS, 'cookie()');
  const { jwt, validator, ended, clock = Date.now } = options;
  if (typeof jwt?.typ !== 'function' || typeof jwt.build !== 'function') {
    throw new TypeError('cookie() needs `jwt`: a JwtBuilder with a key, an issuer and an audience');
  }
  if (ended !== undefined && (typeof ended.add !== 'function' || typeof ended.has !== 'function')) {
    throw new TypeError('the option ended of cookie() must have add(sessionId, until) and has(sessionId)');
  }
  if (typeof clock !== 'function') throw new TypeError('the option clock of cookie() must be a function');
  const idle = sessionSeconds('idle', options.idle ?? '30m');
  const absolute = sessionSeconds('absolute', options.absolute ?? '12h');
  if (absolute < idle) throw new TypeError('the option absolute of cookie() must not be less than idle');
  const sessions = jwt.typ(SESSION_TYP);
  const verifier = sessions.validator({ ...validator, typ: SESSION_TYP }) as TokenVerifier<ClaimsOf<Jwt>>;
  return {
    jwt: sessions,
    verifier,
    name: checkedCookieName(options.name ?? '__Host-session'),
    sameSite: checkedSameSite(options.sameSite ?? 'Lax'),
    idle,
    absolute,
    trustedOrigins: checkedOrigins(options.trustedOrigins ?? []),
    requireCsrfToken: options.requireCsrfToken === true,
    ended: ended ?? endedSessions(clock),
    report: reporter('cookie', verifier, options.report),
    realm: checkedRealm(options.realm ?? 'session'),
    clock,
  };
}

/** The option in whole seconds. @throws TypeError for what is no duration, or none of at least a minute. */
function sessionSeconds(option: string, duration: Duration): number {
  const seconds = secondsIn(duration);
  if (seconds >= 60) return seconds;
  throw new TypeError(
    `the option ${option} of cookie() must be a minute or more: seconds as a number, or '30m', '12h', '7d'`,
  );
}
