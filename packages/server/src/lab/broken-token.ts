/** Broken tokens that take a key to make. None of them is accepted by the service that made it. */
import {
  generateKey,
  type JwtBuilder,
  type SignatureAlgorithmName,
  type VerifiedToken,
} from '@tokenwright/jwt';

/** What is wrong with the token. */
export const FAULTS = ['expired', 'another key', 'another audience'] as const;
/** One of {@link FAULTS}. */
export type Fault = (typeof FAULTS)[number];

/** RFC 2606 §2: a name that nobody can have, so the token is good for nobody. */
const NOBODY = 'https://another-audience.invalid';
const HOUR = 3600;
/** How long before now the expired token ended, beyond the tolerance: seconds. */
const SINCE = 300;

/**
 * A token as the verified one, but for one fault.
 *
 * @param clockTolerance seconds
 */
export async function breakToken(
  jwt: Pick<JwtBuilder, 'validFor'>,
  { claims, header }: VerifiedToken,
  fault: Fault,
  clockTolerance: number,
): Promise<string> {
  const { iss: _iss, aud: _aud, iat: _iat, nbf: _nbf, exp: _exp, jti: _jti, sub, ...own } = claims;
  const lasting = jwt.validFor(HOUR);
  const like = sub === undefined ? lasting : lasting.subject(sub);
  switch (fault) {
    case 'expired': {
      const then = Date.now() - (HOUR + clockTolerance + SINCE) * 1000;
      const { auth_time: _began, ...kept } = own;
      return (
        await like
          .claims(kept)
          .clock(() => then)
          .build()
      ).token;
    }
    case 'another key': {
      // Under the key ID of the real one: else the token would be refused before its signature is looked at.
      const algorithm = header.alg as SignatureAlgorithmName;
      const key = await generateKey(algorithm, header.kid === undefined ? {} : { kid: header.kid });
      return (await like.claims(own).signWith(key, algorithm).build()).token;
    }
    case 'another audience':
      return (await like.claims(own).audience(NOBODY).build()).token;
  }
}
