/** What a validator asks of a token: its options, checked once and made ready. */
import type { Claims, Verified } from './claims.js';
import { type ClaimsSchema, checkedSchema } from './claims-schema.js';
import { type Clock, type Duration, seconds } from './duration.js';
import { decryptionKeys } from './encryption/import.js';
import type { EncryptionKey } from './encryption/key.js';
import type { EncryptionKeySource } from './encryption/sources.js';
import { InvalidOption } from './errors.js';
import type { KeySet } from './keys/key-set.js';
import { keySetFrom } from './keys/local-keys.js';
import type { KeySource } from './keys/sources.js';

/** What a validator of one issuer, or of issuers that share their keys, asks for. Nothing is accepted by default. */
export interface ValidatorOptions<C extends object = Claims> extends TokenOptions<C> {
  /** The keys that may have signed, each with its own algorithm only; or a `KeyRing`, or a remote JWK Set. */
  keys: KeySource | readonly [KeySource, ...KeySource[]] | KeySet;
  /** The accepted issuers, compared exactly (RFC 7519 §4.1.1). `null` says aloud that any issuer will do. */
  issuer: string | readonly [string, ...string[]] | null;
  /** The accepted audiences; a token needs one of them (RFC 7519 §4.1.3). `null` says aloud that any audience will do. */
  audience: string | readonly [string, ...string[]] | null;
  issuers?: never;
}

/** What a validator of several issuers, each with keys of its own (RFC 8725 §3.8), asks for. */
export interface SeveralIssuersOptions<C extends object = Claims> extends TokenOptions<C> {
  /** The issuers. The `iss` of a token chooses among them which keys are tried, and nothing else, until one of those has signed. */
  issuers: readonly [IssuerOptions, ...IssuerOptions[]];
  keys?: never;
  issuer?: never;
  audience?: never;
}

/** One of several issuers. */
export interface IssuerOptions {
  /** Compared exactly (RFC 7519 §4.1.1). */
  issuer: string;
  /** The keys that this issuer signs with; those of the others do not count for its tokens. */
  keys: ValidatorOptions['keys'];
  /** The audiences accepted from this issuer. `null` says aloud that any audience will do. */
  audience: ValidatorOptions['audience'];
}

/** What is asked of every token, whoever issued it. */
export interface TokenOptions<C extends object = Claims> {
  /**
   * The keys that decrypt. With them only nested tokens are accepted, signed and then encrypted (RFC 7519 §5.2): the
   * encryption says nothing about who sent a token, so the signature is asked for all the same. Default: none, and
   * encrypted tokens are refused.
   */
  decryptWith?: EncryptionKeySource | readonly [EncryptionKeySource, ...EncryptionKeySource[]];
  /** The one accepted `typ` (RFC 8725 §3.11), without regard to case; `application/` may be left out. `null`, and the default of `new JwtValidator`: not checked. */
  typ?: string | null;
  /** How far clocks may differ. Seconds or '1m'; default 60. */
  clockTolerance?: Duration;
  /** The greatest age since `iat`, seconds or '8h'; a token without `iat` is then refused. Default: not checked. */
  maxAge?: Duration;
  /**
   * The longest lifetime, from `iat` to `exp`, whatever the issuer thought of: seconds or '1h'; a token without `iat` is
   * then refused. Default: not checked.
   */
  maxLifetime?: Duration;
  /** Claims that must be there. `exp` must be in any case, but for {@link acceptNeverExpiring}. */
  requiredClaims?: readonly string[];
  /**
   * A Standard Schema (of Zod, Valibot, ArkType and others) that the claims must satisfy; it gives them their type. It
   * decides and changes nothing: verified claims stay what the token holds, so their type is what the schema takes in, and
   * defaults and transformations have no effect. An asynchronous one takes `verify`; what it throws is thrown on.
   */
  claims?: ClaimsSchema<C>;
  /** Accepts tokens without `exp`. Default false. */
  acceptNeverExpiring?: boolean;
  /** Says of a valid token whether it was taken back. Anything but `false` refuses; what it throws is thrown on. */
  isRevoked?: (claims: Verified) => boolean | Promise<boolean>;
  /**
   * How long the promise of `isRevoked` is waited for; then the token is refused with `ERR_REVOCATION_TIMEOUT` (status 503).
   * Seconds or '1m', at most a minute; default 5.
   */
  revocationTimeout?: Duration;
  /** The longest accepted token, in characters. Default 16,384. */
  maxTokenLength?: number;
  /** How many verified tokens are remembered, so that their signature need not be computed again; `false` is none. Default 1,000. */
  cache?: number | false;
  /** The time. Default `Date.now`. */
  clock?: Clock;
}

/** The longest token that is accepted, and built, unless told otherwise: 16,384 characters, as much as Node.js reads of all fields of a request. */
export const MAX_TOKEN_LENGTH = 16_384;

/** The names in {@link TokenOptions}. */
export const TOKEN_OPTIONS: Readonly<Record<keyof TokenOptions, true>> = {
  decryptWith: true,
  typ: true,
  clockTolerance: true,
  maxAge: true,
  maxLifetime: true,
  requiredClaims: true,
  claims: true,
  acceptNeverExpiring: true,
  isRevoked: true,
  revocationTimeout: true,
  maxTokenLength: true,
  cache: true,
  clock: true,
};

/** Options, checked and made ready. */
export interface Rules {
  readonly keys: KeySet;
  /** With several issuers, the rules of each by its name. What these rules say of keys and audience is then for words only. */
  readonly issuers: ReadonlyMap<string, Rules> | undefined;
  readonly decryptWith: readonly EncryptionKey[] | undefined;
  readonly issuer: readonly string[] | null;
  readonly audience: readonly string[] | null;
  readonly typ: string | undefined;
  readonly clockTolerance: number;
  readonly maxAge: number | undefined;
  readonly maxLifetime: number | undefined;
  readonly requiredClaims: readonly string[];
  readonly claims: ClaimsSchema<object> | undefined;
  readonly acceptNeverExpiring: boolean;
  readonly isRevoked: ((claims: Verified) => boolean | Promise<boolean>) | undefined;
  readonly revocationTimeout: number;
  readonly maxTokenLength: number;
  readonly cache: number;
  readonly clock: Clock;
}

/**
 * The rules of a validator of one issuer.
 *
 * @throws InvalidOption, InvalidKey for anything that would accept more than was meant.
 */
export function rulesOfOne(options: ValidatorOptions<object>): Rules {
  const keys = keySetFrom(options.keys);
  if (options.isRevoked !== undefined && typeof options.isRevoked !== 'function') {
    throw new InvalidOption('isRevoked', 'is no function', 'Give a function of the claims.');
  }
  const clockTolerance = toleranceFor(keys, options.clockTolerance);
  return Object.freeze({
    keys,
    issuers: undefined,
    decryptWith:
      options.decryptWith === undefined ? undefined : decryptionKeys(options.decryptWith, 'decryptWith'),
    issuer: names(options.issuer, 'issuer'),
    audience: names(options.audience, 'audience'),
    typ:
      options.typ === undefined || options.typ === null ? undefined : mediaType(nonEmpty(options.typ, 'typ')),
    clockTolerance,
    maxAge: options.maxAge === undefined ? undefined : seconds(options.maxAge, 'maxAge'),
    maxLifetime: maxLifetimeOf(options),
    requiredClaims: requiredNames(options.requiredClaims),
    claims: options.claims === undefined ? undefined : checkedSchema(options.claims),
    acceptNeverExpiring: options.acceptNeverExpiring === true,
    isRevoked: options.isRevoked,
    revocationTimeout: timeout(options.revocationTimeout ?? 5, 'revocationTimeout'),
    maxTokenLength: wholeNumber(options.maxTokenLength ?? MAX_TOKEN_LENGTH, 'maxTokenLength', 1),
    cache: options.cache === false ? 0 : wholeNumber(options.cache ?? 1000, 'cache', 0),
    clock: clockOf(options.clock),
  });
}

/** The clock to use. @throws InvalidOption for what is no function. */
export function clockOf(clock: Clock | undefined): Clock {
  if (clock !== undefined && typeof clock !== 'function') {
    throw new InvalidOption(
      'clock',
      'is no function',
      'Give a function that answers milliseconds, as Date.now does.',
    );
  }
  return clock ?? Date.now;
}

/** A clock's time in whole seconds. @throws InvalidOption when it answers no number, for then nothing would ever expire. */
export function nowOf(clock: Clock): number {
  return Math.floor(millisecondsOf(clock) / 1000);
}

/** A clock's time. @throws InvalidOption when it answers no number. */
export function millisecondsOf(clock: Clock): number {
  const now: unknown = clock();
  if (typeof now === 'number' && Number.isFinite(now)) return now;
  throw new InvalidOption('clock', 'did not answer a number of milliseconds', 'Answer as Date.now does.');
}

/** A `typ` as it is compared: lower case, with the `application/` that RFC 7515 §4.1.9 lets one leave out. */
export function mediaType(typ: string): string {
  // Of ASCII only: toLowerCase makes a k of the Kelvin sign.
  const lower = /[\u0080-\uffff]/.test(typ) ? typ : typ.toLowerCase();
  return lower.includes('/') ? lower : `application/${lower}`;
}

function maxLifetimeOf({ maxLifetime, acceptNeverExpiring }: ValidatorOptions<object>): number | undefined {
  if (maxLifetime === undefined) return undefined;
  if (acceptNeverExpiring !== true) return positive(seconds(maxLifetime, 'maxLifetime'), 'maxLifetime');
  throw new InvalidOption(
    'maxLifetime',
    'stands beside acceptNeverExpiring, and no end is longer than any',
    'Choose one of them.',
  );
}

/** @throws InvalidOption for less than a second. */
export function positive(duration: number, option: string): number {
  if (duration >= 1) return duration;
  throw new InvalidOption(option, 'is less than a second', 'Give the token time to be used.');
}

/** The seconds that a token may have to wait. @throws InvalidOption for none, and for more than a minute. */
export function timeout(duration: Duration, option: string): number {
  const value = seconds(duration, option);
  if (value > 0 && value <= 60) return value;
  throw new InvalidOption(option, 'is zero or more than a minute', 'Tokens wait as long; 5 is usual.');
}

function names(value: unknown, option: 'issuer' | 'audience'): readonly string[] | null {
  if (value === null) return null;
  if (value === undefined) {
    throw new InvalidOption(
      option,
      'is missing',
      `Give the ${option} that tokens must have; null says aloud that it is not checked.`,
    );
  }
  const list = (Array.isArray(value) ? value : [value]) as unknown[];
  if (list.length === 0) throw new InvalidOption(option, 'is an empty list', 'Name at least one.');
  return [...new Set(list.map((name) => nonEmpty(name, option)))];
}

function nonEmpty(value: unknown, option: string): string {
  if (typeof value !== 'string' || value === '') {
    throw new InvalidOption(
      option,
      'is not a non-empty string',
      'Strings are compared exactly; patterns are not taken.',
    );
  }
  return value;
}

/** @throws InvalidOption for anything else, or a smaller one. */
export function wholeNumber(value: number, option: string, minimum: number): number {
  if (!Number.isSafeInteger(value) || value < minimum) {
    throw new InvalidOption(option, `is no whole number of ${minimum} or more`, 'Give such a number.');
  }
  return value;
}

function toleranceFor(keys: KeySet, given: Duration = 60): number {
  const tolerance = seconds(given, 'clockTolerance');
  if (tolerance > 86_400) {
    throw new InvalidOption(
      'clockTolerance',
      `is ${tolerance} seconds, longer than a day`,
      'It is meant for clocks that differ a little; a minute is usual.',
    );
  }
  if (tolerance <= keys.longestTolerance) return tolerance;
  throw new InvalidOption(
    'clockTolerance',
    `is ${tolerance} seconds, and the KeyRing keeps its keys for ${keys.longestTolerance}: after a rotation tokens that are still good would be refused`,
    `Make the ring with { clockTolerance: ${tolerance} }, or give the validator at most ${keys.longestTolerance}.`,
  );
}

function requiredNames(names: readonly string[] = []): readonly string[] {
  if (!Array.isArray(names))
    throw new InvalidOption('requiredClaims', 'is no list', "Give a list: ['sub', 'tenant'].");
  return Object.freeze(names.map((name) => nonEmpty(name, 'requiredClaims')));
}
