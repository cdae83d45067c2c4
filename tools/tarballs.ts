/** Each tarball holds what users need and nothing else, and its manifest says what a registry and an installer ask. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { report } from './findings.ts';
import { importsIn } from './imports.ts';
import { type Packed, packAll } from './pack.ts';
import type { Manifest } from './packages.ts';

const NEEDED = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE'];
/** The built page of the token lab: static files for a browser, made from `apps/token-lab`. */
const PAGE = /^dist\/lab\/page\/[\w.-]+\.(html|js|css|svg)$/;
const ALLOWED =
  /^(dist\/.+\.(js|js\.map|d\.ts)|schema\/[\w-]+\.json|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/;

const findings: string[] = [];
for (const packed of await packAll()) {
  const contents = untar(gunzipSync(readFileSync(packed.tarball)));
  const say = (what: string): number => findings.push(`${packed.name}: ${what}`);
  if (packed.short === 'server' && !contents.has('dist/lab/page/index.html'))
    say('the page of the token lab is missing');
  for (const file of NEEDED) if (!contents.has(file)) say(`${file} is missing`);
  for (const [file, content] of contents) {
    if (PAGE.test(file)) continue;
    if (!ALLOWED.test(file)) say(`${file} is of no use to a user`);
    if (file.endsWith('.js.map') && !hasSources(content)) say(`${file} comes without its sources`);
    if (file.endsWith('.js') && !contents.has(`${file}.map`)) say(`${file} has no source map`);
    if (file.endsWith('.d.ts')) for (const name of undeclared(packed, content, file)) say(name);
  }
  for (const what of manifestFindings(packed, JSON.parse(contents.get('package.json') ?? '{}') as Manifest))
    say(what);
  for (const stale of staleFiles(packed))
    say(`${stale} has no source any more: remove \`dist\` and build again`);
}
report(
  'tarballs',
  findings,
  "Mend the package's package.json (`files`, dependencies) or add the file; `pnpm pack` shows the list.",
  'hold what they must and nothing else',
);

function manifestFindings({ short }: Packed, packed: Manifest): string[] {
  const found: string[] = [];
  const must = (holds: boolean, what: string): void => {
    if (!holds) found.push(what);
  };
  must(packed.engines?.['node'] === '>=20.19', 'engines.node is not ">=20.19"');
  must(packed.sideEffects === false, 'sideEffects is not false');
  must(packed.license === 'MIT', 'license is not MIT');
  must((packed.keywords?.length ?? 0) > 2, 'fewer than three keywords');
  must(packed.repository?.directory === `packages/${short}`, `repository.directory is not packages/${short}`);
  for (const [name, range] of Object.entries({ ...packed.dependencies, ...packed.peerDependencies }))
    must(
      !/^(workspace|catalog|file|link):/.test(range),
      `${name} is asked for as ${range}, which no installer knows`,
    );
  for (const [path, target] of Object.entries(packed.exports ?? {}))
    must(
      typeof target === 'string' || Object.keys(target)[0] === 'types',
      `exports["${path}"] does not start with types`,
    );
  if (short === 'jwt')
    must(Object.keys(packed.dependencies ?? {}).join() === 'jose', 'depends on more than jose');
  return found;
}

/** Packages whose types a declaration imports and which an installer would not bring. */
function undeclared({ manifest, folder }: Packed, declaration: string, file: string): string[] {
  const brought = { ...manifest.dependencies, ...manifest.peerDependencies };
  return importsIn(declaration, file).flatMap(({ specifier }) => {
    if (specifier.startsWith('.') || specifier.startsWith('node:')) return [];
    const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
    const types = `@types/${name.replace(/^@(.+)\/(.+)$/, '$1__$2')}`;
    if (brought[name] === undefined && brought[types] === undefined)
      return [`${file} imports types of ${name}, which is no dependency`];
    return brought[types] !== undefined || hasOwnTypes(name, folder)
      ? []
      : [`${file} imports types of ${name}, which has none of its own: ${types} must be a dependency`];
  });
}

function hasOwnTypes(name: string, folder: string): boolean {
  const file = createRequire(join(folder, 'package.json'))
    .resolve.paths(name)
    ?.map((path) => join(path, name, 'package.json'));
  for (const candidate of file ?? []) {
    try {
      const manifest = readFileSync(candidate, 'utf8');
      return /"types"|"typings"|\.d\.[mc]?ts/.test(manifest);
    } catch {
      // Not in this node_modules; perhaps in the next one up.
    }
  }
  return false;
}

function hasSources(map: string): boolean {
  const { sources, sourcesContent } = JSON.parse(map) as { sources: unknown[]; sourcesContent?: unknown[] };
  return (
    sourcesContent?.length === sources.length && sourcesContent.every((text) => typeof text === 'string')
  );
}

/** Built files whose source is gone: `tsc` does not remove them. */
function staleFiles({ files, folder }: Packed): string[] {
  return files.filter((file) => {
    if (!/^dist\/.+\.js$/.test(file) || PAGE.test(file)) return false;
    try {
      readFileSync(join(folder, file.replace(/^dist\//, 'src/').replace(/\.js$/, '.ts')));
      return false;
    } catch {
      return true;
    }
  });
}

/** The files of a tar archive (POSIX ustar), by their path below `package/`. */
function untar(archive: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  const text = (from: number, length: number): string =>
    archive.toString('utf8', from, from + length).replace(/\0.*$/s, '');
  for (let at = 0; at + 512 <= archive.length && archive[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    const path = [text(at + 345, 155), text(at, 100)].filter((part) => part !== '').join('/');
    files.set(path.replace(/^package\//, ''), archive.toString('utf8', at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}
