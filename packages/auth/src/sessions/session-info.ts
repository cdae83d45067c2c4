/** A session as it is shown: nothing of it that was secret. */
import type { SessionRecord } from './session-record.js';

/** A session as a list shows it. */
export interface SessionInfo {
  readonly id: string;
  readonly subject: string;
  readonly device: string | undefined;
  readonly client: string | undefined;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  /** When it ends without another refresh. */
  readonly expiresAt: Date;
  /** When it ends in any case. */
  readonly endsAt: Date;
}

/** What is shown of a record. */
export function infoOf(record: SessionRecord): SessionInfo {
  return Object.freeze({
    id: record.id,
    subject: record.subject,
    device: record.device,
    client: record.client,
    createdAt: new Date(record.createdAt),
    lastUsedAt: new Date(record.lastUsedAt),
    expiresAt: new Date(Math.min(record.idleEndsAt, record.endsAt)),
    endsAt: new Date(record.endsAt),
  });
}
