/** Installs tarballs with npm into an empty folder outside the workspace, as a user's project, and runs programs there. */
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { output, type Packed } from './pack.ts';
import { withDependencies } from './packages.ts';

const SMOKE = join(import.meta.dirname, 'smoke');
const folders: string[] = [];
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/**
 * Installs these packages; their dependencies among the four come from their tarballs as well, because no registry has
 * them yet.
 *
 * @returns the project's folder, which is removed when the process ends
 */
export async function install(wanted: readonly Packed[], all: readonly Packed[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'tokenwright-install-'));
  folders.push(folder);
  const needed = new Set(wanted.flatMap((one) => withDependencies(one).map(({ name }) => name)));
  const specs = (names: (name: string) => boolean): Record<string, string> =>
    Object.fromEntries(
      all.filter(({ name }) => names(name)).map(({ name, tarball }) => [name, `file:${tarball}`]),
    );
  const manifest = {
    private: true,
    type: 'module',
    dependencies: specs((name) => wanted.some((one) => one.name === name)),
    overrides: specs((name) => needed.has(name)),
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  await npm(folder, 'install');
  return folder;
}

/** Runs npm in a project, without what pnpm told this process about itself. */
export function npm(folder: string, ...args: string[]): Promise<string> {
  return output(
    'npm',
    [...args, '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'],
    folder,
    cleanEnvironment(),
  );
}

/** The environment as a user's shell has it: no workspace, no pnpm, no test settings. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = /^npm_config_(registry|cafile|cache|.*proxy)$/;
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => kept.test(name) || !/^(npm_|pnpm_|PNPM_|NODE_PATH|NODE_OPTIONS)/.test(name),
    ),
  );
}

/** Runs a program of `smoke/` in a project, as the JavaScript that is left when its types are taken away. */
export async function runJavaScript(
  folder: string,
  program: string,
  node: string = process.execPath,
): Promise<string> {
  const source = readFileSync(join(SMOKE, `${program}.ts`), 'utf8');
  writeFileSync(join(folder, `${program}.mjs`), stripTypeScriptTypes(source));
  return (await output(node, [`${program}.mjs`], folder, cleanEnvironment(), 60_000)).trim();
}

/** Requires every specifier from CommonJS. */
export async function runRequire(
  folder: string,
  specifiers: readonly string[],
  node: string = process.execPath,
): Promise<string> {
  copyFileSync(join(SMOKE, 'require.cjs'), join(folder, 'require.cjs'));
  return (await output(node, ['require.cjs', ...specifiers], folder, cleanEnvironment(), 60_000)).trim();
}

/** Type-checks programs of `smoke/` in a project, strictly, declarations of dependencies included. */
export async function checkTypes(
  folder: string,
  programs: readonly string[],
  resolution: Resolution,
): Promise<void> {
  for (const program of programs) copyFileSync(join(SMOKE, `${program}.ts`), join(folder, `${program}.ts`));
  await compile(folder, programs, resolution);
}

/** The same of a program that imports everything these entry points have. */
export async function checkEntryPoints(
  folder: string,
  specifiers: readonly string[],
  resolution: Resolution,
): Promise<void> {
  if (specifiers.length === 0) return;
  const imports = specifiers.map((specifier, index) => `import * as face${index} from '${specifier}';\n`);
  const faces = specifiers.map((_, index) => `face${index}`).join(', ');
  writeFileSync(join(folder, 'everything.ts'), `${imports.join('')}export const faces = [${faces}];\n`);
  await compile(folder, ['everything'], resolution);
}

async function compile(folder: string, programs: readonly string[], resolution: Resolution): Promise<void> {
  const config = {
    compilerOptions: { ...COMPILER_OPTIONS, ...RESOLUTIONS[resolution] },
    files: programs.map((program) => `${program}.ts`),
  };
  const file = `tsconfig.${resolution}.json`;
  writeFileSync(join(folder, file), JSON.stringify(config));
  await output('tsc', ['-p', file], folder);
}

/** How a project resolves modules; `browser` has neither the types of Node.js nor of the DOM. */
export type Resolution = 'nodenext' | 'bundler' | 'browser';

const COMPILER_OPTIONS = {
  target: 'es2023',
  lib: ['es2023', 'esnext.disposable'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
  types: ['node'],
};

const RESOLUTIONS: Readonly<Record<Resolution, object>> = {
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
  browser: { module: 'esnext', moduleResolution: 'bundler', types: [], lib: ['es2023'] },
};

/** The packages in a project's `node_modules`, sorted. */
export function installedPackages(folder: string): string[] {
  const modules = join(folder, 'node_modules');
  return readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((one) => `${name}/${one}`) : [name],
    )
    .sort();
}

/** What the files in a project's `node_modules` hold, in bytes. */
export function installedBytes(folder: string): number {
  return readdirSync(join(folder, 'node_modules'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && basename(entry.name) !== '.package-lock.json')
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
