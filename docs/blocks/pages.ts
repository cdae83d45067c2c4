/** The pages whose code is executed: everything in Markdown that people read, but for change logs and generated reports. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The workspace's folder. */
export const root: string = join(import.meta.dirname, '../..');

/** A page, as text. */
export interface Page {
  /** Where it stands in the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

const PATTERNS = ['*.md', '{packages,apps}/*/README.md', 'docs/*.md', 'docs/{guide,design}/**/*.md'];

/** All pages, in the order of their paths. */
export function readPages(): readonly Page[] {
  return globSync(PATTERNS, { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}
