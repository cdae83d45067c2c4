/** What a store of sessions does. Every call is one change, seen whole or not at all by everybody. */
import type { RevocableClaims, RevocationOrder } from './revocation.js';
import type { Rotation, RotationOutcome } from './rotation.js';
import type { SessionRecord } from './session-record.js';

/**
 * Where sessions are kept. Hold a store of your own to it with `storeContract` of `@tokenwright/auth/sessions/contract`.
 * A call that cannot be answered rejects with {@link SessionsUnavailable}, in a time that a request can wait for; whether
 * its change was made is then not known, and making it again must do no harm.
 */
export interface SessionStore extends Counters {
  /** The era that a session belongs to which begins now. */
  era(): Promise<number>;
  /** Adds a session. One whose era is revoked by now must never be rotated. */
  create(record: SessionRecord, now: number): Promise<void>;
  /** A session that has not expired, revoked or not. */
  read(id: string, now: number): Promise<SessionRecord | undefined>;
  /**
   * Reads the record, decides as `decideRotation` does, and stores what it says: one atomic change. A theft, `reused`, also
   * revokes the session, until the `tokensUntil` of its record at least.
   */
  rotate(rotation: Rotation): Promise<RotationOutcome>;
  /** A subject's sessions that are neither expired nor revoked, in any order; of very many a thousand. */
  list(subject: string, now: number): Promise<readonly SessionRecord[]>;
  /**
   * Revokes; when it resolves, `rotate` and `isRevoked` know in every process, and local copies within their bound. Sessions
   * are ended for good: those of a subject also when they last longer than `until` says.
   */
  revoke(order: RevocationOrder, now: number): Promise<void>;
  /** Whether it was revoked, as the store itself knows. */
  isRevoked(claims: RevocableClaims): Promise<boolean>;
  /**
   * Whether it was revoked, as the copy in this process knows. Undefined when that may be older than the store's bound.
   * It neither waits nor throws. The first call starts what keeps the copy fresh.
   */
  isRevokedLocally(claims: RevocableClaims): boolean | undefined;
  /** Gives back what the store has opened. */
  close(): Promise<void>;
}

/** Counters that all processes of a store share, for throttling. */
export interface Counters {
  /** Counts one up. The window begins with the first count, and after its end the next begins at one. */
  increment(key: string, windowSeconds: number): Promise<Count>;
  /** How things stand; undefined when nothing was counted within a window. */
  count(key: string): Promise<Count | undefined>;
  /** Sets it back to nothing. */
  forget(key: string): Promise<void>;
}

/** A counter within its window. */
export interface Count {
  readonly count: number;
  /** How long the window lasts yet, in milliseconds by the counters' own clock: whose asks may have another. */
  readonly endsIn: number;
}
