import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('the declarations ask for no module that the types of Node.js 20 do not know', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tokenwright-'));
  const home = join(import.meta.dirname, '..');
  try {
    const compiler = join(home, 'node_modules/typescript/bin/tsc');
    const options = ['-p', 'tsconfig.build.json', '--emitDeclarationOnly', '--outDir', folder];
    await promisify(execFile)(process.execPath, [compiler, ...options], { cwd: home });
    const asked = globSync('**/*.d.ts', { cwd: folder }).flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(/(?:from |import\()'(node:[^']+)'/g)].map(
        ([, module]) => module,
      ),
    );
    expect(asked).toContain('node:crypto');
    expect(asked).not.toContain('node:sqlite');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
