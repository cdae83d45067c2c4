/** Counts failed attempts by key, in this process or in counters that several share, and knows of those still undecided. */
import { createHash } from 'node:crypto';
import type { Counters } from '../sessions/store.js';

/** How things stand for a key: there is room, all room is taken by undecided attempts, or it is used up. */
export type Standing = 'free' | 'wait' | { readonly retryAfter: number };

/** Failures by key, within a window that starts with the first of them. */
export class Failures {
  readonly #kind: string;
  readonly #limit: number;
  readonly #window: number;
  readonly #counters: Counters;
  readonly #undecided = new Map<string, number>();

  /**
   * @param kind what is counted, so that counters can be shared by several
   * @param window in seconds
   */
  constructor(kind: string, limit: number, window: number, counters: Counters) {
    this.#kind = kind;
    this.#limit = limit;
    this.#window = window;
    this.#counters = counters;
  }

  /** @param strict a limit that holds where it is the lower one */
  async standing(key: string, strict: number = this.#limit): Promise<Standing> {
    const limit = Math.min(this.#limit, strict);
    const counted = await this.#counters.count(this.#keyOf(key));
    const failed = counted?.count ?? 0;
    if (counted !== undefined && failed >= limit) {
      return { retryAfter: Math.max(1, Math.ceil((counted.endsAt - Date.now()) / 1000)) };
    }
    return failed + (this.#undecided.get(key) ?? 0) < limit ? 'free' : 'wait';
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
    await this.#counters.increment(this.#keyOf(key), this.#window);
  }

  async forget(key: string): Promise<void> {
    await this.#counters.forget(this.#keyOf(key));
  }

  #keyOf(key: string): string {
    return `failed:${this.#kind}:${key}`;
  }
}

/** A key of fixed size, whatever a stranger sends as a name. */
export function keyOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
