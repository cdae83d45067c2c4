/** A turnstile: so many at once, so many waiting, the rest is turned away. */

/** Thrown to those for whom there is no room to wait. */
export class TurnstileFull extends Error {
  override name = 'TurnstileFull';

  constructor() {
    super('Too many are waiting already; try again in a moment.');
  }
}

/** Lets a bounded number of tasks run at a time, in the order they came. */
export class Turnstile {
  #free: number;
  readonly #places: number;
  readonly #waiting: (() => void)[] = [];

  /**
   * @param atOnce how many run at the same time
   * @param places how many may wait
   */
  constructor(atOnce: number, places: number) {
    this.#free = atOnce;
    this.#places = places;
  }

  /** @throws TurnstileFull when there is no room to wait; otherwise what the task throws. */
  async pass<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) {
      this.#free -= 1;
    } else {
      if (this.#waiting.length >= this.#places) throw new TurnstileFull();
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    try {
      return await task();
    } finally {
      // The place goes from hand to hand: nobody who comes in between can take it.
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
