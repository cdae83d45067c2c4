/** Options that may be given more than once. */

/** Adds one use of an option to those before it. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
