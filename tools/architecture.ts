/**
 * The tree in ARCHITECTURE.md is the tree of the repository: every folder and top-level file that git tracks is named,
 * down to what lies directly in `packages/X/src`, everything named exists, and each line says what it is for.
 *
 * The tree is the first fenced block of the document whose lines all fit: two spaces a level, folders end in `/`, the
 * description follows after two spaces or more, or after `#`.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { report } from './findings.ts';
import { root } from './turbo.ts';

const DOCUMENT = 'ARCHITECTURE.md';
const LINE = /^((?: {2})*)([^\s#][^\s#]*)(?: {2,}(?! |#)(.*\S)| *# *(.*\S))?\s*$/;

const findings: string[] = [];
const tracked = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const text = existsSync(join(root, DOCUMENT)) ? readFileSync(join(root, DOCUMENT), 'utf8') : '';
const named = namedPaths(text);
if (text === '') findings.push(`${DOCUMENT} does not exist`);
else if (named.size === 0)
  findings.push(`${DOCUMENT} has no fenced block that is a tree: two spaces a level, folders end in /`);
else {
  for (const path of requiredPaths(tracked)) if (!named.has(path)) findings.push(`add ${path}`);
  const present = new Set([...tracked, ...tracked.flatMap(foldersOf)]);
  for (const [path, description] of named) {
    if (!present.has(path)) findings.push(`remove ${path}, which does not exist`);
    if (description === '') findings.push(`say what ${path} is for`);
  }
}
report(
  'architecture',
  findings,
  `Change the tree in ${DOCUMENT} accordingly, each line with what the file or folder is for.`,
  `${DOCUMENT} names all of ${named.size} files and folders`,
);

/** What the tree must name: folders and files of the root, every folder below, and what lies directly in a `src`. */
function requiredPaths(files: readonly string[]): readonly string[] {
  const paths = new Set<string>();
  for (const file of files) {
    const parts = file.split('/');
    if (parts.length === 1) paths.add(file);
    const inSource = /^packages\/[^/]+\/src\//.test(file);
    for (const folder of foldersOf(file))
      if (folder.split('/').length - 1 <= (inSource ? 4 : 2)) paths.add(folder);
    if (inSource && parts.length === 4) paths.add(file);
  }
  return [...paths].sort();
}

/** `a/b/c.ts` → `a/`, `a/b/` */
function foldersOf(file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_, index) => `${parts.slice(0, index + 1).join('/')}/`);
}

/** The paths of the document's tree, folders with their `/`, and what is said of each. */
function namedPaths(document: string): ReadonlyMap<string, string> {
  for (const [, block = ''] of document.matchAll(/^```[^\n]*\n([\s\S]*?)^```/gm)) {
    const lines = block.split('\n').filter((line) => line.trim() !== '');
    if (!lines.some((line) => /^ *[^\s#]+\/(\s|$)/.test(line)) || !lines.every((line) => LINE.test(line)))
      continue;
    return pathsOf(lines);
  }
  return new Map();
}

function pathsOf(lines: readonly string[]): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  const above: string[] = [];
  for (const line of lines) {
    const [, indent = '', name = '', description, other] = LINE.exec(line) ?? [];
    above.length = indent.length / 2;
    const path = above.join('') + name;
    const said = description ?? other ?? '';
    // `packages/jwt/` on one line names `packages/` too.
    for (const folder of foldersOf(path)) if (!paths.has(folder)) paths.set(folder, said);
    paths.set(path, said);
    above.push(name.endsWith('/') ? name : `${name}/`);
  }
  return paths;
}
