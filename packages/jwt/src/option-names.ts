/** Refuses options that nobody reads: from JavaScript, a slip such as `requiredClaim` would quietly ask for nothing. */
import { InvalidOption } from './errors.js';

/**
 * @param known the options there are, each as a member.
 * @param where the call they are given to, for people.
 * @throws InvalidOption for what is no object, and for a name that is not among them, with the nearest that is.
 */
export function checkOptionNames(
  options: unknown,
  known: Readonly<Record<string, true>>,
  where: string,
): void {
  const names = Object.keys(known);
  const list = `${where} takes ${names.join(', ')}.`;
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new InvalidOption('options', 'is no object with options', list);
  }
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(known, name)) continue;
    const given = name.slice(0, 40);
    const meant = nearest(given, names);
    throw new InvalidOption(
      given,
      `is no option of ${where}`,
      meant === undefined ? list : `Did you mean ${meant}?`,
    );
  }
}

/** The name that a misspelt one was probably meant to be: at most a third of its letters, or two, are others. */
function nearest(given: string, names: readonly string[]): string | undefined {
  const slips = Math.max(2, Math.floor(given.length / 3));
  const [best] = names
    .map((name) => ({ name, distance: editDistance(given.toLowerCase(), name.toLowerCase()) }))
    .filter(({ distance }) => distance <= slips)
    .sort((one, other) => one.distance - other.distance);
  return best?.name;
}

/** How many letters have to be put in, left out or exchanged to make one of the other (Levenshtein). */
function editDistance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const exchanged = (above[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      line.push(Math.min(exchanged, (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1));
    }
    above = line;
  }
  return above[other.length] ?? 0;
}
