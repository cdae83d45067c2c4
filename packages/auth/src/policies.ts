/** Policies: what a principal must be or have, as values that describe themselves. */
import type { Principal, PrincipalClaims } from './principal.js';

/** What a policy says of a principal; a refusal names the part that failed, for the log. */
export type Verdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly because: string; readonly scope?: string | undefined };

/**
 * A rule over principals.
 *
 * @example
 * ```ts
 * const staff: Policy = anyOf(hasRole('admin'), hasScope('write'));
 * staff.describe(); // 'role admin or scope write'
 * ```
 */
export interface Policy<Claims extends object = PrincipalClaims> {
  describe(): string;
  /** The scopes that every principal needs for it, with blanks between (RFC 6750 §3). Undefined where it needs none. */
  readonly scope?: string | undefined;
  evaluate(principal: Principal<Claims>): Verdict | Promise<Verdict>;
}

/** RFC 6749 §3.3: `scope-token`. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

const ALLOWED: Verdict = Object.freeze({ allowed: true });

/**
 * The principal has this role, exactly (RFC 9068 §2.2.3.1).
 *
 * @throws TypeError for a name that is empty, and for more than one.
 * @example
 * ```ts
 * router.get('/admin', authenticate(bearer(validator)), authorize(hasRole('admin')), (ctx) => { ctx.body = 'hi'; });
 * ```
 */
export function hasRole(role: string): Policy<object>;
export function hasRole(role: string, ...more: unknown[]): Policy<object> {
  checkedAlone('hasRole', more);
  const name = checkedName('hasRole', role);
  return leaf(`role ${name}`, ({ roles }) => roles.includes(name));
}

/**
 * The principal has this scope, exactly (RFC 6749 §3.3). A refusal names it in the challenge. Scopes of a token are those of
 * its `scope`, or else of `scp`, and those of `permissions`.
 *
 * @throws TypeError for what is no single scope, and for more than one.
 * @example
 * ```ts
 * const mayPay = hasScope('orders:pay');
 * mayPay.describe(); // 'scope orders:pay'
 * ```
 */
export function hasScope(scope: string): Policy<object>;
export function hasScope(scope: string, ...more: unknown[]): Policy<object> {
  checkedAlone('hasScope', more);
  const name = checkedName('hasScope', scope);
  if (!SCOPE_TOKEN.test(name)) {
    throw new TypeError(
      'hasScope() takes one scope of printable ASCII without spaces, quotes and backslashes (RFC 6749 §3.3); for several use allOf() or anyOf()',
    );
  }
  return leaf(`scope ${name}`, ({ scopes }) => scopes.includes(name), name);
}

/**
 * The principal has this claim; with a value, exactly that value.
 *
 * @throws TypeError for a value that is `undefined`, as a missing setting is: it would ask for less than was meant.
 * @example
 * ```ts
 * const verified = hasClaim('email_verified', true);
 * verified.describe(); // 'claim email_verified = true'
 * ```
 */
export function hasClaim(claim: string, ...values: [] | [string | number | boolean]): Policy<object> {
  const name = checkedName('hasClaim', claim);
  const [value] = values;
  if (values.length > 0 && !['string', 'number', 'boolean'].includes(typeof value)) {
    throw new TypeError(
      'hasClaim() compares with a string, a number or a boolean; leave the value out for any',
    );
  }
  const description = value === undefined ? `claim ${name}` : `claim ${name} = ${JSON.stringify(value)}`;
  return leaf(description, ({ claims }) => {
    if (!Object.hasOwn(claims, name)) return false;
    return value === undefined || (claims as PrincipalClaims)[name] === value;
  });
}

/**
 * A rule of one's own. Only `true` allows: `undefined`, `1` or `'yes'` do not.
 *
 * @param name says what it asks for; it stands in the log.
 * @example
 * ```ts
 * const ownTeam = policy('member of team 7', (principal) => principal.claims['team'] === 7);
 * ```
 */
export function policy<Claims extends object = PrincipalClaims>(
  name: string,
  predicate: (principal: Principal<Claims>) => boolean | Promise<boolean>,
): Policy<Claims> {
  const description = checkedName('policy', name);
  if (typeof predicate !== 'function') throw new TypeError('policy() needs a function of a principal');
  return {
    describe: () => description,
    evaluate: async (principal) =>
      (await predicate(principal)) === true ? ALLOWED : { allowed: false, because: description },
  };
}

/**
 * Every one of the policies; the first that fails is the reason. When that is for want of a scope, the challenge names the
 * scopes of all parts: a client that asked for one after the other would have to come back for each.
 *
 * @throws TypeError for no policies, or what is none.
 * @example
 * ```ts
 * const mayRefund = allOf(hasRole('clerk'), hasScope('orders:read'), hasScope('orders:refund'));
 * mayRefund.scope; // 'orders:read orders:refund'
 * ```
 */
export function allOf<Claims extends object>(...policies: Policy<Claims>[]): Policy<Claims> {
  checkedParts('allOf', policies);
  const scope = union(policies.map((part) => part.scope));
  return {
    describe: () => policies.map((part) => nested(part)).join(' and '),
    scope,
    evaluate: async (principal) => {
      for (const part of policies) {
        const verdict = await verdictOf(part, principal);
        if (verdict.allowed === true) continue;
        return verdict.scope === undefined ? verdict : { ...verdict, scope: union([scope, verdict.scope]) };
      }
      return ALLOWED;
    },
  };
}

/**
 * At least one of the policies. Its refusal names no scope in the challenge: there is a choice, and asking for all of them
 * would be asking for more than is needed.
 *
 * @throws TypeError for no policies, or what is none.
 * @example
 * ```ts
 * const staff = anyOf(hasRole('admin'), hasScope('write'));
 * staff.describe(); // 'role admin or scope write'
 * ```
 */
export function anyOf<Claims extends object>(...policies: Policy<Claims>[]): Policy<Claims> {
  checkedParts('anyOf', policies);
  return {
    describe: () => policies.map((part) => nested(part)).join(' or '),
    evaluate: async (principal) => {
      const reasons: string[] = [];
      for (const part of policies) {
        const verdict = await verdictOf(part, principal);
        if (verdict.allowed === true) return ALLOWED;
        reasons.push(verdict.because);
      }
      return { allowed: false, because: `none of: ${reasons.join(', ')}` };
    },
  };
}

/**
 * The opposite of a policy.
 *
 * @throws TypeError for what is no policy.
 * @example
 * ```ts
 * const human = not(hasRole('robot'));
 * human.describe(); // 'not role robot'
 * ```
 */
export function not<Claims extends object>(inner: Policy<Claims>): Policy<Claims> {
  checkedParts('not', [inner]);
  const description = `not ${nested(inner)}`;
  return {
    describe: () => description,
    evaluate: async (principal) => {
      const verdict = await verdictOf(inner, principal);
      return verdict.allowed === false ? ALLOWED : { allowed: false, because: description };
    },
  };
}

function leaf(
  description: string,
  holds: (principal: Principal<object>) => boolean,
  scope?: string,
): Policy<object> {
  const refused: Verdict = Object.freeze({ allowed: false, because: description, scope });
  return {
    describe: () => description,
    scope,
    evaluate: (principal) => (holds(principal) ? ALLOWED : refused),
  };
}

/**
 * Whether a value is a policy, with all that a refusal asks of one: what cannot describe itself would fail there first.
 *
 * @example
 * ```ts
 * isPolicy(hasRole('admin')); // true
 * isPolicy('admin'); // false
 * ```
 */
export function isPolicy(value: unknown): value is Policy<object> {
  const policy = value as Partial<Policy> | null | undefined;
  return typeof policy?.evaluate === 'function' && typeof policy.describe === 'function';
}

/**
 * What a policy says of a principal.
 *
 * @throws TypeError for a policy that says nothing, as one that forgets its `return` does; and whatever it throws.
 */
export async function verdictOf<Claims extends object>(
  policy: Policy<Claims>,
  principal: Principal<Claims>,
): Promise<Verdict> {
  const verdict: unknown = await policy.evaluate(principal);
  if (verdict !== undefined && verdict !== null) return verdict as Verdict;
  throw new TypeError(
    `the policy "${policy.describe()}" gave no verdict; evaluate() must answer { allowed }`,
  );
}

function union(scopes: readonly (string | undefined)[]): string | undefined {
  const names = scopes.flatMap((scope) => scope?.split(' ') ?? []);
  return names.length === 0 ? undefined : [...new Set(names)].join(' ');
}

function nested(part: Policy<never>): string {
  const description = part.describe();
  return / (and|or) /.test(description) ? `(${description})` : description;
}

function checkedName(of: string, name: string): string {
  if (typeof name !== 'string' || name === '') throw new TypeError(`${of}() needs a non-empty name`);
  return name;
}

/** The second of two would not be asked for. An index is none: `roles.map(hasRole)` hands it on. */
function checkedAlone(of: string, more: readonly unknown[]): void {
  if (more.length === 0 || typeof more[0] === 'number') return;
  throw new TypeError(`${of}() takes one name; for several use anyOf(${of}(…), ${of}(…)) or allOf(…)`);
}

function checkedParts(of: string, parts: readonly unknown[]): void {
  if (parts.length === 0)
    throw new TypeError(`${of}() of nothing would decide by accident; name at least one policy`);
  if (!parts.every(isPolicy)) throw new TypeError(`${of}() takes policies, for example hasRole('admin')`);
}
