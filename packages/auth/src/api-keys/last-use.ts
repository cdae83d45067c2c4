/** Tells a store when a key was last used: once a minute for each, in bounded memory. */

/** More keys than this are told of more often than once a minute. */
const MAX_ENTRIES = 10_000;

const MINUTE = 60_000;

/** Whether a use at a time (milliseconds) is worth telling. */
export class LastUse {
  readonly #told = new Map<string, number>();

  isDue(id: string, now: number): boolean {
    const told = this.#told.get(id);
    if (told !== undefined && Math.abs(now - told) < MINUTE) return false;
    this.#told.delete(id);
    this.#told.set(id, now);
    const [oldest] = this.#told.keys();
    if (this.#told.size > MAX_ENTRIES && oldest !== undefined) this.#told.delete(oldest);
    return true;
  }
}
