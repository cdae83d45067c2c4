/** Every way in which a session's cookie is refused: what the client learns, and what the log gets. */
import { crossSite } from '../cross-site/failures.js';
import type { Failure } from '../scheme.js';
import { SENTENCES } from '../sentences.js';
import { tokenRefusal } from '../token-refusal.js';

const SIGN_IN_AGAIN = 'Sign in again.';

export const REPEATED: Failure = invalid('repeated_cookie', {
  hint: 'The request has the session’s cookie more than once, and any choice between them could be the wrong one.',
  fix: 'See which path or proxy adds the second one.',
});

export const MALFORMED: Failure = invalid('malformed_cookie', {
  hint: 'The value of the session’s cookie is quoted, longer than 4,096 bytes, or holds what no cookie of this server has.',
  fix: SIGN_IN_AGAIN,
});

export const NO_SESSION: Failure = invalid('no_session', {
  hint: 'The token in the cookie is valid, but no session’s: sid, sub, auth_time, iat or exp is missing.',
  fix: 'Let only signIn() make tokens of the type session+jwt.',
});

export const IDLE: Failure = over('session_idle', 'No request came for the idle time of the session.');
export const TOO_OLD: Failure = over('session_too_old', 'The session has lasted its absolute time.');
export const SIGNED_OUT: Failure = over(
  'session_ended',
  'The session was ended by signOut(), or by another signIn().',
);

export const UNKNOWN_SITE: Failure = crossSite({
  hint: 'The request has neither Sec-Fetch-Site nor Origin, nor the session’s token in X-CSRF-Token.',
  fix: 'Browsers send Origin with every POST. Other clients send it too, or use a bearer token instead of a cookie.',
});

export const NO_CSRF_TOKEN: Failure = crossSite({
  hint: 'requireCsrfToken is set, and X-CSRF-Token does not hold the session’s token.',
  fix: 'Give the page csrfToken(ctx), and let it send that as X-CSRF-Token.',
});

export const SAFE_METHOD: Failure = crossSite({
  hint: 'signIn() or signOut() ran in a GET, HEAD or OPTIONS, which a link or an image of any site can send.',
  fix: 'Put it behind a POST.',
});

/**
 * What a verifier's refusal of the token means. The sentence that the session is over is for tokens whose signature was good: these codes come
 * after it.
 *
 * @throws what says nothing about the token.
 */
export function tokenFailure(error: unknown): Failure {
  const { code, hint, fix } = tokenRefusal(error);
  const known = code === 'ERR_JWT_EXPIRED' || code === 'ERR_JWT_REVOKED';
  return {
    ...invalid(code, {
      hint: typeof hint === 'string' ? hint : 'The token in the cookie is not accepted.',
      fix: typeof fix === 'string' ? fix : SIGN_IN_AGAIN,
    }),
    description: known ? SENTENCES.sessionEnded : SENTENCES.sessionInvalid,
  };
}

interface Words {
  readonly hint: string;
  readonly fix: string;
}

function invalid(code: string, words: Words): Failure {
  return Object.freeze({
    failed: true,
    status: 401,
    error: 'invalid_credentials',
    description: SENTENCES.sessionInvalid,
    code,
    ...words,
  });
}

function over(code: string, hint: string): Failure {
  return Object.freeze({
    ...invalid(code, { hint, fix: SIGN_IN_AGAIN }),
    description: SENTENCES.sessionEnded,
  });
}
