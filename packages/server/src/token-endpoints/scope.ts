/** Scopes as a client asks for them (RFC 6749 §3.3). */
import { OAuthError } from './oauth-error.js';

/** `scope-token`: printable ASCII without blank, quote and backslash. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
/** What a request may ask for. Anybody can send one, the id of a public client is enough, and every scope is looked up. */
const MOST_SCOPES = 256;
const MOST_CHARACTERS = 4_096;

/** Whether a text is one scope. */
export function isScope(text: unknown): text is string {
  return typeof text === 'string' && SCOPE_TOKEN.test(text);
}

/**
 * The scopes of a parameter, each once.
 *
 * @param asked - the parameter `scope`
 * @throws OAuthError `invalid_scope` for more than 256 of them, for more than 4,096 characters, and for a malformed one
 */
export function askedScopes(asked: string): readonly string[] {
  // Before it is split: a body may be a megabyte of blanks.
  if (asked.length > MOST_CHARACTERS) throw invalid('The scope is longer than 4,096 characters.');
  const scopes = asked.split(' ');
  if (scopes.length > MOST_SCOPES) throw invalid('The scope has more than 256 scopes.');
  if (!scopes.every(isScope)) throw invalid('The scope is malformed.');
  return [...new Set(scopes)];
}

/**
 * The scopes to grant: those asked for, and all that are allowed when none are named. It is all or nothing, so that a
 * client never has to find out what it was not given.
 *
 * @param asked - the parameter `scope`
 * @throws OAuthError `invalid_scope` for one that is not allowed, and for whatever `askedScopes` throws
 */
export function grantedScopes(asked: string | undefined, allowed: ReadonlySet<string>): readonly string[] {
  if (asked === undefined) return [...allowed];
  const scopes = askedScopes(asked);
  if (!scopes.every((scope) => allowed.has(scope)))
    throw invalid('The scope is more than this client may have.');
  return scopes;
}

function invalid(description: string): OAuthError {
  return new OAuthError('invalid_scope', description);
}
