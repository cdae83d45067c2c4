/**
 * Sums up what `pnpm test` and `pnpm test:e2e` have run, from the packages' own reports and from turbo's list of tasks:
 * whatever failed counts, whether or not it got as far as a test. Run by itself it prints the sum of both again; the names
 * of commands that failed, given as arguments, count one each where no failure of theirs is counted already.
 */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root, type Task } from './turbo.ts';

/** Numbers of tests. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** A line of the summary. */
export interface Row extends Counts {
  name: string;
}

/** What of a report of Vitest is counted. */
export interface VitestReport {
  success: boolean;
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

/** The file in a package's `.reports/` that each task leaves; other tasks leave none. */
const REPORTS: Readonly<Record<string, string>> = { test: 'test.json', 'test:e2e': 'e2e.json' };
const RUNS = join(root, '.reports', 'runs');

/** Removes earlier reports, so that only what this run tests, or takes from the cache, is counted. */
export function clearReports(run: 'e2e' | '*'): void {
  for (const file of globSync(`{packages/*,apps/*,docs,benchmarks}/.reports/${run}.json`, { cwd: root }))
    rmSync(join(root, file));
  for (const file of globSync(`${run}.json`, { cwd: RUNS })) rmSync(join(RUNS, file));
}

/** Remembers what turbo ran, for the sum over several runs. */
export function keepTasks(run: string, tasks: readonly Task[]): void {
  mkdirSync(RUNS, { recursive: true });
  writeFileSync(join(RUNS, `${run}.json`), JSON.stringify(tasks));
}

/** Prints a line for every package and, last, the sum: `N passed, N failed, N skipped`. */
export function printSummary(run = '*', failedCommands: readonly string[] = []): Counts {
  const runs = globSync(`${run}.json`, { cwd: RUNS })
    .sort()
    .map((file) => ({
      name: basename(file, '.json'),
      rows: rowsOf(JSON.parse(readFileSync(join(RUNS, file), 'utf8')) as Task[], readReport),
    }));
  const rows = withOthers(runs, failedCommands);
  const width = Math.max(...rows.map(({ name }) => name.length));
  console.log('');
  for (const row of rows) console.log(`${row.name.padEnd(width)}  ${inWords(row)}`);
  const sum: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of rows) {
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
  }
  console.log(inWords(sum));
  return sum;
}

/** The rows of all runs, with one for each failed command that has none, and one when nothing has run. */
export function withOthers(
  runs: readonly { name: string; rows: readonly Row[] }[],
  failedCommands: readonly string[],
): Row[] {
  const rows = runs.flatMap((one) => one.rows);
  const counted = runs.filter((one) => one.rows.some(({ failed }) => failed > 0)).map(({ name }) => name);
  const others = failedCommands.filter((name) => !counted.includes(name));
  if (!rows.some(({ passed, failed }) => passed + failed > 0) && others.length === 0)
    others.push('no test has run');
  return [...rows, ...others.map((name) => ({ name, passed: 0, failed: 1, skipped: 0 }))];
}

/** A row for each task that tests, and for each other that failed. */
export function rowsOf(
  tasks: readonly Task[],
  reportOf: (directory: string, file: string) => VitestReport | undefined,
): Row[] {
  return tasks.flatMap(({ task, directory, exitCode }) => {
    const file = REPORTS[task];
    if (file === undefined || exitCode === undefined)
      return exitCode === 0 || exitCode === undefined
        ? []
        : [{ name: `${directory} ${task}`, passed: 0, failed: 1, skipped: 0 }];
    const counts = countsOf(reportOf(directory, file));
    // Ended badly without a failed test: an error outside the tests, a wrong type in one, a configuration that throws.
    if (exitCode !== 0 && counts.failed === 0) counts.failed = 1;
    return [{ name: task === 'test' ? directory : `${directory} ${task}`, ...counts }];
  });
}

/** No report is a failure, and so is one of a run that did not succeed or a file that could not be loaded. */
function countsOf(report: VitestReport | undefined): Counts {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  const failed = report.numFailedTests + broken.length;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !report.success ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function readReport(directory: string, file: string): VitestReport | undefined {
  const path = join(root, directory, '.reports', file);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as VitestReport) : undefined;
}

function inWords({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

if (import.meta.main) printSummary('*', process.argv.slice(2));
