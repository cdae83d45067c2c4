/** What each header parameter and claim means, in one sentence, and where it is defined. */

/** A meaning and its source. */
export interface Meaning {
  readonly meaning: string;
  /** `RFC 7519 §4.1.4` */
  readonly source: string;
  readonly link: string;
}

const rfc = (number: number, section: string): Pick<Meaning, 'source' | 'link'> => ({
  source: `RFC ${number} §${section}`,
  link: `https://www.rfc-editor.org/rfc/rfc${number}.html#section-${section}`,
});

const oidc = (section: string, anchor: string): Pick<Meaning, 'source' | 'link'> => ({
  source: `OpenID Connect §${section}`,
  link: `https://openid.net/specs/openid-connect-core-1_0.html#${anchor}`,
});

const HEADER: ReadonlyMap<string, Meaning> = new Map([
  [
    'alg',
    {
      meaning:
        'The algorithm of the signature. A validator takes it from its own configuration and only compares.',
      ...rfc(7515, '4.1.1'),
    },
  ],
  [
    'typ',
    {
      meaning: 'What kind of token this is, so that one kind is not taken for another.',
      ...rfc(7515, '4.1.9'),
    },
  ],
  [
    'kid',
    {
      meaning: 'Which key signed it, by name. It helps to find the key and proves nothing.',
      ...rfc(7515, '4.1.4'),
    },
  ],
  ['cty', { meaning: 'What the content is: JWT for a token inside a token.', ...rfc(7515, '4.1.10') }],
  [
    'crit',
    { meaning: 'Extensions that must be understood, or the token is refused.', ...rfc(7515, '4.1.11') },
  ],
  [
    'jku',
    {
      meaning: 'A link to keys. Not followed: whoever writes the token could choose the key.',
      ...rfc(7515, '4.1.2'),
    },
  ],
  [
    'jwk',
    { meaning: 'A key that comes with the token. Not used: it proves nothing.', ...rfc(7515, '4.1.3') },
  ],
  ['x5c', { meaning: 'A certificate chain that comes with the token.', ...rfc(7515, '4.1.6') }],
  ['enc', { meaning: 'The algorithm that encrypts the content.', ...rfc(7516, '4.1.2') }],
]);

const CLAIMS: ReadonlyMap<string, Meaning> = new Map([
  [
    'iss',
    {
      meaning: 'Who issued the token. Compared exactly with the issuer that is expected.',
      ...rfc(7519, '4.1.1'),
    },
  ],
  ['sub', { meaning: 'Whom the token is about.', ...rfc(7519, '4.1.2') }],
  [
    'aud',
    {
      meaning: 'Whom the token is for. A service that is not named here has to refuse it.',
      ...rfc(7519, '4.1.3'),
    },
  ],
  [
    'exp',
    {
      meaning: 'When it ends, in seconds since 1970. From then on it is refused, give or take the tolerance.',
      ...rfc(7519, '4.1.4'),
    },
  ],
  [
    'nbf',
    { meaning: 'When it begins, in seconds since 1970. Before that it is refused.', ...rfc(7519, '4.1.5') },
  ],
  ['iat', { meaning: 'When it was issued, in seconds since 1970.', ...rfc(7519, '4.1.6') }],
  ['jti', { meaning: 'The name of this one token: no two have the same.', ...rfc(7519, '4.1.7') }],
  [
    'auth_time',
    {
      meaning: 'When the password was last given. A renewal keeps it, so a session cannot last for ever.',
      ...oidc('2', 'IDToken'),
    },
  ],
  ['name', { meaning: 'The full name of the subject, to be shown.', ...oidc('5.1', 'StandardClaims') }],
  ['email', { meaning: 'The e-mail address of the subject.', ...oidc('5.1', 'StandardClaims') }],
  ['nonce', { meaning: 'Ties an ID token to the request it answers.', ...oidc('2', 'IDToken') }],
  ['azp', { meaning: 'The client the ID token was issued to.', ...oidc('2', 'IDToken') }],
  ['roles', { meaning: 'What the subject is, for deciding what it may do.', ...rfc(9068, '2.2.3.1') }],
  ['groups', { meaning: 'The groups the subject belongs to.', ...rfc(9068, '2.2.3.1') }],
  ['scope', { meaning: 'What the token may be used for, a list with blanks between.', ...rfc(8693, '4.2') }],
  ['client_id', { meaning: 'The client that asked for the token.', ...rfc(8693, '4.3') }],
  ['act', { meaning: 'Who acts on behalf of the subject.', ...rfc(8693, '4.1') }],
  ['cnf', { meaning: 'The key that whoever brings the token has to prove to hold.', ...rfc(7800, '3.1') }],
]);

const OWN_PARAMETER: Meaning = { meaning: 'A header parameter of the issuer’s own.', ...rfc(7515, '4.3') };
const OWN_CLAIM: Meaning = {
  meaning: 'A claim of the issuer’s own: what it means is between issuer and service.',
  ...rfc(7519, '4.3'),
};

/** What a parameter of the protected header means. */
export function parameterMeaning(name: string): Meaning {
  return HEADER.get(name) ?? OWN_PARAMETER;
}

/** What a claim means. */
export function claimMeaning(name: string): Meaning {
  return CLAIMS.get(name) ?? OWN_CLAIM;
}
