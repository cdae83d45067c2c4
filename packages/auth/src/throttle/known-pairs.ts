/** From where users have signed in before: the most recent pairs of user and address, in bounded memory. */

export class KnownPairs {
  readonly #maxEntries: number;
  readonly #pairs = new Set<string>();

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#pairs.size;
  }

  has(pair: string): boolean {
    return this.#pairs.has(pair);
  }

  add(pair: string): void {
    this.#pairs.delete(pair);
    this.#pairs.add(pair);
    const [oldest] = this.#pairs;
    if (this.#pairs.size > this.#maxEntries && oldest !== undefined) this.#pairs.delete(oldest);
  }
}
