/** Tries the first token of a grant, so that a builder and a validator that do not go together show here, not at a resource. */
import type { AccessTokenClaims, AccessTokenVerifier } from './seams.js';

/** Tries tokens until one was good. @throws TypeError for one that the validator refuses, or that RFC 9068 would */
export function triedOnce(verifier: AccessTokenVerifier): (token: string) => Promise<void> {
  let good = false;
  return async (token) => {
    if (good) return;
    await tryToken(verifier, token);
    good = true;
  };
}

async function tryToken(verifier: AccessTokenVerifier, token: string): Promise<void> {
  const tried = await verifier.safeVerify(token);
  if (!tried.ok) {
    throw new TypeError(
      `tokenEndpoints(): the validator refuses the tokens that are issued. Give the same issuer, audience, key and typ: 'at+jwt' to the builder, that of sessions() too, and to the validator. ${tried.hint ?? ''}`,
    );
  }
  const missing = await missingClaim(tried.claims);
  if (missing !== undefined)
    throw new TypeError(`tokenEndpoints(): tokens have no ${missing}, which RFC 9068 §2.2 requires.`);
}

/** Loaded with the first token: whoever serves none should not pay for it at each start. */
async function missingClaim(claims: AccessTokenClaims): Promise<string | undefined> {
  const { accessToken } = await import('@tokenwright/jwt');
  return accessToken.requiredClaims.find((name) => claims[name] === undefined);
}
