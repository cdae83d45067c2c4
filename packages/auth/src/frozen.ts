/** Freezes values, copies those that are not ours to freeze, and tells what can no longer change. All of it ends at cycles. */

/**
 * Freezes an object, and the lists and plain objects in it at any depth. What else it holds, an entity of a database or a Date,
 * stays as it is: that works only as long as it can change.
 */
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
    if (!isPlain(value)) continue;
    reached ??= new Set([root]);
    reached.add(value);
  }
  if (reached !== undefined) freezeReached(reached);
  return root;
}

/**
 * A copy of an object that is the application's own, for us to freeze: its members, and the lists and plain objects in it at any
 * depth. What else it holds is the same in the copy.
 */
export function copied<Value extends object>(root: Value): Value {
  return copyOf(root, new Map()) as Value;
}

function copyOf(value: object, known: Map<object, object>): object {
  const copy: object = Array.isArray(value) ? [] : {};
  known.set(value, copy);
  for (const [name, inner] of Object.entries(value)) {
    const isCopied = typeof inner === 'object' && inner !== null && isPlain(inner);
    // Not assigned: `__proto__` is a member like any other.
    Object.defineProperty(copy, name, {
      value: isCopied ? (known.get(inner) ?? copyOf(inner, known)) : inner,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return copy;
}

/** Whether nothing in an object can change: all of it is frozen, and lists and plain objects throughout. */
export function isFrozenDeep(root: object): boolean {
  const reached = new Set<object>([root]);
  for (const value of reached) {
    // A frozen Date or Map changes all the same.
    if (!Object.isFrozen(value) || !isPlain(value)) return false;
    for (const inner of Object.values(value)) {
      if (typeof inner === 'object' && inner !== null) reached.add(inner);
    }
  }
  return true;
}

/** A Set is walked on into what is added meanwhile. */
function freezeReached(reached: Set<object>): void {
  for (const value of reached) {
    Object.freeze(value);
    for (const inner of Object.values(value)) {
      if (typeof inner === 'object' && inner !== null && isPlain(inner)) reached.add(inner);
    }
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
