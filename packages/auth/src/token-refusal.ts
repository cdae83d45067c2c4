/** Tells a verifier's refusal of a token from trouble of its own. */

/** What is read of an error that a verifier throws. */
export interface TokenRefusal {
  code?: unknown;
  claim?: unknown;
  reason?: unknown;
  hint?: unknown;
  fix?: unknown;
  /** Set by a renewal on what it throws. */
  renewal?: unknown;
}

const JOSE_CODE = /^ERR_J(OSE|W[TSEK]|WKS)_[A-Z0-9_]+$/;

/** Codes that say nothing about the token: the keys to verify it with could not be had. */
const OWN_TROUBLE: ReadonlySet<string> = new Set([
  'ERR_JOSE_GENERIC',
  'ERR_JWKS_INVALID',
  'ERR_JWKS_TIMEOUT',
]);

/** The error as something with a code; empty for what is no object. */
export function refusalOf(error: unknown): TokenRefusal {
  return typeof error === 'object' && error !== null ? error : {};
}

/** The refusal that an error with a JOSE `code` about the token is. @throws the error itself, where it is none. */
export function tokenRefusal(error: unknown): TokenRefusal & { code: string } {
  const { code, claim, reason, hint, fix } = refusalOf(error);
  if (typeof code !== 'string' || !JOSE_CODE.test(code) || OWN_TROUBLE.has(code)) throw error;
  return { code, claim, reason, hint, fix };
}
