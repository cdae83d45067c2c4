/** The keys of the attacker: of the algorithm that the service uses, for it may look at no other. */
import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { generateKey, type Key, type SignatureAlgorithmName } from '@tokenwright/jwt';
import { type CertificateChain, certificateChain } from './certificate.js';

/** A key of the attacker. */
export interface AttackerKey {
  readonly algorithm: SignatureAlgorithmName;
  readonly material: KeyObject;
  /** What a token or an address gives away for it to be verified with: the public part, or the secret itself. */
  readonly jwk: Readonly<Record<string, unknown>>;
  readonly kid: string;
}

/** What an attacker has. */
export interface Attacker {
  /** Of the good token's algorithm. */
  readonly key: AttackerKey;
  /** One that certificates can be about: the same, except where that is a secret. */
  readonly pair: AttackerKey;
  readonly chain: CertificateChain;
}

/** An attacker with new keys. @param algorithm what the good token names; ES256 where nobody here can make a key for it. */
export async function newAttacker(algorithm: string): Promise<Attacker> {
  const key = await keyFor(algorithm);
  const pair = key.material.type === 'secret' ? await keyFor('ES256') : key;
  return { key, pair, chain: certificateChain(createPublicKey(pair.material)) };
}

async function keyFor(algorithm: string): Promise<AttackerKey> {
  const key = await generated(algorithm as SignatureAlgorithmName).catch(() => generated('ES256'));
  const jwk = key.publicJwk() ?? key.exportPrivateJwk();
  return { algorithm: key.algorithm, material: materialOf(key), jwk, kid: KID };
}

/** A secret has no thumbprint to be named by, and every key is better found under a name. */
const KID = 'attacker';

function generated(algorithm: SignatureAlgorithmName): Promise<Key> {
  // Made for one run: a larger one would only take longer.
  const bits = /^[RP]S/.test(algorithm) ? { bits: 2048 } : {};
  return generateKey(algorithm, { kid: KID, ...bits });
}

/** What signs. @throws InvalidKey for a key whose source forbids to export it. */
export function materialOf(key: Key): KeyObject {
  return key.isSecret
    ? createSecretKey(Buffer.from(String(key.exportPrivateJwk()['k']), 'base64url'))
    : createPrivateKey(key.exportPrivatePem());
}
