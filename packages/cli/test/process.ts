/** Runs the built command as a real process, as a shell would. */
import { spawn } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkJson } from './json-schema.ts';

/** The command's entry. */
export const BIN: string = fileURLToPath(new URL('../dist/bin.js', import.meta.url));

/** Compiled code is kept from process to process: the tests start hundreds. */
const CACHE = join(tmpdir(), 'tokenwright-cli-compiled');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  /** What is piped in; without it standard input is empty. */
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of Node.js itself. */
  readonly node?: readonly string[];
  /** Whether the process has no terminal at all, whatever the tests run on. */
  readonly detached?: boolean;
  /** The folder it runs in. */
  readonly cwd?: string;
}

export function tokenwright(args: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  const { stdin = '', env = {}, node = [], detached = false, cwd } = surroundings;
  const child = spawn(process.execPath, [...node, BIN, ...args], {
    env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: CACHE, ...env },
    detached,
    cwd,
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  // The command stops reading when it has seen too much; that is no fault of the test.
  child.stdin.on('error', () => undefined).end(stdin);
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => {
      // Whatever a test is about: what --json prints is what its schema says.
      try {
        if (args.includes('--json')) checkJson(args, output.stdout);
        resolve({ code, ...output });
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** A new folder for a test's files. */
export function folder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'tokenwright-cli-'));
}

/** Writes a file that only its owner can read, and answers its path. */
export async function file(content: string | Uint8Array, mode = 0o600): Promise<string> {
  const path = join(await folder(), 'file');
  await writeFile(path, content, { mode });
  return path;
}
