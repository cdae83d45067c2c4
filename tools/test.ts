/**
 * `pnpm test`: type-checks and tests every package through turbo, then sums their reports up. `pnpm test:e2e` is the same
 * with `--end-to-end`. Other arguments go to turbo: `pnpm test --force`, `pnpm test --filter=@tokenwright/jwt`.
 */
import { clearReports, keepTasks, printSummary } from './test-summary.ts';
import { turboTasks } from './turbo.ts';

const END_TO_END = '--end-to-end';
const endToEnd = process.argv.includes(END_TO_END);
const run = endToEnd ? 'e2e' : 'test';
// A browser, a Redis and several processes each want the machine for themselves: one package after the other.
const tasks = endToEnd ? ['test:e2e', '--concurrency=1'] : ['typecheck', 'test'];
const args = process.argv.slice(2).filter((arg) => arg !== END_TO_END);

clearReports(endToEnd ? 'e2e' : '*');
keepTasks(run, turboTasks([...tasks, '--continue', '--output-logs=new-only', ...args]));
const { failed } = printSummary(run);
process.exit(failed > 0 ? 1 : 0);
