/** Signs whatever it is given, odd headers and all: what the library refuses to do, an attacker does. */
import { constants, createHmac, type KeyObject, sign } from 'node:crypto';

/** A JWS in compact form with these parts, signed with the algorithm, which need not be the one the header names. */
export function signedWith(alg: string, key: KeyObject, header: string, payload: string): string {
  const input = `${encoded(header)}.${encoded(payload)}`;
  return `${input}.${signatureOf(alg, key, input).toString('base64url')}`;
}

/** Text as base64url. */
export function encoded(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function signatureOf(alg: string, key: KeyObject, input: string): Buffer {
  const hash = `sha${alg.slice(2)}`;
  const data = Buffer.from(input);
  switch (alg.slice(0, 2)) {
    case 'HS':
      return createHmac(hash, key).update(data).digest();
    case 'RS':
      return sign(hash, data, key);
    case 'PS':
      return sign(hash, data, {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      });
    case 'ES':
      return sign(hash, data, { key, dsaEncoding: 'ieee-p1363' });
    default:
      // EdDSA and ML-DSA hash by themselves.
      return sign(null, data, key);
  }
}
