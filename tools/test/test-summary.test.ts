import { describe, expect, it } from 'vitest';
import { rowsOf, type VitestReport, withOthers } from '../test-summary.ts';
import type { Task } from '../turbo.ts';

const PASSED: VitestReport = {
  success: true,
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 1,
  testResults: [{ status: 'passed', assertionResults: [{}] }],
};
const tested = (exitCode: number | undefined): Task => ({ task: 'test', directory: 'packages/x', exitCode });
const failures = (tasks: readonly Task[], report: VitestReport | undefined): number =>
  rowsOf(tasks, () => report).reduce((sum, { failed }) => sum + failed, 0);

describe('the summary of the tests', () => {
  it('counts what passed and what was skipped', () => {
    const [row] = rowsOf([tested(0)], () => PASSED);
    expect(row).toEqual({ name: 'packages/x', passed: 3, failed: 0, skipped: 2 });
  });

  it.each<[string, readonly Task[], VitestReport | undefined]>([
    ['a failed test', [tested(1)], { ...PASSED, success: false, numFailedTests: 1 }],
    ['a file that cannot be loaded', [tested(1)], broken()],
    ['a run that ends badly although every test passed', [tested(1)], PASSED],
    ['a report that says the run did not succeed', [tested(0)], { ...PASSED, success: false }],
    ['a missing report', [tested(0)], undefined],
    ['a wrong type', [tested(0), { task: 'typecheck', directory: 'packages/x', exitCode: 2 }], PASSED],
    ['a package that cannot be built', [{ task: 'build', directory: 'packages/x', exitCode: 2 }], undefined],
    ['turbo itself', [{ task: 'turbo', directory: '.', exitCode: 1 }], undefined],
  ])('counts %s as one failure', (_what, tasks, report) => {
    expect(failures(tasks, report)).toBe(1);
  });

  it('does not count a task that was not begun: what kept it from that is counted', () => {
    const failedBuild: Task = { task: 'build', directory: 'packages/x', exitCode: 2 };
    expect(failures([failedBuild, tested(undefined)], undefined)).toBe(1);
  });
});

describe('the sum of several commands', () => {
  const good = { name: 'test', rows: rowsOf([tested(0)], () => PASSED) };
  const bad = { name: 'test', rows: rowsOf([tested(1)], () => PASSED) };
  const failed = (...args: Parameters<typeof withOthers>): string[] =>
    withOthers(...args).flatMap((row) => (row.failed > 0 ? [row.name] : []));

  it('is without a failure when none failed', () => expect(failed([good], [])).toEqual([]));
  it('names a command that failed and has no tests', () =>
    expect(failed([good], ['check'])).toEqual(['check']));
  it('names a test run that failed before it had a result', () =>
    expect(failed([good], ['test'])).toEqual(['test']));
  it('counts a test run that failed once', () => expect(failed([bad], ['test'])).toEqual(['packages/x']));
  it('is a failure when nothing has run', () => expect(failed([], [])).toEqual(['no test has run']));
});

function broken(): VitestReport {
  return {
    ...PASSED,
    success: false,
    numPassedTests: 0,
    testResults: [{ status: 'failed', assertionResults: [] }],
  };
}
