/** What tests need: an issuer, a clock, and tokens that must be refused: `@tokenwright/jwt/testing`. */
export { type BadToken, type BadTokensOptions, badTokens } from './testing/bad-tokens.js';
export { type TestClock, testClock } from './testing/clock.js';
export { type TestIssuer, type TestIssuerOptions, testIssuer } from './testing/issuer.js';
