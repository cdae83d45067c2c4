/** Keeps the copy of revocations in a process fresh: asks at intervals, and at once when somebody has called. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RevocationCopy } from './revocation.js';

/**
 * Takes what is new into the copy, a page of it. Answers whether there may be more; rejects when the store is away.
 * After a rejection it begins where it had come to.
 */
export type TakePage = (copy: RevocationCopy) => Promise<boolean>;

/**
 * A copy, and whether it can be believed. It is as old as the last question that was answered to the end, so a store that
 * calls nobody makes it old, and never wrong.
 */
export class RevocationFeed {
  readonly copy: RevocationCopy;
  readonly #staleness: number;
  readonly #takePage: TakePage;
  readonly #begin: (ask: () => void) => void;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #freshUntil = Number.NEGATIVE_INFINITY;
  #asking = false;
  #askAgain = false;

  /**
   * @param staleness how old the copy may be, in milliseconds
   * @param begin is called once, when the copy is first needed, with what to call when something was revoked
   */
  constructor(
    copy: RevocationCopy,
    staleness: number,
    takePage: TakePage,
    begin: (ask: () => void) => void = () => {},
  ) {
    this.copy = copy;
    this.#staleness = staleness;
    this.#takePage = takePage;
    this.#begin = begin;
  }

  /** Whether the copy is young enough to be believed. The first call starts what makes it so. */
  get fresh(): boolean {
    if (this.#timer === undefined && !this.#closed) this.#start();
    return performance.now() <= this.#freshUntil;
  }

  close(): void {
    this.#closed = true;
    this.#freshUntil = Number.NEGATIVE_INFINITY;
    clearInterval(this.#timer);
  }

  #start(): void {
    const ask = (): void => void this.#ask();
    // Twice within the bound, so that one slow answer does not make the copy too old.
    this.#timer = setInterval(ask, this.#staleness / 2).unref();
    this.#begin(ask);
    ask();
  }

  /** Asks for what is new. Whoever calls meanwhile is asked for once more afterwards, however many they are. */
  async #ask(): Promise<void> {
    this.#askAgain = true;
    if (this.#asking) return;
    this.#asking = true;
    try {
      while (this.#askAgain && !this.#closed) {
        this.#askAgain = false;
        const askedAt = performance.now();
        // Between two pages requests have their turn, however much there is to take in.
        while (await this.#takePage(this.copy)) await nextTurn();
        if (!this.#closed) this.#freshUntil = askedAt + this.#staleness;
      }
    } catch {
      // The store is away: the copy grows old, and requests ask for themselves.
    } finally {
      this.#asking = false;
    }
  }
}
