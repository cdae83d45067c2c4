/** The options of `sessions`, checked once and made ready. */
import { type Duration, secondsIn } from '../duration.js';
import { checkOptionNames, type OptionNames } from '../option-names.js';
import { checkedClock } from './clock-option.js';
import type { SessionStore } from './store.js';

/** An access token that was built. */
export interface AccessToken {
  readonly token: string;
  /** Its claims, where the builder says them: for the log. */
  readonly claims?: { readonly sub?: string | undefined; readonly jti?: string | undefined } | undefined;
  readonly expiresAt: Date | undefined;
  readonly expiresIn: number | undefined;
}

/** What builds access tokens: a `JwtBuilder` of any version, with issuer, audience and key set. */
export interface AccessTokenBuilder {
  subject(subject: string): AccessTokenBuilder;
  claims(claims: Readonly<Record<string, unknown>>): AccessTokenBuilder;
  expiresAt(at: Date): AccessTokenBuilder;
  build(): Promise<AccessToken>;
}

/** Options of `sessions`. */
export interface SessionsOptions {
  /** Where sessions are kept: `memory()`, `sqlite(file)`, `redis(client)`, or your own. */
  store: SessionStore;
  /** Builds the access tokens. Its clock should be the one given here. */
  jwt: AccessTokenBuilder;
  /** The lifetime of an access token, which is also how long one is remembered after its session was revoked. Default '5m'. */
  accessFor?: Duration;
  /** How long a session lasts without a refresh; longer than an access token. Default '30m'. */
  idle?: Duration;
  /** How long a session lasts at most. Default '12h'. */
  absolute?: Duration;
  /**
   * How long a refresh token may be presented again after it was spent, for an answer that was lost or two requests at
   * once; the answer is then the same. By how much the clocks of machines differ is taken off it, and a client that got no answer must ask again
   * within it: later it is taken for a thief. Up to a minute; default '10s'.
   */
  grace?: Duration;
  /** The `clockTolerance` of your validators, so that revocations are kept as long as they accept tokens. Default '60s'. */
  clockTolerance?: Duration;
  /** Milliseconds since 1970. Default `Date.now`. */
  clock?: () => number;
}

/** Options, checked; durations are milliseconds. */
export interface Settings {
  readonly store: SessionStore;
  readonly jwt: AccessTokenBuilder;
  readonly accessFor: number;
  readonly idle: number;
  readonly absolute: number;
  readonly grace: number;
  readonly clockTolerance: number;
  readonly clock: () => number;
}

const OPTIONS: OptionNames<SessionsOptions> = {
  store: true,
  jwt: true,
  accessFor: true,
  idle: true,
  absolute: true,
  grace: true,
  clockTolerance: true,
  clock: true,
};

/** @throws TypeError for options that would not do what was meant. */
export function settingsFrom(options: SessionsOptions): Settings {
  checkOptionNames(options, OPTIONS, 'sessions()');
  const { store, jwt } = options;
  const clock = checkedClock(options.clock, 'sessions()');
  if (typeof store?.rotate !== 'function')
    throw wrong('store', "must be a store, for example sqlite('sessions.db')");
  if (typeof jwt?.subject !== 'function' || typeof jwt.build !== 'function')
    throw wrong('jwt', 'must be a JwtBuilder with issuer, audience and key');
  const settings = {
    store,
    jwt,
    // Stores keep whole milliseconds.
    clock: () => Math.floor(clock()),
    accessFor: milliseconds('accessFor', options.accessFor ?? '5m', 1),
    idle: milliseconds('idle', options.idle ?? '30m', 1),
    absolute: milliseconds('absolute', options.absolute ?? '12h', 1),
    grace: milliseconds('grace', options.grace ?? '10s', 0),
    clockTolerance: milliseconds('clockTolerance', options.clockTolerance ?? '60s', 0),
  };
  if (settings.idle <= settings.accessFor)
    throw wrong('idle', 'must be longer than accessFor, or a session ends before its first refresh');
  if (settings.absolute < settings.idle) throw wrong('absolute', 'must not be shorter than idle');
  if (settings.grace > 60_000)
    throw wrong('grace', 'must be a minute or less: that long a stolen token is taken for honest');
  return settings;
}

function milliseconds(option: string, length: Duration, least: number): number {
  const seconds = secondsIn(length);
  if (seconds >= least && seconds < 1e10) return seconds * 1000;
  throw wrong(
    option,
    `must be a duration of ${least} s or more: seconds as a number, or '90s', '30m', '12h', '7d'`,
  );
}

function wrong(option: string, what: string): TypeError {
  return new TypeError(`the option ${option} of sessions() ${what}`);
}
