/** Why a token is refused: one map holds every reason with its code, its cause and its fix. */

/** The name of a reason; finer than an error's code. */
export type ReasonName =
  | 'token_missing'
  | 'token_malformed'
  | 'token_unsigned'
  | 'token_too_long'
  | 'token_encrypted'
  | 'token_not_encrypted'
  | 'jwe_malformed'
  | 'encryption_not_allowed'
  | 'compression_not_allowed'
  | 'decryption_failed'
  | 'nested_token_invalid'
  | 'replicated_claim_mismatch'
  | 'header_malformed'
  | 'algorithm_not_allowed'
  | 'crit_not_understood'
  | 'key_not_found'
  | 'keys_unavailable'
  | 'signature_mismatch'
  | 'claims_malformed'
  | 'typ_mismatch'
  | 'expiry_missing'
  | 'expired'
  | 'not_yet_valid'
  | 'issued_in_future'
  | 'too_old'
  | 'lifetime_too_long'
  | 'issuer_mismatch'
  | 'audience_mismatch'
  | 'claim_missing'
  | 'claim_invalid'
  | 'own_claim_invalid'
  | 'claim_not_updated'
  | 'revoked'
  | 'revocation_timeout'
  | 'session_over';

/** Every code that the error of a refused token can have: jose's where jose has one. */
export type RefusalCode =
  | 'ERR_JWT_INVALID'
  | 'ERR_JWS_INVALID'
  | 'ERR_JWE_INVALID'
  | 'ERR_JWE_DECRYPTION_FAILED'
  | 'ERR_JOSE_ALG_NOT_ALLOWED'
  | 'ERR_JOSE_NOT_SUPPORTED'
  | 'ERR_JWKS_NO_MATCHING_KEY'
  | 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'
  | 'ERR_JWT_CLAIM_VALIDATION_FAILED'
  | 'ERR_JWT_EXPIRED'
  | 'ERR_JWT_REVOKED'
  | 'ERR_JWT_SESSION_OVER'
  | 'ERR_KEYS_UNAVAILABLE'
  | 'ERR_REVOCATION_TIMEOUT';

/** What the map holds of a reason. */
export interface ReasonEntry {
  readonly code: RefusalCode;
  /** What was wrong, in a sentence. It becomes the error's message. */
  readonly cause: string;
  /** What to do about it. */
  readonly fix: string;
}

const MALFORMED =
  'Send the token exactly as it was issued: three parts with two dots, nothing added, nothing cut off.';

/** The map. */
export const REASONS: Readonly<Record<ReasonName, ReasonEntry>> = {
  token_missing: {
    code: 'ERR_JWT_INVALID',
    cause: 'There is no token.',
    fix: 'Provide it as `Authorization: Bearer <token>`.',
  },
  token_malformed: {
    code: 'ERR_JWS_INVALID',
    cause: 'The token is not a compact JWS (RFC 7515 §7.1).',
    fix: MALFORMED,
  },
  token_unsigned: {
    code: 'ERR_JWS_INVALID',
    cause: 'The token is not signed: its third part is empty.',
    fix: 'Have it issued signed. What is not signed anybody can have written, whatever its alg says.',
  },
  token_too_long: {
    code: 'ERR_JWS_INVALID',
    cause: 'The token is longer than is accepted.',
    fix: 'Put less into the token, or raise maxTokenLength if the token is yours.',
  },
  token_encrypted: {
    code: 'ERR_JWT_INVALID',
    cause: 'The token is encrypted, and a signed one is expected.',
    fix: 'Send a signed token (three parts), or give the validator the key that decrypts.',
  },
  token_not_encrypted: {
    code: 'ERR_JWT_INVALID',
    cause: 'The token is not encrypted, and an encrypted one is expected.',
    fix: 'Send the encrypted token (five parts), or use a validator without decryptWith for signed ones.',
  },
  jwe_malformed: {
    code: 'ERR_JWE_INVALID',
    cause: 'The token is not a compact JWE (RFC 7516 §7.1).',
    fix: 'Send the token exactly as it was issued: five parts with four dots, nothing added, nothing cut off.',
  },
  encryption_not_allowed: {
    code: 'ERR_JOSE_ALG_NOT_ALLOWED',
    cause: 'The token is encrypted with an algorithm (alg or enc) that no configured key is for.',
    fix: 'Ensure that issuer and recipient use the same key and the same algorithms. They come from the configuration, never from the token.',
  },
  compression_not_allowed: {
    code: 'ERR_JOSE_ALG_NOT_ALLOWED',
    cause: 'The token is compressed (zip), which is not supported here (RFC 8725 §3.6).',
    fix: 'Issue the token without compression.',
  },
  decryption_failed: {
    code: 'ERR_JWE_DECRYPTION_FAILED',
    cause: 'The token cannot be decrypted: it was encrypted for another key, or it was changed afterwards.',
    fix: 'Ensure that it is encrypted for this key and that nothing alters it on its way. Which of the two it is, is not told on purpose.',
  },
  nested_token_invalid: {
    code: 'ERR_JWT_INVALID',
    cause: 'The encrypted token does not hold one signed token, marked with cty "JWT" (RFC 7519 §5.2).',
    fix: 'Sign first, then encrypt, once: encryption alone does not tell who issued the token.',
  },
  replicated_claim_mismatch: {
    code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
    cause:
      'A claim that is repeated in the header of the encrypted token differs from the signed one (RFC 7519 §5.3).',
    fix: 'Repeat claims in the header unchanged, or not at all.',
  },
  header_malformed: {
    code: 'ERR_JWS_INVALID',
    cause: 'The protected header is not a JSON object of the kind RFC 7515 §4 describes.',
    fix: MALFORMED,
  },
  algorithm_not_allowed: {
    code: 'ERR_JOSE_ALG_NOT_ALLOWED',
    cause: 'The token is signed with an algorithm that no configured key is for.',
    fix: 'Ensure that issuer and validator use the same key and the same algorithm. The algorithm comes from the configuration, never from the token.',
  },
  crit_not_understood: {
    code: 'ERR_JOSE_NOT_SUPPORTED',
    cause: 'The token names an extension as critical (crit) that is not understood here (RFC 7515 §4.1.11).',
    fix: 'Issue the token without it.',
  },
  key_not_found: {
    code: 'ERR_JWKS_NO_MATCHING_KEY',
    cause: 'No configured key has the key ID (kid) that the token names.',
    fix: 'Give the validator the key of that ID, or have the token issued anew: its key may have been rotated out.',
  },
  keys_unavailable: {
    code: 'ERR_KEYS_UNAVAILABLE',
    cause: 'The keys to verify the token with could not be fetched; the token itself may be good.',
    fix: 'Try again a little later. If it stays, see whether the configured URL is right, and whether the issuer answers there.',
  },
  signature_mismatch: {
    code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    cause:
      'The signature is not one of the configured key: another key signed the token, or it was changed afterwards.',
    fix: 'Ensure that issuer and validator use the same secret (or key pair) and algorithm, and that nothing alters the token on its way.',
  },
  claims_malformed: {
    code: 'ERR_JWT_INVALID',
    cause: 'The payload is not a JSON object of claims (RFC 7519 §7.2).',
    fix: 'Issue tokens whose payload is a JSON object.',
  },
  typ_mismatch: {
    code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
    cause: 'The token is of another type (typ) than is accepted here (RFC 8725 §3.11).',
    fix: 'Send the token that is meant for this, for example the access token and not the ID token.',
  },
  expiry_missing: {
    code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
    cause: 'The token has no end: it lacks exp.',
    fix: 'Issue tokens with validFor(), or accept endless ones aloud with acceptNeverExpiring.',
  },
  expired: {
    code: 'ERR_JWT_EXPIRED',
    cause: 'The token expired.',
    fix: 'Get a new one, or renew such tokens before they end. If it should still be valid, compare the clocks of issuer and validator.',
  },
  not_yet_valid: {
    code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
    cause: 'The token is not valid yet: its nbf lies ahead.',
    fix: 'Wait until then, or compare the clocks of issuer and validator.',
  },
  issued_in_future: {
    code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
    cause: 'The token says it was issued in the future.',
    fix: 'Compare the clocks of issuer and validator; clockTolerance allows for small differences.',
  },
  too_old: {
    code: 'ERR_JWT_EXPIRED',
    cause: 'The token was issued longer ago than maxAge allows.',
    fix: 'Get a new one.',
  },
  lifetime_too_long: {
    code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
    cause: 'The token was issued for a longer time than is accepted (maxLifetime).',
    fix: 'Issue tokens for a shorter time (validFor), and renew them.',
  },
  issuer_mismatch: {
    code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
    cause: 'The token is from another issuer.',
    fix: 'Get the token from the expected issuer. Issuers are compared exactly: a slash at the end or another case is another issuer.',
  },
  audience_mismatch: {
    code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
    cause: 'The token is for another audience.',
    fix: 'Ask the issuer for a token for this audience. Audiences are compared exactly.',
  },
  claim_missing: {
    code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
    cause: 'The token lacks a claim that is required here.',
    fix: 'Have the issuer add it.',
  },
  claim_invalid: {
    code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
    cause: 'A claim has a value that its standard does not allow.',
    fix: 'Have the issuer mend it.',
  },
  own_claim_invalid: {
    code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
    cause: 'The claims are not what the schema of this validator asks for.',
    fix: 'Have the issuer write the claim as the schema has it, or mend the schema.',
  },
  claim_not_updated: {
    code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
    cause:
      'A claim is not the one that was expected: the token was issued before the change, or what the call of the builder answered was not used.',
    fix: 'Issue a new token, from the builder that the call answers: builders never change (next = jwt.claim(…)). An issued token keeps its claims, also when it is renewed.',
  },
  revoked: {
    code: 'ERR_JWT_REVOKED',
    cause: 'The token was revoked before its end.',
    fix: 'Sign in again.',
  },
  revocation_timeout: {
    code: 'ERR_REVOCATION_TIMEOUT',
    cause: 'Whether the token was revoked could not be found out in time; the token itself may be good.',
    fix: 'Try again a little later. If it stays, see why isRevoked does not answer; revocationTimeout says how long it may take.',
  },
  session_over: {
    code: 'ERR_JWT_SESSION_OVER',
    cause: 'The session has lasted its whole time (maxSession), so the token is not renewed.',
    fix: 'Sign in again for a new token.',
  },
};
