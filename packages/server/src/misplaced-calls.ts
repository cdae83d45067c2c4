/** Words for calls on the wrong side of `enable()`. The types forbid them; JavaScript would say "is not a function". */

/**
 * Gives a class the methods that another has and it has not, each of which throws a TypeError.
 *
 * @param why - what it says of a call, such as `.get()`
 */
export function refuseCalls(target: object, others: object, why: (call: string) => string): void {
  for (const name of methodsOf(others)) {
    if (name in target) continue;
    Object.defineProperty(target, name, {
      value: () => {
        throw new TypeError(why(`.${name}()`));
      },
    });
  }
}

/** Those of a prototype and of the classes it extends. */
function methodsOf(prototype: object): readonly string[] {
  if (prototype === Object.prototype) return [];
  const own = Object.entries(Object.getOwnPropertyDescriptors(prototype))
    .filter(([name, { value }]) => typeof value === 'function' && name !== 'constructor')
    .map(([name]) => name);
  return [...own, ...methodsOf(Object.getPrototypeOf(prototype))];
}
