/** What can be set about keys that are fetched: the options of `remoteJwks` and `discover`, checked once. */
import { SIGNATURE_ALGORITHMS, type SignatureAlgorithmName, signatureAlgorithm } from '../algorithms.js';
import { type Clock, clockOf } from '../clock.js';
import { type Duration, seconds } from '../duration.js';
import { InvalidOption } from '../errors.js';
import { positive, timeout, wholeNumber } from '../option-values.js';
import { boundedFetch, type Fetch } from './bounded-fetch.js';
import type { RefreshTimes } from './refreshed.js';

/** Options of `remoteJwks`. */
export interface RemoteJwksOptions {
  /**
   * The accepted algorithms; keys for others are left out, and a published key without `alg` gets the first that fits it
   * unless the default of its type is among them. Default: every one but HMAC, whose keys nobody publishes.
   */
  algorithms?: readonly Exclude<SignatureAlgorithmName, `HS${string}`>[];
  /** The least time between two fetches, whether they succeed or not, and so the longest that a new key may have to wait. Default 30 s. */
  cooldown?: Duration;
  /**
   * How long fetched keys are used before they are fetched again; the next token begins that fetch and does not wait for it.
   * A key taken from the set is refused after this, as soon as the fetch has answered. Default '10m'.
   */
  maxAge?: Duration;
  /**
   * How much longer they are used until a fetch succeeds, whether none was asked for, one is under way or all fail. With 0
   * not at all: tokens then wait for the fetch. Default '1h'.
   */
  maxStale?: Duration;
  /** The longest that one fetch, the body included, may take. Default 5 s. */
  timeout?: Duration;
  /** The largest body, in bytes. Default 524,288. */
  maxBytes?: number;
  /** How requests are made. Default the global `fetch`. */
  fetch?: Fetch;
  /** The time. Default `Date.now`. */
  clock?: Clock;
}

/** The names in {@link RemoteJwksOptions}. */
export const REMOTE_JWKS_OPTIONS: Readonly<Record<keyof RemoteJwksOptions, true>> = {
  algorithms: true,
  cooldown: true,
  maxAge: true,
  maxStale: true,
  timeout: true,
  maxBytes: true,
  fetch: true,
  clock: true,
};

/** Options, checked and made ready. Times are in seconds. */
export interface CheckedOptions {
  /** Undefined for all there are. */
  readonly allowed: readonly string[] | undefined;
  readonly timeout: number;
  /** Bounded in the size of what it answers. */
  readonly fetch: Fetch;
  readonly times: RefreshTimes;
}

/** The algorithms whose keys can be published. */
export const PUBLIC_KEY_ALGORITHMS: readonly string[] = SIGNATURE_ALGORITHMS.filter(
  (name) => signatureAlgorithm(name)?.keyType !== 'secret',
);

/** @throws InvalidOption for options that make no sense, or would set no bound. */
export function checkedOptions(options: RemoteJwksOptions): CheckedOptions {
  const times: RefreshTimes = {
    cooldown: positive(seconds(options.cooldown ?? 30, 'cooldown'), 'cooldown'),
    maxAge: positive(seconds(options.maxAge ?? '10m', 'maxAge'), 'maxAge'),
    maxStale: seconds(options.maxStale ?? '1h', 'maxStale'),
    clock: clockOf(options.clock),
  };
  if (times.cooldown > times.maxAge) {
    throw new InvalidOption(
      'cooldown',
      'is longer than maxAge',
      'Keys would be too old before they may be fetched again.',
    );
  }
  return {
    allowed: options.algorithms === undefined ? undefined : checkedAlgorithms(options.algorithms),
    timeout: timeout(options.timeout ?? 5, 'timeout'),
    fetch: boundedFetch(checkedFetch(options.fetch), wholeNumber(options.maxBytes ?? 524_288, 'maxBytes', 1)),
    times,
  };
}

function checkedAlgorithms(names: readonly string[]): readonly string[] {
  if (Array.isArray(names) && names.length > 0 && names.every((name) => isPublicKeyAlgorithm(name))) {
    return Object.freeze([...(names as readonly string[])]);
  }
  throw new InvalidOption(
    'algorithms',
    'is no list of algorithms of public keys',
    `Name some of ${PUBLIC_KEY_ALGORITHMS.join(', ')}, or leave it out.`,
  );
}

function isPublicKeyAlgorithm(name: unknown): boolean {
  return typeof name === 'string' && PUBLIC_KEY_ALGORITHMS.includes(name);
}

function checkedFetch(own: Fetch | undefined): Fetch {
  if (own !== undefined && typeof own !== 'function') {
    throw new InvalidOption('fetch', 'is no function', 'Give one that is called as the global fetch is.');
  }
  return own ?? ((url, init) => fetch(url, init));
}
