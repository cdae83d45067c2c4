/** What an access token of a session says of itself. */
import type { RevocableClaims } from './revocation.js';
import { eraOf } from './session-record.js';

/** The claims of a verified access token that sessions read. */
export type AccessClaims = RevocableClaims & { readonly exp?: number | undefined };

/**
 * Whether it is a token of a session and lasts longer than those that are issued: then it was renewed apart from its
 * session, or is from a time of longer ones. Revocations are not kept for as long as it lasts.
 *
 * @param accessFor how long they last, in milliseconds
 */
export function outlivesSessions({ sid, iat, exp }: AccessClaims, accessFor: number): boolean {
  if (typeof sid !== 'string' || eraOf(sid) === undefined) return false;
  return iat === undefined || exp === undefined || (exp - iat) * 1000 > accessFor;
}
