/** Runs turbo on this workspace, quiet about itself. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The workspace's folder. */
export const root: string = join(import.meta.dirname, '..');

/** Runs a command in the workspace, its output shown; answers its exit code. */
export function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): number {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: {
      ...process.env,
      TURBO_TELEMETRY_DISABLED: '1',
      TURBO_NO_UPDATE_NOTIFIER: '1',
      DO_NOT_TRACK: '1',
      ...env,
    },
  });
  if (error !== undefined) throw error;
  return status ?? 1;
}

/** `turbo run …`; answers its exit code. */
export function turbo(args: readonly string[]): number {
  return run('turbo', ['run', ...args]);
}
