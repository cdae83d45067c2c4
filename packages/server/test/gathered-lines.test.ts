import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GatheredLines } from '../src/observability/gathered-lines.js';

/** What was written, piece by piece. */
function gathering() {
  const pieces: string[] = [];
  const lines = new GatheredLines({ write: (bytes) => pieces.push(bytes.toString()) });
  return { lines, pieces };
}

describe('gathered lines', () => {
  it('are written in their order, in one piece, by themselves', async () => {
    const { lines, pieces } = gathering();
    lines.write('one\n');
    lines.write('zwei: ü €\n');
    expect(pieces).toEqual([]);
    await expect.poll(() => pieces).toEqual(['one\nzwei: ü €\n']);
  });

  it('are written at once when somebody asks for it', () => {
    const { lines, pieces } = gathering();
    lines.write('fatal\n');
    lines.flushSync();
    lines.flushSync();
    expect(pieces).toEqual(['fatal\n']);
  });

  it('are not gathered without end', () => {
    const { lines, pieces } = gathering();
    const line = `${'x'.repeat(999)}\n`;
    for (let count = 0; count < 200; count += 1) lines.write(line);
    expect(pieces.length).toBeGreaterThan(0);
    lines.flushSync();
    expect(pieces.join('')).toBe(line.repeat(200));
  });

  it('may be longer than what is gathered', () => {
    const { lines, pieces } = gathering();
    const long = `${'€'.repeat(100_000)}\n`;
    lines.write('before\n');
    lines.write(long);
    lines.write('after\n');
    lines.flushSync();
    expect(pieces.join('')).toBe(`before\n${long}after\n`);
  });

  it.each([
    ['ends by itself', '', 0],
    ['calls process.exit()', 'process.exit(3);', 3],
    ['dies of an error', "throw new Error('nobody catches this');", 1],
  ])('are written before the process %s', (_, end, status) => {
    const file = JSON.stringify(join(import.meta.dirname, '../src/observability/gathered-lines.ts'));
    const program = `import { GatheredLines } from ${file};
      const lines = new GatheredLines({ write: (bytes) => console.log(String(bytes)) });
      lines.write('the last words');
      ${end}`;
    const ended = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      encoding: 'utf8',
    });
    expect([ended.stdout.trim(), ended.status]).toEqual(['the last words', status]);
  });
});
