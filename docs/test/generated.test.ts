/** What is generated is as it would be generated now. */
import { expect, it } from 'vitest';
import { readPages } from '../blocks/pages.ts';
import { withSections } from '../generate/sections.ts';

const pages = readPages().filter(({ text }) => text.includes('<!-- generated: '));

it('there are generated parts', () => {
  expect(pages.length).toBeGreaterThan(1);
});

it.each(pages)('$path is up to date: `npx -y pnpm docs:generate` writes it', async (page) => {
  expect(page.text).toBe(await withSections(page));
});
