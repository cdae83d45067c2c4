/**
 * Ends a process together with the npx that it was started by. A SIGTERM to npx ends npx and its shell; pnpm and what
 * it runs would go on, belonging to nobody, and keep their port.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** How often is looked, in milliseconds. */
const EVERY = 500;
/** npx, its shell, pnpm, its shell: nobody stands further away. */
const FURTHEST = 8;

/** Sends this process a SIGTERM once the npx above it has ended. Where there is none, or no way to see it, nothing happens. */
export function endWithNpx(): void {
  const npx = npxAbove();
  if (npx === undefined) return;
  const watch = setInterval(() => {
    // An ended process whose parent has not taken notice is still there, and is its own no more.
    if (ancestor(npx)?.isNpx === true) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, EVERY);
  watch.unref();
}

/** The process ID of the nearest npx among the parents of this process. */
function npxAbove(): number | undefined {
  let pid = process.ppid;
  for (let distance = 0; distance < FURTHEST && pid > 1; distance += 1) {
    const found = ancestor(pid);
    if (found === undefined) return undefined;
    if (found.isNpx) return pid;
    pid = found.parent;
  }
  return undefined;
}

interface Ancestor {
  readonly parent: number;
  /** npm names itself after what it does: `npm exec pnpm start`. */
  readonly isNpx: boolean;
}

function ancestor(pid: number): Ancestor | undefined {
  try {
    const { parent, command } = existsSync('/proc/self/stat') ? fromProc(pid) : fromPs(pid);
    return { parent, isNpx: command.startsWith('npm exec ') };
  } catch {
    return undefined;
  }
}

/** proc(5): the parent is the second word after the name in parentheses, which may hold anything. */
function fromProc(pid: number): { parent: number; command: string } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    parent: Number(parent),
    command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '),
  };
}

function fromPs(pid: number): { parent: number; command: string } {
  const line = execFileSync('ps', ['-o', 'ppid=,command=', '-p', String(pid)], { encoding: 'utf8' });
  const [, parent, command = ''] = /^\s*(\d+)\s+(.*)/.exec(line) ?? [];
  return { parent: Number(parent), command };
}
