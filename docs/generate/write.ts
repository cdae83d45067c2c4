/**
 * `pnpm docs:generate`: writes the generated parts of all pages, and the outputs of their programs; with `--shell` also what
 * their shell blocks print, of the pages that are named or of all.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPages, root } from '../blocks/pages.ts';
import { withOutputs } from './outputs.ts';
import { withSections } from './sections.ts';
import { withTranscripts } from './transcripts.ts';

const before = readPages();
const generated = await Promise.all(
  before.map(async (page) => ({ path: page.path, text: await withSections(page) })),
);
const written = await withOutputs(generated);
const [shell, ...named] = process.argv.slice(2);
for (const { path, text } of before) {
  let after = written.get(path);
  if (shell === '--shell' && after !== undefined && (named.length === 0 || named.includes(path)))
    after = await withTranscripts({ path, text: after });
  if (after === undefined || after === text) continue;
  writeFileSync(join(root, path), after);
  console.log(path);
}
