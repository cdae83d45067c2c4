/** What is said of a list of measurements: its median, and between what the middle half of it lies. */

/** A summary; with few rounds the quartiles are rounds themselves. */
export interface Summary {
  readonly median: number;
  readonly quartiles: readonly [number, number];
}

export function summary(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: at(sorted, 0.5), quartiles: [at(sorted, 0.25), at(sorted, 0.75)] };
}

/** The value that `share` of an ascending list lie at or below. */
export function at(sorted: readonly number[], share: number): number {
  return sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN;
}

/** Half of the distance between the quartiles, as a share of the median. */
export function spread({ median, quartiles: [low, high] }: Summary): string {
  return `±${(((high - low) / 2 / median) * 100).toFixed(0)} %`;
}
