/** A lock file: two starts at once make one CA. */
import { open, rename, rm, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { CertificateError } from './certificate-error.js';

/** Making a CA and a certificate takes well under a second: a lock this old (ms) belongs to a start that died. */
const STALE = 10_000;
/** How long a start waits for another one, in milliseconds. */
const PATIENCE = 15_000;
const PAUSE = 50;

/**
 * Does `work` while holding the lock, and gives it back whatever happens.
 *
 * @throws CertificateError when the lock cannot be had
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await acquire(file);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function acquire(file: string): Promise<void> {
  for (let waited = 0; waited < PATIENCE; waited += PAUSE) {
    try {
      await (await open(file, 'wx', 0o600)).close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    await removeStale(file);
    await delay(PAUSE);
  }
  throw new CertificateError(
    'ERR_CERTIFICATE_FOLDER',
    `${file} is held by another start: delete it if there is none.`,
  );
}

/** Renames before it removes: of two starts that find the same stale lock only one can rename it. */
async function removeStale(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || Date.now() - found.mtimeMs < STALE) return;
  const aside = `${file}.${process.pid}.stale`;
  await rename(file, aside).catch(() => undefined);
  await rm(aside, { force: true });
}
