/** Reads what was thrown. It may be anything: an error whose members throw, a proxy, its own cause, or nothing at all. */

/**
 * What was thrown, as something: a rejection with null or undefined becomes an error. To Koa's `onerror` both mean that
 * all is well, as to a callback of Node, and the request would never be answered.
 */
export function somethingThrown(thrown: unknown): unknown {
  return thrown ?? new Error(`${thrown} was thrown, which says nothing of what failed`);
}

/** Whether it is an error; what cannot even be asked is none. */
export function isError(thrown: unknown): thrown is Error {
  try {
    return thrown instanceof Error;
  } catch {
    return false;
  }
}

/** A member of an error; undefined also where reading it throws. */
export function member(error: Error, name: string): unknown {
  try {
    return (error as unknown as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}
