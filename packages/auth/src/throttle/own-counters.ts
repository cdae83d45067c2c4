/** Counters of this process alone, through rate-limiter-flexible. Bounded in entries, and in bytes by entry. */
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Count, Counters } from '../sessions/store.js';

/** Of more keys than it may remember, those that were counted up longest ago are forgotten. */
export class OwnCounters implements Counters {
  readonly #maxEntries: number;
  readonly #limiter: RateLimiterMemory;
  /** The keys that may be in the limiter, oldest first. */
  readonly #keys = new Set<string>();

  /** @param window in seconds; it is the same for all keys */
  constructor(window: number, maxEntries: number) {
    this.#maxEntries = maxEntries;
    this.#limiter = new RateLimiterMemory({ points: Number.MAX_SAFE_INTEGER, duration: window });
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#keys.size;
  }

  async count(key: string): Promise<Count | undefined> {
    const record = await this.#limiter.get(key);
    // A record outlives its time until the limiter's timer has run.
    if (record === null || record.msBeforeNext <= 0) return undefined;
    return { count: record.consumedPoints, endsIn: record.msBeforeNext };
  }

  async increment(key: string): Promise<Count> {
    this.#keys.delete(key);
    this.#keys.add(key);
    const { consumedPoints, msBeforeNext } = await this.#limiter.penalty(key);
    const [oldest] = this.#keys;
    if (this.#keys.size > this.#maxEntries && oldest !== undefined) await this.forget(oldest);
    return { count: consumedPoints, endsIn: msBeforeNext };
  }

  async forget(key: string): Promise<void> {
    this.#keys.delete(key);
    await this.#limiter.delete(key);
  }
}
