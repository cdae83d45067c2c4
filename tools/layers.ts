/**
 * Imports only point down: no package into another's inside, none up, `@tokenwright/jwt` to no HTTP server, no circles,
 * and whatever the source imports is a dependency of the package.
 */
import { existsSync, globSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { report } from './findings.ts';
import { COMPUTED, type Import, importsOf } from './imports.ts';
import { entryPoints, type Package, packages } from './packages.ts';
import { root } from './turbo.ts';

/** What the token package never imports: it knows no HTTP server. */
const SERVERS = /^(node:)?(http|https|http2|net|tls|cluster)$|^@?koa\b|^(express|fastify|hono|h3)$/;
/** What makes pages out of the maps themselves (errors, sentences), which no package exports: pages cannot go stale so. */
const MAKES_PAGES = join(root, 'docs', 'generate');
/** Files that may leave their folder for the workspace's one test configuration. */
const TEST_CONFIGURATION = /vitest(\.\w+)?\.config\.ts$/;
/** What tests of several packages share, for example a Redis that they start. */
const TESTING = join(root, 'tools', 'testing');

const CODE = '**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}';

const findings: string[] = [];
for (const one of packages) {
  const sources = globSync(CODE, { cwd: one.folder, exclude: skipped }).map((file) => join(one.folder, file));
  for (const file of sources) for (const found of importsOf(file)) judge(one, file, found);
  findings.push(...circles(sources.filter((file) => file.startsWith(join(one.folder, 'src')))));
}
for (const file of globSync(`{apps,benchmarks,docs}/${CODE}`, { cwd: root, exclude: skipped })) {
  for (const found of importsOf(join(root, file))) judgeUser(join(root, file), found);
}
report(
  'layers',
  findings,
  'An import points only down (jwt ← auth ← server ← cli ← apps) and only at a name that the other package exports: move the code to the layer that may know it, or pass it in.',
  'imports point only down',
);

function judge(one: Package, file: string, found: Import): void {
  const { specifier, line } = found;
  const at = `${relative(root, file)}:${line} imports ${specifier}`;
  const inSource = file.startsWith(join(one.folder, 'src'));
  if (specifier.startsWith('.')) {
    const target = join(dirname(file), specifier);
    const home = inSource ? join(one.folder, 'src') : one.folder;
    const forTests = TEST_CONFIGURATION.test(file) || (!inSource && target.startsWith(TESTING));
    if (!forTests && !target.startsWith(home)) findings.push(`${at}: outside its package's folder`);
    return;
  }
  if (specifier === COMPUTED) {
    if (inSource) findings.push(`${at}: write the name down, so that it can be judged`);
    return;
  }
  if (one.short === 'jwt' && inSource && SERVERS.test(specifier))
    findings.push(`${at}: jwt knows no HTTP server`);
  const other = packageOf(specifier);
  if (other !== undefined) {
    if (packages.indexOf(other) > packages.indexOf(one))
      findings.push(`${at}: ${other.name} is a layer above`);
    if (!exportsIt(other, specifier)) findings.push(`${at}: ${other.name} does not export it`);
  }
  if (inSource && !isBuiltin(specifier)) {
    const name = packageName(specifier);
    const { dependencies, peerDependencies } = one.manifest;
    if (name !== one.name && dependencies?.[name] === undefined && peerDependencies?.[name] === undefined)
      findings.push(`${at}: ${name} is no dependency of ${one.name}`);
  }
}

/** Apps, benchmarks and docs use packages as anybody does: by exported names. */
function judgeUser(file: string, { specifier, line }: Import): void {
  const other = packageOf(specifier);
  const at = `${relative(root, file)}:${line} imports ${specifier}`;
  if (other !== undefined && !exportsIt(other, specifier))
    findings.push(`${at}: ${other.name} does not export it`);
  if (file.startsWith(MAKES_PAGES)) return;
  if (specifier.startsWith('.') && join(dirname(file), specifier).startsWith(join(root, 'packages')))
    findings.push(`${at}: a package is imported by its name`);
}

/** Every circle among these files, named once, from its first file in alphabetical order. */
function circles(files: readonly string[]): string[] {
  const edges = new Map(
    files.map((file) => [file, importsOf(file).flatMap((found) => resolved(file, found))]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      const circle = [...path.slice(path.indexOf(file)), file];
      found.push(`a circle: ${circle.map((each) => relative(root, each)).join(' → ')}`);
      return;
    }
    if (done.has(file)) return;
    for (const next of edges.get(file) ?? []) walk(next, [...path, file]);
    done.add(file);
  };
  for (const file of [...files].sort()) walk(file, []);
  return found;
}

function resolved(file: string, { specifier }: Import): string[] {
  if (!specifier.startsWith('.')) return [];
  const target = join(dirname(file), specifier.replace(/\.js$/, '.ts'));
  if (existsSync(target)) return [target];
  findings.push(`${relative(root, file)} imports ${specifier}, which is no file`);
  return [];
}

function packageOf(specifier: string): Package | undefined {
  return packages.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
}

function exportsIt(one: Package, specifier: string): boolean {
  return specifier === `${one.name}/package.json` || entryPoints(one).some(([path]) => path === specifier);
}

function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function skipped(path: string): boolean {
  return /(^|\/)(node_modules|dist|coverage|\.blocks|\.vitepress)$/.test(path);
}
