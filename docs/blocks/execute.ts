/** Writes programs to a folder, type-checks them all at once, and runs those that run. */
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './pages.ts';
import type { Program } from './programs.ts';
import type { Run } from './worker.ts';

/** What became of a program. */
export interface Outcome extends Run {
  /** The compiler's errors, each with the line of the page. */
  readonly typeErrors: readonly string[];
}

/** Below docs/, so that programs find its dependencies. */
const FOLDER = join(root, 'docs/.blocks');

const SETTINGS = {
  extends: '../../tsconfig.base.json',
  compilerOptions: {
    noEmit: true,
    isolatedDeclarations: false,
    declaration: false,
    declarationMap: false,
    // Pages show things without using them, and read claims as their readers do.
    noUnusedLocals: false,
    noUnusedParameters: false,
    noPropertyAccessFromIndexSignature: false,
  },
  include: ['**/*.ts'],
};

/** The outcomes, by the names of the programs. */
export async function execute(programs: readonly Program[]): Promise<ReadonlyMap<string, Outcome>> {
  rmSync(FOLDER, { recursive: true, force: true });
  for (const { file, source } of programs) write(file, source);
  write('tsconfig.json', JSON.stringify(SETTINGS, undefined, 2));
  const running = run(programs.filter(({ notRun }) => notRun === undefined));
  const typeErrors = typeCheck();
  const runs = await running;
  return new Map(
    programs.map(({ name, file }) => [
      name,
      {
        printed: [],
        ...runs.get(name),
        typeErrors: typeErrors.filter((error) => error.startsWith(`${file}(`)),
      },
    ]),
  );
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(FOLDER, file)), { recursive: true });
  writeFileSync(join(FOLDER, file), text);
}

/** With the workspace's compiler: the one in docs/ is TypeDoc's. @throws Error when it fails for another reason than types. */
function typeCheck(): readonly string[] {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout, stderr, status } = spawnSync(process.execPath, [compiler, '-p', '.', '--pretty', 'false'], {
    cwd: FOLDER,
    encoding: 'utf8',
  });
  const errors = stdout.split(/\n(?!\s)/).filter((line) => /^\S+\.ts\(\d/.test(line));
  if (status !== 0 && errors.length === 0) throw new Error(`the compiler failed: ${stdout}${stderr}`);
  return errors;
}

async function run(programs: readonly Program[]): Promise<ReadonlyMap<string, Run>> {
  const child = fork(join(import.meta.dirname, 'run.ts'), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.send(programs.map(({ file }) => pathToFileURL(join(FOLDER, file)).href));
  const [runs] = (await once(child, 'message')) as [readonly Run[]];
  return new Map(programs.map(({ name }, index) => [name, runs[index] as Run]));
}
