/** Refuses options that nobody reads: from JavaScript, a slip such as `throtle` would quietly ask for nothing. */

/** The options there are, each as a member: the compiler asks for every one, and takes no other. */
export type OptionNames<Options extends object> = Readonly<Record<keyof Options, true>>;

/** Of a name that there is not, so much is said again: a stranger may have chosen it. */
const MAX_NAME = 40;

/**
 * @param where what the options are given to, for people: `basic()`.
 * @throws TypeError for what is no object, and for a name that is not among those known, with the nearest that is. An option
 * that there is may be undefined.
 */
export function checkOptionNames<Options extends object>(
  options: Options,
  known: OptionNames<NoInfer<Options>>,
  where: string,
): void {
  const names = Object.keys(known);
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`${where} takes an object with the options ${names.join(', ')}`);
  }
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(known, name)) continue;
    const given = name.slice(0, MAX_NAME);
    const meant = nearest(given, names);
    const advice = meant === undefined ? '' : ` Did you mean ${meant}?`;
    throw new TypeError(
      `${where} has no option ${JSON.stringify(given)}.${advice} There are: ${names.join(', ')}`,
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
