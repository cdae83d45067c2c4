/** Scopes as a client asks for them (RFC 6749 §3.3). */
import { OAuthError } from './oauth-error.js';

/** `scope-token`: printable ASCII without blank, quote and backslash. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** Whether a text is one scope. */
export function isScope(text: unknown): text is string {
  return typeof text === 'string' && SCOPE_TOKEN.test(text);
}

/**
 * The scopes to grant: those asked for, and all that are allowed when none are named. It is all or nothing, so that a
 * client never has to find out what it was not given.
 *
 * @param asked - the parameter `scope`
 * @throws OAuthError `invalid_scope` for one that is malformed or not allowed
 */
export function grantedScopes(asked: string | undefined, allowed: readonly string[]): readonly string[] {
  if (asked === undefined) return allowed;
  const scopes = asked.split(' ');
  if (!scopes.every(isScope)) throw new OAuthError('invalid_scope', 'The scope is malformed.');
  if (scopes.some((scope) => !allowed.includes(scope))) {
    throw new OAuthError('invalid_scope', 'The scope is more than this client may have.');
  }
  return [...new Set(scopes)];
}
