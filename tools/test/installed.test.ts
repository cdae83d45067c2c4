import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Files, Workspace } from './workspace.ts';

/** As much of `npm install` as tarballs need that ask for nothing from a registry. */
const NPM: Files = {
  'bin/npm': `#!/usr/bin/env node
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
for (const [name, spec] of Object.entries(JSON.parse(readFileSync('package.json', 'utf8')).dependencies)) {
  mkdirSync('node_modules/' + name, { recursive: true });
  execFileSync('tar', ['-xzf', spec.slice('file:'.length), '-C', 'node_modules/' + name, '--strip-components=1']);
}
mkdirSync('node_modules/jose', { recursive: true });
writeFileSync('node_modules/jose/package.json', '{ "name": "jose" }');
`,
};

describe('the check of installed packages', () => {
  // What they export in the small workspace is not what the programs of tools/smoke ask for.
  it('fails, program by program, when a tarball does not do what the package does', () => {
    const { passed, said } = new Workspace(NPM).check('install');
    expect(passed).toBe(false);
    for (const name of ['jwt', 'auth', 'server', 'cli'])
      expect(said).toContain(
        `✗ @tokenwright/${name} alone: ${name === 'jwt' ? 'TypeScript for browsers' : `${name} in JavaScript`}`,
      );
    expect(said).toContain('✗ all together: together in JavaScript');
    expect(said).toContain("does not provide an export named 'createServer'");
  });

  it('fails when a README has no place for the size', () => {
    expect(new Workspace(NPM).check('sizes')).toMatchObject({
      passed: false,
      said: expect.stringContaining('packages/jwt/README.md has no place for its size'),
    });
  });

  it('fails when the size is not as the README says, writes it, and then passes', () => {
    const size =
      '<!-- size: written by `pnpm sizes` -->\nPacked 9.9 MB; installed, with jose, 9.9 MB.\n<!-- /size -->\n';
    const readmes = ['jwt', 'auth', 'server', 'cli'].map((name) => [`packages/${name}/README.md`, size]);
    const workspace = new Workspace({ ...NPM, ...Object.fromEntries(readmes) });
    expect(workspace.check('sizes')).toMatchObject({
      passed: false,
      said: expect.stringContaining('measured is'),
    });
    expect(workspace.check('sizes', '--write')).toMatchObject({ passed: true });
    expect(workspace.check('sizes')).toMatchObject({ passed: true });
  });
});

describe('the check of runtimes', () => {
  it('fails for each Node.js on which an installed program does not run', () => {
    const workspace = new Workspace(NPM);
    for (const runtime of ['20.19.0', '22', '24', '26']) {
      const file = join(
        workspace.folder,
        'node_modules/.cache/tokenwright/node',
        runtime,
        'node_modules/node/bin/node',
      );
      mkdirSync(dirname(file), { recursive: true });
      symlinkSync(process.execPath, file);
    }
    const { passed, said } = workspace.check('matrix');
    expect(passed).toBe(false);
    for (const runtime of ['20.19.0', '22', '24', '26'])
      expect(said).toContain(`✗ Node.js ${runtime}: jwt: `);
  });
});
