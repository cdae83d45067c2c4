/** What attacks are made from: one good token, the attacker's keys, and the service's where it is known. */
import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Key } from '@tokenwright/jwt';
import { inspect } from '@tokenwright/jwt/inspect';
import { usage } from '../failure.js';
import { type Attacker, type AttackerKey, materialOf, newAttacker } from './attacker.js';
import type { Lures } from './lures.js';
import { encoded, signedWith } from './signature.js';

/** The members of a header, or claims. */
export type Members = Readonly<Record<string, unknown>>;

/** The parts of a good token, and what bad ones are made of. */
export interface Forge {
  readonly good: string;
  readonly header: Members;
  readonly claims: Members;
  /** The three parts as they stand in the token. */
  readonly parts: readonly [header: string, payload: string, signature: string];
  /** What the good token names. */
  readonly algorithm: string;
  readonly attacker: Attacker;
  /** Where tokens point to; undefined where the service could not call there. */
  readonly lures: Lures | undefined;
  /** The public key as PEM, where it is known. */
  readonly publicPem: string | undefined;
  /** What signs, where it is known. */
  readonly signing: { readonly algorithm: string; readonly material: KeyObject } | undefined;
  /** The good token, signed again with the key; undefined where that is not known, or a public one. */
  readonly signedAgain: string | undefined;
}

/** @throws Failure for what is no signed token: there is nothing to make bad ones of. */
export async function forgeFrom(good: string, key: Key | undefined): Promise<Forge> {
  const { kind, header, claims, algorithm = '' } = inspect(good);
  const [head, payload, signature] = good.split('.');
  if (kind !== 'signed' || header === undefined || claims === undefined || !head || !payload || !signature) {
    throw usage('The good token is no signed token.', 'Give one that the service accepts, with --token.');
  }
  const signing = key?.canSign ? { algorithm: key.algorithm, material: materialOf(key) } : undefined;
  const members = claims as unknown as Members;
  return {
    good,
    header,
    claims: members,
    parts: [head, payload, signature],
    algorithm,
    attacker: await newAttacker(algorithm),
    lures: undefined,
    publicPem: key?.publicPem(),
    signing,
    signedAgain: signing && signed(signing, header, members),
  };
}

/** A token that nobody has signed. */
export function unsigned(header: unknown, payload: unknown, signature = ''): string {
  return `${encoded(JSON.stringify(header))}.${encoded(JSON.stringify(payload))}.${signature}`;
}

/** A token signed with a secret of the attacker's choice, by the good token's algorithm where that takes a secret. */
export function hmacSigned(
  secret: string,
  { header, claims, algorithm }: Forge,
  parameters: Members = {},
): string {
  const alg = hmacFor(algorithm);
  const material = createSecretKey(Buffer.from(secret));
  return signed({ algorithm: alg, material }, { ...header, alg, ...parameters }, claims);
}

/** A token that the attacker has signed, with a key that the parameters may lead to. */
export function byAttacker(
  { header, claims }: Forge,
  { algorithm, material, kid }: AttackerKey,
  parameters: Members,
): string {
  return signed({ algorithm, material }, { ...header, alg: algorithm, kid, ...parameters }, claims);
}

/** A token signed with a key and an algorithm, whatever its header says. */
export function signed(
  { algorithm, material }: { readonly algorithm: string; readonly material: KeyObject },
  header: Members,
  claims: Members,
): string {
  return signedWith(algorithm, material, JSON.stringify(header), JSON.stringify(claims));
}

function hmacFor(algorithm: string): string {
  return /^HS(?:256|384|512)$/.test(algorithm) ? algorithm : 'HS256';
}
