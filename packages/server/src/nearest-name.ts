/** What a misspelt name was probably meant to be, and the refusal of option names that do not exist. */

/** The known name nearest to the one given, when it is near enough to be a slip; by Levenshtein distance. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(given.length / 3)) + 1;
  for (const name of known) {
    const distance = editDistance(given.toLowerCase(), name.toLowerCase());
    if (distance < least) {
      best = name;
      least = distance;
    }
  }
  return best;
}

/**
 * Refuses an option nobody reads. From JavaScript a slip such as `tsl: 'self-signed'` would otherwise
 * quietly mean plain HTTP.
 *
 * @throws TypeError when `options` is no object or has a name that is not in `known`
 */
export function refuseUnknownOptions(options: object, known: readonly string[], where: string): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${where} takes an object with the options ${known.join(', ')}.`);
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const meant = nearestName(name, known);
    const advice = meant === undefined ? '' : ` Did you mean '${meant}'?`;
    throw new TypeError(`${where} has no option '${name}'.${advice} It knows ${known.join(', ')}.`);
  }
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
