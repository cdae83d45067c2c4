/** A turnstile: so many at once, so many waiting, the rest is turned away. */

/**
 * Thrown to those for whom there is no room to wait: 503 with `Retry-After` (RFC 9110 §10.2.3, §15.6.4), which Koa takes from
 * `status` and `headers`.
 */
export class TurnstileFull extends Error {
  readonly code = 'ERR_PASSWORD_QUEUE_FULL';
  readonly status = 503;
  readonly headers: Readonly<Record<string, string>> = Object.freeze({ 'Retry-After': '1' });
  readonly hint = 'As many passwords as may wait are waiting to be hashed, and this one found no place.';
  readonly fix = 'Try again in a moment. If it stays, see who sends so many, or use cheaper parameters.';

  constructor() {
    super('too many passwords are waiting to be hashed');
    this.name = 'TurnstileFull';
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
