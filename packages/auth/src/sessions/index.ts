export type { Duration } from '../duration.js';
export type { AccessClaims } from './access-claims.js';
export { lastingClock } from './lasting-clock.js';
export { type MemoryOptions, memory } from './memory.js';
export { type RefreshRefusal, RefreshRefused } from './refresh-refused.js';
export {
  isRevokedBy,
  type RevocableClaims,
  type Revocation,
  RevocationCopy,
  type RevocationOrder,
  type Sought,
  soughtBy,
} from './revocation.js';
export { RevocationFeed, type TakePage } from './revocation-feed.js';
export { decideRotation, type Rotation, type RotationOutcome } from './rotation.js';
export type { SessionFacts } from './session-facts.js';
export type { SessionInfo } from './session-info.js';
export { eraOf, isOver, type SessionRecord, type SpentToken } from './session-record.js';
export {
  type IssuedSession,
  type RefreshOptions,
  type SessionEvents,
  type Sessions,
  sessions,
} from './sessions.js';
export type { AccessToken, AccessTokenBuilder, SessionsOptions } from './settings.js';
export type { Count, Counters, SessionStore } from './store.js';
export { SessionsUnavailable, StoreUnusable } from './store-errors.js';
