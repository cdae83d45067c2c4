/** Slows down guessing: failed attempts are counted by user, by address and by both together. */
import type { Context } from 'koa';
import { checkOptionNames, type OptionNames } from '../option-names.js';
import type { Failure } from '../scheme.js';
import { SENTENCES } from '../sentences.js';
import type { Counters } from '../sessions/store.js';
import { clientAddress } from './address.js';
import { type Attempt, Failures, keyOf } from './failures.js';
import { KnownPairs } from './known-pairs.js';
import { OwnCounters } from './own-counters.js';
import { Pace } from './pace.js';

/** Options of throttling. A limit is how many attempts may fail within the window before the next is a 429. */
export interface ThrottleOptions {
  /** For one user from one address; a good login sets it back. Default 10. */
  perPair?: number;
  /** For one address, whatever users it tries. Default 50. */
  perAddress?: number;
  /**
   * For one user from all addresses together. Beyond it nobody is refused for what others did, so that no stranger locks
   * a user out: where this user has signed in from before all stays as it is, and everywhere else two attempts may fail,
   * and they take turns, one a second for each user, for which they wait up to ten. Default 100.
   */
  perUser?: number;
  /** Seconds from the first failure until the count starts again, 1 to 86,400. Default 900. */
  window?: number;
  /** How many users, addresses and pairs are remembered, each; the oldest are forgotten. Default 100,000. */
  maxEntries?: number;
  /**
   * Counters that several processes share, so that a limit holds for all of them together: a store of sessions of
   * `@tokenwright/auth/sessions`. When it is away nobody signs in: 503. Default: this process counts alone.
   */
  counters?: Counters;
  /** The client's address. Default: the peer's, or what a proxy says of it when `app.proxy` is on; IPv6 by /64. */
  address?: (ctx: Context) => string;
}

const OPTIONS: OptionNames<ThrottleOptions> = {
  perPair: true,
  perAddress: true,
  perUser: true,
  window: true,
  maxEntries: true,
  counters: true,
  address: true,
};

/** What an attempt came to. Only a bad one counts; one that was never decided, because something failed, does not. */
export type Attempted = 'good' | 'bad' | 'undecided';

/** So many attempts may wait for undecided ones of the same user and address, or for their turn; more are refused for a second. */
const MAX_WAITING = 256;

/** Failures of a user whom many addresses try, from one that is not known for the user. One may have mistyped it. */
const STRANGE_LIMIT = 2;

/** Attempts at such a user from such addresses: milliseconds between two, and how long one may wait. */
const STRANGE_DISTANCE = 1000;
const STRANGE_WAIT = 10_000;

/** Counts failures, and refuses attempts when there were too many. */
export class Throttle {
  readonly #counters: Readonly<Record<Kind | 'spelling', Failures>>;
  /** The counters of this process; none where others are shared. */
  readonly #own: OwnCounters[] = [];
  readonly #known: KnownPairs;
  readonly #pace: Pace;
  readonly #address: (ctx: Context) => string;
  /** How often an attempt has come to something, so that none waits for what is over. */
  #settled = 0;
  #waiting: (() => void)[] = [];
  #waitingForTurn = 0;

  /** @throws TypeError for an option that there is not, and for limits that are no whole numbers from 1 up. */
  constructor(options: ThrottleOptions = {}) {
    checkOptionNames(options, OPTIONS, 'the option throttle');
    const { perPair = 10, perAddress = 50, perUser = 100, window = 900, maxEntries = 100_000 } = options;
    for (const [name, value] of Object.entries({ perPair, perAddress, perUser, window, maxEntries })) {
      if (!Number.isSafeInteger(value) || value < 1) {
        throw new TypeError(`the option ${name} of throttle must be a whole number from 1 up`);
      }
    }
    if (window > 86_400) throw new TypeError('the option window of throttle is in seconds, at most 86,400');
    if (options.address !== undefined && typeof options.address !== 'function') {
      throw new TypeError('the option address of throttle must be a function: (ctx) => …');
    }
    const { counters } = options;
    if (counters !== undefined && typeof counters.increment !== 'function') {
      throw new TypeError(
        'the option counters of throttle must be a store of sessions, or what counts as one does',
      );
    }
    const failures = (kind: Kind | 'spelling', limit: number): Failures => {
      const own = new OwnCounters(window, maxEntries);
      if (counters === undefined) this.#own.push(own);
      return new Failures(kind, limit, window, counters ?? own);
    };
    this.#counters = {
      pair: failures('pair', perPair),
      address: failures('address', perAddress),
      user: failures('user', perUser),
      // Of the pair's failures those under the very name, so that a login takes back no others.
      spelling: failures('spelling', perPair),
    };
    this.#known = new KnownPairs(maxEntries);
    this.#pace = new Pace(STRANGE_DISTANCE, STRANGE_WAIT, maxEntries);
    this.#address = options.address ?? clientAddress;
  }

  /** How many users, addresses and pairs this process remembers. */
  get size(): number {
    return this.#own.reduce((sum, { size }) => sum + size, this.#known.size + this.#pace.size);
  }

  /**
   * Makes an attempt, unless too many failed before. Attempts that come at once are counted too: no more of them run than
   * could fail; the others wait for what these come to.
   *
   * @param name the user's, as sent; its case and blanks make no difference to what is counted, for people and directories
   * take such names for the same; a good login counts for the very name alone, for they may be two users
   * @param attempt what to try; when it throws, nothing is counted
   * @param judge what its answer means
   */
  async guard<Answer>(
    ctx: Context,
    name: string,
    attempt: () => Promise<Answer>,
    judge: (answer: Answer) => Attempted,
  ): Promise<Answer | Failure> {
    const keys = this.#keysOf(ctx, name);
    const itself: Attempt = {};
    const refused = await this.#admit(keys, itself);
    if (refused !== undefined) return refused;
    let attempted: Attempted = 'undecided';
    try {
      const answer = await attempt();
      attempted = judge(answer);
      return answer;
    } finally {
      await this.#settle(keys, itself, attempted);
    }
  }

  #keysOf(ctx: Context, name: string): Keys {
    const address = keyOf(this.#address(ctx));
    const user = keyOf(likeness(name));
    return {
      address,
      user,
      pair: keyOf(user, address),
      spelling: keyOf('spelling', name.normalize('NFC'), address),
    };
  }

  /** Why the attempt may not run; undefined when it may, and is counted as undecided from then on. */
  async #admit(keys: Keys, attempt: Attempt): Promise<Failure | undefined> {
    for (;;) {
      const reserved = await this.#reserve(keys, attempt);
      if (typeof reserved === 'number') return this.#turn(reserved);
      if (!('woken' in reserved)) return reserved;
      await reserved.woken;
    }
  }

  /** Milliseconds until the attempt may run, which is then counted as undecided; or why it may not, or not yet. */
  async #reserve(keys: Keys, attempt: Attempt): Promise<Failure | Waiting | number> {
    for (const kind of KINDS) this.#counters[kind].begin(keys[kind], attempt);
    let judged: Failure | 'wait' | number | undefined;
    let settled: number;
    try {
      // What it would wait for may be over by now. It keeps its place, so that of several that look at once one is the first.
      do {
        settled = this.#settled;
        judged = await this.#judged(keys, this.#placesOf(keys, attempt));
      } while (judged === 'wait' && this.#settled !== settled);
      // Nothing is waited for between looking and this: what comes to something then would wake nobody.
      return judged === 'wait' ? this.#wait() : judged;
    } finally {
      // Others may wait for this one, which will not settle; one that waits itself waits for the same as they do.
      if (typeof judged !== 'number') this.#release(keys, attempt, judged !== 'wait');
    }
  }

  #wait(): Failure | Waiting {
    if (this.#waiting.length >= MAX_WAITING) return tooMany('attempts at once', 1);
    return { woken: new Promise((resolve) => this.#waiting.push(resolve)) };
  }

  #placesOf(keys: Keys, attempt: Attempt): Places {
    const { pair, address, user } = this.#counters;
    return {
      pair: pair.place(keys.pair, attempt),
      address: address.place(keys.address, attempt),
      user: user.place(keys.user, attempt),
    };
  }

  async #judged(keys: Keys, places: Places): Promise<Failure | 'wait' | number> {
    const { pair, address, user } = this.#counters;
    const isKnown = this.#known.has(keys.spelling);
    const [ofPair, ofAddress, ofUser] = await Promise.all([
      pair.standing(keys.pair, places.pair),
      address.standing(keys.address, places.address),
      isKnown ? 'free' : user.standing(keys.user, places.user),
    ]);
    if (typeof ofPair === 'object') return tooMany('failed attempts by pair', ofPair.retryAfter);
    if (typeof ofAddress === 'object') return tooMany('failed attempts by address', ofAddress.retryAfter);
    if ([ofPair, ofAddress, ofUser].includes('wait')) return 'wait';
    return typeof ofUser === 'object' ? this.#turnOf(keys, places) : 0;
  }

  /** Others have failed as this user so often that an address from which the user never came has to be slow. */
  async #turnOf(keys: Keys, places: Places): Promise<Failure | 'wait' | number> {
    const standing = await this.#counters.pair.standing(keys.pair, places.pair, STRANGE_LIMIT);
    if (typeof standing === 'object') {
      return tooMany('failed attempts by user, two of them from this address', standing.retryAfter);
    }
    if (standing === 'wait') return 'wait';
    if (this.#waitingForTurn >= MAX_WAITING) return tooMany('attempts that wait for their turn', 1);
    const delay = this.#pace.place(keys.user, performance.now());
    return delay ?? tooMany('failed attempts by user, and attempts that wait', STRANGE_WAIT / 1000);
  }

  async #turn(delay: number): Promise<undefined> {
    if (delay === 0) return;
    this.#waitingForTurn += 1;
    await new Promise((resolve) => setTimeout(resolve, delay));
    this.#waitingForTurn -= 1;
  }

  async #settle(keys: Keys, attempt: Attempt, attempted: Attempted): Promise<void> {
    try {
      // First what it came to, then that it is over: in between it counts twice, and never not at all.
      if (attempted === 'bad') {
        const kinds = [...KINDS, 'spelling'] as const;
        await Promise.all(kinds.map((kind) => this.#counters[kind].add(keys[kind])));
      }
      if (attempted === 'good') {
        this.#known.add(keys.spelling);
        await this.#forgive(keys);
      }
    } finally {
      // Also when the counters are away: else this attempt would be undecided for ever.
      this.#release(keys, attempt, true);
    }
  }

  /** A good login takes back what failed before it, unless some of that was aimed at a name that is only alike. */
  async #forgive({ pair, spelling }: Keys): Promise<void> {
    const all = await this.#counters.pair.failed(pair);
    if (all === 0 || (await this.#counters.spelling.failed(spelling)) < all) return;
    await Promise.all([this.#counters.pair.forget(pair), this.#counters.spelling.forget(spelling)]);
  }

  #release(keys: Keys, attempt: Attempt, wakesOthers: boolean): void {
    for (const kind of KINDS) this.#counters[kind].end(keys[kind], attempt);
    if (!wakesOthers) return;
    this.#settled += 1;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

const KINDS = ['pair', 'address', 'user'] as const;

type Kind = (typeof KINDS)[number];

type Keys = Readonly<Record<Kind | 'spelling', string>>;

/** Which of the undecided attempts it is, by kind. */
type Places = Readonly<Record<Kind, number>>;

/** An attempt for which there is no room yet. Not the promise alone: whoever answers one waits for it. */
interface Waiting {
  readonly woken: Promise<void>;
}

/** The same for names that people, or directories, take for the same: by case, blanks, width and what is not seen. */
function likeness(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/[\s\p{Default_Ignorable_Code_Point}]+/gu, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFC');
}

function tooMany(what: string, retryAfter: number): Failure {
  return Object.freeze({
    failed: true,
    status: 429,
    error: 'too_many_requests',
    description: SENTENCES.tooManyAttempts,
    retryAfter,
    code: 'throttled',
    hint: `There were too many ${what}; the credentials were not looked at.`,
    fix: 'Wait as long as Retry-After says. If many users meet this, see where the attempts come from.',
  });
}
