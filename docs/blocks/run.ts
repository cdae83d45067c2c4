/**
 * Runs programs in a few threads. It is a process of its own, in an empty folder that is also the user's: what programs write
 * there, such as a development certificate, does not stay. What they leave open ends with it.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Run } from './worker.ts';

/** In milliseconds. */
const LONGEST = 20_000;

process.on('message', async (urls: readonly string[]) => {
  const folder = mkdtempSync(join(tmpdir(), 'blocks-'));
  process.chdir(folder);
  const runs: Run[] = [];
  const waiting = urls.entries();
  const threads = Array.from({ length: Math.min(4, availableParallelism()) }, async () => {
    let worker = newWorker();
    for (const [index, url] of waiting) {
      const run = await runIn(worker, url);
      runs[index] = run;
      if (!run.usable) worker = newWorker();
    }
  });
  await Promise.all(threads);
  process.chdir(tmpdir());
  rmSync(folder, { recursive: true, force: true });
  process.send?.(runs, () => process.exit(0));
});

function newWorker(): Worker {
  const home = process.cwd();
  return new Worker(new URL('./worker.ts', import.meta.url), {
    env: { ...process.env, HOME: home, XDG_DATA_HOME: home, LOCALAPPDATA: home },
    stdout: true,
    stderr: true,
  });
}

/** `usable` is whether the thread can run another program. */
async function runIn(worker: Worker, url: string): Promise<Run & { usable: boolean }> {
  const answered = new AbortController();
  const { signal } = answered;
  const fail = (error: string) => ({ printed: [], error, usable: false });
  worker.postMessage(url);
  const answer = await Promise.race([
    once(worker, 'message', { signal }).then(([run]: Run[]) => ({
      ...(run as Run),
      usable: run?.error === undefined,
    })),
    once(worker, 'exit', { signal }).then(([code]) => fail(`ended by itself with exit code ${code}`)),
    setTimeout(LONGEST, fail(`has not ended after ${LONGEST / 1000} s`), { signal }),
  ]).catch((error: unknown) => fail(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  answered.abort();
  return answer;
}
