/** Makes API keys, and their successors. */
import { checkOptionNames, type OptionNames } from '../option-names.js';
import type { PrincipalFacts } from '../principal.js';
import { isPrefix, keyHash, randomKey } from './format.js';

/** What is stored of an API key. It holds no key: nobody who reads it can use it. */
export interface ApiKeyRecord extends Omit<PrincipalFacts, 'scheme' | 'token'> {
  /** Names the key in logs and stores; the part of it after the prefix. */
  readonly id: string;
  /** SHA-256 of the key, base64url. */
  readonly hash: string;
  /** What the key begins with. */
  readonly prefix?: string | undefined;
  readonly createdAt: Date;
  /** From then on it is refused. Undefined: it does not end. */
  readonly expiresAt?: Date | undefined;
  /** When it was last good, to the minute. */
  readonly lastUsedAt?: Date | undefined;
  /** The key that this one follows. */
  readonly replaces?: string | undefined;
}

/** What a new key is for. */
export interface ApiKeyOptions extends Omit<PrincipalFacts, 'scheme' | 'token'> {
  /** What it begins with, so that people and secret scanners know it: lower case letters, digits, `_`. Default `key`. */
  prefix?: string;
  expiresAt?: Date | undefined;
  /** The time. Default: the machine's. */
  clock?: () => number;
}

const OPTIONS: OptionNames<ApiKeyOptions> = {
  prefix: true,
  subject: true,
  name: true,
  roles: true,
  scopes: true,
  claims: true,
  expiresAt: true,
  clock: true,
};

/** A key, to be shown once, and what to store. */
export interface GeneratedApiKey {
  /** The key itself. It can't be had again. */
  readonly key: string;
  readonly record: ApiKeyRecord;
}

/**
 * Generates an API key: a prefix, 64 random bits of id, 256 of secret and a checksum.
 *
 * @throws TypeError for an option that there is not, a prefix that is none, no subject, or an expiry that is no time or over.
 * @example
 * ```ts
 * const { key, record } = generateApiKey({ prefix: 'orders', subject: 'billing', scopes: ['read'] });
 * keys.set(record.id, record); // and show `key` to whom it is for
 * ```
 */
export function generateApiKey(options: ApiKeyOptions): GeneratedApiKey {
  checkOptionNames(options, OPTIONS, 'generateApiKey()');
  return generated(options);
}

/** What a store has added to a record is kept by its successor, so that no name is refused here. */
function generated(options: ApiKeyOptions): GeneratedApiKey {
  const { prefix = 'key', expiresAt, clock = Date.now, ...facts } = options;
  if (!isPrefix(prefix)) {
    throw new TypeError(
      'the prefix of an API key is lower case letters, digits and single underscores, at most 32',
    );
  }
  if (typeof facts.subject !== 'string' || facts.subject === '') {
    throw new TypeError('an API key needs a subject: whose it is');
  }
  const now = clock();
  if (expiresAt !== undefined && !(expiresAt.getTime() > now)) {
    throw new TypeError('the expiry of an API key must be a time to come');
  }
  const { id, key } = randomKey(prefix);
  const hash = keyHash(key).toString('base64url');
  return Object.freeze({
    key,
    record: Object.freeze({ ...facts, id, prefix, hash, createdAt: new Date(now), expiresAt }),
  });
}

/** How a key is followed by another. */
export interface RotationOptions {
  /** Seconds for which both keys are good. */
  overlap: number;
  /** Default: that of the old key. */
  prefix?: string;
  /** Of the new key. Default: it lasts as long from now as the old one did from its making. */
  expiresAt?: Date | undefined;
  clock?: () => number;
}

const ROTATION_OPTIONS: OptionNames<RotationOptions> = {
  overlap: true,
  prefix: true,
  expiresAt: true,
  clock: true,
};

/** The new key, and what is to be stored of the old one. */
export interface RotatedApiKey extends GeneratedApiKey {
  readonly previous: ApiKeyRecord;
}

/**
 * Makes the successor of a key, for the same subject with the same rights. Both are good until the overlap is over: store
 * `record` and `previous`. The times of a record that was stored as JSON may be texts.
 *
 * @throws TypeError for an option that there is not, an overlap that is no number of seconds, a key that is over, or a record without times that are some.
 * @example
 * ```ts
 * const { key, record, previous } = rotateApiKey(keys.get(id), { overlap: 86_400 });
 * for (const one of [record, previous]) keys.set(one.id, one);
 * ```
 */
export function rotateApiKey(old: ApiKeyRecord, options: RotationOptions): RotatedApiKey {
  checkOptionNames(options, ROTATION_OPTIONS, 'rotateApiKey()');
  const { overlap, clock = Date.now } = options;
  const now = clock();
  if (!Number.isFinite(overlap) || overlap < 0) throw new TypeError('overlap must be a number of seconds');
  if (isOver(old, now)) throw new TypeError('the API key to rotate is over; generate a new one');
  const { id, hash: _hash, createdAt, expiresAt, lastUsedAt: _used, replaces: _replaces, ...facts } = old;
  const end = expiresAt === undefined || expiresAt === null ? undefined : milliseconds(expiresAt);
  const lifetime = end === undefined ? undefined : end - milliseconds(createdAt);
  const { key, record } = generated({
    ...facts,
    prefix: options.prefix ?? old.prefix ?? 'key',
    expiresAt: options.expiresAt ?? (lifetime === undefined ? undefined : new Date(now + lifetime)),
    clock,
  });
  const overlapEnd = Math.min(now + overlap * 1000, end ?? Number.POSITIVE_INFINITY);
  return Object.freeze({
    key,
    record: Object.freeze({ ...record, replaces: id }),
    previous: Object.freeze({ ...old, expiresAt: new Date(overlapEnd) }),
  });
}

/** @throws TypeError for what is no time */
function milliseconds(time: Date): number {
  const at = new Date(time).getTime();
  if (Number.isNaN(at)) throw new TypeError('the record of the API key has a time that is none');
  return at;
}

/** Whether a key's time is over; an expiry that is no time counts as over. */
export function isOver({ expiresAt }: ApiKeyRecord, now: number): boolean {
  return expiresAt !== undefined && expiresAt !== null && !(new Date(expiresAt).getTime() > now);
}
