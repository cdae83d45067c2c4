/** Every import from `@tokenwright/…` in a code block of a document names a path and names that exist. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportedNames } from './exported-names.ts';
import { report } from './findings.ts';
import { importsIn } from './imports.ts';
import { entryPoints, packages } from './packages.ts';
import { root } from './turbo.ts';

const DOCUMENTS = '{*.md,docs/**/*.md,{packages,apps}/*/*.md,packages/*/src/**/*.ts,.changeset/*.md}';
const SKIPPED = /(^|\/)(node_modules|dist)$|(^|\/)(api|CHANGELOG)\.md$/;
const FENCE =
  /^[ \t]*(?:\*[ ]?)?```(ts|js|tsx|mts|mjs|typescript|javascript)\b[^\n]*\n([\s\S]*?)^[ \t]*(?:\*[ ]?)?```/gm;

const faces = new Map(
  packages.flatMap((one) =>
    entryPoints(one).map(
      ([specifier, file]) => [specifier, exportedNames(join(one.folder, `${file}.d.ts`))] as const,
    ),
  ),
);

const findings: string[] = [];
let seen = 0;
for (const file of globSync(DOCUMENTS, { cwd: root, exclude: (path) => SKIPPED.test(path) }).sort()) {
  const text = readFileSync(join(root, file), 'utf8');
  for (const { index, 2: block = '' } of text.matchAll(FENCE)) {
    const first = text.slice(0, index).split('\n').length;
    // A block of a doc comment: the stars are not code.
    const code = file.endsWith('.ts') ? block.replace(/^[ \t]*\*[ ]?/gm, '') : block;
    for (const { specifier, names, line } of importsIn(code, 'block.ts')) {
      if (!specifier.startsWith('@tokenwright/') || specifier.endsWith('/package.json')) continue;
      seen += 1;
      const at = `${file}:${first + line}`;
      const face = faces.get(specifier);
      if (face === undefined) findings.push(`${at} imports from ${specifier}, which no package exports`);
      else
        for (const name of names.filter((one) => !face.includes(one)))
          findings.push(`${at}: ${specifier} has no ${name}`);
    }
  }
}
report(
  'documented imports',
  findings,
  'Correct the document, or export the name by hand in index.ts and run `pnpm api`.',
  `all ${seen} exist`,
);
