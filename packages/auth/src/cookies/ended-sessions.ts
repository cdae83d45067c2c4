/** Sessions that were ended before their time: what makes a copied cookie worthless after log-out. */

/** Where ended sessions are remembered. Several processes need one that they share. */
export interface EndedSessions {
  /** Remembers a session as ended. After `until` none of its cookies is accepted any more, and it may be forgotten. */
  add(sessionId: string, until: Date): void | Promise<void>;
  /** Whether the session was ended. Only `false` lets anybody in. */
  has(sessionId: string): boolean | Promise<boolean>;
}

/**
 * Remembers ended sessions in the memory of this process. It holds as many as are ended in one idle time, and forgets
 * them all when the process ends.
 *
 * @param clock milliseconds since 1970. Default `Date.now`.
 * @example
 * ```ts
 * const session = cookie({ jwt, ended: endedSessions() });
 * ```
 */
export function endedSessions(clock: () => number = Date.now): EndedSessions {
  const ends = new Map<string, number>();
  let sweepAt = 1000;
  return {
    add(sessionId, until) {
      ends.set(sessionId, until.getTime());
      if (ends.size < sweepAt) return;
      const now = clock();
      for (const [id, end] of ends) if (end <= now) ends.delete(id);
      // Swept when it has doubled: on the average an entry is looked at twice.
      sweepAt = Math.max(1000, ends.size * 2);
    },
    has: (sessionId) => ends.has(sessionId),
  };
}
