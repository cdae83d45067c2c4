/** What services say of a refusal, in `error_description` or in the body, more or less in these words. */
import type { Inspection } from '@tokenwright/jwt/inspect';
import type { Finding, Moment } from './finding.js';
import { byBeginning, byExpiry } from './token-times.js';

/** The finding behind the first of the texts that says something. */
export function byDescription(
  texts: readonly (string | undefined)[],
  seen: Inspection,
  moment: Moment,
): Finding | undefined {
  for (const text of texts) {
    const finding = DESCRIPTIONS.find(([words]) => words.test(text ?? ''))?.[1];
    if (finding !== undefined) return finding(seen, moment);
  }
  return undefined;
}

/** The first that fits counts. */
const DESCRIPTIONS: readonly (readonly [RegExp, (seen: Inspection, moment: Moment) => Finding])[] = [
  [
    /\bapi[-_ ]?key\b/i,
    () => ({
      side: 'request',
      cause: 'The service asks for an API key, and not for a token.',
      fix: 'Send the key as its documentation says, or call the route that takes tokens.',
    }),
  ],
  [
    /audience|\baud\b/i,
    ({ audience }) => ({
      side: 'token',
      about: 'audience',
      cause: `The service says that the token is for another audience. It is for ${audience.join(', ') || 'none'}.`,
      fix: 'Ask the issuer for a token for this service; audiences are compared exactly.',
    }),
  ],
  [
    /issuer|\biss\b/i,
    ({ issuer }) => ({
      side: 'token',
      about: 'issuer',
      cause: `The service says that the token is from another issuer. It is from ${issuer ?? 'none'}.`,
      fix: 'Get the token from the issuer that the service trusts; issuers are compared exactly.',
    }),
  ],
  [
    /revoked/i,
    () => ({
      side: 'token',
      cause: 'The service says that the token was revoked.',
      fix: 'Sign in again for a new one.',
    }),
  ],
  [/expired|\bexp\b/i, byExpiry],
  [
    /not (?:yet )?(?:valid|active) (?:yet|before)|not yet (?:valid|active)|\bnbf\b|in the future/i,
    byBeginning,
  ],
  [
    /signature|signing key|\bkid\b|\b(?:wrong|other|another|unknown|different|invalid|matching) key\b/i,
    () => ({
      side: 'token',
      about: 'signature',
      cause: 'The service says that the token was signed with another key.',
      fix: 'Compare the key of the issuer with that of the service; after a rotation get a new token.',
    }),
  ],
];
