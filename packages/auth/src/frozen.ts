/** Freezes values, and tells what can no longer change. Both end at cycles, and neither trusts a shallow freeze. */

/** Freezes an object and all that it holds, but for binary data, which cannot be. */
export function frozenDeep(root: object): object {
  if (ArrayBuffer.isView(root)) return root;
  Object.freeze(root);
  let reached: Set<object> | undefined;
  for (const value of Object.values(root)) {
    if (typeof value !== 'object' || value === null) continue;
    // Claims are flat but for lists of strings: what these need is done here, without a set of what was reached.
    if (isListOfPrimitives(value)) {
      Object.freeze(value);
      continue;
    }
    reached ??= new Set([root]);
    reached.add(value);
  }
  if (reached !== undefined) freezeReached(reached);
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

/** A Set is walked on into what is added meanwhile. */
function freezeReached(reached: Set<object>): void {
  for (const value of reached) {
    if (ArrayBuffer.isView(value)) continue;
    Object.freeze(value);
    addInner(reached, value);
  }
}

function addInner(reached: Set<object>, value: object): void {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null) reached.add(inner);
  }
}

/** A list may have further members, which its length does not tell. */
function isListOfPrimitives(value: object): boolean {
  if (!Array.isArray(value) || value.length > 16) return false;
  return Object.values(value).every((inner) => typeof inner !== 'object' || inner === null);
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
