/** Every link of every page leads somewhere. */
import { describe, expect, it } from 'vitest';
import { deadLinks } from '../blocks/links.ts';
import { readPages } from '../blocks/pages.ts';
import { testTitles } from '../blocks/test-titles.ts';

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

describe('the title of a test', () => {
  it.each([
    ['a test', `it('a', () => {});`],
    ['a test of every row', `it.each([1])('a', () => {});`],
    ['a test of some machines', `it.skipIf(isWindows)('a', () => {});`],
    ['a group with a test', `describe.each([1])('a', () => { it('b', () => {}); });`],
    ['a test in a loop', `for (const x of list) test('a', () => {});`],
  ])('counts when it is that of %s', (_what, source) => {
    expect(testTitles(source).run).toContain('a');
  });

  it.each([
    ['a test that is skipped', `it.skip('a', () => {});`],
    ['a test that is to be written', `it.todo('a');`],
    ['a test that is skipped by an option', `it('a', { skip: true }, () => {});`],
    ['a test that is expected to fail', `it.fails('a', () => {});`],
    ['a test in a skipped group', `describe.skip('x', () => { it('a', () => {}); });`],
    ['a skipped group', `describe.skip('a', () => { it('x', () => {}); });`],
  ])('does not count when it is that of %s', (_what, source) => {
    const { run, notRun } = testTitles(source);
    expect([run.has('a'), notRun.has('a')]).toEqual([false, true]);
  });

  it.each([
    ['a text', `expect(x).toBe('a');`],
    ['a comment', `// it('a')`],
    ['a group without a test', `describe('a', () => { f(); });`],
    ['a part of a longer title', `it('a b', () => {});`],
  ])('is not %s', (_what, source) => {
    const { run, notRun } = testTitles(source);
    expect([run.has('a'), notRun.has('a')]).toEqual([false, false]);
  });
});
