/** API keys: long random secrets of programs, in a header field; there is no RFC for them. */

import { timingSafeEqual } from 'node:crypto';
import type { Context } from 'koa';
import { keyHash, keyId } from '../api-keys/format.js';
import { type ApiKeyRecord, isOver } from '../api-keys/generate.js';
import { LastUse } from '../api-keys/last-use.js';
import { type KeyPlaces, sentKey } from '../api-keys/sent-key.js';
import { challenge, checkedRealm } from '../challenge.js';
import { copied } from '../frozen.js';
import { type InsecureHttpOptions, insecureHttpGuard } from '../insecure-connection.js';
import { checkOptionNames, type OptionNames } from '../option-names.js';
import { createPrincipal } from '../principal.js';
import { type Failure, isFailure, type Outcome, type Scheme } from '../scheme.js';
import { type Attempted, Throttle, type ThrottleOptions } from '../throttle/throttle.js';
import { credentialsInvalid } from './credentials-invalid.js';

/** Where the records of keys are. */
export interface ApiKeyStore {
  /** Finds a record by the key's id. Which ids exist is no secret. */
  find(id: string): ApiKeyRecord | undefined | Promise<ApiKeyRecord | undefined>;
  /** Told of good uses, once a minute for each key. When it fails, the request is served and the application hears of it. */
  used?(id: string, at: Date): void | Promise<void>;
}

/** Options of {@link apiKey}. */
export interface ApiKeySchemeOptions extends InsecureHttpOptions {
  /** Records of keys by their id, or a store. */
  keys: Map<string, ApiKeyRecord> | ApiKeyStore;
  /** The header field, or several of which a request may use one. Default `X-Api-Key`. */
  header?: string | readonly [string, ...string[]];
  /**
   * A query parameter that may hold the key. Its value is taken out of `ctx.url`, but proxies in front and browsers'
   * histories keep it. Default: none.
   */
  query?: string;
  /** Stands in the challenge. Default `api`. */
  realm?: string;
  /** Counts bad keys by address and by id, as `basic` counts passwords. Default `false`: 256 bits are not guessed. */
  throttle?: ThrottleOptions | false;
  /** The time in milliseconds. Default: the machine's. */
  clock?: () => number;
}

const OPTIONS: OptionNames<ApiKeySchemeOptions> = {
  keys: true,
  header: true,
  query: true,
  realm: true,
  throttle: true,
  clock: true,
  allowInsecureHttp: true,
};

/** What header fields and query parameters may be named (RFC 9110 §5.6.2), in ASCII that needs no escaping. */
const NAME = /^[A-Za-z0-9._~-]{1,64}$/;

/** Hashes are compared for keys that do not exist, too. */
const NOBODY = Buffer.alloc(32);

/**
 * A scheme that takes an API key made by `generateApiKey`. A key is found by its id and its hash compared in constant
 * time; several keys of one subject may be good at once. Over plain HTTP it is taken from this machine only, see
 * {@link InsecureHttpOptions}.
 *
 * @throws TypeError at once for an option that there is not, no store, a header or parameter that can't be named so, or `Authorization` for a header.
 * @example
 * ```ts
 * app.use(authenticate([bearer(validator), apiKey({ keys: new Map([[record.id, record]]) })]));
 * ```
 */
export function apiKey(options: ApiKeySchemeOptions): Scheme {
  checkOptionNames(options, OPTIONS, 'apiKey()');
  const { throttle: throttling = false, clock = Date.now } = options;
  const realm = checkedRealm(options.realm ?? 'api');
  const headers = [options.header ?? 'X-Api-Key'].flat();
  const places: KeyPlaces = { headers: headers.map(checkedHeader), query: checkedQuery(options.query) };
  const store = storeOf(options.keys);
  const throttle = throttling === false ? undefined : new Throttle(throttling);
  const ownChallenge = challenge('ApiKey', { realm, header: headers[0], query: options.query });
  const lastUse = new LastUse();
  const overHttp = insecureHttpGuard(options);
  return {
    kind: 'ApiKey',
    openapi: described(headers, options.query),
    async authenticate(ctx: Context): Promise<Outcome> {
      ctx.vary([...headers]);
      const key = sentKey(ctx, places);
      if (key === undefined) return undefined;
      const insecure = overHttp(ctx);
      if (insecure !== undefined) return insecure;
      if (typeof key !== 'string') return key;
      // RFC 9111 §3.5 keeps answers to `Authorization` out of shared caches, and those to another field not.
      if (!ctx.res.hasHeader('Cache-Control')) ctx.set('Cache-Control', 'private');
      const id = keyId(key);
      const attempt = async (): Promise<Outcome> => {
        const now = clock();
        const record = await recordOf(store, id, key, now);
        if ('failed' in record) return record;
        if (lastUse.isDue(record.id, now)) tell(store, record.id, now, ctx);
        return principalOf(record);
      };
      return throttle === undefined ? attempt() : throttle.guard(ctx, id ?? '', attempt, judge);
    },
    challenge: () => ownChallenge,
  };
}

/** For OpenAPI: one Security Scheme Object for each place a key may stand in. */
function described(headers: readonly string[], query: string | undefined): readonly object[] {
  const places = headers.map((name) => ({ type: 'apiKey', in: 'header', name }));
  return query === undefined ? places : [...places, { type: 'apiKey', in: 'query', name: query }];
}

async function recordOf(
  store: ApiKeyStore,
  id: string | undefined,
  key: string,
  now: number,
): Promise<ApiKeyRecord | Failure> {
  if (id === undefined) return MISTYPED;
  const record = await store.find(id);
  const stored = record === undefined ? NOBODY : Buffer.from(record.hash, 'base64url');
  if (stored.length !== NOBODY.length) throw new TypeError('a record of an API key has no hash of SHA-256');
  const isSame = timingSafeEqual(keyHash(key), stored);
  if (record === undefined || !isSame) return UNKNOWN;
  return isOver(record, now) ? EXPIRED : record;
}

function principalOf({ subject, name, roles, scopes, claims }: ApiKeyRecord): Outcome {
  if (typeof subject !== 'string' || subject === '')
    throw new TypeError('a record of an API key has no subject');
  return createPrincipal({ scheme: 'ApiKey', subject, name, roles, scopes, claims: copied(claims ?? {}) });
}

/** A key that is over is no guess, and one that is mistyped may be anything. */
function judge(outcome: Outcome): Attempted {
  if (outcome === UNKNOWN || outcome === MISTYPED) return 'bad';
  return outcome === undefined || isFailure(outcome) ? 'undecided' : 'good';
}

/** The request does not wait for it. */
function tell(store: ApiKeyStore, id: string, now: number, ctx: Context): void {
  const failed = (cause: unknown): void => {
    ctx.app.emit('error', new Error('the last use of an API key could not be stored', { cause }), ctx);
  };
  Promise.resolve()
    .then(() => store.used?.(id, new Date(now)))
    .catch(failed);
}

const MISTYPED = credentialsInvalid('api_key_mistyped', {
  hint: 'What was sent is no key of this kind: its form or its checksum is wrong.',
  fix: 'Send the key as it was given, whole.',
});

const UNKNOWN = credentialsInvalid('api_key_unknown', {
  hint: 'There is no key of this id, or its secret is another.',
  fix: 'Generate a new key, if the subject should have one.',
});

const EXPIRED = credentialsInvalid('api_key_expired', {
  hint: 'The key is the right one, but its time is over.',
  fix: 'Generate a new key; rotateApiKey makes one before the old one is over.',
});

function storeOf(keys: Map<string, ApiKeyRecord> | ApiKeyStore): ApiKeyStore {
  if (keys instanceof Map) {
    return {
      find: (id) => keys.get(id),
      used(id, at) {
        const record = keys.get(id);
        if (record !== undefined) keys.set(id, { ...record, lastUsedAt: at });
      },
    };
  }
  // A list has a find() too, which would take an id for a predicate.
  if (typeof keys?.find !== 'function' || Array.isArray(keys)) {
    throw new TypeError('apiKey() needs `keys`: a Map of records by their id, or a store with find(id)');
  }
  return keys;
}

function checkedHeader(name: string): string {
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw new TypeError('apiKey() needs a header named with letters, digits and hyphens');
  }
  const lower = name.toLowerCase();
  if (lower === 'authorization' || lower === 'cookie') {
    throw new TypeError(`apiKey() can't take its key from ${name}: that field is other schemes’`);
  }
  return lower;
}

function checkedQuery(name: string | undefined): string | undefined {
  if (name === undefined || (typeof name === 'string' && NAME.test(name))) return name;
  throw new TypeError('apiKey() needs a query parameter named with letters, digits, `-`, `.`, `_` or `~`');
}
