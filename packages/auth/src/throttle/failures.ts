/** Counts failed attempts by key, through rate-limiter-flexible, and knows of those that are still undecided. */
import { createHash } from 'node:crypto';
import { RateLimiterMemory } from 'rate-limiter-flexible';

/** How things stand for a key: there is room, all room is taken by undecided attempts, or it is used up. */
export type Standing = 'free' | 'wait' | { readonly retryAfter: number };

/** Failures by key, within a window that starts with the first of them. Bounded in entries, and in bytes by entry. */
export class Failures {
  readonly #limit: number;
  readonly #maxEntries: number;
  readonly #limiter: RateLimiterMemory;
  readonly #undecided = new Map<string, number>();
  /** The keys that may be in the limiter, oldest first. */
  readonly #keys = new Set<string>();

  /** @param window in seconds */
  constructor(limit: number, window: number, maxEntries: number) {
    this.#limit = limit;
    this.#maxEntries = maxEntries;
    this.#limiter = new RateLimiterMemory({ points: limit, duration: window });
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#keys.size;
  }

  async standing(key: string): Promise<Standing> {
    const record = await this.#limiter.get(key);
    // A record outlives its time until the limiter's timer has run.
    const failed = record === null || record.msBeforeNext <= 0 ? 0 : record.consumedPoints;
    if (record !== null && failed >= this.#limit) {
      return { retryAfter: Math.max(1, Math.ceil(record.msBeforeNext / 1000)) };
    }
    return failed + (this.#undecided.get(key) ?? 0) < this.#limit ? 'free' : 'wait';
  }

  begin(key: string): void {
    this.#undecided.set(key, (this.#undecided.get(key) ?? 0) + 1);
  }

  end(key: string): void {
    const left = (this.#undecided.get(key) ?? 1) - 1;
    if (left > 0) this.#undecided.set(key, left);
    else this.#undecided.delete(key);
  }

  async add(key: string): Promise<void> {
    this.#keys.delete(key);
    this.#keys.add(key);
    await this.#limiter.penalty(key);
    const [oldest] = this.#keys;
    if (this.#keys.size > this.#maxEntries && oldest !== undefined) await this.forget(oldest);
  }

  async forget(key: string): Promise<void> {
    this.#keys.delete(key);
    await this.#limiter.delete(key);
  }
}

/** A key of fixed size, whatever a stranger sends as a name. */
export function keyOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
