/** What becomes of a session when a refresh token is presented (RFC 9700 §4.14.2): a decision over data, without a store. */
import { isOver, type SessionRecord } from './session-record.js';

/** A refresh token as it was presented, with what shall follow it. Times are milliseconds. */
export interface Rotation {
  readonly sessionId: string;
  /** Hash of its family part. */
  readonly family: string;
  /** Which refresh of the session it says it came from. */
  readonly generation: number;
  /** Hash of its secret part. */
  readonly presented: string;
  /** The nonce proposed for the successor. */
  readonly nonce: string;
  /** Hash of the successor that this nonce makes. */
  readonly successor: string;
  /** Who presents it (RFC 6749 §6); undefined for no client. */
  readonly client: string | undefined;
  readonly now: number;
  /** How long after it was spent a token may be presented again. */
  readonly grace: number;
  /** How long the session lasts without another refresh. */
  readonly idle: number;
  /** From when on an access token that is issued with this rotation, or its repetition, is accepted nowhere. */
  readonly tokensUntil: number;
}

/**
 * What became of it:
 * `rotated`, the proposed successor is the good one now; `repeated`, it was spent a moment ago and the successor of then
 * still is; `reused`, it was spent before, so somebody has stolen it and the session has ended with this: it is revoked until the
 * `tokensUntil` of its record;
 * `ended`, `expired`, `other client`; `unknown`, no token of this session, or one that the store has lost.
 */
export type RotationOutcome =
  | { readonly outcome: 'rotated'; readonly record: SessionRecord }
  | { readonly outcome: 'reused'; readonly record: SessionRecord }
  | { readonly outcome: 'repeated'; readonly record: SessionRecord; readonly nonce: string }
  | { readonly outcome: 'ended' | 'expired' | 'other client' | 'unknown' };

/**
 * Decides on a rotation. For `rotated` and `reused` the record in the answer is to be stored in its place, in the same
 * step as the one that was decided on was read: two rotations must never see the same record.
 */
export function decideRotation(record: SessionRecord | undefined, rotation: Rotation): RotationOutcome {
  const { generation, presented, now } = rotation;
  // A session's ID is no secret. Only who has had one of its tokens may move it, or end it by a spent one.
  if (record === undefined || record.family !== rotation.family) return { outcome: 'unknown' };
  if (record.ended) return { outcome: 'ended' };
  if (isOver(record, now)) return { outcome: 'expired' };
  if (record.client !== rotation.client) return { outcome: 'other client' };
  if (generation === record.generation && presented === record.current) {
    return { outcome: 'rotated', record: successorOf(record, rotation) };
  }
  const { previous } = record;
  if (previous !== undefined && generation === record.generation - 1 && presented === previous.hash) {
    // A clock that jumped vouches for nothing, in either direction.
    if (Math.abs(now - previous.spentAt) <= rotation.grace) {
      return { outcome: 'repeated', record, nonce: previous.nonce };
    }
  }
  // Newer than what is stored: a crash has cost the store its last writes. That is nobody's theft.
  if (generation > record.generation) return { outcome: 'unknown' };
  // Spent, or of a line that a crash has cut off while somebody else went on with its spent token: two have it.
  return { outcome: 'reused', record: { ...record, ended: true } };
}

function successorOf(record: SessionRecord, { now, ...rotation }: Rotation): SessionRecord {
  return {
    ...record,
    generation: record.generation + 1,
    current: rotation.successor,
    previous: { hash: record.current, nonce: rotation.nonce, spentAt: now },
    lastUsedAt: Math.max(record.lastUsedAt, now),
    idleEndsAt: Math.min(record.endsAt, Math.max(record.idleEndsAt, now + rotation.idle)),
    tokensUntil: Math.max(record.tokensUntil, rotation.tokensUntil),
  };
}
