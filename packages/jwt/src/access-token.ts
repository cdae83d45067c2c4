/** What the profile for access tokens (RFC 9068) asks of a token, as options of a validator. */
import type { TokenOptions } from './validator-options.js';

/**
 * Options that make a validator accept access tokens of RFC 9068 only: `typ` `at+jwt` (§2.1), and the claims of §2.2 all
 * there: `iss`, `exp`, `aud`, `sub`, `client_id`, `iat`, `jti`. Claims to require beside them: spread `requiredClaims`.
 *
 * @example
 * ```ts
 * const validator = new JwtValidator({ ...accessToken, keys, issuer: 'https://issuer.example', audience: 'orders' });
 * const jwt = new JwtBuilder().typ('at+jwt').claim('client_id', 'shop'); // what it accepts, on the builder's side
 * ```
 */
export const accessToken: Readonly<Required<Pick<TokenOptions, 'typ' | 'requiredClaims'>>> = Object.freeze({
  typ: 'at+jwt',
  requiredClaims: Object.freeze(['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti']),
});
