/** The sidebar leads to every page of the guide, and nowhere else. */
import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sidebar } from '../.vitepress/sidebar.ts';
import { pageOf } from '../.vitepress/site-paths.ts';
import { root } from '../blocks/pages.ts';

const items = sidebar.flatMap(({ items: inside = [] }) => inside);
const links = items.map(({ link }) => link);
const written = globSync(['*.md', 'packages/*/README.md', 'docs/{guide,design}/*.md'], { cwd: root });
const pages = written.map((file) => `/${pageOf(file.replaceAll('\\', '/'))?.replace(/\.md$/, '')}`);

describe('the sidebar', () => {
  it.each(pages.filter((page) => /^\/(guide|design|packages)\//.test(page)))('has %s', (page) => {
    expect(links).toContain(page);
  });

  // The pages of the reference are made while the site is built, which looks at these links again.
  it('has no link without a page', () => {
    expect(links.filter((link) => !link?.startsWith('/reference/') && !pages.includes(link ?? ''))).toEqual(
      [],
    );
  });

  it.each([
    'Kestrun',
    'jsonwebtoken',
    'koa-jwt',
    'passport-jwt',
    'express-oauth2-jwt-bearer',
    '@fastify/jwt',
  ])('names %s to those who come from there', (library) => {
    expect(items.some(({ text }) => text?.includes(library))).toBe(true);
  });
});
