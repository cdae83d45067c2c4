/** Every link of every page leads somewhere. */
import { describe, expect, it } from 'vitest';
import { deadLinks } from '../blocks/links.ts';
import { readPages } from '../blocks/pages.ts';

describe.each(readPages())('$path', (page) => {
  it('has no dead link', () => {
    expect(deadLinks(page)).toEqual([]);
  });
});

describe('a dead link', () => {
  it.each([
    ['to a file', '[x](no-such-page.md)', 'there is no docs/guide/no-such-page.md'],
    ['to a heading', '[x](jwt.md#no-such-heading)', 'there is no such heading'],
    ['to a heading of the page itself', '# A\n[x](#b)', 'there is no such heading'],
    [
      'to a test',
      '[`is no test of this file`](../../packages/jwt/test/builder.test.ts)',
      'there is no test of that name',
    ],
  ])('%s is found', (_what, text, finding) => {
    expect(deadLinks({ path: 'docs/guide/jwt.md', text })).toEqual([expect.stringContaining(finding)]);
  });

  it('is not what stands in a block of code', () => {
    expect(deadLinks({ path: 'docs/guide/jwt.md', text: '```md\n[x](no-such-page.md)\n```\n' })).toEqual([]);
  });
});
