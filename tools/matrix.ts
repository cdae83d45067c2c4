/**
 * `pnpm check:matrix`: the installed packages on every Node.js line they promise, the oldest of them at its floor. Each
 * Node.js comes from the npm package `node` and stays in node_modules/.cache.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { report } from './findings.ts';
import { cleanEnvironment, install, npm, runJavaScript, runRequire } from './installation.ts';
import { output, packAll } from './pack.ts';
import { entryPoints } from './packages.ts';
import { root } from './turbo.ts';

/** `engines.node` says 20.19 or later; of the other lines the newest, which is what people run. */
const RUNTIMES = ['20.19.0', '22', '24', '26'];
const PROGRAMS = ['jwt', 'auth', 'server', 'together', 'sessions', 'cli'];

const all = await packAll();
const project = await install(all, all);
const specifiers = all.flatMap((one) => entryPoints(one).map(([specifier]) => specifier));
const findings: string[] = [];
for (const runtime of RUNTIMES) await tryOn(runtime);
report(
  'matrix',
  findings,
  'Use what that Node.js has, or look for it at run time and say in the error which version is needed.',
  `all programs run on Node.js ${RUNTIMES.join(', ')}`,
);

async function tryOn(runtime: string): Promise<void> {
  let at = 'its installation';
  try {
    const node = await nodeOf(runtime);
    const version = (await output(node, ['--version'], project)).trim();
    for (const program of PROGRAMS) {
      at = program;
      await runJavaScript(project, program, node);
    }
    at = 'require()';
    await runRequire(project, specifiers, node);
    for (const one of all) {
      for (const [bin, file] of Object.entries(one.manifest.bin ?? {})) {
        at = `the command ${bin}`;
        const path = join(project, 'node_modules', one.name, file);
        const said = await output(node, [path, '--version'], project, cleanEnvironment());
        if (said.trim() !== one.manifest.version) throw new Error(`--version says ${said.trim()}`);
      }
    }
    console.log(`✓ Node.js ${version}`);
  } catch (error) {
    findings.push(`Node.js ${runtime}: ${at}: ${(error as Error).message}`);
  }
}

/** The executable of that Node.js, fetched once. */
async function nodeOf(runtime: string): Promise<string> {
  const folder = join(root, 'node_modules/.cache/tokenwright/node', runtime);
  const executable = join(
    folder,
    'node_modules/node/bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (existsSync(executable)) return executable;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  await npm(folder, 'install', `node@${runtime}`);
  return executable;
}
