export {
  type ApiKeyOptions,
  type ApiKeyRecord,
  type GeneratedApiKey,
  generateApiKey,
  type RotatedApiKey,
  type RotationOptions,
  rotateApiKey,
} from './api-keys/generate.js';
export { type AuditEvent, type AuditEvents, auditOf } from './audit.js';
export {
  type AuthenticateOptions,
  type AuthState,
  authenticate,
  type OptionalAuthState,
  type Schemes,
} from './authenticate.js';
export { type Authorize, authorize } from './authorize.js';
export type { AlternativeName } from './certificates/alternative-names.js';
export { challenge } from './challenge.js';
export { type EndedSessions, endedSessions } from './cookies/ended-sessions.js';
export { SessionRefused } from './cookies/session-refused.js';
export type { CookieOptions } from './cookies/session-settings.js';
export type { ClaimsOf, SessionTokens, ValidatorOptionsOf } from './cookies/session-tokens.js';
export type { SameSite } from './cookies/set-cookie.js';
export type { CrossSiteOptions } from './cross-site/ambient.js';
export type { DecisionReport, ReportedCheck, ReportOptions } from './decision-report.js';
export type { Duration } from './duration.js';
export { type InsecureHttpOptions, isInsecureConnection } from './insecure-connection.js';
export { type NamedPolicies, namedPolicies } from './named-policies.js';
export type { PasswordHasher, PasswordHashers } from './passwords/hasher.js';
export { hashPassword, needsRehash, verifyPassword } from './passwords/hashing.js';
export type { PhcHash } from './passwords/phc.js';
export { type ScryptParameters, scrypt } from './passwords/scrypt.js';
export { TurnstileFull } from './passwords/turnstile.js';
export {
  allOf,
  anyOf,
  hasClaim,
  hasRole,
  hasScope,
  isPolicy,
  not,
  type Policy,
  policy,
  type Verdict,
} from './policies.js';
export { createPrincipal, type Principal, type PrincipalClaims, type PrincipalFacts } from './principal.js';
export { type Problem, writeProblem } from './problem.js';
export type { OnRefusal, Refusal, RefusalReason } from './refusal.js';
export { type Failure, isFailure, type Outcome, type PublicErrorCode, type Scheme } from './scheme.js';
export {
  type ApiKeySchemeOptions,
  type ApiKeyStore,
  apiKey,
} from './schemes/api-key.js';
export { type BasicAnswer, type BasicOptions, basic, type CheckPassword } from './schemes/basic.js';
export { type BearerOptions, bearer, type TokenVerifier, type VerifiedToken } from './schemes/bearer.js';
export {
  type CertificateFacts,
  type ClientCertificate,
  type ClientCertificateOptions,
  clientCertificate,
} from './schemes/client-certificate.js';
export { cookie, type SessionScheme, type SessionTimes, type SignInFacts } from './schemes/cookie.js';
export type { ThrottleOptions } from './throttle/throttle.js';
export { isSchemeError } from './thrown.js';
export { passwordFile } from './users/password-file.js';
export type { FindUser, StoredUser, UserMap, UserStore } from './users/user-store.js';
export { type LoadedUser, type LoadUser, withUser } from './with-user.js';
