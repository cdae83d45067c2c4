/** Whether the two halves of an encryption key belong together: neither Node.js nor OpenSSL compares what a JWK states. */
import {
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
} from 'node:crypto';
import { InvalidKey } from '../errors.js';

/**
 * What is encrypted for the one half, the other must decrypt; else tokens would be lost to everybody.
 *
 * @throws InvalidKey for halves of two keys.
 */
export function checkHalves(privateKey: KeyObject, publicKey: KeyObject): void {
  try {
    if (
      publicKey.asymmetricKeyType === 'rsa' ? decrypts(privateKey, publicKey) : agrees(privateKey, publicKey)
    )
      return;
  } catch {
    // Halves that fit so badly that OpenSSL stumbles over them.
  }
  throw new InvalidKey(
    'The private key and the public key do not belong together.',
    'Take both from the same place; one of them was changed or mixed up.',
  );
}

const PROBE = Buffer.from('probe');

function decrypts(privateKey: KeyObject, publicKey: KeyObject): boolean {
  return privateDecrypt(privateKey, publicEncrypt(publicKey, PROBE)).equals(PROBE);
}

function agrees(privateKey: KeyObject, publicKey: KeyObject): boolean {
  const namedCurve = publicKey.asymmetricKeyDetails?.namedCurve;
  const other =
    namedCurve === undefined ? generateKeyPairSync('x25519') : generateKeyPairSync('ec', { namedCurve });
  const [ours, theirs] = [
    diffieHellman({ privateKey, publicKey: other.publicKey }),
    diffieHellman({ privateKey: other.privateKey, publicKey }),
  ];
  return ours.equals(theirs);
}
