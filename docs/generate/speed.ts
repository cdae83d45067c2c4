/** How fast it is: the charts and tables of what `pnpm bench` has measured last, from benchmarks/results. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import { root } from '../blocks/pages.ts';
import { table } from './markdown.ts';

/** What a benchmark writes as JSON. The first of each case is the floor, which the others are compared with. */
interface Results {
  readonly machine: { readonly node: string; readonly cpu?: string; readonly cores: number };
  readonly cases: readonly {
    readonly title: string;
    readonly measurements: readonly {
      readonly name: string;
      /** Microseconds. */
      readonly median: number;
      /** The multiples of the first, round by round. */
      readonly ratio: { readonly median: number; readonly quartiles: readonly [number, number] };
    }[];
  }[];
}

const FOLDER = join(root, 'benchmarks/results');
const NOTHING =
  'Nothing has been measured in this checkout yet: `npx -y pnpm bench` does, and writes the chart.';

/** The chart of the tokens, for a page that stands at `page`; in one line where it has not been measured. */
export function chart(page: string, folder: string = FOLDER): string {
  const file = join(folder, 'tokens.svg');
  if (!existsSync(file)) return NOTHING;
  const link = posix.relative(posix.dirname(page), relative(root, file).replaceAll('\\', '/'));
  return `![Time to sign and to verify a token, this project and others, as a multiple of the bare operation of node:crypto](${link})`;
}

/** A table for each case of each benchmark, and the machine. */
export function measured(folder: string = FOLDER): string {
  const files = existsSync(folder) ? globSync('*.json', { cwd: folder }).sort() : [];
  const parts = files.flatMap((file) => {
    const results = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Partial<Results>;
    return isComplete(results) ? [partOf(results)] : [];
  });
  return parts.length === 0 ? NOTHING : parts.join('\n\n');
}

/** Other benchmarks may write other things; those are not for this table. */
function isComplete(results: Partial<Results>): results is Results {
  const { machine, cases } = results;
  if (machine === undefined || !Array.isArray(cases)) return false;
  return (cases as Partial<Results['cases'][number]>[]).every(({ measurements }) =>
    measurements?.every(({ ratio }) => typeof ratio?.median === 'number'),
  );
}

function partOf({ machine, cases }: Results): string {
  const tables = cases.map(({ title, measurements }) => {
    const rows = measurements.map(({ name, median, ratio }) => {
      const [low, high] = ratio.quartiles;
      const spread = `±${(((high - low) / 2 / ratio.median) * 100).toFixed(0)} %`;
      return [name, median.toFixed(2), ratio.median.toFixed(2), spread];
    });
    return `**${title}**\n\n${table(['', 'µs', 'times the first', 'middle half'], rows)}`;
  });
  const where = `Node.js ${machine.node.replace(/^v/, '')}, ${machine.cores} cores of ${machine.cpu ?? 'an unnamed processor'}.`;
  return [...tables, where].join('\n\n');
}
