/** The caches are bounded in bytes, whatever the tokens were cut out of and however many come. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { HeapGrowth } from './fixtures/heap-growth.ts';

let grown: HeapGrowth;

beforeAll(async () => {
  const program = fileURLToPath(new URL('./fixtures/heap-growth.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program]);
  grown = JSON.parse(stdout) as HeapGrowth;
}, 120_000);

/** Megabytes. What is cut out of 250 megabytes of text keeps 250 alive when it keeps the texts. */
const LITTLE = 10;

describe('the memory of a process', () => {
  it('does not hold the long texts that refused tokens were cut out of', () => {
    expect(grown.refused).toBeLessThan(LITTLE);
  });

  it('does not hold the long texts that remembered tokens were cut out of', () => {
    expect(grown.accepted).toBeLessThan(LITTLE);
  });

  it('is the same after a hundred thousand distinct good tokens and as many bad ones', () => {
    expect(grown.many).toBeLessThan(LITTLE);
  });
});
