import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Files, type Outcome, Workspace } from './workspace.ts';

const KEPT = ['check.ts', 'turbo.ts', 'needs-node.js'];
const PROGRAMS = ['biome', 'tsc', 'turbo', 'knip', 'pnpm', 'vitest'];
const ending = (code: number): string => `#!/bin/sh\nexit ${code}\n`;

describe('pnpm check', () => {
  it('passes when every step does', () => {
    const { passed, said } = checkWith({});
    expect(said).toMatch(/^\d+ checks passed$/m);
    expect(passed).toBe(true);
  });

  it('fails when a step does, whatever it runs, goes on, and names all that failed; a report fails nothing', () => {
    const { passed, said } = checkWith({
      'bin/biome': ending(1),
      'bin/vitest': ending(1),
      'bin/turbo': ending(1),
      'tools/layers.ts': 'process.exitCode = 1;',
      'tools/install.ts': "throw new Error('on purpose');",
      'tools/audit.ts': 'process.exitCode = 1;',
    });
    expect(passed).toBe(false);
    expect(/^failed: (.*)$/m.exec(said)?.[1]).toBe(
      'lint, layers, tests of the checks, build, types, install',
    );
    expect(said).toMatch(/^✗ layers/m);
    expect(said).toMatch(/^✓ licences/m);
  });
});

/** `tools/check.ts` among checks that all pass at once, but for these files. */
function checkWith(files: Files): Outcome {
  const workspace = new Workspace();
  for (const tool of readdirSync(join(workspace.folder, 'tools')))
    if (tool.endsWith('.ts') && !KEPT.includes(tool)) workspace.write({ [`tools/${tool}`]: '' });
  for (const program of PROGRAMS) workspace.write({ [`bin/${program}`]: ending(0) });
  workspace.write(files);
  return workspace.check('check');
}
