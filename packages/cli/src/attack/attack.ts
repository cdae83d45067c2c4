/** What an attack is, and what it is judged by. */
import type { Forge } from './forge.js';
import type { LureName } from './lures.js';

/** What is sent, beside what every request has. */
export interface AttackRequest {
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /** Added to the address. */
  readonly query?: string;
}

/** A named attack. */
export interface Attack {
  /** Stable: reports and baselines go by it. */
  readonly name: string;
  readonly group: Group;
  /** What a service that falls for it does wrong, with where that is written. */
  readonly why: string;
  /**
   * What a good service answers: 401 to a bad token, 400 or 401 to a request that cannot be read (RFC 6750 §3.1), and 401
   * without an error to no token at all.
   */
  readonly expects: 'invalid token' | 'invalid request' | 'no token';
  /** `should`: being accepted is a weakness and no fault, because services may differ in it. Default `must`. */
  readonly level?: 'must' | 'should';
  /** Where the token points to: a service that calls there has a fault, whatever it answers. */
  readonly lure?: LureName;
  /** What is missing where the request is undefined, as it is told. */
  readonly needs?: 'a public key: --key' | 'the key that signs: --key' | 'a service on this machine';
  /** Undefined where the token at hand does not lend itself to it, or the key that it needs is not known. */
  readonly request: (forge: Forge) => AttackRequest | undefined;
}

/** What an attack goes against. */
export type Group = 'request' | 'form' | 'signature' | 'key' | 'signed';

/** A request with a bearer token; undefined where there is none. */
export function withToken(token: string | undefined): AttackRequest | undefined {
  return token === undefined ? undefined : { headers: ['Authorization', `Bearer ${token}`] };
}
