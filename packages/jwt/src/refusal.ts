/** The error of a refused token, made from what a check found. */
import {
  JOSEAlgNotAllowed,
  type JOSEError,
  JOSENotSupported,
  JWEDecryptionFailed,
  JWEInvalid,
  JWKSNoMatchingKey,
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
import type { Finding } from './finding.js';
import { REASONS, type ReasonName, type RefusalCode } from './reasons.js';

/** What every error of a refused token carries beside jose's `code`, `claim` and `reason`. */
export interface RefusalWords {
  /** What was wrong. */
  hint: string;
  /** What to do about it. */
  fix: string;
  /** What was asked for. Not enumerable, so that it stays out of logs that print the error. */
  expected?: string;
  /** What the token has. Not enumerable. */
  actual?: string;
}

/** The error of a refused token. */
export type RefusedToken = JOSEError & RefusalWords;

/** The words of a finding. */
export function wordsOf(finding: Finding): { code: RefusalCode; hint: string; fix: string } {
  const { code, cause, fix } = REASONS[finding.reason];
  return { code, hint: finding.hint ?? cause, fix };
}

/** The error of a finding: jose's class for its code, with the words, without the claims. */
export function refusalError(finding: Finding): RefusedToken {
  const { code, hint, fix } = wordsOf(finding);
  const error = construct(code, REASONS[finding.reason].cause, finding);
  Object.assign(error, { hint, fix });
  hide(error, 'expected', finding.expected);
  hide(error, 'actual', finding.actual);
  return error as RefusedToken;
}

function construct(code: RefusalCode, message: string, finding: Finding): JOSEError {
  switch (code) {
    case 'ERR_JWT_INVALID':
      return new JWTInvalid(message);
    case 'ERR_JWS_INVALID':
      return new JWSInvalid(message);
    case 'ERR_JWE_INVALID':
      return new JWEInvalid(message);
    case 'ERR_JWE_DECRYPTION_FAILED':
      return new JWEDecryptionFailed(message);
    case 'ERR_JOSE_ALG_NOT_ALLOWED':
      return new JOSEAlgNotAllowed(message);
    case 'ERR_JOSE_NOT_SUPPORTED':
      return new JOSENotSupported(message);
    case 'ERR_JWKS_NO_MATCHING_KEY':
      return new JWKSNoMatchingKey(message);
    case 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED':
      return new JWSSignatureVerificationFailed(message);
    case 'ERR_JWT_EXPIRED':
      return withoutPayload(new JWTExpired(message, {}, finding.claim, 'check_failed'));
    case 'ERR_JWT_CLAIM_VALIDATION_FAILED':
      return withoutPayload(
        new JWTClaimValidationFailed(message, {}, finding.claim, claimReason(finding.reason)),
      );
    case 'ERR_JWT_REVOKED':
      return new JWTRevoked(message);
    case 'ERR_JWT_SESSION_OVER':
      return new JWTSessionOver(message);
    case 'ERR_KEYS_UNAVAILABLE':
      return new KeysUnavailable(message);
    case 'ERR_REVOCATION_TIMEOUT':
      return new RevocationTimeout(message);
  }
}

function claimReason(reason: ReasonName): 'missing' | 'invalid' | 'check_failed' {
  if (reason === 'claim_missing' || reason === 'expiry_missing') return 'missing';
  return reason === 'claim_invalid' || reason === 'own_claim_invalid' ? 'invalid' : 'check_failed';
}

/** jose keeps the claims on the error and, once more, in its cause; whoever logs errors would log them. */
function withoutPayload<E extends JOSEError>(error: E): E {
  Reflect.deleteProperty(error, 'payload');
  Reflect.deleteProperty(error, 'cause');
  return error;
}

function hide(error: JOSEError, property: string, value: string | undefined): void {
  if (value !== undefined) Object.defineProperty(error, property, { value, enumerable: false });
}
