/** Refuses what is given for a policy and is none: JavaScript may give the name of a role. */
import { isPolicy } from '@tokenwright/auth';

/** @throws TypeError for what is given and no policy */
export function checkPolicy(given: unknown, where: string): void {
  if (given === undefined || isPolicy(given)) return;
  throw new TypeError(`${where}: policy is no policy. Give one, for example policy: hasRole('admin').`);
}
