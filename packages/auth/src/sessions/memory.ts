/** A store in the memory of one process: for tests, and where a restart may end all sessions. */

import { lastingClock } from './lasting-clock.js';
import { type RevocableClaims, type Revocation, RevocationCopy, type RevocationOrder } from './revocation.js';
import { decideRotation, type Rotation, type RotationOutcome } from './rotation.js';
import { isOver, type SessionRecord } from './session-record.js';
import type { Count, SessionStore } from './store.js';

/** Options of {@link memory}. */
export interface MemoryOptions {
  /** Milliseconds since 1970. Default `Date.now`. */
  clock?: () => number;
}

/**
 * A store in memory. Nothing outlives the process, and no other process sees it.
 *
 * @example
 * ```ts
 * const login = sessions({ store: memory(), jwt });
 * ```
 */
export function memory(options: MemoryOptions = {}): SessionStore {
  return new MemoryStore(options.clock ?? Date.now);
}

class MemoryStore implements SessionStore {
  readonly #clock: () => number;
  readonly #lasting: () => number;
  readonly #records = new Map<string, SessionRecord>();
  readonly #bySubject = new Map<string, Set<string>>();
  readonly #counts = new Map<string, Count>();
  readonly #revoked: RevocationCopy;
  #era = 0;
  #sweepAt = 1000;

  constructor(clock: () => number) {
    this.#clock = clock;
    this.#lasting = lastingClock(clock);
    this.#revoked = new RevocationCopy(this.#lasting);
  }

  async era(): Promise<number> {
    return this.#era;
  }

  async create(record: SessionRecord): Promise<void> {
    this.#records.set(record.id, record);
    const ids = this.#bySubject.get(record.subject) ?? new Set();
    this.#bySubject.set(record.subject, ids.add(record.id));
    this.#grown();
  }

  async read(id: string, now: number): Promise<SessionRecord | undefined> {
    const record = this.#record(id);
    return record === undefined || isOver(record, now) ? undefined : record;
  }

  async rotate(rotation: Rotation): Promise<RotationOutcome> {
    const decision = decideRotation(this.#record(rotation.sessionId), rotation);
    if (decision.outcome === 'rotated' || decision.outcome === 'reused')
      this.#records.set(rotation.sessionId, decision.record);
    if (decision.outcome === 'reused') {
      this.#revoked.add({ kind: 'session', id: rotation.sessionId, until: decision.record.tokensUntil });
    }
    return decision;
  }

  async list(subject: string, now: number): Promise<readonly SessionRecord[]> {
    return [...(this.#bySubject.get(subject) ?? [])]
      .map((id) => this.#record(id))
      .filter((record) => record !== undefined && !record.ended && !isOver(record, now)) as SessionRecord[];
  }

  async revoke(order: RevocationOrder): Promise<void> {
    if (order.kind === 'subject' || order.kind === 'all') this.#era += 1;
    const revocation: Revocation = 'at' in order ? { ...order, era: this.#era } : order;
    this.#revoked.add(revocation);
    // What is said of a subject or of all is kept for as long as their sessions; of one session, only for its access tokens.
    const record = order.kind === 'session' ? this.#records.get(order.id) : undefined;
    if (record !== undefined) this.#records.set(record.id, { ...record, ended: true });
  }

  async isRevoked(claims: RevocableClaims): Promise<boolean> {
    return this.#revoked.has(claims);
  }

  isRevokedLocally(claims: RevocableClaims): boolean {
    return this.#revoked.has(claims);
  }

  async increment(key: string, windowSeconds: number): Promise<Count> {
    const now = Math.floor(this.#clock());
    const known = this.#standing(key, now);
    const count = { count: (known?.count ?? 0) + 1, endsAt: known?.endsAt ?? now + windowSeconds * 1000 };
    this.#counts.set(key, count);
    this.#grown();
    return count;
  }

  async count(key: string): Promise<Count | undefined> {
    return this.#standing(key, this.#clock());
  }

  async forget(key: string): Promise<void> {
    this.#counts.delete(key);
  }

  async close(): Promise<void> {}

  #standing(key: string, now: number): Count | undefined {
    const known = this.#counts.get(key);
    return known === undefined || known.endsAt <= now ? undefined : known;
  }

  #record(id: string): SessionRecord | undefined {
    const record = this.#records.get(id);
    if (record === undefined) return undefined;
    const ended = record.ended || this.#revoked.has({ sid: record.id, sub: record.subject });
    return { ...record, ended };
  }

  /** Sweeps when it has doubled. */
  #grown(): void {
    if (this.#records.size + this.#counts.size < this.#sweepAt) return;
    const now = this.#lasting();
    for (const [id, record] of this.#records) {
      if (!isOver(record, now)) continue;
      this.#records.delete(id);
      const ids = this.#bySubject.get(record.subject);
      ids?.delete(id);
      if (ids?.size === 0) this.#bySubject.delete(record.subject);
    }
    for (const [key, { endsAt }] of this.#counts) if (endsAt <= now) this.#counts.delete(key);
    this.#sweepAt = Math.max(1000, 2 * (this.#records.size + this.#counts.size));
  }
}
