import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, HOW_TO_GET_CHROMIUM, openBrowser, openPage, type Theme, type View } from './browser.js';
import { forged, goodClaims } from './tokens.js';
import { certificateFolder, removeFolder, Tutorial } from './tutorial-process.js';

if (CHROMIUM === undefined) console.warn(HOW_TO_GET_CHROMIUM);

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Chromium itself writes this for every 401, which is what the lab is about. Anything else in the console is a fault. */
const REFUSED = /^Failed to load resource: the server responded with a status of 401/;

describe.skipIf(CHROMIUM === undefined)('the token lab', () => {
  const folder = certificateFolder();
  let tutorial: Tutorial;
  let browser: Browser;
  let origin: string;
  let page: Page;
  let context: BrowserContext;
  let complaints: string[];
  let requested: string[];

  beforeAll(async () => {
    tutorial = await Tutorial.start({ TOKENWRIGHT_CERTIFICATES: folder });
    browser = await openBrowser();
    origin = `https://localhost:${tutorial.port}`;
  });

  afterAll(async () => {
    await browser?.close();
    await tutorial?.stop();
    removeFolder(folder);
  });

  /** Every test ends with a look at the console, at where requests went, and at what was stored. */
  afterEach(async () => {
    expect(complaints).toEqual([]);
    expect(requested.filter((url) => !url.startsWith(`${origin}/`))).toEqual([]);
    expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([
      0,
      0,
      '',
    ]);
    await context.close();
  });

  async function open(view: View = {}): Promise<void> {
    ({ page, context } = await openPage(browser, 'about:blank', view));
    complaints = [];
    requested = [];
    page.on('console', (message) => {
      const loud = message.type() === 'error' || message.type() === 'warning';
      if (loud && !REFUSED.test(message.text())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requested.push(request.url()));
    await page.goto(origin);
    await page.getByRole('heading', { name: 'Token lab' }).waitFor();
  }

  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const claimButton = (name: string) => page.getByRole('button', { name, exact: true });
  const newest = () => page.locator('#answer > .experiment');
  const part = (name: 'Request' | 'Response' | 'Checks') =>
    newest().locator('.message, .checks', { has: page.getByRole('heading', { name }) });
  const decisive = () => newest().locator('.check.fail').first();

  /** Presses a button and waits for the answer that comes of it. */
  async function press(name: string | RegExp): Promise<void> {
    const before = (await newest().count()) === 0 ? null : await newest().getAttribute('data-number');
    await button(name).click();
    await page.waitForFunction((earlier) => {
      const panel = document.querySelector('#answer');
      const number = panel?.querySelector<HTMLElement>(':scope > .experiment')?.dataset['number'] ?? null;
      return panel?.getAttribute('aria-busy') === 'false' && number !== null && number !== earlier;
    }, before);
  }

  describe('signing in', () => {
    it('starts with the published name and password, and gives a token that is shown in its three parts', async () => {
      await open();
      expect(await page.getByLabel('Name').inputValue()).toBe('admin');
      await press('Get a token');
      expect(await newest().locator('.status').innerText()).toBe('200 OK');
      const parts = page.getByRole('group', { name: 'Your token, encoded' }).locator('.part');
      expect(await parts.count()).toBe(3);
      const colours = await parts.evaluateAll((all) => all.map((part) => getComputedStyle(part).color));
      expect(new Set(colours).size).toBe(3);
      expect(await newest().locator('.check.pass').count()).toBeGreaterThan(10);
      expect(await newest().locator('.check.fail').count()).toBe(0);
    });

    it('shows the Basic challenge of a wrong password, with cause and fix, and never the password', async () => {
      await open();
      await page.getByLabel('Password').fill('not the password');
      await press('Get a token');
      expect(await newest().locator('.status').innerText()).toBe('401 Unauthorized');
      expect(await newest().locator('.challenge').innerText()).toContain(
        'Basic realm="Init", charset="UTF-8"',
      );
      expect(await newest().locator('.why').innerText()).toMatch(/Why[\s\S]+does not know[\s\S]+Fix/);
      expect(await newest().innerText()).not.toContain('not the password');
      expect(await newest().innerText()).not.toContain(btoa('admin:not the password'));
    });

    it('is asked for first by whatever needs a token, and says so when it fails', async () => {
      await open();
      await page.getByLabel('Password').fill('wrong');
      await press(/^Expire it/);
      expect(await page.getByRole('alert').innerText()).toContain('There is no token yet');
      await page.getByLabel('Password').fill('password');
      await press(/^Expire it/);
      expect(await page.getByRole('alert').count()).toBe(0);
    });
  });

  describe('each claim', () => {
    it('has its meaning on hover and on focus, which Escape hides, and a link to where it is defined', async () => {
      await open();
      await press('Get a token');
      const claim = page.locator('.claim', { has: claimButton('exp') });
      const tooltip = claim.getByRole('tooltip', { includeHidden: true });
      expect(await tooltip.isVisible()).toBe(false);
      await claim.hover();
      expect(await tooltip.innerText()).toContain('When it ends');
      await page.mouse.move(0, 0);
      await tooltip.waitFor({ state: 'hidden' });
      await claimButton('exp').focus();
      await tooltip.waitFor({ state: 'visible' });
      await page.keyboard.press('Escape');
      await tooltip.waitFor({ state: 'hidden' });
      expect(await claim.getByRole('link').getAttribute('href')).toBe(
        'https://www.rfc-editor.org/rfc/rfc7519.html#section-4.1.4',
      );
      const names = await page.locator('.claim-name').allInnerTexts();
      expect(names.sort()).toEqual([
        'alg',
        'aud',
        'auth_time',
        'exp',
        'iat',
        'iss',
        'jti',
        'name',
        'roles',
        'sub',
        'typ',
      ]);
      expect(await page.locator('.claim').count()).toBe(
        await page.locator('.claim a[href^="https://"]').count(),
      );
    });
  });

  describe('using the token', () => {
    it('reaches the protected route, and every check is shown as passed', async () => {
      await open();
      await press('Get a token');
      await press(/^Call the protected route GET/);
      expect(await part('Request').innerText()).toMatch(
        /GET \/secure\/jwt\/hello\s+Authorization: Bearer ey/,
      );
      expect(await part('Response').innerText()).toContain('JWT Hello admin');
      expect(await part('Checks').innerText()).toContain('all passed');
    });

    it('renews it, shows old and new side by side, and goes on with the new one', async () => {
      await open();
      await press('Get a token');
      const old = await page.getByRole('group', { name: 'Your token, encoded' }).innerText();
      await press(/^Renew POST/);
      const rows = await newest()
        .getByRole('table', { name: 'Old and new' })
        .getByRole('row')
        .allInnerTexts();
      const row = (name: string) => rows.find((text) => text.startsWith(`${name} `)) ?? '';
      expect(row('sub')).toMatch(/kept\s+"admin"\s+"admin"/);
      expect(row('roles')).toContain('kept');
      expect(row('auth_time')).toContain('kept');
      expect(row('jti')).toMatch(/changed\s+"[\da-f-]{36}"\s+"[\da-f-]{36}"/);
      expect(await page.getByRole('group', { name: 'Your token, encoded' }).innerText()).not.toBe(old);
      await press(/^Call the protected route GET/);
      expect(await newest().locator('.status').innerText()).toBe('200 OK');
    });

    it('says so when the server does not answer', async () => {
      await open();
      await press('Get a token');
      await page.route('**/secure/jwt/hello', (route) => route.abort());
      await press(/^Call the protected route GET/);
      expect(await newest().locator('.status').innerText()).toBe('no answer');
      expect(await newest().innerText()).toContain('Is it still running?');
      expect(complaints.splice(0)).toEqual([expect.stringContaining('net::ERR_FAILED')]);
    });

    it('says so when there is no report', async () => {
      await open();
      await page.route('**/lab/explain', (route) =>
        route.fulfill({ status: 403, json: { detail: 'The report stays on its machine.' } }),
      );
      await press('Get a token');
      expect(await newest().innerText()).toContain('No report. The report stays on its machine.');
      expect(complaints.splice(0)).toEqual([expect.stringContaining('403')]);
    });
  });

  const NOT_VALID = 'error="invalid_token", error_description="The access token is not valid"';
  const EXPIRED = 'error="invalid_token", error_description="The access token expired"';
  const ELSEWHERE = 'error="invalid_token", error_description="The access token is for another audience"';
  const FORGED = 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED';

  it.each([
    ['Expire it', EXPIRED, 'expiry', 'ERR_JWT_EXPIRED'],
    ['Change a claim', NOT_VALID, 'signature', FORGED],
    ['Cut the signature', NOT_VALID, 'signature', FORGED],
    ['alg: none', NOT_VALID, 'structure', 'ERR_JWS_INVALID'],
    ['Another key', NOT_VALID, 'signature', FORGED],
    ['Another audience', ELSEWHERE, 'audience', 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
  ])(
    'the breaker "%s" is refused, with challenge, failed check, cause and fix',
    async (name, challenge, check, code) => {
      await open();
      await press('Get a token');
      const good = await page.getByRole('group', { name: 'Your token, encoded' }).innerText();
      await press(new RegExp(`^${name}`));
      expect(await newest().locator('.status').innerText()).toBe('401 Unauthorized');
      expect(await newest().locator('.challenge').innerText()).toBe(
        `WWW-Authenticate: Bearer realm="api", ${challenge}`,
      );
      expect(await decisive().innerText()).toMatch(new RegExp(`${check}[\\s\\S]+${code}`));
      expect(await newest().locator('.why').innerText()).toMatch(/Why\s+\S[\s\S]+Fix\s+\S/);
      // The good token is still there, and still good.
      expect(await page.getByRole('group', { name: 'Your token, encoded' }).innerText()).toBe(good);
      await press(/^Call the protected route GET/);
      expect(await newest().locator('.status').innerText()).toBe('200 OK');
    },
  );

  it.each([
    ['401 Bearer', '401 Unauthorized', 'WWW-Authenticate: Bearer realm="api"', 'There is no token.'],
    ['Token expired', '401 Unauthorized', `WWW-Authenticate: Bearer realm="api", ${EXPIRED}`, 'expired'],
    [
      'Signature invalid',
      '401 Unauthorized',
      `WWW-Authenticate: Bearer realm="api", ${NOT_VALID}`,
      'signature',
    ],
    ['401 on renew', '401 Unauthorized', `WWW-Authenticate: Bearer realm="api", ${EXPIRED}`, 'expired'],
    ['Claims not updated', '200 OK', undefined, 'A renewal gives the same claims'],
  ])(
    'the trouble "%s" shows with one click, without signing in first',
    async (symptom, status, challenge, cause) => {
      await open();
      await press(new RegExp(`^${symptom}`));
      expect(await newest().locator('.status').innerText()).toBe(status);
      expect(await newest().locator('.challenge').allInnerTexts()).toEqual(
        challenge === undefined ? [] : [challenge],
      );
      expect(await newest().locator('.why').innerText()).toContain(cause);
      expect(await newest().locator('.why').innerText()).toMatch(/Fix\s+\S/);
      const path =
        symptom.includes('renew') || challenge === undefined ? '/token/renew' : '/secure/jwt/hello';
      expect(await part('Request').innerText()).toContain(path);
    },
  );

  it('the earlier answers stay, folded up', async () => {
    await open();
    await press('Get a token');
    await press(/^alg: none/);
    await press(/^Another key/);
    expect(await page.locator('.earlier summary').allInnerTexts()).toEqual([
      expect.stringContaining('alg: none'),
      expect.stringContaining('Sign in'),
    ]);
    await page.locator('.earlier summary').first().click();
    expect(await page.locator('.earlier .experiment').first().innerText()).toContain(
      'The token is not signed',
    );
  });

  describe('a pasted token', () => {
    const paste = (token: string) => page.getByLabel('Paste a token').fill(token);
    const read = () => page.getByRole('region', { name: 'What the pasted token says' });

    it('is read in the page and never leaves it', async () => {
      await open();
      requested.length = 0;
      const sent: string[] = [];
      page.on('request', (request) => sent.push(request.url()));
      await paste(forged({ alg: 'HS256', typ: 'JWT' }, { ...goodClaims(), sub: 'somebody else' }));
      expect(await read().innerText()).toContain('"somebody else"');
      await paste(`Bearer ${forged({ alg: 'HS256' }, { sub: 'with its scheme' })}`);
      expect(await read().innerText()).toContain('"with its scheme"');
      expect(sent).toEqual([]);
    });

    it.each([
      ['two parts', 'ey.ey', /has 2 parts/],
      ['no base64url', 'e$.e30.e30', /protected header/],
      ['no JSON', 'AAAA.e30.e30', /protected header is not/],
      ['no token at all', '<img src=x onerror=alert(1)>', /has 1 parts?/],
      ['no signature', `${btoa('{"alg":"none"}').replaceAll('=', '')}.e30.`, /signature is empty/],
    ])('that has %s is told what is wrong with it', async (_what, token, fault) => {
      await open();
      await paste(token);
      expect(await read().locator('.faults').innerText()).toMatch(fault);
    });

    it('can be one’s own, and is taken away again', async () => {
      await open();
      expect(await button('Take mine').isDisabled()).toBe(true);
      await press('Get a token');
      await button('Take mine').click();
      expect(await read().innerText()).toContain('"KestrunApi"');
      await button('Clear').click();
      expect(await read().count()).toBe(0);
    });

    it('is followed through its lifetime: not yet, valid, tolerance, expired', async () => {
      const now = Math.floor(Date.now() / 1000);
      ({ page, context } = await openPage(browser, 'about:blank'));
      await page.clock.install({ time: now * 1000 });
      const clocked = page;
      complaints = [];
      requested = [];
      await clocked.goto(origin);
      await paste(forged({ alg: 'HS256' }, { nbf: now + 100, exp: now + 200 }));
      const phase = () => read().locator('.phase').innerText();
      const position = async () =>
        Number.parseFloat(
          (await read().locator('.marker').getAttribute('style'))?.match(/[\d.]+/)?.[0] ?? '',
        );
      const seen: number[] = [];
      expect(await phase()).toBe('not yet');
      for (const [seconds, name] of [
        [110, 'valid'],
        [60, 'valid'],
        [45, 'tolerance'],
        [60, 'expired'],
        [3600, 'expired'],
      ] as const) {
        await clocked.clock.runFor(seconds * 1000);
        expect(await phase()).toBe(name);
        seen.push(await position());
      }
      expect(seen).toEqual(seen.toSorted((one, other) => one - other));
      expect(await read().getByRole('status').innerText()).toContain('expired');
    });
  });

  describe('for everybody', () => {
    it('every button can be reached and pressed with the keyboard alone', async () => {
      await open();
      await page.getByLabel('Password').press('Enter');
      await page.locator('#answer > .experiment').waitFor();
      await page.waitForFunction(
        () => document.querySelector('#answer')?.getAttribute('aria-busy') === 'false',
      );
      const all = await page
        .locator('button:visible:enabled, a:visible, input:visible, textarea:visible, summary:visible')
        .count();
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      const reached = new Set<string>();
      for (let presses = 0; presses < all + 10; presses++) {
        await page.keyboard.press('Tab');
        reached.add(await page.evaluate(() => document.activeElement?.textContent?.trim() ?? ''));
      }
      for (const name of await page.locator('button:visible:enabled').allTextContents())
        expect(reached).toContain(name.trim());
      await button(/^alg: none/).focus();
      await page.keyboard.press('Enter');
      await newest().getByText('alg: none', { exact: true }).waitFor();
      expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('alg: none');
    });

    it('an answer is announced, and in a narrow page brought into view', async () => {
      await open({ width: 360, height: 740 });
      await press('Get a token');
      expect(await page.locator('#answer > [role=status]').innerText()).toBe('Sign in: 200 OK');
      await press(/^Another key/);
      expect(await page.locator('#answer > [role=status]').innerText()).toBe('Another key: 401 Unauthorized');
      const box = await page.getByRole('heading', { name: 'Answer' }).boundingBox();
      expect(box?.y).toBeGreaterThanOrEqual(0);
      expect(box?.y).toBeLessThan(740);
    });

    it.each([360, 390, 768, 1280])('nothing is wider than a page of %i pixels', async (width) => {
      await open({ width });
      await press('Get a token');
      await press(/^Renew POST/);
      await button('Take mine').click();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    });

    const VIEWS: readonly (readonly [Theme, number])[] = [
      ['light', 1280],
      ['dark', 1280],
      ['light', 360],
      ['dark', 360],
    ];
    it.each(VIEWS)('axe finds nothing to mend in the %s theme, %i pixels wide', async (theme, width) => {
      await open({ theme, width });
      const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(dark === 'rgb(19, 21, 26)').toBe(theme === 'dark');
      expect(await faults()).toEqual([]);
      await press('Get a token');
      await claimButton('exp').focus();
      expect(await faults()).toEqual([]);
      await press(/^Another audience/);
      await page.locator('.earlier summary').first().click();
      expect(await faults()).toEqual([]);
      await press(/^Claims not updated/);
      await page.getByLabel('Paste a token').fill('e$.e30.');
      expect(await faults()).toEqual([]);
    });

    async function faults(): Promise<unknown[]> {
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() =>
        (globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        }),
      );
      return violations.map(({ id, nodes }) => [
        id,
        nodes.map((node) => `${node.html} ${node.failureSummary}`),
      ]);
    }
  });
});
