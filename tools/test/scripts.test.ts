import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { QUIET } from '../turbo.ts';
import { Workspace } from './workspace.ts';

const ROOT = join(import.meta.dirname, '..', '..');

it('no script of the workspace calls turbo past tools/turbo.ts, which keeps it from reporting its use', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  expect(Object.entries(scripts).filter(([, script]) => /(^|[ &|;])turbo( |$)/.test(script))).toEqual([]);
  const environment = Object.keys(QUIET).map((name) => `"$${name}"`);
  const workspace = new Workspace({ 'bin/turbo': `#!/bin/sh\necho ${environment.join(' ')}\n` });
  expect(workspace.check('turbo', 'run', 'build').said).toBe('1 1 1\n');
});

it('an old Node.js is told in one line which version the scripts need, and how to get it', () => {
  const old = "Object.defineProperty(process.versions, 'node', { value: '20.19.0' });";
  const workspace = new Workspace({ 'old.mjs': old });
  const { passed, said } = workspace.run(
    process.execPath,
    '--import',
    './old.mjs',
    '--import',
    './tools/needs-node.js',
    '--eval',
    '',
  );
  expect(passed).toBe(false);
  expect(said.trimEnd().split('\n')).toHaveLength(1);
  expect(said).toMatch(/need Node\.js 22\.18 or later, and this is 20\.19\.0\..*npx -y pnpm install/);
});
