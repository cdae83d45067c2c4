import { describe, expect, it } from 'vitest';
import {
  allOf,
  authenticate,
  authorize,
  basic,
  bearer,
  hasRole,
  hasScope,
  type Policy,
  policy,
} from '../src/index.js';
import { ask, askAs, basicValue, problemOf, type RunningApp, serve } from './koa-app.ts';
import { parseChallenge } from './parse-challenge.ts';
import { jwt, tokenFor } from './tokens.ts';

const login = basic({ realm: 'Init', check: (name) => ({ subject: name, roles: ['staff'] }) });

function serveWith(rule: Policy<object>, optional = false): Promise<RunningApp & { reached: number }> {
  const counter = { reached: 0 };
  return serve((koa) => {
    koa.use(optional ? authenticate(login, { optional }) : authenticate(login));
    koa.use(authorize(rule));
    koa.use((ctx) => {
      counter.reached += 1;
      ctx.body = 'in';
    });
  }).then((app) => Object.defineProperty(app, 'reached', { get: () => counter.reached })) as Promise<
    RunningApp & { reached: number }
  >;
}

describe('authorize', () => {
  it('lets a request pass when the policy allows', async () => {
    await using app = await serveWith(hasRole('staff'));
    const answer = await askAs(app, basicValue('ada:x'));
    expect([answer.status, answer.body, app.reached]).toEqual([200, 'in', 1]);
  });

  it('answers 403 insufficient_scope when the policy refuses, and the handler never runs', async () => {
    await using app = await serveWith(hasRole('admin'));
    const answer = await askAs(app, basicValue('ada:x'));
    expect(answer.status).toBe(403);
    expect(problemOf(answer)).toMatchObject({
      status: 403,
      code: 'insufficient_scope',
      detail: 'The credentials are good, but not for this',
    });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(app.reached).toBe(0);
  });

  it('tells the log, and not the client, what was asked for and which part failed', async () => {
    await using app = await serveWith(
      allOf(
        hasRole('staff'),
        policy('member of team 7', () => false),
      ),
    );
    const answer = await askAs(app, basicValue('ada:x'));
    expect(app.refusals).toHaveLength(1);
    expect(app.refusals[0]).toMatchObject({
      status: 403,
      subject: 'ada',
      trace: problemOf(answer)['trace'],
      reasons: [
        {
          scheme: 'Basic',
          code: 'policy',
          hint: 'The policy is: role staff and member of team 7. What failed: member of team 7.',
        },
      ],
    });
    expect(JSON.stringify(answer)).not.toContain('team 7');
  });

  it('answers 401 where authentication was optional and nobody is known', async () => {
    await using app = await serveWith(hasRole('staff'), true);
    const answer = await ask(app);
    expect(answer.status).toBe(401);
    expect(problemOf(answer)['code']).toBe('credentials_required');
    expect(answer.challenges).toEqual(['Basic realm="Init", charset="UTF-8"']);
    expect(app.reached).toBe(0);
    expect((await askAs(app, basicValue('ada:x'))).status).toBe(200);
  });

  it('answers in the format that authenticate was given', async () => {
    await using app = await serve((koa) => {
      koa.use(
        authenticate(login, {
          onRefusal: (ctx, refusal) => {
            ctx.type = 'text/plain';
            ctx.body = `no: ${refusal.code}`;
          },
        }),
      );
      koa.use(authorize(hasRole('admin')));
    });
    const answer = await askAs(app, basicValue('ada:x'));
    expect([answer.status, answer.body]).toEqual([403, 'no: insufficient_scope']);
  });

  it('can stand several times in a row, and all must allow', async () => {
    await using app = await serve((koa) => {
      koa.use(authenticate(bearer(jwt.validator())));
      koa.use(authorize(hasRole('admin'))).use(authorize(hasScope('write')));
    });
    const answer = await askAs(app, `Bearer ${await tokenFor('admin')}`);
    expect(answer.status).toBe(403);
    expect(answer.challenges[0]).toContain('scope="write"');
  });

  it('names all scopes that it takes in one challenge', async () => {
    await using app = await serve((koa) => {
      koa.use(authenticate(bearer(jwt.validator()))).use(authorize(allOf(hasScope('a'), hasScope('b'))));
    });
    const answer = await askAs(app, `Bearer ${await tokenFor('admin')}`);
    expect(answer.status).toBe(403);
    expect(answer.challenges.map(parseChallenge)).toMatchObject([
      { parameters: { error: 'insufficient_scope', scope: 'a b' } },
    ]);
  });

  it('is an error of the application without an authenticate in front of it', async () => {
    await using app = await serve((koa) => koa.use(authorize(hasRole('admin'))));
    expect((await askAs(app, basicValue('ada:x'))).status).toBe(500);
    expect(String(app.errors[0])).toContain('put authenticate(…) in front');
  });

  it('does not believe a principal that no authenticate has put there', async () => {
    await using app = await serve((koa) => {
      koa.use((ctx, next) => {
        ctx.state['auth'] = { scheme: 'Basic', subject: 'eve', roles: ['admin'] };
        return next();
      });
      koa.use(authorize(hasRole('admin')));
      koa.use((ctx) => {
        ctx.body = 'in';
      });
    });
    expect((await ask(app)).status).toBe(500);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a name', 'admin'],
    ['a function', () => true],
    ['what cannot describe itself', { evaluate: () => ({ allowed: true }) }],
  ])('refuses %s at once, for it is no policy', (_what, rule) => {
    expect(() => authorize(rule as Policy)).toThrow(/takes a policy/);
  });
});

describe('H32 a policy that fails', () => {
  it.each<[string, () => boolean | Promise<boolean>]>([
    [
      'throws',
      () => {
        throw new Error('the directory is down');
      },
    ],
    ['rejects', () => Promise.reject(new Error('the directory is down'))],
    ['rejects with undefined', () => Promise.reject(undefined)],
  ])('because its predicate %s is a 500, and the handler never runs', async (_what, predicate) => {
    await using app = await serveWith(policy('known to the directory', predicate));
    const answer = await askAs(app, basicValue('ada:x'));
    expect([answer.status, answer.body, app.reached]).toEqual([500, 'Internal Server Error', 0]);
    expect(app.errors).toHaveLength(1);
  });

  it.each<[string, unknown, number]>([
    ['undefined', undefined, 500],
    ['true', true, 403],
    ['{}', {}, 403],
    ["{ allowed: 'yes' }", { allowed: 'yes' }, 403],
    ['{ allowed: 1 }', { allowed: 1 }, 403],
  ])('because its verdict is %s lets nobody pass', async (_what, verdict, status) => {
    const rubbish = { describe: () => 'rubbish', evaluate: () => verdict } as unknown as Policy;
    await using app = await serveWith(rubbish);
    expect([(await askAs(app, basicValue('ada:x'))).status, app.reached]).toEqual([status, 0]);
    const errors = status === 500 ? ['TypeError: the policy "rubbish" gave no verdict'] : [];
    expect(app.errors.map((error) => String(error).split(';')[0])).toEqual(errors);
  });
});
