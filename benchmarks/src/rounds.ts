/** Measures contenders in interleaved rounds, so that whatever else the machine does meets all of them alike. */
import { type Summary, summary } from './statistics.ts';

/** One way to do the work. */
export interface Contender {
  readonly name: string;
  /** Does the work once; `index` counts up. */
  readonly work: (index: number) => unknown;
}

/** What was measured of a contender: microseconds per operation. */
export interface Measurement extends Summary {
  readonly name: string;
  /** The multiple of what the first contender took in the same round: a machine that is slow for a while was slow for both. */
  readonly ratio: Summary;
}

/** How long to measure. */
export interface Effort {
  readonly rounds: number;
  /** How long a contender works in each round, in milliseconds. */
  readonly roundTime: number;
}

/** Measures each contender in each round, in turn; answers medians over the rounds. Ratios refer to the first. */
export async function measure(contenders: readonly Contender[], effort: Effort): Promise<Measurement[]> {
  const counts = new Map<Contender, number>();
  for (const contender of contenders) counts.set(contender, await calibrate(contender, effort.roundTime));
  const times = new Map(contenders.map((contender) => [contender, [] as number[]]));
  for (let round = 0; round < effort.rounds; round += 1) {
    for (const contender of rotated(contenders, round)) {
      const count = counts.get(contender) ?? 1;
      times.get(contender)?.push(((await timed(contender, count)) * 1000) / count);
    }
  }
  const [first = []] = times.values();
  return [...times].map(([{ name }, taken]) => ({
    name,
    ...summary(taken),
    ratio: summary(taken.map((time, round) => time / (first[round] ?? Number.NaN))),
  }));
}

/** How often a contender can work in the time, after it was warmed up. */
async function calibrate(contender: Contender, roundTime: number): Promise<number> {
  let count = 16;
  for (;;) {
    const elapsed = await timed(contender, count);
    if (elapsed >= roundTime) return Math.max(1, Math.round((count * roundTime) / elapsed));
    count *= 2;
  }
}

/** Milliseconds for so many operations. A promise is waited for; what answers at once costs no waiting. */
async function timed({ work }: Contender, count: number): Promise<number> {
  const isAsync = work(0) instanceof Promise;
  const start = performance.now();
  if (isAsync) for (let index = 0; index < count; index += 1) await work(index);
  else for (let index = 0; index < count; index += 1) work(index);
  return performance.now() - start;
}

function rotated<T>(list: readonly T[], by: number): T[] {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
