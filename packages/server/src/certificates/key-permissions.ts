/** Warns of a private key that other users of the machine may read. */
import { stat } from 'node:fs/promises';
import type { Logger } from 'pino';

/** `S_IRWXO` (inode(7)): any right for those who are neither the owner nor in the group. */
const OTHERS = 0o007;

/** Windows has no such bits: there `mode` says nothing about who may read. */
export async function warnIfOthersMay(file: string, log: Logger): Promise<void> {
  if (process.platform === 'win32') return;
  const { mode } = await stat(file);
  if ((mode & OTHERS) === 0) return;
  log.warn(
    { file, mode: (mode & 0o777).toString(8) },
    `${file} holds a private key, and every user of this machine may read or write it: chmod 600 "${file}".`,
  );
}
