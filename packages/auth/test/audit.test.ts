import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  type AuditEvent,
  auditOf,
  authenticate,
  authorize,
  basic,
  bearer,
  hasRole,
  type Policy,
  policy,
  type Scheme,
} from '../src/index.js';
import { ask, askAs, basicValue, type RunningApp, serve } from './koa-app.ts';
import { askWith, cookieOf, own, serveSession } from './session-app.ts';
import { builderAt, jwt, NOON, tokenFor } from './tokens.ts';

interface Audited extends RunningApp {
  readonly events: AuditEvent[];
}

async function serveAudited(scheme: Scheme<object>, rule: Policy = hasRole('admin')): Promise<Audited> {
  const events: AuditEvent[] = [];
  const app = await serve((koa) => {
    auditOf(koa).on('audit', (event) => events.push(event));
    koa
      .use((ctx, next) => {
        ctx.state['requestId'] = 'r-1';
        return next();
      })
      .use(authenticate(scheme))
      .use(authorize(rule as Policy<object>))
      .use((ctx) => {
        ctx.body = '';
      });
  });
  return Object.assign(app, { events });
}

const tokens = bearer(jwt.validator());
const known = { scheme: 'Bearer', subject: 'ada', requestId: 'r-1', code: undefined, trace: undefined };

describe('the audit of an application', () => {
  it('has who was let in, by which scheme, in which request', async () => {
    await using app = await serveAudited(tokens);
    await askAs(app, `Bearer ${await tokenFor('ada')}`);
    expect(app.events).toEqual([
      { ...known, action: 'authenticate', outcome: 'granted' },
      { ...known, action: 'authorize', outcome: 'granted' },
    ]);
    expect(app.events.every(Object.isFrozen)).toBe(true);
  });

  it('has who was not allowed, with the trace of the answer', async () => {
    await using app = await serveAudited(tokens, hasRole('owner'));
    const answer = await askAs(app, `Bearer ${await tokenFor('ada')}`);
    const { trace } = JSON.parse(answer.body);
    expect(app.events[1]).toEqual({
      ...known,
      action: 'authorize',
      outcome: 'refused',
      code: 'policy',
      trace,
    });
  });

  it('has the reason of a refusal, and not whom a stranger claims to be', async () => {
    await using app = await serveAudited(bearer(builderAt(NOON + 9999).validator()));
    await askAs(app, `Bearer ${await tokenFor('ada')}`);
    expect(app.events).toMatchObject([
      {
        action: 'authenticate',
        outcome: 'refused',
        scheme: 'Bearer',
        subject: undefined,
        code: 'ERR_JWT_EXPIRED',
      },
    ]);
  });

  it('has that nobody said who they are', async () => {
    await using app = await serveAudited(tokens);
    await ask(app);
    expect(app.events).toMatchObject([
      { outcome: 'refused', scheme: undefined, code: 'credentials_required' },
    ]);
  });

  it('has what broke down', async () => {
    const broken = bearer({ verify: () => Promise.reject(new Error('down')) });
    await using one = await serveAudited(broken);
    expect((await askAs(one, 'Bearer abc')).status).toBe(500);
    expect(one.events).toMatchObject([{ action: 'authenticate', outcome: 'failed', scheme: 'Bearer' }]);
    await using two = await serveAudited(
      tokens,
      policy('odd', () => Promise.reject(new Error('down'))),
    );
    expect((await askAs(two, `Bearer ${await tokenFor('ada')}`)).status).toBe(500);
    expect(two.events[1]).toMatchObject({ action: 'authorize', outcome: 'failed', subject: 'ada' });
  });

  it('has logins and log-outs, and those that were refused', async () => {
    const events: AuditEvent[] = [];
    await using app = await serveSession({}, (koa) =>
      auditOf(koa).on('audit', (event) => events.push(event)),
    );
    const cookie = cookieOf(await app.login());
    await ask(app, { method: 'POST', path: '/login', headers: { origin: 'https://evil.test' } });
    await askWith(app, cookie, { method: 'POST', path: '/logout', headers: own(app) });
    expect(events).toMatchObject([
      { action: 'signIn', outcome: 'granted', scheme: 'Cookie', subject: 'ada' },
      { action: 'signIn', outcome: 'refused', code: 'cross_site_request', subject: undefined },
      { action: 'signOut', outcome: 'granted', subject: 'ada' },
    ]);
    expect(events[1]?.trace).toBe(app.refusals[0]?.trace);
  });

  it('holds no secret (H17)', async () => {
    const secret = 'MARKERzQ7secretMARKER';
    await using app = await serveAudited(basic({ realm: 'Init', users: { admin: secret } }));
    await askAs(app, basicValue(`admin:${secret}x`));
    await askAs(app, basicValue(`${secret}:x`));
    await askAs(app, basicValue(`admin:${secret}`));
    expect(app.events).toHaveLength(4);
    const text = inspect(app.events, { depth: null, showHidden: true }) + JSON.stringify(app.events);
    expect(text).not.toContain(secret);
    expect(text).not.toContain(Buffer.from(secret).toString('base64').slice(0, 20));
  });

  it('changes no decision when a listener fails', async () => {
    await using app = await serve((koa) => {
      auditOf(koa).on('audit', () => {
        throw new Error('the disk is full');
      });
      koa.use(authenticate(tokens)).use((ctx) => {
        ctx.body = 'in';
      });
    });
    expect((await askAs(app, `Bearer ${await tokenFor('ada')}`)).body).toBe('in');
    expect((await askAs(app, 'Bearer bad')).status).toBe(401);
    expect(app.errors.map(String)).toEqual(Array(2).fill('Error: the disk is full'));
  });

  it('is one emitter for one application', async () => {
    await using app = await serve((koa) => {
      expect(auditOf(koa)).toBe(auditOf(koa));
    });
    expect(app.errors).toEqual([]);
  });
});

describe('H17 a secret of a session', () => {
  it('is found neither with the client nor in the events', async () => {
    const events: AuditEvent[] = [];
    await using app = await serveSession({}, (koa) =>
      auditOf(koa).on('audit', (event) => events.push(event)),
    );
    const cookie = cookieOf(await app.login());
    const parts = cookie.slice(cookie.indexOf('=') + 1).split('.');
    const answers = [
      await askWith(app, `${cookie}x`),
      await askWith(app, `${cookie}; ${cookie}`),
      await askWith(app, cookie, { method: 'POST', headers: { origin: 'https://evil.test' } }),
      await askWith(app, cookie, { headers: { 'x-forwarded-proto': 'https' } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 403, 403]);
    const published =
      answers.map(({ body, headers }) => body + JSON.stringify(headers)).join() +
      inspect([app.refusals, app.errors, events], { depth: null, showHidden: true });
    for (const part of parts.slice(1)) expect(published).not.toContain(part);
    const { sid } = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString());
    expect(published).not.toContain(sid);
  });
});
