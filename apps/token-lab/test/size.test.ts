import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const dist = join(import.meta.dirname, '..', 'dist');

it('the whole page is less than 60 kB when compressed', () => {
  const files = readdirSync(dist).map((name) => readFileSync(join(dist, name)));
  const bytes = files.reduce((sum, content) => sum + gzipSync(content, { level: 9 }).length, 0);
  expect(files.length).toBeGreaterThan(3);
  expect(bytes).toBeLessThan(60_000);
});

it('no file asks for anything from elsewhere: a link is followed only by who presses it', () => {
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  const styles = readdirSync(dist).filter((name) => name.endsWith('.css'));
  expect(html).not.toMatch(/https?:/);
  for (const name of styles) expect(readFileSync(join(dist, name), 'utf8')).not.toMatch(/url\(|@import/);
});
