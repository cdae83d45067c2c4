/** Attempts that wait for room, each in the line of the key that has none for it. Whoever is called looks again. */
export class WaitingLine {
  readonly #lines = new Map<string, (() => void)[]>();
  #size = 0;

  /** How many wait. */
  get size(): number {
    return this.#size;
  }

  /**
   * Waits in the line of a key until it is called.
   *
   * @param first whether it was called from there before and found no room: then it is the next again
   */
  wait(key: string, first: boolean): Promise<void> {
    return new Promise((resolve) => {
      const line = this.#lines.get(key) ?? [];
      if (first) line.unshift(resolve);
      else line.push(resolve);
      this.#lines.set(key, line);
      this.#size += 1;
    });
  }

  /** Calls the next of the line of a key; only that one, for all would look where there is room for one. */
  call(key: string): void {
    const line = this.#lines.get(key);
    const next = line?.shift();
    if (next === undefined) return;
    if (line?.length === 0) this.#lines.delete(key);
    this.#size -= 1;
    next();
  }
}
