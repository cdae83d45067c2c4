/** Lets attempts with the same key through one after another, at a distance, with a bounded wait for each. */

/** At what time the next attempt of each key may run. Bounded in entries. */
export class Pace {
  readonly #distance: number;
  readonly #longestWait: number;
  readonly #maxEntries: number;
  readonly #nextAt = new Map<string, number>();

  /**
   * @param distance between two attempts, in milliseconds
   * @param longestWait milliseconds; whoever would have to wait longer is turned away
   */
  constructor(distance: number, longestWait: number, maxEntries: number) {
    this.#distance = distance;
    this.#longestWait = longestWait;
    this.#maxEntries = maxEntries;
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#nextAt.size;
  }

  /**
   * Milliseconds until the attempt may run, for which its place is kept; undefined when that is too long.
   *
   * @param now milliseconds of a clock that only goes forward
   */
  place(key: string, now: number): number | undefined {
    const at = Math.max(now, this.#nextAt.get(key) ?? now);
    if (at - now > this.#longestWait) return undefined;
    this.#nextAt.delete(key);
    this.#nextAt.set(key, at + this.#distance);
    const [oldest] = this.#nextAt.keys();
    if (this.#nextAt.size > this.#maxEntries && oldest !== undefined) this.#nextAt.delete(oldest);
    return at - now;
  }
}
