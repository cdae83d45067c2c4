/** The errors of this package: jose's classes with words for people, and the few that jose does not have. */
import { JOSEError } from 'jose/errors';

export {
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
} from 'jose/errors';

/**
 * A wrong option: the caller's mistake, thrown by the factory, before anything is signed or verified.
 *
 * @example
 * ```ts
 * new JwtBuilder().validFor('900'); // InvalidOption: validFor is '900' without a unit, which could mean anything. …
 * ```
 */
export class InvalidOption extends TypeError {
  readonly code = 'ERR_OPTION_INVALID';
  readonly option: string;
  readonly hint: string;
  readonly fix: string;
  constructor(option: string, what: string, fix: string) {
    super(`${option} ${what}. ${fix}`);
    this.name = 'InvalidOption';
    this.option = option;
    this.hint = `${option} ${what}.`;
    this.fix = fix;
  }
}

/** A key that cannot be used for what it was given for. Its message never holds any of the key. */
export class InvalidKey extends TypeError {
  readonly code = 'ERR_KEY_INVALID';
  readonly hint: string;
  readonly fix: string;
  constructor(hint: string, fix: string, options?: ErrorOptions) {
    super(`${hint} ${fix}`, options);
    this.name = 'InvalidKey';
    this.hint = hint;
    this.fix = fix;
  }
}

/** A valid token that was taken back before its end. */
export class JWTRevoked extends JOSEError {
  static override code = 'ERR_JWT_REVOKED';
  override code = 'ERR_JWT_REVOKED';
}

/** A valid token whose session has lasted its whole time: it is not renewed any more. */
export class JWTSessionOver extends JOSEError {
  static override code = 'ERR_JWT_SESSION_OVER';
  override code = 'ERR_JWT_SESSION_OVER';
}

/**
 * `isRevoked` did not answer in time: whether the token was taken back is not known, so it is not accepted, and that is not
 * its bearer's fault. Not a 401: its code is none of those that say a token is bad.
 */
export class RevocationTimeout extends JOSEError {
  static override code = 'ERR_REVOCATION_TIMEOUT';
  override code = 'ERR_REVOCATION_TIMEOUT';
  /** What frameworks answer with that read a status from errors, as Koa and Express do: Service Unavailable (RFC 9110 §15.6.4). */
  readonly status = 503;
}

/**
 * The keys could not be fetched and none that were fetched before may still be used: whether the token is good is not
 * known, and it is not its bearer's fault. Not a 401: its code is none of those that say a token is bad.
 */
export class KeysUnavailable extends JOSEError {
  static override code = 'ERR_KEYS_UNAVAILABLE';
  override code = 'ERR_KEYS_UNAVAILABLE';
  /** What frameworks answer with that read a status from errors, as Koa and Express do: Service Unavailable (RFC 9110 §15.6.4). */
  readonly status = 503;
}
