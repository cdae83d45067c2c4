/** The bad tokens of `@tokenwright/jwt/testing`, which every validator must refuse, made for the service at hand. */
import type { Key } from '@tokenwright/jwt';
import { badTokens, testIssuer } from '@tokenwright/jwt/testing';
import { builderFrom } from '../input/copied-token.js';
import { type Attack, withToken } from './attack.js';
import type { Forge } from './forge.js';

/** What services may see differently: how long, of which type, and for which of two names of a key. */
const POLICY = /^(?:typ-|exp-missing|expired-by-the-tolerance|issued-in-future)/;

/**
 * The catalogue as attacks.
 *
 * @param known names of attacks that are there already.
 * @throws InvalidOption where the claims of the good token are none that a builder makes.
 */
export async function testedAttacks(
  key: Key,
  { header, claims }: Forge,
  known: ReadonlySet<string>,
): Promise<readonly Attack[]> {
  const issuer = await testIssuer({ key });
  const builder = builderFrom({ header, claims }, true).signWith(key);
  const bad = await badTokens(issuer, { builder });
  return bad
    .filter(({ name }) => !known.has(name))
    .map(({ name, description, token, expected }) => ({
      name,
      group: 'signed',
      why: description,
      expects: expected.status === 401 ? 'invalid token' : 'invalid request',
      level: POLICY.test(name) ? 'should' : 'must',
      request: () => withToken(token),
    }));
}
