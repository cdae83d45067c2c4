/** Parts of the root README that the tutorial's page shows as well: written once, there. */
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { root } from '../blocks/pages.ts';

/** What stands under a heading of level 2, with links as a page needs them. @throws Error when there is no such heading. */
export function readmeSection(heading: string, page: string): string {
  const text = readFileSync(join(root, 'README.md'), 'utf8');
  const [, after] = text.split(`\n## ${heading}\n`);
  if (after === undefined) throw new Error(`README.md has no heading "${heading}"`);
  return (after.split(/\n## /)[0] ?? '')
    .trim()
    .replace(
      /\]\((?![a-z]+:|#)([^)#\s]+)/g,
      (_all, link: string) => `](${posix.relative(posix.dirname(page), link)}`,
    );
}
