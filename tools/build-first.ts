/**
 * Before a package's tests: builds it and what it depends on, because tests that start processes use `dist`.
 * Turbo has already done so when it is the one that runs the tests.
 */
import { execFileSync } from 'node:child_process';
import { relative } from 'node:path';
import type { TestProject } from 'vitest/node';
import { QUIET, root } from './turbo.ts';

export function setup(project: TestProject): void {
  if (process.env['TURBO_HASH'] !== undefined) return;
  const folder = project.config.root;
  execFileSync(
    'pnpm',
    [
      ...['exec', 'turbo', 'run', 'build', '--output-logs=errors-only'],
      `--filter=./${relative(root, folder)}`,
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, ...QUIET } },
  );
}
