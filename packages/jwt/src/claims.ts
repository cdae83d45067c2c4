/** Claims (RFC 7519 §4): their types, the marks that tell verified from merely read, and what a claim's value may be. */
import { InvalidOption } from './errors.js';
import { isObject, MAX_DEPTH } from './json.js';

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

/** A scope, or several with a blank between them (RFC 6749 §3.3). */
const SCOPES = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/;

interface Shape {
  fits(value: unknown): boolean;
  readonly fault: string;
  readonly fix: string;
}

/** What the registered claims must be that may be set as one's own: in another form they would be signed and read by nobody. */
const SHAPES: ReadonlyMap<string, Shape> = new Map([
  ['name', { fits: isText, fault: 'is not a non-empty string', fix: 'Use name().' }],
  [
    'client_id',
    { fits: isText, fault: 'is not a non-empty string', fix: 'Give the ID of the client as text.' },
  ],
  [
    'roles',
    {
      fits: (value: unknown) => Array.isArray(value) && value.every(isText),
      fault: 'is no list of non-empty strings (RFC 9068 §2.2.3.1)',
      fix: "Use roles('admin', 'editor').",
    },
  ],
  [
    'scope',
    {
      fits: (value: unknown) => typeof value === 'string' && SCOPES.test(value),
      fault: 'is no text of scopes with one blank between them (RFC 8693 §4.2)',
      fix: "Use scopes('read', 'write').",
    },
  ],
  [
    'auth_time',
    {
      // In milliseconds the session would begin in a far future, and never be over.
      fits: (value: unknown) => typeof value === 'number' && Math.abs(value) < 1e11,
      fault: 'is no number of seconds since 1970',
      fix: 'Give Math.floor(date.getTime() / 1000).',
    },
  ],
]);

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/**
 * Frozen copies of claims of one's own.
 *
 * @throws InvalidOption for what is no plain object: of a promise, a Map or a list nothing would be signed; and as
 * {@link checkedClaim} does.
 */
export function checkedClaims(claims: unknown): Readonly<Record<string, unknown>> {
  const prototype: unknown = isObject(claims) ? Object.getPrototypeOf(claims) : undefined;
  if (!isObject(claims) || (prototype !== null && prototype !== Object.prototype)) {
    throw new InvalidOption(
      'claims',
      'is no plain object',
      'Give one: { tier: 3 }. Await a promise first; a Map becomes one with Object.fromEntries(map).',
    );
  }
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [name, checkedClaim(name, value)] as const),
  );
}

/**
 * A frozen copy of a claim of one's own.
 *
 * @throws InvalidOption for an empty name, a claim that has a call of its own, a registered one that is not in its form, or a
 * value that JSON cannot carry as it is.
 */
export function checkedClaim(name: string, value: unknown): unknown {
  if (typeof name !== 'string' || name === '') {
    throw new InvalidOption('claim', 'has no name', "Name it: claim('tier', 3).");
  }
  const call = OWN_CALLS.get(name);
  if (call !== undefined) throw new InvalidOption(`claim ${name}`, 'is reserved', `Use ${call}.`);
  const copy = jsonCopy(value, `claim ${name}`, 1);
  const shape = SHAPES.get(name);
  if (shape === undefined || shape.fits(copy)) return copy;
  throw new InvalidOption(`claim ${name}`, shape.fault, shape.fix);
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
    const what = value === undefined ? 'undefined' : `a ${typeof value}`;
    throw new InvalidOption(where, `is ${what}, which JSON does not have`, 'Give a JSON value.');
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
