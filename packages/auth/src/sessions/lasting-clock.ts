/** The clock by which stores forget. */

/**
 * A clock that runs no faster than time does, for deciding what may be removed: when the clock of a machine jumps ahead
 * and back again, nothing must have been forgotten, least of all what was revoked.
 */
export function lastingClock(clock: () => number): () => number {
  const since = performance.now();
  const begin = clock();
  return () => Math.min(clock(), begin + performance.now() - since);
}
