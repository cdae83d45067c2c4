import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
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
      expect(row('jti')).toMatch(/changed\s+"[\w-]{22}"\s+"[\w-]{22}"/);
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
  const SESSION_OVER = 'error="invalid_token", error_description="The session of the access token is over"';
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
    [
      '401 on renew',
      '401 Unauthorized',
      `WWW-Authenticate: Bearer realm="api", ${SESSION_OVER}`,
      'The session ended 60 minutes ago: it may last 12 hours.',
    ],
    ['Claims not updated', '200 OK', undefined, 'A claim is not the one that was expected'],
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

  it('the troubles are the rows of the tutorial, and each is an answer of explain', async () => {
    const tutorialPage = readFileSync(new URL('../../../docs/guide/tutorial.md', import.meta.url), 'utf8');
    const rows = /\| symptom \|.*\n\|[-| ]+\n((?:\|.*\n)+)/.exec(tutorialPage)?.[1] ?? '';
    const symptoms = [...rows.matchAll(/^\| ([^|]+) \|/gm)].map(([, symptom]) => symptom);
    await open();
    const group = page.getByRole('group', { name: 'When it does not work' });
    const names = (await group.getByRole('button').allInnerTexts()).map((text) =>
      text.split('\n')[0]?.trim(),
    );
    expect(names.map((name) => symptoms.find((symptom) => name?.startsWith(symptom as string)))).toEqual(
      symptoms,
    );
    for (const symptom of symptoms) {
      await press(new RegExp(`^${symptom}`));
      expect(await decisive().locator('.code').innerText()).toMatch(/^ERR_/);
    }
  });

  it('a renewal is refused for two reasons, and both are shown', async () => {
    await open();
    await press(/^401 on renew/);
    expect(await newest().locator('.outcome strong').innerText()).toBe('401 on renew: its session is over');
    expect(await decisive().innerText()).toMatch(/session[\s\S]+ERR_JWT_SESSION_OVER[\s\S]+begun/);
    // Signed in once for both.
    expect(await page.locator('.earlier summary').allInnerTexts()).toEqual([
      expect.stringContaining('the token is over'),
      expect.stringContaining('Sign in'),
    ]);
    await page.locator('.earlier summary').first().click();
    const earlier = page.locator('.earlier .experiment').first();
    expect(await earlier.locator('.outcome strong').innerText()).toBe('401 on renew: the token is over');
    expect(await earlier.locator('.check.fail').first().innerText()).toMatch(/expiry[\s\S]+ERR_JWT_EXPIRED/);
  });

  it('claims that were not updated are an answer of explain on the renewed token', async () => {
    await open();
    await press(/^Claims not updated/);
    expect(await decisive().innerText()).toMatch(/expected claims[\s\S]+tier · expected: 3 · seen: none/);
    expect(await newest().getByRole('table', { name: 'Old and new' }).innerText()).toContain('kept');
  });

  describe('what was broken', () => {
    it('stands beside what it was made from: mallory, under the signature of admin', async () => {
      await open();
      await press('Get a token');
      await press(/^Change a claim/);
      const rows = await newest()
        .getByRole('table', { name: 'Yours and what was sent' })
        .getByRole('row')
        .allInnerTexts();
      expect(rows).toEqual([
        expect.stringMatching(/Part\s+Yours\s+Sent/),
        expect.stringMatching(/^name changed\s+"admin"\s+"mallory"$/),
        expect.stringMatching(/^signature kept\s+(\S+)\s+\1$/),
      ]);
    });

    it('can be read, as any token', async () => {
      await open();
      await press('Get a token');
      await press(/^Change a claim/);
      await newest().getByText('Read the token that was sent').click();
      const sent = newest().locator('.token-view');
      expect(await sent.locator('.claims.payload').innerText()).toContain('"mallory"');
      expect(await sent.getByRole('group', { name: 'The token that was sent, encoded' }).isVisible()).toBe(
        true,
      );
    });

    it('shows on the bar of its lifetime that it expired', async () => {
      await open();
      await press('Get a token');
      await press(/^Expire it/);
      expect(await newest().locator('.lifetime .phase').innerText()).toBe('expired');
      expect(await newest().locator('.lifetime .stretch.now').innerText()).toBe('expired');
      await press(/^Another key/);
      expect(await newest().locator('.lifetime').count()).toBe(0);
    });

    it('is told of in red where the service accepts it', async () => {
      await open();
      await press('Get a token');
      await page.route('**/secure/jwt/hello', async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, status: 200, body: 'Hello mallory' });
      });
      await press(/^Change a claim/);
      expect(await newest().locator('.status.bad').innerText()).toBe('200 OK');
      expect(await newest().locator('.problem').innerText()).toContain('accepted a broken token');
      await press(/^Call the protected route/);
      expect(await newest().locator('.status.good').innerText()).toBe('200 OK');
      expect(await newest().locator('.problem').count()).toBe(0);
    });

    it('is told when it cannot be broken in this way', async () => {
      await open();
      await press('Get a token');
      await page.route('**/lab/broken', (route) =>
        route.fulfill({ status: 422, json: { detail: 'The service would accept this token.' } }),
      );
      await button(/^Another audience/).click();
      expect(await page.getByRole('alert').innerText()).toBe('The service would accept this token.');
      expect(await newest().locator('.outcome strong').innerText()).toBe('Sign in');
      expect(complaints.splice(0)).toEqual([expect.stringContaining('422')]);
    });
  });

  it('what failed stands first, and what passed is folded up until it is asked for', async () => {
    await open();
    await press(/^Another audience/);
    const checks = part('Checks');
    expect(await checks.getByRole('listitem').first().innerText()).toMatch(/^✕\s+audience/);
    const passed = checks.locator('.check.pass').first();
    expect(await passed.isVisible()).toBe(false);
    await checks.getByText(/^\d+ passed/).click();
    expect(await passed.isVisible()).toBe(true);
    await press(/^Change a claim/);
    expect(await checks.locator('summary').innerText()).toMatch(
      /^\d passed, \d+ read without a good signature$/,
    );
  });

  it('a claim and a check tell the same time in the same words, with its zone', async () => {
    await open();
    await press('Get a token');
    const when = await page
      .locator('.claim', { has: claimButton('exp') })
      .locator('.when')
      .innerText();
    expect(when).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
    expect(await part('Checks').locator('.check', { hasText: 'expiry' }).innerText()).toContain(
      `seen: ${when}`,
    );
  });

  it('the token is copied with one button, which says so', async () => {
    await open();
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await press('Get a token');
    await button('Copy your token').click();
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      await page.getByRole('group', { name: 'Your token, encoded' }).innerText(),
    );
  });

  it('shows that it is busy, takes no second request meanwhile, and leaves the focus where it is', async () => {
    await open();
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await page.route('**/token/new', async (route) => {
      await finished;
      await route.continue();
    });
    await button('Get a token').click();
    await page.getByText('Sending…').waitFor();
    expect(await page.locator('#answer').getAttribute('aria-busy')).toBe('true');
    expect(await button(/^Expire it/).getAttribute('aria-disabled')).toBe('true');
    await button(/^Expire it/).click({ force: true });
    await button('Get a token').focus();
    finish();
    await newest().waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Get a token');
    expect(await newest().locator('.outcome strong').innerText()).toBe('Sign in');
    expect(requested.filter((url) => url.includes('/lab/broken'))).toEqual([]);
  });

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

    const jwt = forged({ alg: 'HS256', typ: 'JWT' }, { ...goodClaims(), sub: 'somebody else' });
    it.each([
      ['a token response', JSON.stringify({ access_token: jwt, token_type: 'Bearer' }), 'access_token'],
      ['an Authorization field', `Authorization: Bearer ${jwt}`, 'after Bearer'],
      ['a quoted text', `"${jwt}"`, 'between the quotes'],
    ])('is found in %s', async (_what, text, found) => {
      await open();
      await paste(text);
      expect(await read().locator('.found').innerText()).toContain(found);
      expect(await read().innerText()).toContain('"somebody else"');
    });

    const now = Math.floor(Date.now() / 1000);
    it.each<[string, object, string, string]>([
      ['no exp', { iat: now }, 'no end', 'refused unless a service says'],
      ['a text as exp', { exp: 'abc' }, 'no time', 'Its exp is "abc"'],
      ['null as exp', { exp: null }, 'no time', 'Its exp is null'],
      ['an exp beyond all dates', { exp: 1e300 }, 'no time', 'Its exp is 1e+300'],
      ['an iat before all dates', { exp: now + 60, iat: -1e15 }, 'no time', 'Its iat is -1000000000000000'],
    ])('with %s is not called valid, and stands on no bar', async (_what, claims, phase, words) => {
      await open();
      await paste(forged({ alg: 'HS256' }, claims));
      expect(await read().locator('.phase').innerText()).toBe(phase);
      expect(await read().locator('.lifetime-words').innerText()).toContain(words);
      expect(await read().locator('.bar').count()).toBe(0);
      expect(await read().innerText()).not.toMatch(/Invalid Date|NaN|Infinity/);
    });

    it('that nobody signed is not called valid, only within its lifetime, and never in green', async () => {
      await open();
      await paste(
        `${forged({ alg: 'none' }, { exp: now + 3600 })
          .split('.')
          .slice(0, 2)
          .join('.')}.`,
      );
      expect(await read().innerText()).not.toMatch(/\bvalid\b/i);
      expect(await read().locator('.faults').innerText()).toContain('not signed');
      expect(await read().locator('.part-note').innerText()).toContain('nobody vouches');
      expect(await read().locator('.phase').innerText()).toBe('within its lifetime');
      await press('Get a token');
      const colour = (place: Locator) => place.evaluate((element) => getComputedStyle(element).color);
      expect(await colour(read().locator('.phase'))).not.toBe(await colour(newest().locator('.status.good')));
    });

    it('shows what would deceive the eye as what it is', async () => {
      await open();
      const claims = {
        'admin\u202eeurt': 'user\u202enimda',
        role: 'ad\u200bmin\u2066',
        'x\u0085': '\u007f',
        exp: 0,
      };
      await paste(forged({ alg: 'HS256', kid: '\u2067a' }, claims));
      const seen = await read().locator('.claims').allInnerTexts();
      for (const shown of [
        'admin\\u202eeurt',
        '"user\\u202enimda"',
        '"ad\\u200bmin\\u2066"',
        'x\\u0085',
        '"\\u007f"',
      ])
        expect(seen[1]).toContain(shown);
      expect(seen[0]).toContain('"\\u2067a"');
      expect(await read().locator('.escape').count()).toBe(7);
      expect(await read().evaluate((element) => element.textContent)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    });

    it.each([360, 1280])('of the worst kind leaves the page %i pixels wide and in order', async (width) => {
      await open({ width });
      await paste(
        forged(
          { alg: 'HS256', ['h'.repeat(500)]: 1 },
          { ['c'.repeat(500)]: 'v'.repeat(20_000), exp: 1e300, deep: [[[['x']]]], ['‮'.repeat(200)]: 1 },
        ),
      );
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      const tallest = await read()
        .locator('.claim')
        .evaluateAll((all) => Math.max(...all.map((claim) => claim.getBoundingClientRect().height)));
      expect(tallest).toBeLessThan(900);
      const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`claim${index}`, index]));
      await paste(forged({ alg: 'HS256' }, many));
      expect(await read().locator('.claim').count()).toBe(101);
      expect(await read().innerText()).toContain('And 2,900 more.');
    });

    it('of 200,000 dots is not read, and one of 90,000 not drawn in as many parts', async () => {
      await open();
      await paste('.'.repeat(200_000));
      expect(await page.getByRole('alert').innerText()).toBe(
        'This has 200,000 characters. The lab reads up to 100,000.',
      );
      expect(await read().count()).toBe(0);
      await paste('.'.repeat(90_000));
      expect(await read().locator('.faults').innerText()).toContain('more than 6 parts');
      expect(await read().locator('.token-text span').count()).toBeLessThan(20);
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

    it('is followed through its lifetime: not yet, within it, tolerance, expired', async () => {
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
        [110, 'within its lifetime'],
        [60, 'within its lifetime'],
        [45, 'tolerance'],
        [60, 'expired'],
        [3600, 'expired'],
      ] as const) {
        await clocked.clock.runFor(seconds * 1000);
        expect(await phase()).toBe(name);
        seen.push(await position());
      }
      expect(seen).toEqual(seen.toSorted((one, other) => one - other));
      expect(await read().getByText('The token is: expired').count()).toBe(1);
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

    it('buttons and answer are in view together, wherever the page is scrolled to', async () => {
      await open({ width: 1280, height: 800 });
      await press('Get a token');
      await button('Take mine').click();
      for (const scroll of [0, 10_000]) {
        await page.evaluate((y) => scrollTo(0, y), scroll);
        await press(/^Change a claim/);
        expect(await inView(button(/^Call the protected route/))).toBe(true);
        expect(await inView(button(/^Claims not updated/))).toBe(true);
        expect(await inView(newest().locator('.status'))).toBe(true);
        expect(await inView(newest().locator('.why'))).toBe(true);
      }
    });

    it('signing in leaves the token in view on a narrow page, and goes past it to no answer', async () => {
      await open({ width: 390, height: 844 });
      await press('Get a token');
      expect(await page.evaluate(() => scrollY)).toBe(0);
      expect(await inView(page.getByRole('heading', { name: 'Your token' }))).toBe(true);
      await press(/^alg: none/);
      expect(await inView(newest().locator('.status'))).toBe(true);
      expect(await inView(button(/^Claims not updated/))).toBe(true);
    });

    it.each([
      ['Skip to what can be tried', 'try', 1],
      ['Skip to the answer', 'answer', 2],
    ])('"%s" is one of the first stops of the keyboard', async (name, target, stops) => {
      await open();
      for (let stop = 0; stop < stops; stop++) await page.keyboard.press('Tab');
      const link = page.getByRole('link', { name });
      expect(await link.evaluate((element) => element === document.activeElement)).toBe(true);
      expect(await inView(link)).toBe(true);
      await page.keyboard.press('Enter');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe(target);
    });

    it('the claims are skipped with one key after signing in', async () => {
      await open();
      await press('Get a token');
      await button('Get a token').focus();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('try');
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Call the protected');
    });

    /** Whether all of it is inside the window. */
    async function inView(place: Locator): Promise<boolean> {
      const box = await place.boundingBox();
      const { height = 0 } = page.viewportSize() ?? {};
      return box !== null && box.y >= 0 && box.y + box.height <= height;
    }

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
