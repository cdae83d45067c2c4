/** The threat model has each practice of RFC 8725 §3, and for each a test that proves it (links.test.ts: that it is run). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../blocks/pages.ts';

const page = readFileSync(join(root, 'docs/guide/threat-model.md'), 'utf8');

it.each(Array.from({ length: 12 }, (_, index) => `3.${index + 1}`))('RFC 8725 §%s', (section) => {
  const [row, ...others] = page.split('\n').filter((line) => line.startsWith(`| §${section} `));
  expect(others).toEqual([]);
  expect(row).toMatch(/\[`.+`\]\(\S+\.test\.ts\)/);
});
