/**
 * `pnpm test`: type-checks and tests every package through turbo, then sums their reports up.
 * Arguments go to turbo: `pnpm test --force`, `pnpm test --filter=@tokenwright/jwt`.
 */
import { clearReports, printSummary } from './test-summary.ts';
import { turbo } from './turbo.ts';

clearReports();
const failed = turbo(['typecheck', 'test', '--continue', '--output-logs=new-only', ...process.argv.slice(2)]);
const { failed: failedTests, passed } = printSummary();
if (passed === 0) console.error('No test has run.');
process.exit(failed !== 0 ? failed : failedTests > 0 || passed === 0 ? 1 : 0);
