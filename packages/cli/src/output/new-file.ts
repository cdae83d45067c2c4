/** Writes files that hold keys: whole or not at all, for their owner alone, and over nothing that is there. */
import { randomBytes } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { unreachable, usage } from '../failure.js';

/** How a file is written. */
export interface NewFile {
  /** The permission bits. */
  readonly mode: 0o600 | 0o644;
  /** Whether a file of the name is replaced. */
  readonly force?: boolean;
}

/**
 * Writes a file beside its place and moves it there when it is whole.
 *
 * @throws Failure with exit code 2 when a file is there already, 4 when it cannot be written.
 */
export async function writeNewFile(path: string, content: string, { mode, force }: NewFile): Promise<void> {
  if (path === '') throw usage('The file to write has no name.', 'Write --out FILE.');
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await using file = await open(temporary, 'wx', mode);
    await file.writeFile(content);
    await file.sync();
    if (force) await rename(temporary, path);
    else await link(temporary, path);
  } catch (error) {
    throw writingFailure(error, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

const REASONS: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ['lies in a folder that does not exist', 'Make the folder first.'],
  ENOTDIR: ['lies in what is no folder', 'Check the path; it starts at the current folder.'],
  EISDIR: ['is a directory', 'Name a file in it.'],
  EACCES: ['may not be written', 'Check the owner and mode of its folder.'],
  EROFS: ['lies on what cannot be written', 'Choose another folder.'],
  ENOSPC: ['does not fit on the disk', 'Make room, or choose another folder.'],
};

function writingFailure(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'EEXIST') {
    return usage(`The file ${path} is there already.`, 'Choose another name, or replace it with --force.');
  }
  const [reason, fix] = REASONS[String(error.code)] ?? [
    `cannot be written (${String(error.code)})`,
    'Choose another folder.',
  ];
  return unreachable(`The file ${path} ${reason}.`, fix);
}
