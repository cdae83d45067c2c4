/**
 * The public face of each package, from its built declarations, in `packages/X/api.md`: a change to a face is seen in
 * the diff. `node tools/api-report.ts` compares, `--write` (`pnpm api`) writes.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Declaration, exportedDeclaration, exportedNames, localDeclaration } from './declarations.ts';
import { report } from './findings.ts';
import { entryPoints, type Package, packages } from './packages.ts';
import { root } from './turbo.ts';

const write = process.argv.includes('--write');
const findings: string[] = [];
for (const one of packages) {
  const file = join(one.folder, 'api.md');
  const now = apiOf(one);
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (now === before) continue;
  if (write) writeFileSync(file, now);
  else findings.push(`${relative(root, file)} is not what is built: ${difference(before, now)}`);
}
report(
  'api report',
  findings,
  'Is the change to the face meant? Then `pnpm api` writes it, and a changeset tells users of it (`pnpm changeset`).',
  write ? 'written' : 'the faces are as reviewed',
);

/** The whole report of one package. */
function apiOf(one: Package): string {
  const parts = [
    `# The face of ${one.name}`,
    'Written by `pnpm api` from the built declarations; reviewed with every change to it.',
  ];
  const entries = entryPoints(one);
  if (entries.length === 0) parts.push('It exports nothing: it is used by its commands.');
  const bins = Object.keys(one.manifest.bin ?? {});
  if (bins.length > 0) parts.push(`Commands: ${bins.map((bin) => `\`${bin}\``).join(', ')}`);
  for (const [specifier, target] of entries) {
    const file = join(one.folder, `${target}.d.ts`);
    const names = exportedNames(file);
    const shown = names.map((name) => ({ as: name, declaration: exportedDeclaration(file, name) }));
    parts.push(
      `## \`${specifier}\``,
      ...shown.map(({ as, declaration }) => `### ${as}\n\n${inFence(declaration, as)}`),
    );
    const hidden = reachedFrom(shown.map(({ declaration }) => declaration));
    if (hidden.length > 0) {
      parts.push(`## \`${specifier}\`, named by the above and not exported`);
      parts.push(
        ...hidden.map(
          (declaration) => `### ${declaration.name}\n\n${inFence(declaration, declaration.name)}`,
        ),
      );
    }
  }
  return `${parts.join('\n\n')}\n`;
}

/** What these declarations refer to, directly or not, and are not themselves; of this package only. */
function reachedFrom(declarations: readonly Declaration[]): Declaration[] {
  const identity = ({ name, from }: Declaration): string => `${from} ${name}`;
  const seen = new Set(declarations.map(identity));
  const reached: Declaration[] = [];
  const queue = [...declarations];
  for (const { from, refersTo } of queue) {
    for (const name of refersTo) {
      const declaration = localDeclaration(from, name);
      if (declaration.text === undefined || seen.has(identity(declaration))) continue;
      seen.add(identity(declaration));
      reached.push(declaration);
      queue.push(declaration);
    }
  }
  return reached.sort((one, other) =>
    identity({ ...one, from: one.name }) < identity({ ...other, from: other.name }) ? -1 : 1,
  );
}

function inFence({ name, from, text }: Declaration, as: string): string {
  if (text === undefined) return `${name === as ? '' : `\`${name}\` `}of \`${from}\``;
  return `\`\`\`ts\n${text}\n\`\`\``;
}

/** The first line that differs, and how many there are. */
function difference(before: string, now: string): string {
  const [old, fresh] = [before.split('\n'), now.split('\n')];
  const removed = old.filter((line) => !fresh.includes(line));
  const added = fresh.filter((line) => !old.includes(line));
  const lines = [...removed.map((line) => `- ${line.trim()}`), ...added.map((line) => `+ ${line.trim()}`)];
  const more = lines.length > 6 ? `\n    … and ${lines.length - 6} more lines` : '';
  return `\n    ${lines.slice(0, 6).join('\n    ')}${more}`;
}
