/** Writes what was measured of signing and verifying: a table of ratios on the terminal, JSON, and a chart. */
import { barChart } from './bars.ts';
import { keep, keepChart, machine } from './results.ts';
import type { Measurement } from './rounds.ts';
import { spread } from './statistics.ts';

/** One case with everyone who took part; the first is the floor, which the ratios refer to. */
export interface CaseResult {
  readonly title: string;
  readonly measurements: readonly Measurement[];
}

/** Prints a case as a table. */
export function printCase({ title, measurements }: CaseResult): void {
  console.log(`\n${title}`);
  for (const { name, median, ratio } of measurements) {
    const columns = [
      name.padEnd(24),
      `${median.toFixed(2).padStart(9)} µs`,
      `${ratio.median.toFixed(2).padStart(8)} x`,
      spread(ratio).padStart(7),
    ];
    console.log(`  ${columns.join('')}`);
  }
}

/** Keeps all cases as JSON and as a chart. */
export function keepCases(cases: readonly CaseResult[]): void {
  keep('tokens', { machine: machine(), cases });
  keepChart('tokens', chart(cases));
}

/** As multiples of the floor, on a logarithmic scale: jose is fifty times slower than what is compared here. */
function chart(cases: readonly CaseResult[]): string {
  const groups = cases.map(({ title, measurements }) => ({
    title,
    bars: measurements.slice(1).map(({ name, ratio }) => ({ name, value: ratio.median })),
  }));
  return barChart('Time per operation as a multiple of the bare crypto operation', groups, {
    share: (value, most) => Math.log(Math.max(value, 1)) / Math.log(most),
    text: (value) => `${value.toFixed(2)} x`,
  });
}
