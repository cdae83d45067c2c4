/** Where users and the hashes of their passwords are found. */
import { parsePhc } from '../passwords/phc.js';
import type { PrincipalFacts } from '../principal.js';

/** A user, as a store has them. What is said beside the hash becomes the principal's. */
export interface StoredUser extends Partial<Omit<PrincipalFacts, 'scheme' | 'token'>> {
  /** The password's hash, a PHC string made by `hashPassword`. */
  readonly hash: string;
  /** Refused with the right password too, and in the same words. Default false. */
  readonly disabled?: boolean | undefined;
}

/** Finds a user by name, which comes in NFC and is otherwise as it was sent; undefined for one it does not know. */
export type FindUser = (
  name: string,
) => StoredUser | string | undefined | Promise<StoredUser | string | undefined>;

/** A store of users. */
export interface UserStore {
  find: FindUser;
  /**
   * Called after a good login whose hash was made with other parameters than today's. It must replace the hash only if
   * it still is `old`: the password may have been changed in between.
   */
  replaceHash?(name: string, hash: string, old: string): void | Promise<void>;
  /**
   * What the hashes cost, each kind once: their PHC strings up to the salt (`$scrypt$ln=15,r=8,p=3`). A user who does not
   * exist then takes as long as one who does. Default: what the first hasher costs.
   */
  costs?(): readonly string[];
}

/** Users by name; a string is the hash alone. Names are in NFC and have no colon. */
export type UserMap = Map<string, StoredUser | string>;

/**
 * A `Map` as a store. It may change at any time: it is asked at every login. What its hashes cost is found out anew when its
 * size has changed, or a hash was replaced here.
 *
 * @throws TypeError for a name that no login could have, and for what is no hash; the message has neither.
 */
export function mapStore(users: UserMap): UserStore {
  for (const [name, user] of users) {
    const fault = nameFault(name);
    if (fault !== undefined) throw new TypeError(`basic() got a user name in its Map that ${fault}`);
    if (costOf(hashOf(user)) === undefined) {
      throw new TypeError(
        'basic() got a user in its Map without a password hash in PHC format; make one with hashPassword(). Passwords themselves are taken for one fixed pair only',
      );
    }
  }
  let known: { readonly size: number; readonly costs: readonly string[] } | undefined;
  return {
    find: (name) => users.get(name),
    replaceHash(name, hash, old) {
      const user = users.get(name);
      if (user === undefined || hashOf(user) !== old) return;
      users.set(name, typeof user === 'string' ? hash : { ...user, hash });
      known = undefined;
    },
    costs() {
      if (known?.size !== users.size) {
        known = { size: users.size, costs: costsOf([...users.values()].map(hashOf)) };
      }
      return known.costs;
    },
  };
}

/** A hash's PHC string up to its salt; undefined for what is no hash. */
export function costOf(hash: unknown): string | undefined {
  const phc = typeof hash === 'string' ? parsePhc(hash) : undefined;
  return phc === undefined ? undefined : `$${phc.algorithm}$${phc.parameters}`;
}

/** What hashes cost, each kind once; what is no hash costs nothing. Sorted: the order of users says nothing about a cost. */
export function costsOf(hashes: readonly string[]): readonly string[] {
  const costs = hashes.map(costOf).filter((cost) => cost !== undefined);
  return [...new Set(costs)].sort();
}

/** Why a name can't be one, in words without the name; undefined when it can. */
export function nameFault(name: unknown): string | undefined {
  if (typeof name !== 'string' || name === '') return 'is empty or no string';
  if (name.includes(':')) return 'has a colon, which RFC 7617 §2 does not allow';
  if (/\p{Cc}/u.test(name)) return 'has a control character, which RFC 7617 §2 does not allow';
  return name === name.normalize('NFC') ? undefined : 'is not in Unicode’s form NFC';
}

function hashOf(user: StoredUser | string): string {
  return typeof user === 'string' ? user : user?.hash;
}
