/** Runs the built command on a pseudo-terminal, which `script` of util-linux makes. */
import { spawn, spawnSync } from 'node:child_process';
import { BIN } from './process.ts';

/** Without `script`, or with another system's, tests on a terminal are skipped. */
export const hasTerminal: boolean =
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;

/** What is typed, or done, each time a text has appeared. */
export type Typed = readonly (readonly [after: string, keys: string | (() => void)])[];

/** What a terminal is given. */
export interface Terminal {
  readonly typed?: Typed;
  readonly env?: Readonly<Record<string, string>>;
}

/** Everything the terminal showed, and how the command ended. */
export function onTerminal(
  args: readonly string[],
  terminal: Terminal = {},
): Promise<{ code: number | null; shown: string }> {
  return programOnTerminal([process.execPath, BIN, ...args], terminal);
}

/** The same for any program. */
export function programOnTerminal(
  program: readonly string[],
  { typed = [], env = {} }: Terminal = {},
): Promise<{ code: number | null; shown: string }> {
  const command = program.map((part) => `'${part}'`).join(' ');
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm', SHELL: '/bin/sh', ...env },
  });
  const steps = [...typed];
  let shown = '';
  let seen = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    const [after, keys] = steps[0] ?? [];
    const at = after === undefined ? -1 : shown.indexOf(after, seen);
    if (at === -1) return;
    seen = at + (after?.length ?? 0);
    steps.shift();
    if (typeof keys === 'function') keys();
    else child.stdin.write(keys ?? '');
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve({ code, shown }));
  });
}
