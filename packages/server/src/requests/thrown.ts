/** Reads what was thrown. It may be anything: an error whose members throw, a proxy, its own cause. */

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
