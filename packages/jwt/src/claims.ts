/** Claims (RFC 7519 §4): their types, the marks that tell verified from merely read, and what a claim's value may be. */
import { InvalidOption } from './errors.js';
import { MAX_DEPTH } from './json.js';

/** The claims this package knows by name (RFC 7519 §4.1, RFC 9068 §2.2, OpenID Connect Core §2); all else is unknown. */
export interface Claims {
  /** Issuer (RFC 7519 §4.1.1). */
  readonly iss?: string;
  /** Subject (RFC 7519 §4.1.2). */
  readonly sub?: string;
  /** Audience (RFC 7519 §4.1.3). */
  readonly aud?: string | readonly string[];
  /** Expiration time in seconds since 1970 (RFC 7519 §4.1.4). */
  readonly exp?: number;
  /** Not before, in seconds since 1970 (RFC 7519 §4.1.5). */
  readonly nbf?: number;
  /** Issued at, in seconds since 1970 (RFC 7519 §4.1.6). */
  readonly iat?: number;
  /** JWT ID (RFC 7519 §4.1.7). */
  readonly jti?: string;
  /** When the subject authenticated, in seconds since 1970 (RFC 9068 §2.2.1). */
  readonly auth_time?: number;
  readonly name?: string;
  readonly roles?: readonly string[];
  /** Scopes, separated by spaces (RFC 8693 §4.2). */
  readonly scope?: string;
  readonly [claim: string]: unknown;
}

declare const verified: unique symbol;
declare const unverified: unique symbol;

/** Claims of a token that was verified. Only this package makes them. */
export type Verified<C extends object = Claims> = Readonly<C> & { readonly [verified]: true };

/** Claims that were only read: anybody can have written them. */
export type Unverified<C extends object = Claims> = Readonly<C> & { readonly [unverified]: true };

/** The registered claims that the builder has calls of their own for, with the call to use. */
const OWN_CALLS: ReadonlyMap<string, string> = new Map([
  ['iss', 'issuer()'],
  ['sub', 'subject()'],
  ['aud', 'audience()'],
  ['exp', 'validFor() or expiresAt()'],
  ['nbf', 'notBefore()'],
  ['iat', 'clock()'],
  ['jti', 'jwtId()'],
]);

/**
 * A frozen copy of a claim of one's own.
 *
 * @throws InvalidOption for an empty name, a claim that has a call of its own, or a value that JSON cannot carry as it is.
 */
export function checkedClaim(name: string, value: unknown): unknown {
  if (typeof name !== 'string' || name === '') {
    throw new InvalidOption('claim', 'has no name', "Name it: claim('tier', 3).");
  }
  const call = OWN_CALLS.get(name);
  if (call !== undefined) throw new InvalidOption(`claim ${name}`, 'is reserved', `Use ${call}.`);
  return jsonCopy(value, `claim ${name}`, 1);
}

/**
 * A frozen deep copy of a JSON value.
 *
 * @throws InvalidOption for what JSON would drop, change or fail on: undefined, functions, symbols, bigints, NaN, dates,
 * class instances, circles.
 */
export function jsonCopy(value: unknown, where: string, depth = 1): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value;
    throw new InvalidOption(where, `is ${value}, which JSON does not have`, 'Give a finite number.');
  }
  if (typeof value !== 'object') {
    throw new InvalidOption(where, `is a ${typeof value}, which JSON does not have`, 'Give a JSON value.');
  }
  if (value instanceof Date) {
    throw new InvalidOption(
      where,
      'is a Date',
      'Tokens hold seconds since 1970: Math.floor(date.getTime() / 1000).',
    );
  }
  if (depth >= MAX_DEPTH)
    throw new InvalidOption(where, 'is nested too deep, or in a circle', 'Make it flatter.');
  if (Array.isArray(value)) {
    return Object.freeze(
      Array.from(value, (entry, index) => jsonCopy(entry, `${where}[${index}]`, depth + 1)),
    );
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) {
    throw new InvalidOption(where, 'is an instance of a class', 'Give a plain object.');
  }
  // fromEntries defines members instead of assigning them, so that one named __proto__ stays a member.
  return Object.freeze(
    Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, jsonCopy(inner, `${where}.${name}`, depth + 1)]),
    ),
  );
}
