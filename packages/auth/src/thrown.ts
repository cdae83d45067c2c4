/** What is thrown on when something of the application's own failed. */

/**
 * The error as it is, or one that says who threw nothing: Koa answers nothing at all to a thrown `undefined` or `null`,
 * and the client would wait for ever.
 */
export function thrown(error: unknown, who: string): unknown {
  return error ?? new Error(`${who} failed without an error`);
}

const ofSchemes = new WeakSet<object>();

/** Notes that an error comes from a scheme; gives it back, or one that says who threw nothing. */
export function thrownByScheme(error: unknown, kind: string): unknown {
  const known = thrown(error, `the scheme ${kind}`);
  if (typeof known === 'object' && known !== null) ofSchemes.add(known);
  return known;
}

/**
 * Whether an error was thrown by a scheme, by its verifier, check or store. Its message, and those of its causes, may hold
 * the credential that was looked at (CWE-532): a log should have its type, code and stack frames alone.
 *
 * @param error what came with Koa's `error` event.
 * @example
 * ```ts
 * app.on('error', (error) => log.error(isSchemeError(error) ? { type: error.name, code: error.code } : { err: error }));
 * ```
 */
export function isSchemeError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && ofSchemes.has(error);
}
