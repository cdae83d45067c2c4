/** A lock file: two starts at once make one CA. It names its owner, and nobody removes that of another who is alive. */
import { randomUUID } from 'node:crypto';
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { CertificateError } from './certificate-error.js';

/** A lock of this age (ms) belongs to a start that died: one that lives touches its lock more often. */
const STALE = 10_000;
const TOUCHED_EVERY = STALE / 4;
/** How long a start waits for another one, in milliseconds. */
const PATIENCE = 15_000;
const PAUSE = 50;
/** How often the work is begun again after the lock was lost. */
const ATTEMPTS = 3;

/**
 * Whoever slept for longer than a lock lasts (a closed laptop) may have lost it to another start. To be called before
 * anything is written: it throws, and the work begins again.
 */
export type StillMine = () => Promise<void>;

/**
 * Does `work` while holding the lock, and gives it back whatever happens.
 *
 * @throws CertificateError when the lock cannot be had
 */
export async function withLock<T>(file: string, work: (stillMine: StillMine) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const owner = await acquire(file);
    const alive = setInterval(() => void touch(file).catch(() => undefined), TOUCHED_EVERY).unref();
    try {
      return await work(async () => {
        if (!(await belongsTo(file, owner))) throw new LockLost();
      });
    } catch (error) {
      if (!(error instanceof LockLost) || attempt === ATTEMPTS) throw error;
    } finally {
      clearInterval(alive);
      await release(file, owner);
    }
  }
}

class LockLost extends CertificateError {
  constructor() {
    super(
      'ERR_CERTIFICATE_FOLDER',
      'Another start took the lock on the development certificates: try again.',
    );
  }
}

/** Gives the name under which the lock is held. */
async function acquire(file: string): Promise<string> {
  const owner = `${process.pid} ${randomUUID()}`;
  for (let waited = 0; waited < PATIENCE; waited += PAUSE) {
    if (await createdAs(file, owner)) return owner;
    await changing(file, async () => {
      if (await isStale(file)) await rm(file, { force: true });
    });
    await delay(PAUSE);
  }
  throw new CertificateError(
    'ERR_CERTIFICATE_FOLDER',
    `${file} is held by another start: delete it if there is none.`,
  );
}

async function release(file: string, owner: string): Promise<void> {
  const remove = async () => {
    if (await belongsTo(file, owner)) await rm(file, { force: true });
  };
  for (let waited = 0; waited < STALE; waited += PAUSE) {
    if (await changing(file, remove)) return;
    await delay(PAUSE);
  }
}

/**
 * Removes only behind a second file, one process at a time: between the look at a lock and its removal it could otherwise
 * become somebody else's.
 *
 * @returns whether `change` was done; not when another process is at it
 */
async function changing(file: string, change: () => Promise<void>): Promise<boolean> {
  const guard = `${file}.change`;
  if (!(await createdAs(guard, String(process.pid)))) {
    // It stands for a few operations on files only: one of this age belongs to a process that died within them.
    if (await isStale(guard)) await rm(guard, { force: true });
    return false;
  }
  try {
    await change();
    return true;
  } finally {
    await rm(guard, { force: true });
  }
}

async function createdAs(file: string, owner: string): Promise<boolean> {
  try {
    await writeFile(file, owner, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new CertificateError('ERR_CERTIFICATE_FOLDER', `Cannot write ${file}: check its permissions.`, {
      cause,
    });
  }
}

async function belongsTo(file: string, owner: string): Promise<boolean> {
  return (await readFile(file, 'utf8').catch(() => undefined)) === owner;
}

async function isStale(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs >= STALE;
}

async function touch(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now);
}
