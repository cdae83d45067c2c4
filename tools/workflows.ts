/** GitHub's workflows run what was reviewed: actions pinned to a commit with its version beside it, permissions by job. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { report } from './findings.ts';
import { root } from './turbo.ts';

const PINNED = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;

const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  packageManager: string;
};
const findings: string[] = [];
const files = globSync('.github/workflows/*.yml', { cwd: root }).sort();
for (const file of files) {
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  if (!lines.includes('permissions: {}')) findings.push(`${file} does not start from \`permissions: {}\``);
  for (const [index, line] of lines.entries()) {
    const at = `${file}:${index + 1}`;
    const uses = /^\s*(?:- )?uses: (.+)$/.exec(line)?.[1];
    if (uses !== undefined && !uses.startsWith('./') && !PINNED.test(uses))
      findings.push(`${at}: ${uses} is not pinned as \`owner/name@<40 hex digits> # v1.2.3\``);
    const pnpm = /install --global (pnpm@\S+)/.exec(line)?.[1];
    if (pnpm !== undefined && pnpm !== packageManager)
      findings.push(`${at}: installs ${pnpm}, and package.json names ${packageManager}`);
    if (
      /\$\{\{\s*github\.(head_ref|event\.(pull_request|issue|comment)\.(title|body|head))/.test(line) &&
      /run:/.test(line)
    )
      findings.push(`${at}: puts a stranger's text into a command; hand it over in \`env\``);
  }
}
report(
  'workflows',
  findings,
  "Look the version's commit up in the action's repository (`git ls-remote --tags`) and write both.",
  `${files.length} workflows, every action pinned`,
);
