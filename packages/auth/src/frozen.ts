/** Freezes values, and tells what can no longer change. Both end at cycles, and neither trusts a shallow freeze. */

/** Freezes an object and all that it holds, but for binary data, which cannot be. */
export function frozenDeep(root: object): object {
  // A Set is walked on into what is added meanwhile.
  const reached = new Set<object>([root]);
  for (const value of reached) {
    if (ArrayBuffer.isView(value)) continue;
    Object.freeze(value);
    addInner(reached, value);
  }
  return root;
}

/** Whether nothing in an object can change: all of it is frozen, and lists and plain objects throughout. */
export function isFrozenDeep(root: object): boolean {
  const reached = new Set<object>([root]);
  for (const value of reached) {
    // A frozen Date or Map changes all the same.
    if (!Object.isFrozen(value) || !isPlain(value)) return false;
    addInner(reached, value);
  }
  return true;
}

function addInner(reached: Set<object>, value: object): void {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null) reached.add(inner);
  }
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
