/** A value that is fetched again when it is old: one fetch at a time, a pause after each, the old value until one succeeds. */
import type { Clock } from '../clock.js';
import { millisecondsOf } from '../clock.js';

/** All in seconds. */
export interface RefreshTimes {
  /** The least time from the start of one fetch to the start of the next, whether it succeeded or not. */
  readonly cooldown: number;
  /** How long a value is fresh. */
  readonly maxAge: number;
  /** How much longer it is used, while a fetch is under way and while fetches fail. */
  readonly maxStale: number;
  readonly clock: Clock;
}

/** What there is: a value, or why there is none. */
export type Held<T> = { readonly value: T } | { readonly fault: string };

/** A value that is fetched again when it is old. */
export class Refreshed<T> {
  readonly #fetch: () => Promise<T>;
  readonly #faultOf: (error: unknown) => string;
  readonly #times: RefreshTimes;
  #held: { readonly value: T; readonly since: number } | undefined;
  #lastFault: string | undefined;
  #lastBegun = Number.NEGATIVE_INFINITY;
  #fetching: Promise<void> | undefined;

  constructor(fetch: () => Promise<T>, faultOf: (error: unknown) => string, times: RefreshTimes) {
    this.#fetch = fetch;
    this.#faultOf = faultOf;
    this.#times = times;
  }

  /**
   * The value, at once where there is one that may still be used: an old one is fetched again meanwhile, so that nobody waits
   * for whoever answers late or never. A promise only when there is none.
   */
  get(): Held<T> | Promise<Held<T>> {
    const fresh = this.#fresh();
    if (fresh !== undefined) return fresh;
    const best = this.#best();
    if ('fault' in best) return this.renew() ?? best;
    // Only whoever begins the fetch has a hand on it: thousands of tokens may come until it ends.
    if (this.#fetching === undefined) this.renew()?.catch(() => undefined);
    return best;
  }

  /** The value after a fetch, unless it is fresh; old where no fetch succeeds. */
  async load(): Promise<Held<T>> {
    return this.#fresh() ?? this.renew() ?? this.#best();
  }

  /** The value after another fetch; undefined while no fetch may begin. */
  renew(): Promise<Held<T>> | undefined {
    if (this.#fetching === undefined) {
      if (this.#since(this.#lastBegun) < this.#times.cooldown) return undefined;
      this.#fetching = this.#begin();
    }
    return this.#fetching.then(() => this.#best());
  }

  /** Why the last fetch failed; undefined when it succeeded. */
  get lastFault(): string | undefined {
    return this.#lastFault;
  }

  /** The value fetched last, however old. */
  get last(): T | undefined {
    return this.#held?.value;
  }

  async #begin(): Promise<void> {
    const begun = this.#now();
    this.#lastBegun = begun;
    try {
      // Its age counts from when it was asked for: it may have changed while it was on its way.
      this.#held = { value: await this.#fetch(), since: begun };
      this.#lastFault = undefined;
    } catch (error) {
      this.#lastFault = this.#faultOf(error);
    } finally {
      this.#fetching = undefined;
    }
  }

  #fresh(): Held<T> | undefined {
    const held = this.#held;
    return held !== undefined && this.#since(held.since) < this.#times.maxAge ? held : undefined;
  }

  #best(): Held<T> {
    const held = this.#held;
    const { maxAge, maxStale } = this.#times;
    if (held !== undefined && this.#since(held.since) < maxAge + maxStale) return held;
    return { fault: this.#lastFault ?? 'has not been fetched' };
  }

  /** Seconds since then. A clock that was set back must not keep anything for longer, so then it is long ago. */
  #since(then: number): number {
    const passed = this.#now() - then;
    return passed < 0 ? Number.POSITIVE_INFINITY : passed;
  }

  /** To the millisecond, unlike the times of tokens. Without a number, no pause would ever hold a fetch back. */
  #now(): number {
    return millisecondsOf(this.#times.clock) / 1000;
  }
}
