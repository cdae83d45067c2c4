/** are-the-types-wrong: every entry point of each tarball has types that resolve, for the resolvers ESM users have. */
import { readFileSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { report } from './findings.ts';
import { packAll } from './pack.ts';
import { entryPoints } from './packages.ts';

/** What it means to be ESM only: `require` gets ES modules, and resolution older than `exports` sees no subpath. */
const ESM_ONLY = new Set(['CJSResolvesToESM']);
const OLD_RESOLVERS = new Set(['node10', 'node16-cjs']);

const findings: string[] = [];
for (const packed of await packAll()) {
  // A package of commands has no types to be wrong.
  if (entryPoints(packed).length === 0) continue;
  const result = await checkPackage(createPackageFromTarballData(readFileSync(packed.tarball)));
  if (!result.types) {
    findings.push(`${packed.name}: has no types`);
    continue;
  }
  for (const problem of result.problems) {
    if (ESM_ONLY.has(problem.kind)) continue;
    if ('resolutionKind' in problem && OLD_RESOLVERS.has(problem.resolutionKind)) continue;
    const where = 'entrypoint' in problem ? `${problem.entrypoint} (${problem.resolutionKind})` : '';
    findings.push(`${packed.name}: ${problem.kind} ${where}`);
  }
}
report(
  'types',
  findings,
  'Each entry of `exports` names its `types` first, then `default`, and both are in the tarball.',
  'every entry point has types that resolve',
);
