/**
 * `pnpm check:changeset BASE`: every package whose published content differs from that of BASE is named by a changeset
 * added since. What a tarball is made of is more than the package's `src`: versions come from the catalog, and the server
 * brings the built page of `apps/token-lab` along. An empty changeset says that users need not know.
 */
import { execFileSync } from 'node:child_process';
import { matchesGlob } from 'node:path';
import { parse } from 'yaml';
import { report } from './findings.ts';
import { root } from './turbo.ts';

/** The text of a file at one point of history; undefined where it is not there. */
export type FileAt = (path: string) => string | undefined;

const PACKAGES = ['jwt', 'auth', 'server', 'cli'] as const;
/** Whose tarball is made of what, besides `src` and the published part of `package.json`. READMEs are left out. */
const INPUTS: readonly (readonly [pattern: string, packages: readonly string[]])[] = [
  ['tsconfig.base.json', PACKAGES],
  ['packages/server/copy-lab.ts', ['server']],
  ['apps/token-lab/{src,public}/**', ['server']],
  ['apps/token-lab/{index.html,vite.config.ts}', ['server']],
  ...PACKAGES.map((name) => [`packages/${name}/{src/**,schema/**,tsconfig.build.json}`, [name]] as const),
];
/** Members of `package.json` that users do not notice, or that the release itself writes. */
const UNNOTICED = new Set(['version', 'scripts', 'devDependencies']);

/** The packages, by short name, whose published content differs. */
export function changedPackages(files: readonly string[], before: FileAt, after: FileAt): string[] {
  return PACKAGES.filter((name) => {
    const manifests = [
      `packages/${name}/package.json`,
      ...(name === 'server' ? ['apps/token-lab/package.json'] : []),
    ];
    return (
      files.some((file) =>
        INPUTS.some(([pattern, packages]) => packages.includes(name) && matchesGlob(file, pattern)),
      ) || manifests.some((path) => published(path, before) !== published(path, after))
    );
  });
}

/** The packages, by full name, that changesets name; undefined when one of them names none, which excuses all. */
export function namedPackages(changesets: readonly string[]): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const text of changesets) {
    const front = /^---\r?\n([\s\S]*?)^---/m.exec(text)?.[1] ?? '';
    const own = Object.keys((parse(front) as object | null) ?? {});
    if (own.length === 0) return undefined;
    for (const name of own) names.add(name);
  }
  return names;
}

/** What of a `package.json` users get, with the versions that `catalog:` stands for. */
function published(path: string, at: FileAt): string | undefined {
  const text = at(path);
  if (text === undefined) return undefined;
  const { catalog = {}, catalogs = {} } = parse(at('pnpm-workspace.yaml') ?? '{}') as {
    catalog?: Record<string, string>;
    catalogs?: Record<string, Record<string, string>>;
  };
  const members = Object.entries(JSON.parse(text) as Record<string, unknown>).filter(
    ([name]) => !UNNOTICED.has(name),
  );
  return JSON.stringify(Object.fromEntries(members), (name, value: unknown) => {
    if (typeof value !== 'string' || !value.startsWith('catalog:')) return value;
    return (value === 'catalog:' ? catalog : catalogs[value.slice('catalog:'.length)])?.[name] ?? value;
  });
}

if (import.meta.main) {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  const base = git('merge-base', process.argv[2] ?? 'origin/main', 'HEAD').trim();
  const at =
    (commit: string): FileAt =>
    (path) => {
      try {
        return git('show', `${commit}:${path}`);
      } catch {
        return undefined;
      }
    };
  const lines = (...args: string[]): string[] =>
    git('diff', '--name-only', ...args, base, 'HEAD')
      .split('\n')
      .filter(Boolean);
  const added = lines('--diff-filter=A').filter(
    (file) => matchesGlob(file, '.changeset/*.md') && !file.endsWith('README.md'),
  );
  const named = namedPackages(added.map((file) => at('HEAD')(file) ?? ''));
  const changed = changedPackages(lines(), at(base), at('HEAD')).map((name) => `@tokenwright/${name}`);
  report(
    'changesets',
    named === undefined
      ? []
      : changed
          .filter((name) => !named.has(name))
          .map((name) => `what is published of ${name} changes, and no changeset says so`),
    '`npx -y pnpm changeset` writes one; `npx -y pnpm changeset --empty` says that users need not know. Commit it with the change.',
    changed.length === 0
      ? 'nothing that is published changes'
      : `told of ${named === undefined ? 'none, on purpose' : changed.join(', ')}`,
  );
}
