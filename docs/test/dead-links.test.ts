/** The check that the built site has every page and heading that is linked to. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { deadLinks } from '../.vitepress/dead-links.ts';

const folder = mkdtempSync(join(tmpdir(), 'site-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, 'guide'));
const write = (file: string, html: string) => writeFileSync(join(folder, file), html);

it('finds links to no heading and to no page, on the same page and on others, and no other links', () => {
  write(
    'index.html',
    '<a href="/guide/jwt#keys">a</a><a href="/guide/jwt#key">b</a><a href="https://x.example/#y">c</a><a href="/no-page">d</a><a href="/style.css">e</a>',
  );
  write(
    'guide/jwt.html',
    '<h2 id="keys">Keys</h2><a href="#keys">a</a><a href="#key-1">b</a><a href="/#none">c</a><a href="/">d</a>',
  );
  write('style.css', '');
  expect([...deadLinks(folder)].sort()).toEqual([
    '/ links to /guide/jwt#key',
    '/ links to /no-page',
    '/guide/jwt links to /#none',
    '/guide/jwt links to /guide/jwt#key-1',
  ]);
});
