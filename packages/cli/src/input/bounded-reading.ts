/** Reads files and standard input: bounded, and with one clear line for everything that can go wrong. */
import { open } from 'node:fs/promises';
import { type Failure, unreachable } from '../failure.js';

/** No token and no key is larger than this. */
const MAX_BYTES = 1_048_576;

/** A file that was read. */
export interface FileContent {
  readonly bytes: Buffer;
  /** The permission bits of a regular file; undefined for pipes and where the system has none. */
  readonly mode: number | undefined;
}

/**
 * Reads a file or a named pipe (`@<(command)` gives one).
 *
 * @param what what the file is for: `token file`, `key file`.
 * @throws Failure with exit code 4.
 */
export async function readBoundedFile(path: string, what: string): Promise<FileContent> {
  const name = `The ${what} ${path}`;
  if (path === '') throw unreachable(`The ${what} has no name.`, 'Write it after the @: @token.txt');
  try {
    await using file = await open(path, 'r');
    const facts = await file.stat();
    const bytes = await collect(file.createReadStream({ autoClose: false }), name);
    return { bytes, mode: facts.isFile() && process.platform !== 'win32' ? facts.mode & 0o777 : undefined };
  } catch (error) {
    throw readingFailure(error, name);
  }
}

/** Reads standard input to its end. @throws Failure with exit code 4. */
export async function readBoundedStdin(): Promise<Buffer> {
  const name = 'Standard input';
  try {
    return await collect(process.stdin, name);
  } catch (error) {
    throw readingFailure(error, name);
  }
}

async function collect(stream: AsyncIterable<Buffer>, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > MAX_BYTES) throw unreachable(`${name} is larger than 1 MiB.`, 'No token and no key is.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const REASONS: Readonly<Record<string, readonly [string, string?]>> = {
  ENOENT: ['does not exist', 'Check the path; it starts at the current folder.'],
  ENOTDIR: ['does not exist', 'Check the path; it starts at the current folder.'],
  EISDIR: ['is a directory', 'Name the file in it.'],
  EACCES: ['may not be read', 'Check its owner and mode.'],
  EPERM: ['may not be read', 'Check its owner and mode.'],
};

function readingFailure(error: unknown, name: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error as Failure;
  const [reason, fix] = REASONS[String(error.code)] ?? [`cannot be read (${String(error.code)})`];
  return unreachable(`${name} ${reason}.`, fix);
}
