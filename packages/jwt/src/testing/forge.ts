/** Makes tokens that no builder makes: any header, any payload, any signature. */
import { createHmac } from 'node:crypto';
import type { Claims } from '../claims.js';
import type { Key } from '../keys/key.js';
import type { RefusalCode } from '../reasons.js';
import type { ProtectedHeader } from '../token.js';

/** What bad tokens are made of: a good one, and the keys of both sides. */
export interface Forge {
  /** The token that all others are made from. */
  readonly good: string;
  readonly header: ProtectedHeader;
  readonly claims: Claims;
  /** Seconds since 1970. */
  readonly now: number;
  /** The issuer's key. */
  readonly key: Key;
  /** A key of the same algorithm and key ID that is not the issuer's. */
  readonly otherKey: Key;
  /** Where a validator must not look, because a token says so. */
  readonly url: string;
}

/** A bad token before the catalogue has judged how it travels. */
export interface Draft {
  /** For programs: words with hyphens. */
  readonly name: string;
  readonly description: string;
  readonly token: string;
  /** Like the token, but for the one thing that is wrong with it. Default: the token that all others are made from. */
  readonly twin?: string;
  readonly code: RefusalCode;
  /** The attack's row in the project's catalogue of attacks. */
  readonly row: `L${number}`;
}

/** Changes to a token; a change to undefined takes a member away. */
export interface Changes {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** The forge's good token with changes, and a good signature. */
export function changed(forge: Forge, { header, claims }: Changes, key: Key = forge.key): string {
  return signed({ ...forge.header, ...header }, { ...forge.claims, ...claims }, key);
}

/** A token of exactly this header and payload, with a signature of the key. Text and bytes stay as they are. */
export function signed(header: unknown, payload: unknown, key: Key): string {
  return signedParts(encoded(header), encoded(payload), key);
}

/** A token of exactly these two parts, however they are spelled, with a signature of the key over them. */
export function signedParts(header: string, payload: string, key: Key): string {
  const input = `${header}.${payload}`;
  return `${input}.${key.sign(input)}`;
}

/** A token with an HMAC of any secret, also of none. */
export function hmacSigned(
  header: unknown,
  payload: unknown,
  secret: string | Uint8Array,
  bits = 256,
): string {
  const input = `${encoded(header)}.${encoded(payload)}`;
  return `${input}.${createHmac(`sha${bits}`, secret).update(input).digest('base64url')}`;
}

export function encoded(part: unknown): string {
  const bytes = part instanceof Uint8Array || typeof part === 'string' ? part : JSON.stringify(part);
  return Buffer.from(bytes as string).toString('base64url');
}

/** The JSON of claims with one more that is spelled exactly so: for numbers and names that JSON.stringify does not write. */
export function withSpelled(members: object, name: string, value: string): string {
  const { [name as never]: _replaced, ...others } = members as Record<string, unknown>;
  return `${JSON.stringify(others).slice(0, -1)},${JSON.stringify(name)}:${value}}`;
}

/** The three parts of a signed token. */
export function partsOf(token: string): [header: string, payload: string, signature: string] {
  const [header = '', payload = '', signature = ''] = token.split('.');
  return [header, payload, signature];
}
