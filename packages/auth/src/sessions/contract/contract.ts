/** The contract that every store of sessions is held to, for whatever test runner there is. */
import type { ContractCase, OpenStore } from './contract-case.js';
import { counterCases } from './counter-cases.js';
import { crashCases } from './crash-cases.js';
import { revocationCases } from './revocation-cases.js';
import { rotationCases } from './rotation-cases.js';

export type { ContractCase, OpenedStore, OpenStore } from './contract-case.js';

/**
 * The contract of a store, a case a sentence. A store holds it when all of them resolve.
 *
 * @param open opens an empty store with the given clock. A case closes what it has opened.
 * @example
 * ```ts
 * describe('my store', () => {
 *   for (const { name, run } of storeContract(async (clock) => ({ store: myStore({ clock }) }))) it(name, run);
 * });
 * ```
 */
export function storeContract(open: OpenStore): readonly ContractCase[] {
  return [rotationCases, revocationCases, crashCases, counterCases].flatMap((cases) => cases(open));
}
