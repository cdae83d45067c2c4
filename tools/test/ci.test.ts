import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Files, Workspace } from './workspace.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const MACHINE = ['bash', 'sh', 'sed', 'dirname', 'id', 'env'];
const PASSED = JSON.stringify({
  success: true,
  numPassedTests: 7,
  numFailedTests: 0,
  numPendingTests: 2,
  numTodoTests: 0,
  testResults: [],
});
/** What `pnpm test` leaves. */
const TESTED: Files = {
  '.reports/runs/test.json': JSON.stringify([{ task: 'test', directory: 'packages/jwt', exitCode: 0 }]),
  'packages/jwt/.reports/test.json': PASSED,
};

describe('.ci/run', () => {
  it('runs the README’s test command, then the rest with the pnpm of package.json, and ends with what was counted', () => {
    const { status, stdout, calls } = ci(TESTED);
    expect(calls('npx')).toEqual([
      '-y pnpm test',
      '-y pnpm@1.2.3 check',
      '-y pnpm@1.2.3 test:e2e',
      '-y pnpm@1.2.3 check:matrix',
      '-y pnpm@1.2.3 exec node tools/test-summary.ts',
    ]);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('7 passed, 0 failed, 2 skipped');
    expect(status).toBe(0);
  });

  it.each<[string, string]>([
    ['the tests', '"-y pnpm test"'],
    ['the checks', '"-y pnpm@1.2.3 check"'],
    ['the tests in a browser', '"-y pnpm@1.2.3 test:e2e"'],
    ['the runtimes', '"-y pnpm@1.2.3 check:matrix"'],
  ])('goes on when %s fail, counts that as a failure, and fails', (_what, failing) => {
    const { status, stdout, calls } = ci(TESTED, failing);
    expect(calls('npx')).toHaveLength(5);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('7 passed, 1 failed, 2 skipped');
    expect(status).toBe(1);
  });

  it('ends with that line also when nothing can be counted', () => {
    const { status, stdout } = ci({}, '*');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('0 passed, 1 failed, 0 skipped');
    expect(status).toBe(1);
  });

  it('installs a browser and a Redis where there is none, so that no test of theirs is skipped', () => {
    const installed = ci(TESTED)
      .calls('apt-get')
      .filter((call) => call.includes('install'));
    expect(installed.map((call) => call.split(' ').at(-1))).toEqual(['chromium', 'redis-server']);
    expect(ci({ ...TESTED, 'bin/chromium': '', 'bin/valkey-server': '' }).calls('apt-get')).toEqual([]);
  });
});

/** Runs it where npx and apt-get only note how they were called; npx fails when its arguments match the pattern. */
function ci(files: Files, failing = '""') {
  const note = (name: string): string => `echo "$*" >> '${name}.calls'`;
  const summary = `*exec*) shift 4; exec '${process.execPath}' --disable-warning=ExperimentalWarning "$@" ;;`;
  const { folder } = new Workspace({
    '.ci/run': readFileSync(join(ROOT, '.ci/run'), 'utf8'),
    'bin/npx': `#!/bin/sh\n${note('npx')}\ncase "$*" in ${failing}) exit 1 ;; ${summary} esac\n`,
    'bin/apt-get': `#!/bin/sh\n${note('apt-get')}\n`,
    'bin/sudo': '#!/bin/sh\nshift\nexec "$@"\n',
    ...files,
  });
  // Nothing else of the machine: whether it has a browser or a Redis must not matter.
  for (const program of MACHINE) symlinkSync(pathOf(program), join(folder, 'bin', program));
  const env = { PATH: join(folder, 'bin') };
  const { status, stdout } = spawnSync('bash', ['.ci/run'], { cwd: folder, encoding: 'utf8', env });
  const calls = (name: string): string[] => {
    const file = join(folder, `${name}.calls`);
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  };
  return { status, stdout, calls };
}

function pathOf(program: string): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = folders.map((folder) => join(folder, program)).find((file) => existsSync(file));
  if (found === undefined) throw new Error(`this test needs ${program}`);
  return found;
}
