/** Policies under names, so that routes say what they ask for and a misspelt name is found at the start. */
import { isPolicy, type Policy } from './policies.js';

/** Gives the policy of a name. @throws TypeError for a name that is not there. */
export type NamedPolicies<Names extends string, Claims extends object> = (name: Names) => Policy<Claims>;

/**
 * Puts policies under names. The answer is a function from a name to its policy; a name that is not there does not
 * compile, and where types are not checked it throws when the route is made, not at the first request. In the log such
 * a policy is described by its name and what stands behind it.
 *
 * @throws TypeError for no policies, an empty name, or what is no policy.
 * @example
 * ```ts
 * const may = namedPolicies({ staff: anyOf(hasRole('admin'), hasScope('write')) });
 * router.get('/orders', authenticate(bearer(validator)), authorize(may('staff')), (ctx) => { ctx.body = []; });
 * ```
 */
export function namedPolicies<Names extends string, Claims extends object = object>(
  table: Readonly<Record<Names, Policy<Claims>>>,
): NamedPolicies<Names, Claims> {
  // A Map, because an object has names that nobody gave it: constructor, toString, __proto__.
  const policies = new Map<string, Policy<Claims>>();
  for (const [name, policy] of Object.entries<Policy<Claims>>(table)) policies.set(name, named(name, policy));
  if (policies.size === 0) throw new TypeError("namedPolicies() needs policies: { staff: hasRole('staff') }");
  return (name) => {
    const policy = policies.get(name);
    if (policy !== undefined) return policy;
    throw new TypeError(
      `there is no policy ${JSON.stringify(name)}; there are: ${[...policies.keys()].join(', ')}`,
    );
  };
}

function named<Claims extends object>(name: string, policy: Policy<Claims>): Policy<Claims> {
  if (name === '') throw new TypeError('namedPolicies() got a policy with an empty name');
  if (!isPolicy(policy)) {
    throw new TypeError(
      `namedPolicies() takes policies, for example hasRole('admin'); ${JSON.stringify(name)} is none`,
    );
  }
  return Object.freeze({
    describe: () => `${name} (${policy.describe()})`,
    scope: policy.scope,
    evaluate: (principal) => policy.evaluate(principal),
  } satisfies Policy<Claims>);
}
