/** Runs turbo on this workspace, without telemetry. By itself, `node tools/turbo.ts run build`, it is `turbo run build`. */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The workspace's folder. */
export const root: string = join(import.meta.dirname, '..');

/** What keeps turbo from reporting its use and from looking for a newer version. */
export const QUIET: Readonly<Record<string, string>> = {
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  DO_NOT_TRACK: '1',
};

/** A task of one package, as turbo ran it. */
export interface Task {
  readonly task: string;
  /** The package's folder, relative to the workspace's. */
  readonly directory: string;
  /** Undefined for a task that was not begun, because one that it depends on had failed. */
  readonly exitCode: number | undefined;
}

/** Runs a command in the workspace, its output shown; answers its exit code. */
export function run(command: string, args: readonly string[]): number {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, ...QUIET },
  });
  if (error !== undefined) throw error;
  return status ?? 1;
}

/** `turbo run …`; answers its exit code. */
export function turbo(args: readonly string[]): number {
  return run('turbo', ['run', ...args]);
}

/** `turbo run …`; answers what became of each task. Turbo itself is among them when it failed and no task did. */
export function turboTasks(args: readonly string[]): Task[] {
  const summaries = join(root, '.turbo', 'runs');
  for (const file of globSync('*.json', { cwd: summaries })) rmSync(join(summaries, file));
  const exitCode = turbo([...args, '--summarize']);
  const tasks = globSync('*.json', { cwd: summaries }).flatMap((file) =>
    tasksOf(readFileSync(join(summaries, file), 'utf8')),
  );
  if (exitCode === 0 || tasks.some((task) => (task.exitCode ?? 0) !== 0)) return tasks;
  return [...tasks, { task: 'turbo', directory: '.', exitCode }];
}

interface Summary {
  readonly tasks: readonly {
    readonly task: string;
    readonly directory: string;
    readonly command: string;
    readonly execution?: { readonly exitCode?: number } | null;
  }[];
}

function tasksOf(summary: string): Task[] {
  return (JSON.parse(summary) as Summary).tasks.flatMap(({ task, directory, command, execution }) =>
    command === '<NONEXISTENT>' ? [] : [{ task, directory, exitCode: execution?.exitCode }],
  );
}

if (import.meta.main) process.exit(run('turbo', process.argv.slice(2)));
