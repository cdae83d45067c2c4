/** Finds the name that a misspelt one was meant to be. */

/** What to do about the unknown name of an algorithm. */
export function oneOf(algorithms: readonly string[], given: unknown): string {
  const meant = nearest(String(given), algorithms);
  return `${meant === undefined ? '' : `Did you mean ${meant}? `}The algorithms are ${algorithms.join(', ')}.`;
}

/** Of several names the one that differs least: in at most a third of its letters, or two; undefined when none does. */
export function nearest(given: string, names: readonly string[]): string | undefined {
  const short = given.slice(0, 40);
  const slips = Math.max(2, Math.floor(short.length / 3));
  const [best] = names
    .map((name) => ({ name, distance: editDistance(short.toLowerCase(), name.toLowerCase()) }))
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
