/** A store in the memory of one process: for tests, and where a restart may end all sessions. */

import { checkOptionNames, type OptionNames } from '../option-names.js';
import { checkedClock } from './clock-option.js';
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

const OPTIONS: OptionNames<MemoryOptions> = {
  clock: true,
};

/**
 * A store in memory. Nothing outlives the process, and no other process sees it.
 *
 * @throws TypeError for an option that there is not, and for a clock that is none.
 * @example
 * ```ts
 * const login = sessions({ store: memory(), jwt });
 * ```
 */
export function memory(options: MemoryOptions = {}): SessionStore {
  checkOptionNames(options, OPTIONS, 'memory()');
  return new MemoryStore(checkedClock(options.clock, 'memory()'));
}

/** A counter, and when its window ends. */
interface Window {
  readonly count: number;
  readonly endsAt: number;
}

/** How many sessions of a subject are listed: those that began last. */
const LISTED_AT_MOST = 1000;

class MemoryStore implements SessionStore {
  readonly #clock: () => number;
  readonly #lasting: () => number;
  readonly #records = new Map<string, SessionRecord>();
  readonly #bySubject = new Map<string, Set<string>>();
  readonly #counts = new Map<string, Window>();
  readonly #revoked: RevocationCopy;
  #era = 0;
  #sweepAt = 1000;

  constructor(clock: () => number) {
    this.#clock = () => Math.floor(clock());
    this.#lasting = lastingClock(clock);
    this.#revoked = new RevocationCopy(this.#lasting);
  }

  async era(): Promise<number> {
    return this.#era;
  }

  async create(record: SessionRecord): Promise<void> {
    // A sign-in that began before its subject was revoked.
    const ended = record.ended || this.#isEnded(record);
    this.#records.set(record.id, { ...record, ended });
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
      .filter((record) => record !== undefined && !record.ended && !isOver(record, now))
      .slice(-LISTED_AT_MOST) as SessionRecord[];
  }

  async revoke(order: RevocationOrder): Promise<void> {
    if (order.kind === 'subject' || order.kind === 'all') this.#era += 1;
    const revocation: Revocation = 'at' in order ? { ...order, era: this.#era } : order;
    this.#revoked.add(revocation);
    // Marks are for access tokens; sessions are over for good, however long they could have lasted.
    const ids =
      order.kind === 'subject' ? (this.#bySubject.get(order.id) ?? []) : 'id' in order ? [order.id] : [];
    for (const id of order.kind === 'token' ? [] : ids) this.#endRecord(id);
  }

  async isRevoked(claims: RevocableClaims): Promise<boolean> {
    return this.#revoked.has(claims);
  }

  isRevokedLocally(claims: RevocableClaims): boolean {
    return this.#revoked.has(claims);
  }

  async increment(key: string, windowSeconds: number): Promise<Count> {
    const now = this.#clock();
    const standing = this.#standing(key, now);
    // A window that ends later than one that begins now is from before the clock was put back.
    const known =
      standing !== undefined && standing.endsAt > now + windowSeconds * 1000 ? undefined : standing;
    const window = { count: (known?.count ?? 0) + 1, endsAt: known?.endsAt ?? now + windowSeconds * 1000 };
    this.#counts.set(key, window);
    this.#grown();
    return countIn(window, now);
  }

  async count(key: string): Promise<Count | undefined> {
    const now = this.#clock();
    const standing = this.#standing(key, now);
    return standing && countIn(standing, now);
  }

  async forget(key: string): Promise<void> {
    this.#counts.delete(key);
  }

  async close(): Promise<void> {}

  #standing(key: string, now: number): Window | undefined {
    const known = this.#counts.get(key);
    return known === undefined || known.endsAt <= now ? undefined : known;
  }

  #record(id: string): SessionRecord | undefined {
    const record = this.#records.get(id);
    if (record === undefined) return undefined;
    return { ...record, ended: record.ended || this.#isEnded(record) };
  }

  #isEnded({ id, subject }: SessionRecord): boolean {
    return this.#revoked.has({ sid: id, sub: subject });
  }

  #endRecord(id: string): void {
    const record = this.#records.get(id);
    if (record !== undefined) this.#records.set(id, { ...record, ended: true });
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

function countIn({ count, endsAt }: Window, now: number): Count {
  return { count, endsIn: endsAt - now };
}
