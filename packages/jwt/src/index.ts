export { accessToken } from './access-token.js';
export { SIGNATURE_ALGORITHMS, type SignatureAlgorithmName } from './algorithms.js';
export { JwtBuilder } from './builder.js';
export type { CheckName } from './checks/check.js';
export type { Claims, Unverified, Verified } from './claims.js';
export type { ClaimsSchema } from './claims-schema.js';
export type { Clock } from './clock.js';
export {
  type SignCompactOptions,
  signCompact,
  type VerifiedJws,
  type VerifyCompactOptions,
  verifyCompact,
} from './compact-jws.js';
export { type Duration, inWords } from './duration.js';
export type { ContentEncryptionName, KeyManagementName } from './encryption/algorithms.js';
export {
  type DecryptCompactOptions,
  type DecryptedJwe,
  decryptCompact,
  type EncryptCompactOptions,
  encryptCompact,
} from './encryption/compact-jwe.js';
export type { EncryptedHeader } from './encryption/encrypted-token.js';
export { importEncryptionKey } from './encryption/import.js';
export type { EncryptionKey } from './encryption/key.js';
export type { EncryptionFacts, EncryptionKeySource } from './encryption/sources.js';
export {
  InvalidKey,
  InvalidOption,
  JOSEAlgNotAllowed,
  JOSEError,
  JOSENotSupported,
  JWEDecryptionFailed,
  JWEInvalid,
  JWKInvalid,
  JWKSInvalid,
  JWKSMultipleMatchingKeys,
  JWKSNoMatchingKey,
  JWKSTimeout,
  JWSInvalid,
  JWSSignatureVerificationFailed,
  JWTClaimValidationFailed,
  JWTExpired,
  JWTInvalid,
  JWTRevoked,
  JWTSessionOver,
  KeysUnavailable,
  RevocationTimeout,
} from './errors.js';
export { type ExplainedCheck, type Explainer, type Explanation, explain } from './explain.js';
export { type Inspection, type InspectionFault, inspect } from './inspect.js';
export type { IssuedToken } from './issued-token.js';
export { type GenerateKeyOptions, generateKey } from './keys/generate.js';
export { importKey } from './keys/import.js';
export { importJwks, type JwksSource } from './keys/import-jwks.js';
export type { PublicJwks } from './keys/jwks.js';
export type { Key } from './keys/key.js';
export { KeyRing, type KeyRingOptions, type KeyRingState, type KeyRingTiming } from './keys/key-ring.js';
export type { KeySet } from './keys/key-set.js';
export type {
  Base64urlKey,
  HexKey,
  JwkKey,
  KeyFacts,
  KeySource,
  PassphraseKey,
  PemKey,
  Salt,
  ScryptCost,
  TextKey,
  X509Key,
} from './keys/sources.js';
export { thumbprint } from './keys/thumbprint.js';
export { REASONS, type ReasonEntry, type ReasonName, type RefusalCode } from './reasons.js';
export type { RefusalWords, RefusedToken } from './refusal.js';
export type { RenewalOptions, Verifier } from './renewal.js';
export type { RepeatedMember } from './repeated-members.js';
export type { ProtectedHeader } from './token.js';
export {
  type CheckDescription,
  JwtValidator,
  type SafeVerification,
  type VerifiedToken,
} from './validator.js';
export type {
  IssuerOptions,
  SeveralIssuersOptions,
  TokenOptions,
  ValidatorOptions,
} from './validator-options.js';
export type { CacheStatistics } from './verified-tokens.js';
export type { WhatIf } from './what-if.js';
