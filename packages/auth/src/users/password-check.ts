/** Checks a password against the hash a store has, at the same cost for users it has not. */
import { createHmac, randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import type { PasswordHashers } from '../passwords/hasher.js';
import {
  DEFAULT_HASHERS,
  hashPassword,
  needsRehash,
  understood,
  verifyPassword,
} from '../passwords/hashing.js';
import { MAX_PASSWORD_BYTES, opaqueString } from '../passwords/opaque-string.js';
import { decoy } from '../passwords/phc.js';
import { TurnstileFull } from '../passwords/turnstile.js';
import type { PrincipalFacts } from '../principal.js';
import type { Failure } from '../scheme.js';
import { SENTENCES } from '../sentences.js';
import type { StoredUser, UserStore } from './user-store.js';

/** What is answered before a password is looked at. */
export const PASSWORD_TOO_LONG: Failure = Object.freeze({
  failed: true,
  status: 400,
  error: 'invalid_request',
  description: SENTENCES.passwordTooLong,
  code: 'password_too_long',
  hint: `The password has more than ${MAX_PASSWORD_BYTES} bytes in UTF-8.`,
  fix: 'Send a shorter one; no password that is stored can be longer.',
});

/** What is answered when no more passwords can be hashed at the moment. */
export const HASHING_BUSY: Failure = Object.freeze({
  failed: true,
  status: 429,
  error: 'too_many_requests',
  description: SENTENCES.tooManyAttempts,
  retryAfter: 1,
  code: 'hashing_busy',
  hint: 'As many passwords as may wait are waiting to be hashed.',
  fix: 'Nothing, if it passes. Otherwise see who sends so many, or use cheaper parameters.',
});

/** Decides about a name and a password: whether they are right, or whose they are, or why that was not looked at. */
export type PasswordCheck = (
  name: string,
  password: string,
  ctx: Context,
) => Promise<boolean | Omit<PrincipalFacts, 'scheme' | 'token'> | Failure>;

/**
 * A check against a store.
 *
 * @throws TypeError when the store holds what none of the hashers understands.
 */
export function passwordCheck(store: UserStore, hashers: PasswordHashers = DEFAULT_HASHERS): PasswordCheck {
  const decoyFor = decoys(store, hashers);
  return async (name, password, ctx) => {
    if (opaqueString(password) === undefined) return PASSWORD_TOO_LONG;
    const canonicalName = name.normalize('NFC');
    const user = stored(await store.find(canonicalName));
    try {
      const hash = user === undefined ? decoyFor(canonicalName) : user.hash;
      const matches = await verifyPassword(password, hash, hashers);
      if (user === undefined || !matches || user.disabled === true) return false;
    } catch (error) {
      if (error instanceof TurnstileFull) return HASHING_BUSY;
      throw error;
    }
    await rehash(store, hashers, { name: canonicalName, password, old: user.hash }, ctx);
    const { hash: _hash, disabled: _disabled, ...facts } = user;
    return { ...facts, subject: facts.subject ?? canonicalName };
  };
}

function stored(found: StoredUser | string | undefined): StoredUser | undefined {
  if (typeof found === 'string') return { hash: found };
  if (found === undefined || found === null) return undefined;
  if (typeof found !== 'object')
    throw new TypeError('a store of users answered neither a user nor undefined');
  return found;
}

/**
 * Hashes for names that nobody has. Where users have hashes of several costs, so have they, and a name always has the
 * same one: else the time of an answer would tell who exists.
 */
function decoys(store: UserStore, hashers: PasswordHashers): (name: string) => string {
  const ownCost = `$${hashers[0].algorithm}$${hashers[0].parameters}`;
  const secret = randomBytes(32);
  for (const cost of [ownCost, ...(store.costs?.() ?? [])]) understood(decoy(cost), hashers);
  return (name) => {
    // A hash that came later, and that none of the hashers understands, is its user's trouble alone.
    const costs = (store.costs?.() ?? []).filter((cost) => isUnderstood(decoy(cost), hashers));
    const place = createHmac('sha256', secret).update(name).digest().readUInt32BE() % costs.length;
    return decoy(costs[place] ?? ownCost);
  };
}

function isUnderstood(hash: string, hashers: PasswordHashers): boolean {
  try {
    understood(hash, hashers);
    return true;
  } catch {
    return false;
  }
}

interface Login {
  name: string;
  password: string;
  old: string;
}

/** A login that was good stays good when its hash can't be replaced; the application hears of it. */
async function rehash(
  store: UserStore,
  hashers: PasswordHashers,
  { name, password, old }: Login,
  ctx: Context,
): Promise<void> {
  if (store.replaceHash === undefined || !needsRehash(old, hashers[0])) return;
  try {
    await store.replaceHash(name, await hashPassword(password, hashers[0]), old);
  } catch (error) {
    if (error instanceof TurnstileFull) return;
    ctx.app.emit('error', new Error('a password could not be rehashed', { cause: error }), ctx);
  }
}
