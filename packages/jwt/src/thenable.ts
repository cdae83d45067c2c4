/** Promises of any kind: of another realm, of a library of its own, or a database query that runs when it is awaited. */

/** Whether a value must be waited for. One that is not is no answer yet, and must not be taken for one. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}
