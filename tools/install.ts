/**
 * `pnpm check:install`: each package alone and all together, installed by npm from tarballs into empty folders outside
 * the workspace, run in JavaScript, checked in TypeScript, and the command called by its name.
 */
import { join } from 'node:path';
import { report } from './findings.ts';
import {
  checkEntryPoints,
  checkTypes,
  cleanEnvironment,
  install,
  installedPackages,
  npm,
  runJavaScript,
  runRequire,
} from './installation.ts';
import { output, type Packed, packAll } from './pack.ts';
import { entryPoints } from './packages.ts';
import { sizeFinding } from './sizes.ts';

/** The program of `smoke/` for each package alone. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  jwt: ['jwt'],
  auth: ['auth'],
  server: ['server'],
  cli: ['cli'],
};
/** What TypeScript needs besides: the types of Node.js, as in any project on Node.js. */
const NODE_TYPES = '@types/node@24';

const findings: string[] = [];
const all = await packAll();
// Two at a time: npm waits for the disk and the network most of its time.
await inPairs([...all.map((one) => () => alone(one)), together]);
report(
  'install',
  findings,
  'Packed, installed and run, it does not do what it does in the workspace: look at `files`, `exports` and the dependencies in its package.json.',
  'each alone and all together, in JavaScript and TypeScript',
);

async function alone(one: Packed): Promise<void> {
  await attempt(`${one.name} alone`, async (step) => {
    step('npm install');
    const folder = await install([one], all);
    const size = sizeFinding(one, folder);
    if (size !== undefined) findings.push(`${size}: \`pnpm sizes\` writes it`);
    if (one.short === 'jwt') {
      const installed = installedPackages(folder).join(', ');
      if (installed !== '@tokenwright/jwt, jose')
        findings.push(`${one.name} brings ${installed}, and should bring jose alone`);
      step('TypeScript for browsers, without the types of Node.js');
      await checkTypes(folder, ['inspect'], 'browser');
    }
    await use(folder, [one], PROGRAMS[one.short] ?? [], step);
  });
}

async function together(): Promise<void> {
  await attempt('all together', async (step) => {
    step('npm install');
    await use(
      await install(all, all),
      all,
      ['together', 'sessions', ...Object.values(PROGRAMS).flat()],
      step,
    );
  });
}

async function use(
  folder: string,
  installed: readonly Packed[],
  programs: readonly string[],
  step: Step,
): Promise<void> {
  for (const program of programs) {
    step(`${program} in JavaScript`);
    console.log(`  ${await runJavaScript(folder, program)}`);
  }
  for (const one of installed) {
    const specifiers = entryPoints(one).map(([specifier]) => specifier);
    step(`require() of ${specifiers.join(', ')}`);
    if (specifiers.length > 0) await loads(folder, one, specifiers);
    for (const bin of Object.keys(one.manifest.bin ?? {})) {
      step(`the command ${bin}`);
      const said = await output(
        join(folder, 'node_modules/.bin', bin),
        ['--version'],
        folder,
        cleanEnvironment(),
      );
      if (said.trim() !== one.manifest.version)
        findings.push(`${bin} --version says "${said.trim()}", and it is ${one.manifest.version}`);
    }
  }
  if (programs.length === 0) return;
  step(`npm install ${NODE_TYPES}`);
  await npm(folder, 'install', '--no-save', NODE_TYPES);
  for (const resolution of ['nodenext', 'bundler'] as const) {
    step(`${programs.join(', ')} in TypeScript, ${resolution}`);
    await checkTypes(folder, programs, resolution);
    step(`the types of every entry point, ${resolution}`);
    await checkEntryPoints(
      folder,
      installed.flatMap((one) => entryPoints(one).map(([path]) => path)),
      resolution,
    );
  }
}

/** Every entry point loads, or says which optional peer to install and how. */
async function loads(folder: string, { manifest }: Packed, specifiers: readonly string[]): Promise<void> {
  const optional = Object.entries(manifest.peerDependenciesMeta ?? {}).flatMap(([name, meta]) =>
    meta.optional ? [name] : [],
  );
  for (const specifier of specifiers) {
    try {
      await runRequire(folder, [specifier]);
    } catch (error) {
      const missing = optional.find((name) =>
        new RegExp(`^\\w*Error\\b.*npm install ${name}\\b`, 'm').test(String(error)),
      );
      if (missing === undefined) throw error;
    }
  }
}

type Step = (name: string) => void;

async function attempt(name: string, work: (step: Step) => Promise<void>): Promise<void> {
  let at = '';
  try {
    await work((step) => {
      at = step;
    });
    console.log(`✓ ${name}`);
  } catch (error) {
    findings.push(`${name}: ${at}: ${(error as Error).message}`);
  }
}

async function inPairs(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const queue = [...tasks];
  const worker = async (): Promise<void> => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) await task();
  };
  await Promise.all([worker(), worker()]);
}
