/** Sums up the reports that the packages' test runs leave in `.reports/`; run by itself it prints the sum again. */
import { globSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from './turbo.ts';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

const REPORTS = '{packages/*,apps/*,docs}/.reports/*.json';

/** Removes earlier reports, so that only what this run tests, or takes from the cache, is counted. */
export function clearReports(): void {
  for (const file of globSync(REPORTS, { cwd: root })) rmSync(join(root, file));
}

/** Prints a line for every report and, last, the sum: `N passed, N failed, N skipped`. */
export function printSummary(): Counts {
  const sum: Counts = { passed: 0, failed: 0, skipped: 0 };
  const rows = globSync(REPORTS, { cwd: root }).sort().map(readReport);
  const width = Math.max(0, ...rows.map(({ name }) => name.length));
  console.log('');
  for (const { name, counts } of rows) {
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.skipped += counts.skipped;
    console.log(`${name.padEnd(width)}  ${inWords(counts)}`);
  }
  console.log(inWords(sum));
  return sum;
}

function readReport(file: string): { name: string; counts: Counts } {
  const report = JSON.parse(readFileSync(join(root, file), 'utf8')) as VitestReport;
  // A file that cannot even be loaded has no tests to count, and is a failure all the same.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return {
    name: relative('.', dirname(dirname(file))),
    counts: {
      passed: report.numPassedTests,
      failed: report.numFailedTests + broken.length,
      skipped: report.numPendingTests + report.numTodoTests,
    },
  };
}

function inWords({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

if (import.meta.main) printSummary();
