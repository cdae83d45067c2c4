import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  authenticate,
  type BearerOptions,
  bearer,
  cookie,
  type Refusal,
  type Scheme,
  type TokenVerifier,
} from '../src/index.js';
import { ask, askAs, type RunningApp, serve } from './koa-app.ts';
import { askWith, builderOf, cookieOf, own, serveSession } from './session-app.ts';
import { builderAt, forge, GOOD_CLAIMS, jwt, NOON } from './tokens.ts';

const MARKER = 'MARKERzQ7secretMARKER';
const expired = bearer(builderAt(NOON + 9999).validator());

function serveTokens(scheme: Scheme<object> = bearer(jwt.validator())): Promise<RunningApp> {
  return serve((koa) => koa.use(authenticate(scheme)));
}

/** Refuses everything; explains as it is told. */
function verifier(explain: () => unknown): TokenVerifier & { explained: number } {
  const own = {
    explained: 0,
    verify: () => Promise.reject(Object.assign(new Error('no'), { code: 'ERR_JWS_INVALID' })),
    explain: () => {
      own.explained += 1;
      return explain();
    },
  };
  return own;
}

function reportOf(refusal: Refusal | undefined): NonNullable<Refusal['reasons'][number]['report']> {
  const report = refusal?.reasons[0]?.report;
  if (report === undefined) throw new Error('no report');
  return report;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the refusal event of a bad token', () => {
  it('has every check of the validator with its outcome, under the client’s trace', async () => {
    await using app = await serveTokens(expired);
    const answer = await askAs(app, `Bearer ${forge(GOOD_CLAIMS)}`);
    const [refusal] = app.refusals;
    expect(JSON.parse(answer.body).trace).toBe(refusal?.trace);
    const { accepted, checks } = reportOf(refusal);
    expect(accepted).toBe(false);
    expect(checks.filter(({ outcome }) => outcome === 'fail')).toMatchObject([
      {
        check: 'expiry',
        trusted: true,
        actual: '2026-11-24T13:00:00.000Z',
        code: 'ERR_JWT_EXPIRED',
        reason: 'expired',
        claim: 'exp',
      },
    ]);
    expect(checks.find(({ check }) => check === 'signature')).toMatchObject({ outcome: 'pass' });
    expect(checks.find(({ check }) => check === 'issuer')).toMatchObject({
      outcome: 'pass',
      expected: '"KestrunApi"',
    });
  });

  it('looks at the claims of a token whose signature is bad, and says that they are not to be trusted', async () => {
    await using app = await serveTokens(expired);
    const [head, body] = forge(GOOD_CLAIMS).split('.');
    await askAs(app, `Bearer ${head}.${body}.${'A'.repeat(43)}`);
    const failed = reportOf(app.refusals[0]).checks.filter(({ outcome }) => outcome === 'fail');
    expect(failed).toMatchObject([
      { check: 'signature', trusted: false },
      { check: 'expiry', trusted: false },
    ]);
  });

  it('is one line of JSON, and tells the client nothing', async () => {
    await using app = await serveTokens(expired);
    const answer = await askAs(app, `Bearer ${forge(GOOD_CLAIMS)}`);
    const line = JSON.stringify(app.refusals[0]);
    expect(line).not.toContain('\n');
    expect(line.length).toBeLessThan(8192);
    expect(JSON.parse(line).reasons[0].report.checks.length).toBeGreaterThan(10);
    expect(answer.body + answer.challenges.join()).not.toMatch(/report|checks|KestrunApi/);
  });

  it('is frozen', async () => {
    await using app = await serveTokens(expired);
    await askAs(app, `Bearer ${forge(GOOD_CLAIMS)}`);
    const report = reportOf(app.refusals[0]);
    expect([report, report.checks, report.checks[0]].every(Object.isFrozen)).toBe(true);
  });
});

describe('H17 a decision report', () => {
  it.each<[string, string]>([
    ['the issuer', forge({ ...GOOD_CLAIMS, iss: MARKER })],
    ['the audience', forge({ ...GOOD_CLAIMS, aud: [MARKER] })],
    ['a second audience', forge({ ...GOOD_CLAIMS, aud: ['KestrunClients', MARKER], exp: 1 })],
    ['an expiry that is text', forge({ ...GOOD_CLAIMS, exp: MARKER })],
    ['the subject', forge({ ...GOOD_CLAIMS, sub: [MARKER] })],
    ['a claim of one’s own', forge({ ...GOOD_CLAIMS, password: MARKER, exp: 1 })],
    ['the name of a claim', forge({ ...GOOD_CLAIMS, [MARKER]: 1, exp: 1 })],
    ['the kid', forge(GOOD_CLAIMS, { alg: 'HS256', kid: MARKER, typ: MARKER })],
    ['the algorithm', forge(GOOD_CLAIMS, { alg: MARKER })],
    ['the token itself', `${MARKER}.${MARKER}.${MARKER}`],
  ])('holds nothing that a stranger wrote: %s', async (_what, token) => {
    await using app = await serveTokens();
    await askAs(app, `Bearer ${token}`);
    const line = JSON.stringify(reportOf(app.refusals[0]));
    for (const secret of [MARKER, ...token.split('.').filter((part) => part.length > 20)]) {
      expect(line).not.toContain(secret);
    }
  });

  it('shows the text of a claim where that was asked for', async () => {
    await using app = await serveTokens(bearer(jwt.validator(), { report: { show: ['issuer'] } }));
    await askAs(app, `Bearer ${forge({ ...GOOD_CLAIMS, iss: 'another', aud: MARKER })}`);
    const { checks } = reportOf(app.refusals[0]);
    expect(checks.find(({ check }) => check === 'issuer')?.actual).toBe('"another"');
    expect(JSON.stringify(checks)).not.toContain(MARKER);
  });
});

describe('the cost of decision reports', () => {
  it('is bounded: ten in a second, the other refusals stand without', async () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(1_000_000);
    const own = verifier(() => ({ accepted: false, checks: [] }));
    await using app = await serveTokens(bearer(own));
    for (let i = 0; i < 25; i += 1) expect((await askAs(app, 'Bearer x')).status).toBe(401);
    expect(own.explained).toBe(10);
    expect(app.refusals.map(({ reasons: [reason] }) => reason?.report !== undefined)).toEqual([
      ...Array(10).fill(true),
      ...Array(15).fill(false),
    ]);
    now.mockReturnValue(1_001_000);
    await askAs(app, 'Bearer x');
    expect(own.explained).toBe(11);
  });

  it('is none where nobody listens, or where none are asked for', async () => {
    const own = verifier(() => ({ accepted: false, checks: [] }));
    await using deaf = await serve((koa) => {
      koa.removeAllListeners('refusal');
      koa.use(authenticate(bearer(own)));
    });
    expect((await askAs(deaf, 'Bearer x')).status).toBe(401);
    for (const report of [false, { perSecond: 0 }] as const) {
      await using app = await serveTokens(bearer(own, { report }));
      expect((await askAs(app, 'Bearer x')).status).toBe(401);
    }
    expect(own.explained).toBe(0);
  });

  it('is none for a token that is good, or that is no token at all', async () => {
    const own = { ...verifier(() => ({ checks: [] })), verify: () => ({ claims: { sub: 'ada' } }) };
    await using app = await serveTokens(bearer(own));
    await askAs(app, 'Bearer x');
    expect((await askAs(app, 'Bearer x y')).status).toBe(400);
    expect(own.explained).toBe(0);
  });

  it('is bounded in length, whatever a verifier explains', async () => {
    const check = { check: 'x'.repeat(5000), outcome: 'odd', expected: 'x'.repeat(5000), fix: 7 };
    const own = verifier(() => ({ accepted: 'yes', checks: [...Array(1000).fill(check), null] }));
    await using app = await serveTokens(bearer(own));
    await askAs(app, 'Bearer x');
    const report = reportOf(app.refusals[0]);
    expect(report.accepted).toBe(false);
    expect(report.checks).toHaveLength(40);
    expect(report.checks[0]).toEqual({
      check: 'x'.repeat(240),
      outcome: 'skipped',
      trusted: false,
      expected: 'x'.repeat(240),
    });
  });
});

describe('a verifier that can’t explain', () => {
  it.each<[string, TokenVerifier]>([
    ['because it throws', verifier(() => Promise.reject(new Error(MARKER)))],
    ['because it answers nothing', verifier(() => undefined)],
    ['because it answers something else', verifier(() => ({ checks: 'many' }))],
    ['because it has no explain', { verify: verifier(() => undefined).verify }],
  ])('refuses all the same: %s', async (_what, own) => {
    await using app = await serveTokens(bearer(own));
    expect((await askAs(app, 'Bearer x')).status).toBe(401);
    expect(app.refusals[0]?.reasons).toMatchObject([{ code: 'ERR_JWS_INVALID' }]);
    expect(app.refusals[0]?.reasons[0]?.report).toBeUndefined();
    expect(app.errors).toEqual([]);
  });
});

describe('the refusal event of a bad session', () => {
  const failedIn = (refusal: Refusal | undefined): string[] =>
    reportOf(refusal)
      .checks.filter(({ outcome }) => outcome === 'fail')
      .map(({ check }) => check);

  it('has every check of the validator, under the client’s trace, and nothing that was in the cookie', async () => {
    await using app = await serveSession();
    const [name, value = ''] = cookieOf(await app.login()).split('=');
    const answer = await askWith(app, `${name}=${value.slice(0, -2)}${value.endsWith('AA') ? 'BA' : 'AA'}`);
    const { trace } = JSON.parse(answer.body) as { trace: string };
    expect(trace).toBe(app.refusals[0]?.trace);
    expect(failedIn(app.refusals[0])).toContain('signature');
    // But for the trace, which is random and may have any three letters.
    const told = (answer.body + JSON.stringify(app.refusals)).replaceAll(trace, '');
    expect(told).not.toMatch(/ada|Ada|read write/);
  });

  it('tells an access token from a session', async () => {
    await using app = await serveSession();
    const { token } = await builderOf(app.now).subject('ada').build();
    await askWith(app, `__Host-session=${token}`);
    expect(failedIn(app.refusals[0])).toEqual(['type']);
  });

  it('has none where that was asked for', async () => {
    await using app = await serveSession({ report: false });
    await askWith(app, '__Host-session=x.y.z');
    expect(app.refusals[0]?.reasons).toMatchObject([{ scheme: 'Cookie', report: undefined }]);
  });

  it('has none for a request that is about to sign in: it is not refused for its old cookie', async () => {
    await using app = await serveSession();
    const headers = { ...own(app), cookie: '__Host-session=x.y.z' };
    expect((await ask(app, { method: 'POST', path: '/login', headers })).status).toBe(200);
    expect(app.refusals).toEqual([]);
  });
});

describe('wrong options of reports', () => {
  it.each<[string, unknown]>([
    ['a rate below zero', { perSecond: -1 }],
    ['a rate that is no number', { perSecond: '10' }],
    ['a name instead of a list', { show: 'issuer' }],
  ])('are refused at once: %s', (_what, report) => {
    const options = { report } as BearerOptions;
    expect(() =>
      bearer(
        verifier(() => undefined),
        options,
      ),
    ).toThrow(/of bearer\(\)/);
    expect(() => cookie({ jwt, ...options })).toThrow(/of cookie\(\)/);
  });
});
