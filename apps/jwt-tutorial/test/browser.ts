/** A real Chromium for the token lab: the machine's own, without a window. */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
const ARGUMENTS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'];

/** Where Chromium is: the setting CHROMIUM, or the first usual place that has one. */
export const CHROMIUM: string | undefined = [process.env['CHROMIUM'] ?? '', ...PLACES].find(
  (place) => place !== '' && existsSync(place),
);

/** What to say where there is none. */
export const HOW_TO_GET_CHROMIUM =
  'The token lab is not driven: no Chromium found. Get it with `apt-get install -y chromium`, or set CHROMIUM to its path.';

/** The two themes of the page. */
export type Theme = 'light' | 'dark';

/** How a page is opened. */
export interface View {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
}

/** Starts Chromium. */
export function openBrowser(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error(HOW_TO_GET_CHROMIUM);
  return chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
}

/** Opens a page in a context of its own. Animations are off, as for somebody who asked for less motion. */
export async function openPage(
  browser: Browser,
  url: string,
  { theme = 'light', width = 1280, height = 900 }: View = {},
): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    colorScheme: theme,
    reducedMotion: 'reduce',
    viewport: { width, height },
    deviceScaleFactor: 1,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(url);
  return { page, context };
}
