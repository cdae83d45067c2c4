/** The option `clock` of stores and sessions. */

/** @throws TypeError for what is no function: it would be found out at the first session only. */
export function checkedClock(clock: (() => number) | undefined, call: string): () => number {
  if (clock !== undefined && typeof clock !== 'function') {
    throw new TypeError(`the option clock of ${call} must be a function that answers milliseconds`);
  }
  return clock ?? Date.now;
}
