/** The Basic scheme (RFC 7617): a user name and a password in the `Authorization` field. */

import type { Context } from 'koa';
import { challenge, checkedRealm } from '../challenge.js';
import { authorization, credentials } from '../credentials.js';
import { type CrossSiteOptions, crossSiteGuard } from '../cross-site/ambient.js';
import { copied } from '../frozen.js';
import { type InsecureHttpOptions, insecureHttpGuard } from '../insecure-connection.js';
import { checkOptionNames, type OptionNames } from '../option-names.js';
import type { PasswordHashers } from '../passwords/hasher.js';
import { createPrincipal, type PrincipalFacts } from '../principal.js';
import { type Failure, isFailure, type Outcome, type Scheme } from '../scheme.js';
import { type Attempted, Throttle, type ThrottleOptions } from '../throttle/throttle.js';
import {
  HASHING_BUSY,
  PASSWORD_TOO_LONG,
  type PasswordCheck,
  passwordCheck,
} from '../users/password-check.js';
import { type FindUser, mapStore, type UserMap, type UserStore } from '../users/user-store.js';
import { credentialsInvalid } from './credentials-invalid.js';
import { fixedPair } from './fixed-pair.js';

/** What a check of one's own may answer: false, true (the principal is the user name), or more about the principal. */
export type BasicAnswer = boolean | Omit<PrincipalFacts, 'scheme' | 'token'>;

/** Checks a name and a password. It must take the same time for users it does not know. */
export type CheckPassword = (name: string, password: string) => BasicAnswer | Promise<BasicAnswer>;

/** What every {@link basic} may be told. */
interface CommonOptions extends CrossSiteOptions, InsecureHttpOptions {
  /** Tells the user what the credentials are for; stands in the challenge. */
  realm: string;
  /** How many failed attempts are too many (429); `false` counts none. Default: see {@link ThrottleOptions}. */
  throttle?: ThrottleOptions | false;
}

/** Options of {@link basic}: a realm, and one of: a fixed pair, users with hashed passwords, a check of one's own. */
export type BasicOptions = CommonOptions &
  (
    | {
        /** One user name and its password, neither of them empty: `{ admin: 'password' }`. */
        users: Readonly<Record<string, string>>;
        check?: never;
        hashers?: never;
      }
    | {
        /** Users with the hashes of their passwords: a `Map`, a store such as `passwordFile(path)`, or what finds them. */
        users: UserMap | UserStore | FindUser;
        /** The first one hashes, all compare; at a good login an older hash is made anew. Default `[scrypt()]`. */
        hashers?: PasswordHashers;
        check?: never;
      }
    | {
        /** Decides about each name and password. */
        check: CheckPassword;
        users?: never;
        hashers?: never;
      }
  );

const OPTIONS: OptionNames<BasicOptions> = {
  realm: true,
  users: true,
  check: true,
  hashers: true,
  throttle: true,
  crossSite: true,
  trustedOrigins: true,
  allowInsecureHttp: true,
};

/** RFC 7617 §2: `user-pass` as token68, which is base64 with its padding. */
const BASIC_VALUE = /^ +((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/;

/** Longer credentials are refused before they are decoded. */
const MAX_LENGTH = 8192;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A scheme that takes `Authorization: Basic …`. Credentials are UTF-8, the password may hold colons, and control
 * characters are refused (RFC 7617 §2). Every refusal looks the same, whatever was wrong.
 *
 * A browser adds these credentials to requests of any site, so one that may change state and says that it comes from
 * another is refused (403, see {@link CrossSiteOptions}). So is a password over plain HTTP, which was not read, unless it
 * comes from this machine (RFC 7617 §4, see {@link InsecureHttpOptions}).
 *
 * Failed attempts are counted (see {@link ThrottleOptions}), and users who do not exist cost as much as those who do.
 *
 * @throws TypeError at once for an option that there is not, an empty name or password, more than one fixed pair, what is no hash of a password, or a
 * realm that can't stand in a header.
 * @example
 * ```ts
 * const users = new Map([['ada', await hashPassword('correct horse')]]);
 * app.use(authenticate(basic({ realm: 'Init', users })));
 * ```
 */
export function basic(options: BasicOptions): Scheme {
  checkOptionNames(options, OPTIONS, 'basic()');
  const realm = checkedRealm(options.realm);
  if (options.users !== undefined && options.check !== undefined) {
    throw new TypeError('basic() takes `users` or `check`, not both: one of them would be ignored');
  }
  const check = checkOf(options);
  const foreign = crossSiteGuard(options);
  const overHttp = insecureHttpGuard(options);
  const throttle = options.throttle === false ? undefined : new Throttle(options.throttle);
  const ownChallenge = challenge('Basic', { realm, charset: 'UTF-8' });
  return {
    kind: 'Basic',
    async authenticate(ctx: Context): Promise<Outcome> {
      const field = authorization(ctx);
      if (typeof field !== 'string') return field;
      const value = credentials(field, 'Basic');
      if (value === undefined) return undefined;
      const insecure = overHttp(ctx);
      if (insecure !== undefined) return insecure;
      // Before the password is looked at: no page of another site makes a user's failed attempts, either.
      const crossSite = foreign(ctx);
      if (crossSite !== undefined) return crossSite;
      const pair = parse(value);
      if ('failed' in pair) return pair;
      const attempt = () => outcomeOf(check, pair, ctx);
      return throttle === undefined ? attempt() : throttle.guard(ctx, pair.name, attempt, judge);
    },
    challenge: () => ownChallenge,
  };
}

async function outcomeOf(check: PasswordCheck, { name, password }: Pair, ctx: Context): Promise<Outcome> {
  const answer = await check(name, password, ctx);
  if (answer === PASSWORD_TOO_LONG || answer === HASHING_BUSY) return answer;
  if (answer === true) return createPrincipal({ scheme: 'Basic', subject: name });
  if (!namesSubject(answer)) return REFUSED;
  return createPrincipal({ ...answer, claims: copied(answer.claims ?? {}), scheme: 'Basic' });
}

/** Only a password that was compared and is wrong is a failed attempt to guess it. */
function judge(outcome: Outcome): Attempted {
  if (outcome === REFUSED) return 'bad';
  return outcome === undefined || isFailure(outcome) ? 'undecided' : 'good';
}

/** Only `true` and an object that says who it is let anybody in: `{}`, `1` or `'yes'` do not. */
function namesSubject(answer: BasicAnswer | Failure): answer is Exclude<BasicAnswer, boolean> {
  if (typeof answer !== 'object' || answer === null) return false;
  return 'subject' in answer && typeof answer.subject === 'string' && answer.subject !== '';
}

interface Pair {
  name: string;
  password: string;
}

function parse(value: string): Pair | Failure {
  if (value.length > MAX_LENGTH) return malformed('are longer than 8,192 characters');
  const encoded = BASIC_VALUE.exec(value)?.[1];
  if (encoded === undefined) return malformed('are not base64');
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.toString('base64') !== encoded) return malformed('are not canonical base64');
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return malformed('are not UTF-8');
  }
  const colon = text.indexOf(':');
  if (colon === -1) return malformed('hold no colon between name and password');
  if (/\p{Cc}/u.test(text)) return malformed('hold a control character');
  return { name: text.slice(0, colon), password: text.slice(colon + 1) };
}

const REFUSED = credentialsInvalid('invalid_credentials', {
  hint: 'The user name is not known, or the password is not theirs.',
  fix: 'Send the right name and password; they are compared exactly, upper and lower case included.',
});

function malformed(what: string): Failure {
  return credentialsInvalid('malformed_basic', {
    hint: `The credentials ${what} (RFC 7617 §2).`,
    fix: 'Send `Authorization: Basic ` and the base64 of name, colon, password, in UTF-8.',
  });
}

function checkOf({ users, check, hashers }: BasicOptions): PasswordCheck {
  if (users === undefined) {
    const own = checkedCheck(check);
    return async (name, password) => own(name, password);
  }
  if (typeof users === 'function') return passwordCheck({ find: users }, hashers);
  if (users instanceof Map) return passwordCheck(mapStore(users), hashers);
  if (isStore(users)) return passwordCheck(users, hashers);
  if (hashers !== undefined)
    throw new TypeError('basic() takes `hashers` for users with hashed passwords only');
  return fixedPair(users);
}

/** A user of the fixed pair may be named `find`: then it is a string. A list has a `find` that is another. */
function isStore(users: UserStore | Readonly<Record<string, string>>): users is UserStore {
  return typeof users?.find === 'function' && !Array.isArray(users);
}

function checkedCheck(check: CheckPassword | undefined): CheckPassword {
  if (typeof check !== 'function') {
    throw new TypeError(
      "basic() needs `users`, one pair { name: 'password' } or a Map of hashes, or `check: (name, password) => …`",
    );
  }
  return check;
}
