/** Parts of the root README that the tutorial's page shows as well: written once, there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../blocks/pages.ts';

/** What stands under a heading of level 2. @throws Error when there is no such heading. */
export function readmeSection(heading: string): string {
  const text = readFileSync(join(root, 'README.md'), 'utf8');
  const [, after] = text.split(`\n## ${heading}\n`);
  if (after === undefined) throw new Error(`README.md has no heading "${heading}"`);
  return (after.split(/\n## /)[0] ?? '').trim();
}
