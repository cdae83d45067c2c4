/** What a client can be told about a refusal: the closed set of `@tokenwright/auth`, each sentence with its cause and fix. */
import { SENTENCES } from '../../packages/auth/dist/sentences.js';
import { entry } from './markdown.ts';

interface Words {
  readonly answer: string;
  readonly cause: string;
  readonly fix: string;
}

const ASK_THE_LOG =
  'The log has the reason under the `trace` of the answer; see above for what to do about each.';
const NEW_TOKEN = 'Get a new token: renew in time, or sign in again.';
const SIGN_IN = 'Sign in again.';

/** A new sentence does not compile without its words. */
const WORDS: Readonly<Record<keyof typeof SENTENCES, Words>> = {
  credentialsRequired: {
    answer: '401 `credentials_required`',
    cause: 'The route asks for credentials, and none came that one of its schemes reads.',
    fix: 'Send what a `WWW-Authenticate` line of the answer asks for.',
  },
  credentialsInvalid: {
    answer: '401 `invalid_credentials`',
    cause:
      'Name, password or certificate are not accepted. Which of them, and whether the user exists, is not told.',
    fix: ASK_THE_LOG,
  },
  passwordTooLong: {
    answer: '400 `invalid_request`',
    cause: 'The password has more than 1,024 bytes. It is not cut off, for then a part of it would do.',
    fix: 'Send the right one.',
  },
  tooManyAttempts: {
    answer: '429 `too_many_requests`',
    cause:
      'Too many attempts failed for this user or from this address, or too many passwords wait to be hashed.',
    fix: 'Wait as long as `Retry-After` says.',
  },
  repeatedApiKey: {
    answer: '400 `invalid_request`',
    cause: 'Two API keys came, in two header lines or in the header and the query.',
    fix: 'Send one, in the header.',
  },
  malformedApiKey: {
    answer: '400 `invalid_request`',
    cause: 'What came as an API key has a blank, a comma or another character that no key has.',
    fix: 'Send the key alone, as it was shown when it was made.',
  },
  repeatedAuthorization: {
    answer: '400 `invalid_request`',
    cause:
      'Two `Authorization` header lines came. Proxies and servers disagree on which of them counts, so neither does.',
    fix: 'Send one.',
  },
  malformedBearer: {
    answer: '400 `invalid_request`',
    cause: 'What follows `Bearer` is not one space and one token (RFC 6750 §2.1).',
    fix: 'Send `Authorization: Bearer <token>`, without quotes, commas or line ends.',
  },
  twoTokens: {
    answer: '400 `invalid_request`',
    cause: 'A token came in the header and another in the query or the body (RFC 6750 §2).',
    fix: 'Send it in the header alone.',
  },
  tokenInvalid: {
    answer: '401 `invalid_token`',
    cause:
      'The token is not accepted, and more is not told: without a good signature nothing in it is to be believed.',
    fix: ASK_THE_LOG,
  },
  tokenExpired: {
    answer: '401 `invalid_token`',
    cause: 'Its `exp` has passed, or it is older than `maxAge`.',
    fix: NEW_TOKEN,
  },
  tokenNotYetValid: {
    answer: '401 `invalid_token`',
    cause: 'Its `nbf` lies ahead.',
    fix: 'Wait, or compare the clocks of issuer and validator.',
  },
  tokenOtherAudience: {
    answer: '401 `invalid_token`',
    cause: 'Its `aud` does not name this service.',
    fix: 'Ask the issuer for a token for this service.',
  },
  tokenRevoked: { answer: '401 `invalid_token`', cause: 'It was taken back before its end.', fix: SIGN_IN },
  sessionOver: {
    answer: '401 `invalid_token`',
    cause: 'The token was to be renewed, and its session has lasted its whole time (`maxSession`).',
    fix: SIGN_IN,
  },
  sessionInvalid: {
    answer: '401 `invalid_credentials`',
    cause: 'The cookie of the session is not accepted.',
    fix: SIGN_IN,
  },
  sessionEnded: {
    answer: '401 `invalid_credentials`',
    cause: 'The session was idle too long, lasted its whole time, or was signed out.',
    fix: SIGN_IN,
  },
  crossSite: {
    answer: '403 `cross_site_request`',
    cause:
      "A session's cookie came with a request that changes state and was made by another site's page, or cannot be told from one.",
    fix: 'Send it from a page of this site, name the other one in `trustedOrigins`, or send `X-CSRF-Token`.',
  },
  needsHttps: {
    answer: '403 `insecure_connection`',
    cause:
      "A password, an API key or a session's cookie came over plain HTTP from another machine or through a proxy, or a login was to set a cookie there.",
    fix: 'Use HTTPS. Behind a proxy that ends TLS set `app.proxy = true`.',
  },
  forbidden: {
    answer: '403 `insufficient_scope`',
    cause: 'It is known who it is, and the policy of the route does not let them.',
    fix: 'Ask for a token with the role or scope; the challenge names a missing scope.',
  },
};

/** An entry for every sentence. */
export function sentences(): string {
  return Object.entries(SENTENCES)
    .map(([name, sentence]) => {
      const { answer, cause, fix } = WORDS[name as keyof typeof SENTENCES];
      return entry(sentence, `(${answer}) ${cause}`, fix);
    })
    .join('\n');
}
