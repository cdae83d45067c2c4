/** A report: what each package brings along, as a CycloneDX 1.7 bill of materials in `.reports/`, by pnpm itself. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { output } from './pack.ts';
import { packages } from './packages.ts';
import { root } from './turbo.ts';

const folder = join(root, '.reports');
mkdirSync(folder, { recursive: true });
for (const { short, name } of packages) {
  const file = join(folder, `${short}.cdx.json`);
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-spec-version', '1.7', '--prod', '--out', file];
  try {
    await output('pnpm', ['--filter', name, ...args], root);
    const { components } = JSON.parse(readFileSync(file, 'utf8')) as { components: unknown[] };
    console.log(`sbom: ${name}: ${components.length} components in ${relative(root, file)}`);
  } catch (error) {
    console.log(`sbom: ${name}: not written. ${(error as Error).message.split('\n')[0]}`);
  }
}
