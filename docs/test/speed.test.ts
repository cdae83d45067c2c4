/** What the pages say of speed is what was measured. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { chart, measured } from '../generate/speed.ts';

const folder = mkdtempSync(join(tmpdir(), 'results-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what was measured', () => {
  it('is said not to be there before it was', () => {
    expect(measured(join(folder, 'none'))).toMatch(/^Nothing has been measured/);
    expect(chart('README.md', join(folder, 'none'))).toMatch(/^Nothing has been measured/);
  });

  it('is a table for each case, as multiples of its first, and the machine', () => {
    const measurements = [
      { name: 'floor', median: 2, ratio: { median: 1, quartiles: [1, 1] } },
      { name: 'tokenwright', median: 5, ratio: { median: 2.4, quartiles: [2.2, 2.6] } },
    ];
    const machine = { node: 'v24.0.0', cpu: 'Some CPU', cores: 2 };
    writeFileSync(
      join(folder, 'tokens.json'),
      JSON.stringify({ machine, cases: [{ title: 'HS256: sign', measurements }] }),
    );
    writeFileSync(join(folder, 'other.json'), '{}');
    const text = measured(folder);
    expect(text).toContain('**HS256: sign**');
    expect(text).toContain('| tokenwright | 5.00 | 2.40 | ±8 % |');
    expect(text).toContain('Node.js 24.0.0, 2 cores of Some CPU.');
  });

  it('has a chart, by a link that leads to it from every page', () => {
    writeFileSync(join(folder, 'tokens.svg'), '<svg/>');
    expect(chart('docs/guide/speed.md', folder)).toMatch(/^!\[Time .+\]\(\.\.\/\.\.\/.+tokens\.svg\)$/);
    expect(chart('README.md', folder)).not.toContain('](../../..//');
  });
});
