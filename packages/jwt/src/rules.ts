/** What a validator asks of a token: its options, checked once and made ready. */
import type { Verified } from './claims.js';
import { type ClaimsSchema, checkedSchema } from './claims-schema.js';
import { type Clock, clockOf } from './clock.js';
import { type Duration, seconds } from './duration.js';
import { decryptionKeys } from './encryption/import.js';
import type { EncryptionKey } from './encryption/key.js';
import { InvalidOption } from './errors.js';
import type { KeySet } from './keys/key-set.js';
import { keySetFrom } from './keys/local-keys.js';
import { mediaType } from './media-type.js';
import { positive, timeout, wholeNumber } from './option-values.js';
import { MAX_TOKEN_LENGTH, type ValidatorOptions } from './validator-options.js';

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

function maxLifetimeOf({ maxLifetime, acceptNeverExpiring }: ValidatorOptions<object>): number | undefined {
  if (maxLifetime === undefined) return undefined;
  if (acceptNeverExpiring !== true) return positive(seconds(maxLifetime, 'maxLifetime'), 'maxLifetime');
  throw new InvalidOption(
    'maxLifetime',
    'stands beside acceptNeverExpiring, and no end is longer than any',
    'Choose one of them.',
  );
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
