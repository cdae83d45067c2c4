/** Records of sessions for tests of stores. */
import type { SessionRecord } from '../../src/sessions/session-record.js';

/** A session that lasts half an hour from `now`. */
export function session(id: string, subject: string, now = 0): SessionRecord {
  return {
    id,
    subject,
    device: undefined,
    client: undefined,
    claims: '{}',
    createdAt: now,
    lastUsedAt: now,
    idleEndsAt: now + 1_800_000,
    endsAt: now + 43_200_000,
    tokensUntil: now + 370_000,
    ended: false,
    family: 'family',
    generation: 0,
    current: 'current',
    previous: undefined,
  };
}
