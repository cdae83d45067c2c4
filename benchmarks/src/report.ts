/** Writes what was measured: a table of ratios on the terminal, JSON, and a chart. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Measurement } from './rounds.ts';

/** One case with everyone who took part; the first is the floor, which the ratios refer to. */
export interface CaseResult {
  readonly title: string;
  readonly measurements: readonly Measurement[];
}

const FOLDER = join(import.meta.dirname, '..', 'results');

/** Prints a case as a table. */
export function printCase({ title, measurements }: CaseResult): void {
  const floor = measurements[0]?.median ?? Number.NaN;
  console.log(`\n${title}`);
  for (const { name, median, quartiles } of measurements) {
    const [low, high] = quartiles;
    const spread = `±${(((high - low) / 2 / median) * 100).toFixed(0)} %`;
    const columns = [
      name.padEnd(24),
      `${median.toFixed(2).padStart(9)} µs`,
      spread.padStart(7),
      `${(median / floor).toFixed(2).padStart(8)} x`,
    ];
    console.log(`  ${columns.join('')}`);
  }
}

/** Writes all cases as JSON and as a chart. */
export function writeResults(cases: readonly CaseResult[]): void {
  mkdirSync(FOLDER, { recursive: true });
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length };
  writeFileSync(join(FOLDER, 'tokens.json'), `${JSON.stringify({ machine, cases }, undefined, 2)}\n`);
  writeFileSync(join(FOLDER, 'tokens.svg'), chart(cases));
}

const BAR = 16;
const LABEL = 190;
const WIDTH = 760;

/** Horizontal bars, a group a case, as multiples of the floor on a logarithmic scale. */
function chart(cases: readonly CaseResult[]): string {
  const most = Math.max(
    ...cases.flatMap(({ measurements }) =>
      measurements.map(({ median }) => median / (measurements[0]?.median ?? 1)),
    ),
  );
  const scale = (ratio: number): number =>
    (Math.log(Math.max(ratio, 1)) / Math.log(most)) * (WIDTH - LABEL - 90);
  const parts: string[] = [];
  let y = 24;
  for (const { title, measurements } of cases) {
    parts.push(`<text x="8" y="${y}" font-weight="bold">${title}</text>`);
    y += 10;
    const floor = measurements[0]?.median ?? 1;
    for (const { name, median } of measurements.slice(1)) {
      const ratio = median / floor;
      const fill = name.startsWith('tokenwright') ? '#2f6f4f' : '#8a8f98';
      parts.push(`<text x="${LABEL - 8}" y="${y + 12}" text-anchor="end">${name}</text>`);
      parts.push(
        `<rect x="${LABEL}" y="${y + 2}" width="${(scale(ratio) + 2).toFixed(1)}" height="${BAR - 4}" fill="${fill}"/>`,
      );
      parts.push(
        `<text x="${(LABEL + scale(ratio) + 8).toFixed(1)}" y="${y + 12}">${ratio.toFixed(2)} x</text>`,
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
