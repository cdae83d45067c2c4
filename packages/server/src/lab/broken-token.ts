/** Tokens with one fault that take a key to make. */
import {
  generateKey,
  type JwtBuilder,
  type SignatureAlgorithmName,
  type VerifiedToken,
} from '@tokenwright/jwt';

/** What is wrong with the token. One whose session is over is accepted for as long as the first one is, and not renewed. */
export const FAULTS = ['expired', 'another key', 'another audience', 'session over'] as const;
/** One of {@link FAULTS}. */
export type Fault = (typeof FAULTS)[number];

/** What the service tolerates: seconds. */
export interface Limits {
  readonly clockTolerance: number;
  readonly maxSession: number;
}

/** RFC 2606 §2: a name that nobody can have, so the token is good for nobody. */
const NOBODY = 'https://another-audience.invalid';
/** The lifetime where the verified token has no end, and how long before now the session ended. */
const HOUR = 3600;
/** How long before now the token ended: seconds. */
const SINCE = 300;

/** A token as the verified one, but for one fault. Whether the service refuses it is for the caller to ask. */
export async function breakToken(
  jwt: Pick<JwtBuilder, 'validFor'>,
  { claims, header }: VerifiedToken,
  fault: Fault,
  { clockTolerance, maxSession }: Limits,
): Promise<string> {
  const { iss: _iss, aud: _aud, iat, nbf: _nbf, exp, jti: _jti, auth_time: began, sub, ...own } = claims;
  const now = Date.now() / 1000;
  // As long as the verified one, which is no longer than builder and validator allow.
  const lifetime = exp === undefined || iat === undefined ? HOUR : Math.max(1, exp - iat);
  const lasting = jwt.validFor(lifetime).claims(own);
  const like = sub === undefined ? lasting : lasting.subject(sub);
  const session = began === undefined ? {} : { auth_time: began };
  switch (fault) {
    case 'expired': {
      const then = now - lifetime - clockTolerance - SINCE;
      return (await like.clock(() => then * 1000).build()).token;
    }
    case 'another key': {
      // Under the key ID of the real one: else the token would be refused before its signature is looked at.
      const algorithm = header.alg as SignatureAlgorithmName;
      const key = await generateKey(algorithm, header.kid === undefined ? {} : { kid: header.kid });
      return (await like.claims(session).signWith(key, algorithm).build()).token;
    }
    case 'another audience':
      return (await like.claims(session).audience(NOBODY).build()).token;
    case 'session over': {
      // Nobody gets more time by it than the verified token has left.
      const left = exp === undefined ? lifetime : Math.max(1, Math.floor(exp - now));
      const over = { auth_time: Math.floor(now - maxSession - HOUR) };
      return (await like.validFor(left).claims(over).build()).token;
    }
  }
}
