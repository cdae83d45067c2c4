/** Whether a policy is one: JavaScript may give the name of a role. */
import type { Policy } from '@tokenwright/auth';

/** Whether it has what `authorize` asks of a policy. */
export function isPolicy(given: unknown): given is Policy<object> {
  const { evaluate, describe } = (given ?? {}) as Partial<Policy<object>>;
  return typeof evaluate === 'function' && typeof describe === 'function';
}

/** @throws TypeError for what is given and no policy */
export function checkPolicy(given: unknown, where: string): void {
  if (given === undefined || isPolicy(given)) return;
  throw new TypeError(`${where}: policy is no policy. Give one, for example policy: hasRole('admin').`);
}
