import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Workspace } from './workspace.ts';

describe('the tree in ARCHITECTURE.md', () => {
  it('agrees with the workspace', () => {
    expect(check((tree) => tree)).toMatchObject({ passed: true });
  });

  it.each<[string, (tree: string) => string, string]>([
    ['leaves a file out', (tree) => tree.replace(/^package\.json .*\n/m, ''), 'add package.json'],
    ['leaves a folder out', (tree) => tree.replace(/^ {2}smoke\/.*\n/m, ''), 'add tools/smoke/'],
    ['names what does not exist', (tree) => tree.replace('  jwt/   ', '  jose/  '), 'remove packages/jose/'],
    [
      'says nothing of a file',
      (tree) => tree.replace(/^package\.json .*/m, 'package.json'),
      'say what package.json is for',
    ],
    [
      'says nothing of a folder',
      (tree) => tree.replace(/^ {2}smoke\/.*/m, '  smoke/'),
      'say what tools/smoke/ is for',
    ],
    ['is no tree', () => '# Architecture\n', 'has no fenced block that is a tree'],
  ])('is refused when it %s', (_what, change, said) => {
    const outcome = check(change);
    expect(outcome.passed).toBe(false);
    expect(outcome.said).toContain(said);
  });
});

function check(change: (tree: string) => string) {
  const workspace = new Workspace();
  workspace.git('init', '--quiet');
  const tree = readFileSync(join(workspace.folder, 'ARCHITECTURE.md'), 'utf8');
  workspace.write({ 'ARCHITECTURE.md': change(tree) });
  return workspace.check('architecture');
}
