/** `pnpm check`: everything that guards the whole, the quick ones first; says at the end which failed, and how long each took. */
import { run } from './turbo.ts';

const NODE = [process.execPath, '--disable-warning=ExperimentalWarning'] as const;
const STEPS: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['lint', 'biome', 'check', '.'],
  ['workflows', ...NODE, 'tools/workflows.ts'],
  ['layers', ...NODE, 'tools/layers.ts'],
  ['types of the tools', 'tsc', '-p', 'tools'],
  ['tests of the checks', 'vitest', 'run', '--root', 'tools'],
  ['architecture', ...NODE, 'tools/architecture.ts'],
  ['licences', ...NODE, 'tools/licences.ts'],
  ['build', 'turbo', 'run', 'build', '--output-logs=errors-only'],
  ['tarballs', ...NODE, 'tools/tarballs.ts'],
  ['publint', ...NODE, 'tools/publint.ts'],
  ['types of tarballs', ...NODE, 'tools/types-wrong.ts'],
  ['api report', ...NODE, 'tools/api-report.ts'],
  ['documented imports', ...NODE, 'tools/documented-imports.ts'],
  ['unused code', 'knip'],
  ['types', 'turbo', 'run', 'typecheck', '--output-logs=errors-only'],
  ['site', 'pnpm', '--filter', 'docs', 'site'],
  ['install', ...NODE, 'tools/install.ts'],
];
/** What is good to know and fails nothing. */
const REPORTS: typeof STEPS = [
  ['audit', ...NODE, 'tools/audit.ts'],
  ['sbom', ...NODE, 'tools/sbom.ts'],
];

const results: (readonly [name: string, seconds: number, passed: boolean])[] = [];
for (const [name, command, ...args] of STEPS) {
  console.log(`\n── ${name}`);
  const start = performance.now();
  const passed = run(command, args) === 0;
  results.push([name, (performance.now() - start) / 1000, passed]);
}
for (const [name, command, ...args] of REPORTS) {
  console.log(`\n── ${name} (a report: it fails nothing)`);
  run(command, args);
}
console.log('');
for (const [name, seconds, passed] of results)
  console.log(`${passed ? '✓' : '✗'} ${name.padEnd(20)} ${seconds.toFixed(1)} s`);
const failed = results.filter(([, , passed]) => !passed).map(([name]) => name);
console.log(failed.length === 0 ? `${STEPS.length} checks passed` : `failed: ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);
