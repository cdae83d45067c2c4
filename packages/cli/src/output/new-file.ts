/** Writes files that hold keys: whole or not at all, for their owner alone, and over nothing that is there. */
import { randomBytes } from 'node:crypto';
import { link, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
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
  checkName(path);
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

/**
 * Looks whether a file could be written there, before work is done that would be lost.
 *
 * @param force whether a file of the name may be replaced; a directory never is.
 * @throws Failure as {@link writeNewFile} does.
 */
export async function checkWritable(path: string, { force = true }: { force?: boolean } = {}): Promise<void> {
  checkName(path);
  const trial = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  const there = await stat(path).catch(() => undefined);
  if (there !== undefined && !force) throw writingFailure(coded('EEXIST'), path);
  if (there?.isDirectory()) throw writingFailure(coded('EISDIR'), path);
  try {
    await using _file = await open(trial, 'wx', 0o600);
  } catch (error) {
    throw writingFailure(error, path);
  } finally {
    await rm(trial, { force: true });
  }
}

/** The place that a path names: whoever spells it otherwise, or goes through a link, names the same. */
export async function placeOf(path: string): Promise<string> {
  const folder = await realpath(dirname(resolve(path))).catch(() => dirname(resolve(path)));
  return realpath(path).catch(() => join(folder, basename(path)));
}

function checkName(path: string): void {
  if (path === '') throw usage('The file to write has no name.', 'Give its name after the option.');
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
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
