/**
 * Pictures of the token lab, at two widths and in both themes, into a folder: `pnpm screenshots [folder]`. The one of
 * the README is written to its place.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openBrowser, openPage, type Theme } from './browser.ts';
import { certificateFolder, removeFolder, Tutorial } from './tutorial-process.ts';

const README_PICTURE = join(import.meta.dirname, '../../../docs/images/token-lab.png');
const target = process.argv[2] ?? join(import.meta.dirname, '../node_modules/.cache/screenshots');
mkdirSync(target, { recursive: true });

const certificates = certificateFolder();
const tutorial = await Tutorial.start({ TOKENWRIGHT_CERTIFICATES: certificates });
const browser = await openBrowser();
try {
  for (const width of [1280, 390])
    for (const theme of ['light', 'dark'] as const) await pictures(width, theme);
  await readmePicture();
} finally {
  await browser.close();
  await tutorial.stop();
  removeFolder(certificates);
}

/** The page as it opens, with a token that is refused, and after a renewal. */
async function pictures(width: number, theme: Theme): Promise<void> {
  const { page, context } = await openPage(browser, `https://localhost:${tutorial.port}/`, { theme, width });
  const take = (what: string): Promise<unknown> =>
    page.screenshot({ path: join(target, `${what}-${width}-${theme}.png`), fullPage: true });
  await page.getByRole('heading', { name: 'Token lab' }).waitFor();
  await take('empty');
  await press(page, 'Get a token');
  await press(page, 'Change a claim');
  await take('refused');
  await press(page, 'Renew POST /token/renew');
  await page.getByRole('button', { name: 'Take mine' }).click();
  await page.getByRole('button', { name: 'aud', exact: true }).first().focus();
  await take('renewed');
  await context.close();
}

/** A token, what can be done with it, and the whole answer to a changed one. Small enough for a README. */
async function readmePicture(): Promise<void> {
  const [width, height] = [1180, 800];
  const url = `https://localhost:${tutorial.port}/`;
  const { page, context } = await openPage(browser, url, { width, height });
  await press(page, 'Get a token');
  await press(page, 'Change a claim');
  await page.mouse.move(0, 0);
  // The answer scrolls by itself: the window has to be as tall as all of it.
  const hidden = await page
    .locator('#answer')
    .evaluate((answer) => answer.scrollHeight - answer.clientHeight);
  await page.setViewportSize({ width, height: height + hidden });
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: README_PICTURE });
  await context.close();
}

/** Presses a button and waits until its answer is there. */
async function press(page: Page, name: string): Promise<void> {
  const before = await page.evaluate(
    () => document.querySelector<HTMLElement>('.experiment')?.dataset['number'],
  );
  await page.getByRole('button', { name }).first().click();
  await page.waitForFunction((earlier) => {
    const newest = document.querySelector<HTMLElement>('.experiment');
    const idle = document.querySelector('#answer')?.getAttribute('aria-busy') === 'false';
    return idle && newest !== null && newest.dataset['number'] !== earlier;
  }, before);
}
