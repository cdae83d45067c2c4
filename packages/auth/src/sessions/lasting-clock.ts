/** The clock by which stores forget. */

/** A clock that has been ahead for so long is believed: it was wrong before. */
const BELIEVED_AFTER = 3_600_000;
/** Clocks that are kept right go ahead by less than this. */
const AHEAD = 60_000;

/**
 * A clock that runs no faster than time does, for deciding what may be removed: when the clock of a machine jumps ahead
 * and back again, nothing must have been forgotten, least of all what was revoked. One that stays ahead for an hour was
 * put right, and is followed.
 */
export function lastingClock(clock: () => number): () => number {
  let begin = clock();
  let since = performance.now();
  let aheadSince: number | undefined;
  return () => {
    const now = clock();
    const passed = performance.now();
    const lasting = begin + passed - since;
    if (now <= lasting + AHEAD) aheadSince = undefined;
    else {
      aheadSince ??= passed;
      if (passed - aheadSince >= BELIEVED_AFTER) [begin, since, aheadSince] = [now, passed, undefined];
    }
    return Math.min(now, begin + passed - since);
  };
}
