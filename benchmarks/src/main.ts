/**
 * `pnpm bench`: measures all there is, or what is named (`pnpm bench host start`), in a process for each, and writes the
 * tables of the READMEs from the results. `--quick` for a short look that is not kept.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** In this order. */
const PROGRAMS = ['host', 'latency', 'start', 'cli', 'tokens', 'sessions'];

const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const unknown = names.find((name) => !PROGRAMS.includes(name));
if (unknown !== undefined) {
  console.error(`There is no benchmark '${unknown}'. There are ${PROGRAMS.join(', ')}.`);
  process.exit(2);
}
for (const name of PROGRAMS) if (names.length === 0 || names.includes(name)) run(name);
if (!options.includes('--quick')) run('readme-tables');

function run(name: string): void {
  const program = join(import.meta.dirname, `${name}.ts`);
  const { status } = spawnSync(process.execPath, ['--expose-gc', program, ...options], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
