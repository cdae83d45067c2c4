import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  authenticate,
  authorize,
  basic,
  bearer,
  cookie,
  hasRole,
  type LoadedUser,
  type Principal,
  withUser,
} from '../src/index.js';
import { ask, askAs, basicValue, problemOf, type RunningApp, serve } from './koa-app.ts';
import { askWith, builderOf, cookieOf, own } from './session-app.ts';
import { jwt, NOON, tokenFor } from './tokens.ts';

const tokens = bearer(jwt.validator());
const token = await tokenFor('ada');

type Load = (principal: Principal<object>) => unknown;

function serveLoading(load: Load): Promise<RunningApp> {
  return serve((koa) => {
    koa.use(authenticate(withUser(tokens, load as () => LoadedUser)));
    koa.use((ctx) => {
      const { token: carried, ...principal } = ctx.state['auth'] as Principal;
      ctx.body = {
        ...principal,
        claims: { tenant: principal.claims['tenant'], sub: principal.claims['sub'] },
      };
      ctx.set('X-Frozen', String(Object.isFrozen(ctx.state['auth']) && Object.isFrozen(principal.claims)));
      ctx.set('X-Token-Kept', String(carried === token && !inspect(ctx.state['auth']).includes(token)));
    });
  });
}

function send(app: RunningApp, value = token): ReturnType<typeof askAs> {
  return askAs(app, `Bearer ${value}`);
}

describe('withUser', () => {
  it('adds claims, and roles in place of the token’s, to a principal that stays frozen', async () => {
    await using app = await serveLoading(async ({ subject }) => ({
      name: `${subject} L.`,
      roles: ['owner'],
      claims: { tenant: 'blue' },
    }));
    const { status, body, headers } = await send(app);
    expect([status, JSON.parse(body)]).toEqual([
      200,
      {
        scheme: 'Bearer',
        subject: 'ada',
        name: 'ada L.',
        roles: ['owner'],
        scopes: ['read'],
        claims: { tenant: 'blue', sub: 'ada' },
      },
    ]);
    expect([headers['x-frozen'], headers['x-token-kept']]).toEqual(['true', 'true']);
  });

  it('leaves what it says nothing of', async () => {
    await using app = await serveLoading(() => ({}));
    expect(JSON.parse((await send(app)).body)).toMatchObject({
      name: 'ada',
      roles: ['admin'],
      scopes: ['read'],
    });
  });

  it('can’t make a principal somebody else', async () => {
    await using app = await serveLoading(() => ({ subject: 'root', scheme: 'Basic', token: 'x' }));
    const { body, headers } = await send(app);
    expect(JSON.parse(body)).toMatchObject({ subject: 'ada', scheme: 'Bearer' });
    expect(headers['x-token-kept']).toBe('true');
  });

  it.each(['undefined', 'null'])(
    'refuses who has no user any more (%s), in the words for any bad token',
    async (nobody) => {
      await using app = await serveLoading(() => (nobody === 'null' ? null : undefined));
      const answer = await send(app);
      expect(answer.status).toBe(401);
      expect(problemOf(answer)).toMatchObject({
        code: 'invalid_token',
        detail: 'The access token is not valid',
      });
      expect(answer.challenges[0]).toContain('error="invalid_token"');
      expect(app.refusals[0]?.reasons[0]?.code).toBe('user_not_found');
    },
  );

  it('H15 refuses who has no user in the words for a wrong password', async () => {
    await using app = await serve((koa) => {
      koa.use(authenticate(withUser(basic({ realm: 'Init', users: { ada: 'engine' } }), () => undefined)));
    });
    const strip = ({ trace: _trace, ...rest }: Record<string, unknown>): object => rest;
    const [good, wrong] = [await askAs(app, basicValue('ada:engine')), await askAs(app, basicValue('ada:x'))];
    expect(strip(problemOf(good))).toEqual(strip(problemOf(wrong)));
    expect(good.challenges).toEqual(wrong.challenges);
  });

  it('refuses who has no user in the words for a session that is not valid', async () => {
    const session = cookie({ jwt: builderOf(() => NOON * 1000), clock: () => NOON * 1000 });
    await using app = await serve((koa) => {
      koa.use(async (ctx, next) => {
        if (ctx.path !== '/login') return next();
        await session.signIn(ctx, { subject: 'ada' });
        ctx.status = 204;
      });
      koa.use(authenticate(withUser(session, () => undefined)));
    });
    const login = await ask(app, { method: 'POST', path: '/login', headers: own(app) });
    const good = await askWith(app, cookieOf(login));
    const bad = await askWith(app, `${cookieOf(login)}x`);
    for (const answer of [good, bad]) {
      expect([answer.status, problemOf(answer)['code'], problemOf(answer)['detail']]).toEqual([
        401,
        'invalid_credentials',
        'The session is not valid',
      ]);
    }
    expect(good.challenges).toEqual(bad.challenges);
    expect(app.refusals[0]?.reasons[0]?.code).toBe('user_not_found');
  });

  it('is not asked about credentials that are missing or bad', async () => {
    let asked = 0;
    await using app = await serveLoading(() => {
      asked += 1;
      return {};
    });
    expect((await ask(app)).status).toBe(401);
    expect((await send(app, `${token}x`)).status).toBe(401);
    expect(asked).toBe(0);
    expect((await send(app)).status).toBe(200);
    expect(asked).toBe(1);
  });

  it.each<[string, Load]>([
    ['throws', () => Promise.reject(new Error('the database is down'))],
    [
      'throws an error with a status of 401',
      () => Promise.reject(Object.assign(new Error('x'), { status: 401 })),
    ],
    [
      'throws an error with the code of a token',
      () => Promise.reject(Object.assign(new Error('x'), { code: 'ERR_JWT_EXPIRED' })),
    ],
    ['throws undefined', () => Promise.reject(undefined)],
    ['answers true', () => true],
    ['answers a string', () => 'ada'],
    ['adds a claim that the token has', () => ({ claims: { sub: 'root' } })],
    ['has roles that are a string', () => ({ roles: 'admin' })],
  ])('is a 500 and no 401 when it %s', async (_what, load) => {
    await using app = await serveLoading(load);
    const answer = await send(app);
    expect([answer.status, answer.body]).toEqual([500, 'Internal Server Error']);
    expect(app.refusals).toEqual([]);
    expect(app.errors).toHaveLength(1);
  });

  it('H27 adds a claim called __proto__ as any other', async () => {
    await using app = await serveLoading(() => ({
      claims: JSON.parse('{ "__proto__": { "tenant": "evil", "role": "admin" } }'),
    }));
    const { status, body } = await send(app);
    expect([status, JSON.parse(body).claims]).toEqual([200, { sub: 'ada' }]);
    expect(({} as Record<string, unknown>)['role']).toBeUndefined();
  });

  it('is what a policy sees', async () => {
    await using app = await serve((koa) => {
      koa.use(authenticate(withUser(tokens, () => ({ roles: ['guest'] })))).use(authorize(hasRole('admin')));
    });
    expect((await send(app)).status).toBe(403);
  });

  it('still lets a renewal further down say that the session is over', async () => {
    await using app = await serve((koa) => {
      koa.use(authenticate(withUser(tokens, () => ({}))));
      koa.use(() => Promise.reject(Object.assign(new Error('over'), { code: 'ERR_JWT_SESSION_OVER' })));
    });
    expect(problemOf(await send(app))).toMatchObject({ status: 401, code: 'invalid_token' });
  });

  it.each<[string, () => unknown]>([
    ['no scheme', () => withUser(undefined as never, () => ({}))],
    ['no function', () => withUser(tokens, {} as never)],
  ])('is not made of %s', (_what, make) => {
    expect(make).toThrow(TypeError);
  });
});
