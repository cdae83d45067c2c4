/** The one who was authenticated: what a handler sees as `ctx.state.auth`. */
import { frozenDeep } from './frozen.js';

/** Any claims at all, as a principal carries them. */
export type PrincipalClaims = Readonly<Record<string, unknown>>;

/**
 * Who made the request, as one scheme established it. Frozen, lists and claims included, but for claims that are neither plain
 * objects nor lists, such as a Date or an entity of a database: those are the application's own, and the same here.
 *
 * `token` is there when the scheme had one; it is not enumerable, so that logging a principal never prints it.
 */
export interface Principal<Claims extends object = PrincipalClaims> {
  /** The kind of scheme that established it: `Basic`, `Bearer`, … */
  readonly scheme: string;
  /** The stable identifier: `sub` of a token, the user name of Basic. */
  readonly subject: string;
  /** A name for people; the subject where nothing better is known. */
  readonly name: string;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  readonly claims: Claims;
  readonly token?: string;
}

/** What a scheme says about a principal; everything but the subject has a default. */
export interface PrincipalFacts<Claims extends object = PrincipalClaims> {
  scheme: string;
  subject: string;
  name?: string | undefined;
  roles?: readonly string[] | undefined;
  scopes?: readonly string[] | undefined;
  claims?: Claims | undefined;
  token?: string | undefined;
}

/**
 * Makes a frozen {@link Principal}. Claims are not copied: they are frozen in place, with the lists and plain objects in them. The
 * schemes of this package give it copies of what is the application's own, such as the users of a Map.
 *
 * @throws TypeError when roles or scopes are a string, whose letters would become roles.
 * @example
 * ```ts
 * const principal = createPrincipal({ scheme: 'Basic', subject: 'admin', roles: ['admin'] });
 * principal.name; // 'admin'
 * ```
 */
export function createPrincipal<Claims extends object = PrincipalClaims>(
  facts: PrincipalFacts<Claims>,
): Principal<Claims> {
  const principal: Principal<Claims> = {
    scheme: facts.scheme,
    subject: facts.subject,
    name: facts.name ?? facts.subject,
    roles: frozenList('roles', facts.roles),
    scopes: frozenList('scopes', facts.scopes),
    claims: frozenDeep(facts.claims ?? {}) as Claims,
  };
  if (facts.token !== undefined) {
    Object.defineProperty(principal, 'token', { value: facts.token, enumerable: false });
  }
  return Object.freeze(principal);
}

const NONE: readonly string[] = Object.freeze([]);

function frozenList(what: string, list: readonly string[] = []): readonly string[] {
  if (typeof list === 'string') throw new TypeError(`${what} must be a list of strings`);
  return list.length === 0 ? NONE : Object.freeze([...list]);
}
