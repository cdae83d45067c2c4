/** What attacks are made from: one good token, and the key where there is one. */
import { createPrivateKey, createSecretKey } from 'node:crypto';
import type { Key } from '@tokenwright/jwt';
import { inspect } from '@tokenwright/jwt/inspect';
import { usage } from '../failure.js';
import { encoded, signedWith } from './signature.js';

type Members = Readonly<Record<string, unknown>>;

/** The parts of a good token, and ways to make bad ones of them. */
export interface Forge {
  readonly good: string;
  readonly header: Members;
  readonly claims: Members;
  /** The three parts as they stand in the token. */
  readonly parts: readonly [header: string, payload: string, signature: string];
  /** The public key as PEM, where it is known. */
  readonly publicPem: string | undefined;
  /** The good token, signed again with the key; undefined where that is not known, or a public one. */
  readonly signedAgain: string | undefined;
}

/** @throws Failure for what is no signed token: there is nothing to make bad ones of. */
export function forgeFrom(good: string, key: Key | undefined): Forge {
  const { kind, header, claims } = inspect(good);
  const [head, payload, signature] = good.split('.');
  if (kind !== 'signed' || header === undefined || claims === undefined || !head || !payload || !signature) {
    throw usage('The good token is no signed token.', 'Give one that the service accepts, with --token.');
  }
  return {
    good,
    header,
    claims: claims as unknown as Members,
    parts: [head, payload, signature],
    publicPem: key?.publicPem(),
    signedAgain: key?.canSign ? signedAgain(key, header, claims as unknown as Members) : undefined,
  };
}

/** A token that nobody has signed. */
export function unsigned(header: unknown, payload: unknown, signature = ''): string {
  return `${encoded(JSON.stringify(header))}.${encoded(JSON.stringify(payload))}.${signature}`;
}

/** A token signed with a secret of the attacker's choice. */
export function hmacSigned(secret: string, header: Members, claims: Members): string {
  return signedWith(
    'HS256',
    createSecretKey(Buffer.from(secret)),
    JSON.stringify(header),
    JSON.stringify(claims),
  );
}

function signedAgain(key: Key, header: Members, claims: Members): string {
  const jwk = key.exportPrivateJwk();
  const material = key.isSecret
    ? createSecretKey(Buffer.from(String(jwk['k']), 'base64url'))
    : createPrivateKey({ key: jwk as Record<string, string>, format: 'jwk' });
  return signedWith(key.algorithm, material, JSON.stringify(header), JSON.stringify(claims));
}
