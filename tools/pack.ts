/** Packs the four packages as `pnpm publish` would, for the checks that look at what users get. */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Package, packages } from './packages.ts';
import { root } from './turbo.ts';

/** A packed package. `files` are its paths inside the tarball. */
export interface Packed extends Package {
  /** Absolute path of the tarball. */
  readonly tarball: string;
  readonly files: readonly string[];
}

const CACHE = join(root, 'node_modules/.cache/tokenwright/packed');

/** Packs all of them, in their layers' order. What was built is packed; nothing is built here. */
export function packAll(folder: string = CACHE): Promise<Packed[]> {
  if (folder === CACHE) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return Promise.all(
    packages.map(async (one) => {
      const printed = await output('pnpm', ['pack', '--json', '--pack-destination', folder], one.folder);
      const { filename, files } = JSON.parse(printed) as { filename: string; files: { path: string }[] };
      return { ...one, tarball: filename, files: files.map(({ path }) => path).sort() };
    }),
  );
}

/** What a command prints; an error with all it said when it fails. */
export function output(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
  timeout = 120_000,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, timeout, stdio: ['ignore', 'pipe', 'pipe'] });
    let [printed, said] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(printed);
      else
        reject(
          new Error(
            `\`${command} ${args.join(' ')}\` ended with ${code ?? signal}\n${said}${printed}`.trim(),
          ),
        );
    });
  });
}
