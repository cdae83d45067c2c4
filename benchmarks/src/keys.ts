/** The keys and algorithms of the benchmark, in every form that a contender asks for. */
import { createSecretKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

/** The algorithms that are compared. */
export type BenchAlgorithm = 'HS256' | 'RS256' | 'ES256' | 'EdDSA';

/** One algorithm's keys. */
export interface BenchKeys {
  readonly algorithm: BenchAlgorithm;
  readonly signing: KeyObject;
  readonly verifying: KeyObject;
  /** As fast-jwt wants them: text or bytes. */
  readonly signingText: string | Buffer;
  readonly verifyingText: string | Buffer;
}

/** Fresh keys for an algorithm. */
export function keysFor(algorithm: BenchAlgorithm): BenchKeys {
  if (algorithm === 'HS256') {
    const secret = randomBytes(32);
    const key = createSecretKey(secret);
    return { algorithm, signing: key, verifying: key, signingText: secret, verifyingText: secret };
  }
  const { privateKey, publicKey } = pairFor(algorithm);
  return {
    algorithm,
    signing: privateKey,
    verifying: publicKey,
    signingText: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    verifyingText: publicKey.export({ type: 'spki', format: 'pem' }),
  };
}

function pairFor(algorithm: Exclude<BenchAlgorithm, 'HS256'>): {
  privateKey: KeyObject;
  publicKey: KeyObject;
} {
  switch (algorithm) {
    case 'RS256':
      return generateKeyPairSync('rsa', { modulusLength: 2048 });
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'EdDSA':
      return generateKeyPairSync('ed25519');
  }
}
