/** A line on standard error for whatever takes longer than a second, on a terminal only. */
import { printable } from './escaping.js';

/** Milliseconds before anything is said. */
const PATIENCE = 1000;

/** Waits for something, and says so while it takes longer than a second. @param what what is being done: `fetching keys`. */
export async function whileWaiting<T>(what: string, work: Promise<T>): Promise<T> {
  if (process.stderr.isTTY !== true) return work;
  let shown = false;
  const timer = setTimeout(() => {
    shown = true;
    process.stderr.write(`${printable(what)} …`);
  }, PATIENCE);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    // The line goes as it came: back to its beginning, and cleared.
    if (shown) process.stderr.write('\r\u001b[K');
  }
}

/** A line that counts, from a second on, on a terminal only. */
export function countingProgress(what: string): {
  readonly tell: (done: number, all: number) => void;
  readonly end: () => void;
} {
  const begun = performance.now();
  let shown = false;
  return {
    tell: (done, all) => {
      if (process.stderr.isTTY !== true || performance.now() - begun < PATIENCE) return;
      shown = true;
      process.stderr.write(`\r${printable(what)} ${done} of ${all} …`);
    },
    end: () => {
      if (shown) process.stderr.write('\r\u001b[K');
    },
  };
}
