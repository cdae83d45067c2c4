/** How a careless service reads and verifies tokens: what the library does not do has to be written here. */
import { constants, createHmac, createPublicKey, createSecretKey, type KeyObject, verify } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { JwtValidator, Key } from '@tokenwright/jwt';

export type Members = Record<string, unknown>;

/** A token as a careless service reads it. */
export interface Read {
  readonly token: string;
  readonly header: Members;
  readonly claims: Members;
  /** What is signed. */
  readonly input: string;
  readonly signature: string;
}

/** What a service needs to be careless with. */
export interface Knowledge {
  readonly key: Key;
  readonly validator: JwtValidator;
  readonly issuer: string;
  readonly audience: string;
}

/** Answers true where a careless service accepts. */
export type Carelessness = (request: IncomingMessage, knowledge: Knowledge) => boolean | Promise<boolean>;

/** A service that reads a token as JSON, and refuses what is none. */
export function reading(
  accepts: (read: Read, knowledge: Knowledge) => boolean | Promise<boolean>,
): Carelessness {
  return async (request, knowledge) => {
    try {
      return await accepts(readToken(request), knowledge);
    } catch {
      return false;
    }
  };
}

/** The token of a request. @throws what JSON.parse throws. */
export function readToken({ headers }: IncomingMessage): Read {
  const token = headers.authorization?.replace(/^Bearer /, '') ?? '';
  const [h = '', p = '', signature = ''] = token.split('.');
  const header = JSON.parse(Buffer.from(h, 'base64url').toString()) as Members;
  const claims = JSON.parse(Buffer.from(p, 'base64url').toString()) as Members;
  return { token, header, claims, input: `${h}.${p}`, signature };
}

/** The key that the service verifies with. */
export function materialOf(key: Key): KeyObject {
  return key.isSecret
    ? createSecretKey(Buffer.from(String(key.exportPrivateJwk()['k']), 'base64url'))
    : createPublicKey(key.publicPem() ?? '');
}

/** Any of the keys that a JWK, a PEM or a certificate holds. */
export function imported(key: unknown): KeyObject {
  if (typeof key === 'string') return createPublicKey(key);
  const jwk = key as { kty: string; k?: string };
  return jwk.kty === 'oct'
    ? createSecretKey(Buffer.from(jwk.k ?? '', 'base64url'))
    : createPublicKey({ key: jwk as never, format: 'jwk' });
}

/** Whether a signature is that of a key, by the algorithm of this name. */
export function verifies(alg: string, key: KeyObject, input: string, signature: string): boolean {
  const [hash, bytes, data] = [`sha${alg.slice(2)}`, Buffer.from(signature, 'base64url'), Buffer.from(input)];
  if (alg.startsWith('HS')) return hmac(alg, key, input) === signature;
  if (alg.startsWith('ES')) return verify(hash, data, { key, dsaEncoding: 'ieee-p1363' }, bytes);
  if (alg.startsWith('RS')) return verify(hash, data, key, bytes);
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return verify(hash, data, { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }, bytes);
}

/** Whether a token was signed with a shared secret, by whichever HMAC its header names. */
export function madeWith({ header, input, signature }: Read, secret: string | Buffer): boolean {
  const alg = String(header['alg']);
  return /^HS\d{3}$/.test(alg) && hmac(alg, secret, input) === signature;
}

function hmac(alg: string, secret: string | Buffer | KeyObject, input: string): string {
  return createHmac(`sha${alg.slice(2)}`, secret as string)
    .update(input)
    .digest('base64url');
}
