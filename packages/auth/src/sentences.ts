/** Everything a client is ever told about a refusal: a closed set, so that no exception's text can leak. */

export const SENTENCES = {
  credentialsRequired: 'Credentials are required',
  credentialsInvalid: 'The credentials are not valid',
  passwordTooLong: 'The password is too long',
  tooManyAttempts: 'Too many attempts; try again later',
  repeatedAuthorization: 'The request has more than one Authorization header',
  repeatedApiKey: 'The request carries more than one API key',
  malformedApiKey: 'The API key must be sent alone, without blanks or commas',
  malformedBearer: 'The Authorization header must be: Bearer, one space, the token',
  twoTokens: 'The request carries an access token in more than one place',
  tokenInvalid: 'The access token is not valid',
  tokenExpired: 'The access token expired',
  tokenNotYetValid: 'The access token is not valid yet',
  tokenOtherAudience: 'The access token is for another audience',
  tokenRevoked: 'The access token was revoked',
  sessionOver: 'The session of the access token is over',
  sessionInvalid: 'The session is not valid',
  sessionEnded: 'The session is over',
  crossSite: 'The request does not come from this site',
  needsHttps: 'Credentials are accepted over HTTPS only',
  forbidden: 'The credentials are good, but not for this',
} as const;
