/** `pnpm docs:generate`: writes the generated parts of all pages, and the outputs of their programs. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPages, root } from '../blocks/pages.ts';
import { withOutputs } from './outputs.ts';
import { withSections } from './sections.ts';

const before = readPages();
const generated = await Promise.all(
  before.map(async ({ path, text }) => ({ path, text: await withSections(text) })),
);
const written = await withOutputs(generated);
for (const { path, text } of before) {
  const after = written.get(path);
  if (after === undefined || after === text) continue;
  writeFileSync(join(root, path), after);
  console.log(path);
}
