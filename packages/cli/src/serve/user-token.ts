/** The token that the development issuer makes for a user. */
import type { Principal } from '@tokenwright/auth';
import type { JwtBuilder } from '@tokenwright/jwt';

/** What the token says about the user. */
export type UserFacts = Pick<Principal, 'subject' | 'name' | 'roles' | 'scopes' | 'claims'>;

/** A builder of the user's token. @throws InvalidOption for what no token may say. */
export function userToken(jwt: JwtBuilder, { subject, name, roles, scopes, claims }: UserFacts): JwtBuilder {
  const token = jwt
    .claims(claims)
    .subject(subject)
    .name(name)
    .roles(...roles);
  return scopes.length === 0 ? token : token.scopes(...scopes);
}
