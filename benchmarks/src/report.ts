/** Writes what was measured of signing and verifying: a table of ratios on the terminal, JSON, and a chart. */
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

const BAR = 16;
const LABEL = 190;
const WIDTH = 760;

/** Horizontal bars, a group a case, as multiples of the floor on a logarithmic scale. */
function chart(cases: readonly CaseResult[]): string {
  const most = Math.max(
    ...cases.flatMap(({ measurements }) => measurements.map(({ ratio }) => ratio.median)),
  );
  const scale = (multiple: number): number =>
    (Math.log(Math.max(multiple, 1)) / Math.log(most)) * (WIDTH - LABEL - 90);
  const parts: string[] = [];
  let y = 24;
  for (const { title, measurements } of cases) {
    parts.push(`<text x="8" y="${y}" font-weight="bold">${title}</text>`);
    y += 10;
    for (const { name, ratio } of measurements.slice(1)) {
      const multiple = ratio.median;
      const fill = name.startsWith('tokenwright') ? '#2f6f4f' : '#8a8f98';
      parts.push(`<text x="${LABEL - 8}" y="${y + 12}" text-anchor="end">${name}</text>`);
      parts.push(
        `<rect x="${LABEL}" y="${y + 2}" width="${(scale(multiple) + 2).toFixed(1)}" height="${BAR - 4}" fill="${fill}"/>`,
      );
      parts.push(
        `<text x="${(LABEL + scale(multiple) + 8).toFixed(1)}" y="${y + 12}">${multiple.toFixed(2)} x</text>`,
      );
      y += BAR;
    }
    y += 24;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" font-family="system-ui, sans-serif" font-size="12" fill="currentColor" role="img" aria-label="Time per operation as a multiple of the bare crypto operation">
<rect width="100%" height="100%" fill="#fff"/>
<g fill="#1c1f24">
${parts.join('\n')}
</g>
</svg>
`;
}
