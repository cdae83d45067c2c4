export { type MemoryOptions, memory } from './memory.js';
export { type RefreshRefusal, RefreshRefused } from './refresh-refused.js';
export { type RevocableClaims, type Revocation, RevocationCopy, type RevocationOrder } from './revocation.js';
export { decideRotation, type Rotation, type RotationOutcome } from './rotation.js';
export { eraOf, type SessionRecord, type SpentToken } from './session-record.js';
export {
  type AccessClaims,
  type IssuedSession,
  type RefreshOptions,
  type SessionEvents,
  type SessionFacts,
  type SessionInfo,
  type Sessions,
  sessions,
} from './sessions.js';
export type { AccessToken, AccessTokenBuilder, SessionLength, SessionsOptions } from './settings.js';
export type { Count, Counters, SessionStore } from './store.js';
export { SessionsUnavailable, StoreUnusable } from './store-errors.js';
