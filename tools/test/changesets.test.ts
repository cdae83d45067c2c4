import { describe, expect, it } from 'vitest';
import { type Files, manifest, Workspace } from './workspace.ts';

const CHANGES: readonly [what: string, files: Files, packages: readonly string[]][] = [
  ['a source', { 'packages/auth/src/index.ts': 'export const one = 2;\n' }, ['auth']],
  [
    'a published member of a manifest',
    { 'packages/jwt/package.json': manifest('jwt', { engines: { node: '>=22' } }) },
    ['jwt'],
  ],
  [
    'the version of a dependency in the catalog',
    { 'pnpm-workspace.yaml': 'packages:\n  - packages/*\ncatalog:\n  jose: ^7.0.0\n' },
    ['jwt'],
  ],
  ['the page of the token lab', { 'apps/token-lab/src/main.tsx': 'export {};\n' }, ['server']],
  [
    'what the page is bundled with',
    { 'apps/token-lab/package.json': '{ "dependencies": { "preact": "^12.0.0" } }' },
    ['server'],
  ],
  ['what copies the page', { 'packages/server/copy-lab.ts': '// changed\n' }, ['server']],
  ['how all are compiled', { 'tsconfig.base.json': '{}' }, ['jwt', 'auth', 'server', 'cli']],
];
const changesetFor = (...names: string[]): Files => ({
  '.changeset/brave-cats-sing.md': `---\n${names.map((name) => `'@tokenwright/${name}': patch\n`).join('')}---\n\nWords.\n`,
});

describe('a change to what is published', () => {
  it.each(CHANGES)('by %s needs a changeset for each package it reaches', (_what, files, packages) => {
    const { passed, said } = check(files);
    expect(passed).toBe(false);
    expect([...said.matchAll(/published of @tokenwright\/(\w+) changes/g)].map(([, name]) => name)).toEqual(
      packages,
    );
    expect(check({ ...files, ...changesetFor(...packages) })).toMatchObject({ passed: true });
  });

  const [, source] = CHANGES[0] ?? ['', {}];
  it('is not excused by a changeset for another package', () => {
    expect(check({ ...source, ...changesetFor('cli') })).toMatchObject({ passed: false });
  });

  it('is not excused by a changeset that was there before', () => {
    expect(check(source, changesetFor('auth'))).toMatchObject({ passed: false });
  });

  it('is excused by an empty changeset', () => {
    expect(check({ ...source, ...changesetFor() })).toMatchObject({ passed: true });
  });
});

describe('a change to what is not published', () => {
  it.each<[string, Files]>([
    ['a test', { 'packages/auth/test/one.test.ts': '' }],
    ['a script', { 'packages/auth/package.json': manifest('auth', { scripts: { test: 'true' } }) }],
    [
      'a tool’s version in the catalog',
      { 'pnpm-workspace.yaml': 'catalog:\n  jose: ^6.0.0\n  knip: ^7.0.0\n' },
    ],
  ])('as %s needs none', (_what, files) => {
    expect(check(files)).toMatchObject({ passed: true });
  });
});

function check(change: Files, before: Files = {}) {
  const workspace = new Workspace({
    'packages/jwt/package.json': manifest('jwt', { dependencies: { jose: 'catalog:' } }),
    ...before,
  });
  workspace.git('init', '--quiet', '--initial-branch=main');
  workspace.git('add', '.');
  workspace.git('commit', '--quiet', '--message', 'before');
  workspace.git('checkout', '--quiet', '-b', 'change');
  const jwt = manifest('jwt', { dependencies: { jose: 'catalog:' } });
  workspace.write({ 'packages/jwt/package.json': jwt, ...change });
  workspace.git('add', '.');
  workspace.git('commit', '--quiet', '--allow-empty', '--message', 'change');
  return workspace.check('changesets', 'main');
}
