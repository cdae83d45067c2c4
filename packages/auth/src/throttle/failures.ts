/** Counts failed attempts by key, in this process or in counters that several share, and knows of those still undecided. */
import { createHash } from 'node:crypto';
import type { Count, Counters } from '../sessions/store.js';

/** How things stand for a key: there is room, all room is taken by undecided attempts, or it is used up. */
export type Standing = 'free' | 'wait' | { readonly retryAfter: number };

const NOTHING: Count = Object.freeze({ count: 0, endsIn: 0 });

/** An attempt: itself, and nothing else of it, tells it from others. */
export type Attempt = object;

/** Failures by key, within a window that starts with the first of them. */
export class Failures {
  readonly #kind: string;
  readonly #limit: number;
  readonly #window: number;
  readonly #counters: Counters;
  /** In the order in which they began. */
  readonly #undecided = new Map<string, Set<Attempt>>();

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

  /**
   * How things stand for an attempt that has begun.
   *
   * @param place what {@link place} answered before
   * @param strict a limit that holds where it is the lower one
   */
  async standing(key: string, place: number, strict: number = this.#limit): Promise<Standing> {
    const limit = Math.min(this.#limit, strict);
    const { count: failed, endsIn } = await this.#counted(key);
    if (failed >= limit) return { retryAfter: Math.max(1, Math.ceil(endsIn / 1000)) };
    return failed + place <= limit ? 'free' : 'wait';
  }

  /** An attempt begins, and is undecided until it ends. */
  begin(key: string, attempt: Attempt): void {
    const undecided = this.#undecided.get(key);
    if (undecided === undefined) this.#undecided.set(key, new Set([attempt]));
    else undecided.add(attempt);
  }

  /**
   * Which of the undecided attempts it is, counted no further than there can be room. To begin before looking makes that
   * looking need no lock: what fails meanwhile was undecided when this one looked, and is counted one way or the other.
   */
  place(key: string, attempt: Attempt): number {
    let place = 0;
    for (const undecided of this.#undecided.get(key) ?? []) {
      place += 1;
      if (undecided === attempt || place > this.#limit) break;
    }
    return place;
  }

  end(key: string, attempt: Attempt): void {
    const undecided = this.#undecided.get(key);
    undecided?.delete(attempt);
    if (undecided?.size === 0) this.#undecided.delete(key);
  }

  async add(key: string): Promise<void> {
    await this.#counters.increment(this.#keyOf(key), this.#window);
  }

  /** How many attempts have failed. */
  async failed(key: string): Promise<number> {
    return (await this.#counted(key)).count;
  }

  async forget(key: string): Promise<void> {
    await this.#counters.forget(this.#keyOf(key));
  }

  async #counted(key: string): Promise<Count> {
    const counted = (await this.#counters.count(this.#keyOf(key))) ?? NOTHING;
    // A window that ends later than one that begins now is from before the counters' clock was put back.
    return counted.endsIn > this.#window * 1000 ? NOTHING : counted;
  }

  #keyOf(key: string): string {
    return `failed:${this.#kind}:${key}`;
  }
}

/** A key of fixed size, whatever a stranger sends as a name. */
export function keyOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
