/** The ways to break a token. What takes a key is made by the server; the rest is done here, as an attacker would. */
import { inspect } from '@tokenwright/jwt/inspect';
import { encodeText } from './base64url.ts';

/** A way to break a token: done here, or by the server's `POST /lab/broken`. */
export interface Breaker {
  readonly name: string;
  /** What is done to the token, in a few words. */
  readonly what: string;
  /** What to see in the answer. */
  readonly point: string;
  readonly by: ((token: string) => string) | ServerFault;
}

/** The faults that take a key. */
export type ServerFault = 'expired' | 'another key' | 'another audience' | 'session over';

export const BREAKERS: readonly Breaker[] = [
  {
    name: 'Expire it',
    what: 'The same claims, an hour that is over',
    point: 'Signed with the right key, and still refused: its exp has passed, tolerance included.',
    by: 'expired',
  },
  {
    name: 'Change a claim',
    what: 'name becomes mallory, signature kept',
    point: 'One claim was changed after signing, so the signature is no longer one of this payload.',
    by: changeClaim,
  },
  {
    name: 'Cut the signature',
    what: 'Half of the third part is missing',
    point: 'Header and payload are as they were. What vouches for them is not.',
    by: cutSignature,
  },
  {
    name: 'alg: none',
    what: 'The header asks for no check, the signature is gone',
    point:
      'A token without a signature is none: the algorithm comes from the configuration, never from the token (RFC 8725 §3.1).',
    by: algorithmNone,
  },
  {
    name: 'Another key',
    what: 'Well made, by somebody else',
    point: 'A complete token with a good signature, only not one of a key that is trusted here.',
    by: 'another key',
  },
  {
    name: 'Another audience',
    what: 'Signed here, for another service',
    point: 'The right key signed it, but for somebody else: a token for one service opens no other.',
    by: 'another audience',
  },
];

/** Changes `name` in the payload and leaves the signature as it was. What cannot be read is changed blindly. */
export function changeClaim(token: string): string {
  const { claims } = inspect(token);
  const parts = token.split('.');
  const at = parts.length === 5 ? 3 : 1;
  const part = parts[at] ?? '';
  // Whoever is called mallory already becomes somebody else, or nothing would have changed.
  const name = claims?.['name'] === 'mallory' ? 'eve' : 'mallory';
  parts[at] =
    claims === undefined
      ? `${part.startsWith('AAAA') ? 'BBBB' : 'AAAA'}${part.slice(4)}`
      : encodeText(JSON.stringify({ ...claims, name }));
  return parts.join('.');
}

/** Keeps half of the last part, in whole groups of four characters so that it stays base64url. */
export function cutSignature(token: string): string {
  const start = token.lastIndexOf('.') + 1;
  const kept = Math.floor((token.length - start) / 8) * 4;
  return token.slice(0, start + kept);
}

/** Says `alg: none` in the header and takes the signature away (RFC 7515 §6). */
export function algorithmNone(token: string): string {
  const { header } = inspect(token);
  const [, payload = ''] = token.split('.');
  return `${encodeText(JSON.stringify({ ...header, alg: 'none' }))}.${payload}.`;
}
