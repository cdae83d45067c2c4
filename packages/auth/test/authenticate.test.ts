import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import Router from '@koa/router';
import type { Context } from 'koa';
import { describe, expect, it } from 'vitest';
import {
  type AuthenticateOptions,
  authenticate,
  authorize,
  basic,
  bearer,
  challenge,
  createPrincipal,
  hasRole,
  type Principal,
  type Scheme,
  type Schemes,
} from '../src/index.js';
import { ask, askAs, basicValue, problemOf, type RunningApp, serve } from './koa-app.ts';
import { parseChallenge } from './parse-challenge.ts';
import { askRaw, exchange, parseAnswers } from './raw-request.ts';
import { jwt, tokenFor } from './tokens.ts';

const token = await tokenFor('admin');
const api = bearer(jwt.validator());
const login = basic({ realm: 'Init', users: { bob: 'password' } });

/** A scheme that reads a header of its own, to stand beside the ones of `Authorization`. */
const ticket: Scheme = {
  kind: 'Ticket',
  authenticate(ctx) {
    const value = ctx.get('x-ticket');
    if (value === '') return undefined;
    if (value === 'carol') return createPrincipal({ scheme: 'Ticket', subject: value });
    return {
      failed: true,
      status: 401,
      error: 'invalid_credentials',
      description: 'The credentials are not valid',
      code: 'unknown_ticket',
    };
  },
  challenge: () => challenge('Ticket', { realm: 'stage' }),
};

interface Reached extends RunningApp {
  readonly subjects: (string | undefined)[];
}

async function serveWith(schemes: Schemes<object>, options: AuthenticateOptions = {}): Promise<Reached> {
  const subjects: (string | undefined)[] = [];
  const app = await serve((koa) => {
    koa.use(authenticate(schemes as Schemes<Record<string, unknown>>, options as { optional: true }));
    koa.use((ctx) => {
      subjects.push((ctx.state['auth'] as Principal | undefined)?.subject);
      ctx.body = 'in';
    });
  });
  return Object.assign(app, { subjects });
}

describe('one scheme', () => {
  it('may stand alone or in a list', async () => {
    for (const schemes of [api, [api]] as const) {
      await using app = await serveWith(schemes);
      expect((await askAs(app, `Bearer ${token}`)).status).toBe(200);
      expect((await ask(app)).status).toBe(401);
      expect(app.subjects).toEqual(['admin']);
    }
  });
});

describe('several schemes', () => {
  it.each([
    ['Bearer', { authorization: `Bearer ${token}` }, 'admin'],
    ['Basic', { authorization: basicValue('bob:password') }, 'bob'],
    ['Ticket', { 'x-ticket': 'carol' }, 'carol'],
  ])('each let in their own: %s', async (_scheme, headers, subject) => {
    await using app = await serveWith([api, login, ticket]);
    expect((await ask(app, { headers })).status).toBe(200);
    expect(app.subjects).toEqual([subject]);
  });

  it('say so, all of them, when no credentials came', async () => {
    await using app = await serveWith([api, login, ticket]);
    const answer = await ask(app);
    expect(answer.status).toBe(401);
    expect(problemOf(answer)).toMatchObject({
      code: 'credentials_required',
      detail: 'Credentials are required',
    });
    expect(answer.challenges.map((value) => parseChallenge(value).scheme)).toEqual([
      'Bearer',
      'Basic',
      'Ticket',
    ]);
  });

  it('give way to nobody after one has decided: later ones are not asked', async () => {
    let asked = 0;
    const later: Scheme = {
      ...ticket,
      authenticate: () => {
        asked += 1;
        return undefined;
      },
    };
    await using app = await serveWith([api, later]);
    await askAs(app, `Bearer ${token}`);
    await askAs(app, 'Bearer bad');
    expect(asked).toBe(0);
    await ask(app);
    expect(asked).toBe(1);
  });
});

describe('H5 credentials of several schemes in one request', () => {
  const good = { authorization: `Bearer ${token}` };

  it.each<[string, Schemes<object>, Record<string, string>, number, (string | undefined)[]]>([
    [
      'Bearer of one user and ticket of another',
      [api, ticket],
      { ...good, 'x-ticket': 'carol' },
      200,
      ['admin'],
    ],
    ['the same, ticket listed first', [ticket, api], { ...good, 'x-ticket': 'carol' }, 200, ['carol']],
    [
      'a good ticket and a bad Bearer',
      [api, ticket],
      { authorization: 'Bearer bad', 'x-ticket': 'carol' },
      401,
      [],
    ],
    [
      'a bad ticket and a good Bearer, ticket first',
      [ticket, api],
      { ...good, 'x-ticket': 'mallory' },
      401,
      [],
    ],
    [
      'a malformed Bearer and a good ticket',
      [api, ticket],
      { authorization: 'Bearer', 'x-ticket': 'carol' },
      400,
      [],
    ],
    [
      'a bad Basic and a good ticket',
      [login, ticket],
      { authorization: basicValue('bob:wrong'), 'x-ticket': 'carol' },
      401,
      [],
    ],
  ])('are decided by the first listed: %s', async (_what, schemes, headers, status, subjects) => {
    await using app = await serveWith(schemes);
    expect((await ask(app, { headers })).status).toBe(status);
    expect(app.subjects).toEqual(subjects);
  });
});

describe('an optional authentication', () => {
  it('lets a request without credentials pass, with nobody', async () => {
    await using app = await serveWith([api, login], { optional: true });
    expect((await ask(app)).status).toBe(200);
    expect(app.subjects).toEqual([undefined]);
    expect(app.refusals).toEqual([]);
  });

  it('knows who sends good ones', async () => {
    await using app = await serveWith([api, login], { optional: true });
    await askAs(app, basicValue('bob:password'));
    expect(app.subjects).toEqual(['bob']);
  });

  it.each([
    ['a bad token', 'Bearer bad', 401],
    ['a malformed Bearer', 'Bearer', 400],
    ['a wrong password', basicValue('bob:wrong'), 401],
    ['a malformed Basic', 'Basic', 401],
  ])('H32 refuses bad ones all the same, and says so: %s', async (_what, authorization, status) => {
    await using app = await serveWith([api, login], { optional: true });
    expect((await askAs(app, authorization)).status).toBe(status);
    expect(app.subjects).toEqual([]);
    expect(app.refusals).toHaveLength(1);
  });

  it('H3 refuses a repeated Authorization all the same', async () => {
    await using app = await serveWith(api, { optional: true });
    const lines = ['Authorization: Foo x', `Authorization: Bearer ${token}`];
    expect((await askRaw(app, lines)).status).toBe(400);
    expect(app.subjects).toEqual([]);
  });

  it('forgets whom somebody else has put into the state', async () => {
    let seen: unknown = 'not reached';
    await using app = await serve((koa) => {
      koa.use((ctx, next) => {
        ctx.state['auth'] = { subject: 'eve' };
        return next();
      });
      koa.use(authenticate(api, { optional: true }));
      koa.use((ctx) => {
        seen = ctx.state['auth'];
        ctx.body = 'in';
      });
    });
    await ask(app);
    expect(seen).toBeUndefined();
  });
});

describe('onRefusal', () => {
  it('answers in the format of the application; status and challenges stay', async () => {
    await using app = await serveWith([api, login], {
      onRefusal: async (ctx, refusal) => {
        await pause(1);
        ctx.type = 'text/html';
        ctx.body = `<p>${refusal.description} (${refusal.trace})</p>`;
      },
    });
    const answer = await askAs(app, 'Bearer bad');
    expect(answer.status).toBe(401);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.body).toBe(`<p>The access token is not valid (${app.refusals[0]?.trace})</p>`);
    expect(answer.challenges).toHaveLength(2);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it.each<[string, (ctx: Context) => unknown, number]>([
    ['ctx.body = null', (ctx) => Object.assign(ctx, { body: null }), 401],
    ['ctx.body = undefined', (ctx) => Object.assign(ctx, { body: undefined }), 401],
    ['a redirect', (ctx) => ctx.redirect('/login'), 302],
    ['a status of its own', (ctx) => Object.assign(ctx, { status: 404 }), 404],
  ])('keeps the status unless it sets another: %s', async (_what, answerIt, status) => {
    await using app = await serveWith(api, { onRefusal: (ctx) => void answerIt(ctx) });
    const answer = await askAs(app, 'Bearer bad');
    expect([answer.status, answer.challenges.length]).toEqual([status, 1]);
    expect(app.subjects).toEqual([]);
  });

  it('that fails is a 500, and nobody is let in', async () => {
    await using app = await serveWith(api, {
      onRefusal: () => {
        throw new Error('no template');
      },
    });
    expect((await ask(app)).status).toBe(500);
    expect(app.subjects).toEqual([]);
  });
});

describe('the event of a refusal', () => {
  it('comes once, under the trace that the client got, with the reason and the context', async () => {
    const paths: string[] = [];
    await using app = await serve((koa) => {
      koa.on('refusal', (_refusal, ctx) => paths.push(ctx.path));
      koa.use(authenticate(api));
    });
    const answer = await askAs(app, 'Bearer x.y.z', '/secret');
    expect(paths).toEqual(['/secret']);
    expect(app.refusals).toHaveLength(1);
    expect(app.refusals[0]).toMatchObject({
      status: 401,
      code: 'invalid_token',
      description: 'The access token is not valid',
      trace: problemOf(answer)['trace'],
      challenges: answer.challenges,
      reasons: [{ scheme: 'Bearer', code: 'ERR_JWS_INVALID' }],
    });
    expect(app.refusals[0]?.reasons[0]?.fix).toContain('exactly as it was issued');
  });

  it.each<[string, unknown]>([
    ['an error', new Error('the log is full')],
    ['nothing', undefined],
  ])(
    'whose listener throws %s is a 401 all the same, and the application hears of it',
    async (_what, error) => {
      const heard: string[] = [];
      await using app = await serve((koa) => {
        koa.on('refusal', () => {
          throw error;
        });
        koa.on('error', ({ message }: Error) => heard.push(message));
        koa.use(authenticate(api));
      });
      const answer = await askAs(app, 'Bearer bad');
      expect([answer.status, problemOf(answer)['trace']]).toEqual([401, app.refusals[0]?.trace]);
      expect(heard).toEqual([
        error === undefined ? 'a refusal listener failed without an error' : 'the log is full',
      ]);
    },
  );

  it('has no reasons when no credentials came', async () => {
    await using app = await serveWith(api);
    await ask(app);
    expect(app.refusals[0]).toMatchObject({ code: 'credentials_required', reasons: [] });
  });

  it.each([
    ['a token alone', token, 'it does not begin with the name of a registered one'],
    [
      'a scheme that is not registered',
      `Token ${token}`,
      'it does not begin with the name of a registered one',
    ],
    [
      'a name that only begins like one',
      `Bearer${token}`,
      'it does not begin with the name of a registered one',
    ],
    ['nothing', '', 'it does not begin with the name of a registered one'],
    ['another scheme', basicValue('ada:engine'), 'it names Basic'],
    ['another scheme by another case', `dpop ${token}`, 'it names DPoP'],
  ])('has a reason for the log when the Authorization header holds %s', async (_what, value, why) => {
    await using app = await serveWith(api);
    const answer = await askAs(app, value);
    expect([problemOf(answer)['code'], answer.challenges]).toEqual([
      'credentials_required',
      ['Bearer realm="api"'],
    ]);
    expect(app.refusals[0]?.reasons).toEqual([
      {
        scheme: 'none',
        code: 'other_scheme',
        hint: `The Authorization header is for none of the schemes that are taken here (Bearer): ${why}.`,
        fix: 'Send `Authorization: Bearer <token>`. A token alone names no scheme.',
      },
    ]);
  });

  it('has a reason with all that the route takes, also where nobody at all may pass', async () => {
    const own: Scheme = { kind: 'Own', authenticate: () => undefined, challenge: () => 'Own' };
    const schemes = [api, basic({ realm: 'Init', users: { ada: 'engine' } }), own] as const;
    await using app = await serve((koa) => {
      koa.use(authenticate([...schemes], { optional: true }));
      koa.use(authorize(hasRole('admin')));
    });
    await askAs(app, 'Digest x');
    expect(app.refusals[0]?.reasons).toMatchObject([
      {
        code: 'other_scheme',
        hint: expect.stringContaining('(Bearer, Basic, Own): it names Digest'),
        fix: expect.stringContaining(
          '`Authorization: Bearer <token>`, or `Authorization: Basic <base64 of name:password>`, or `Authorization: Own …`',
        ),
      },
    ]);
    await askAs(app, 'Own x');
    expect(app.refusals[1]?.reasons).toEqual([]);
  });

  it('is frozen, so that one listener cannot change what the next one logs', async () => {
    await using app = await serveWith(api);
    await askAs(app, 'Bearer bad');
    const refusal = app.refusals[0]!;
    expect(() => Object.assign(refusal, { code: 'other' })).toThrow(TypeError);
    expect(() => (refusal.challenges as string[]).push('x')).toThrow(TypeError);
    expect(() => Object.assign(refusal.reasons[0]!, { code: 'other' })).toThrow(TypeError);
  });

  it('has a trace of its own every time, which tells nothing', async () => {
    await using app = await serveWith(api);
    for (let i = 0; i < 5; i += 1) await ask(app);
    const traces = app.refusals.map(({ trace }) => trace);
    expect(new Set(traces).size).toBe(5);
    for (const trace of traces) expect(trace).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]{21}$/);
  });
});

describe('an error of the handler', () => {
  it('is the application’s own', async () => {
    await using app = await serve((koa) => {
      koa.use(authenticate(api));
      koa.use(() => {
        throw new Error('out of paper');
      });
    });
    expect((await askAs(app, `Bearer ${token}`)).status).toBe(500);
    expect(app.refusals).toEqual([]);
    expect(String(app.errors[0])).toContain('out of paper');
  });
});

describe('H32 a scheme that fails', () => {
  it.each<[string, unknown]>([
    ['an error', new Error('down')],
    ['undefined', undefined],
    ['null', null],
  ])('with %s is a 500, and the next scheme is not asked', async (_what, error) => {
    const broken: Scheme = { ...ticket, kind: 'Broken', authenticate: () => Promise.reject(error) };
    await using app = await serveWith([broken, api]);
    expect((await askAs(app, `Bearer ${token}`)).status).toBe(500);
    expect(app.subjects).toEqual([]);
    expect(app.errors).toHaveLength(1);
  });
});

describe('wrong arguments of authenticate', () => {
  it.each<[string, unknown, unknown?]>([
    ['no scheme', []],
    ['nothing', undefined],
    ['null', null],
    ['a validator', jwt.validator()],
    ['the maker of a scheme', bearer],
    ['a name', 'Bearer'],
    ['a list with a hole', [api, undefined]],
    ['a scheme without a challenge', { kind: 'Odd', authenticate: () => undefined }],
    ['an onRefusal that is no function', api, { onRefusal: 'json' }],
  ])('are refused at once: %s', (_what, schemes, options) => {
    expect(() => authenticate(schemes as Scheme, options as { optional: true })).toThrow(TypeError);
  });
});

describe('a router', () => {
  it('protects one route and leaves the other open', async () => {
    await using app = await serve((koa) => {
      const router = new Router();
      router.get('/open', (ctx) => {
        ctx.body = 'open';
      });
      router.get('/closed', authenticate(api), (ctx) => {
        ctx.body = ctx.state.auth.subject;
      });
      koa.use(router.routes());
    });
    expect((await ask(app, { path: '/open' })).body).toBe('open');
    expect((await ask(app, { path: '/closed' })).status).toBe(401);
    expect((await askAs(app, `Bearer ${token}`, '/closed')).body).toBe('admin');
  });
});

const users = { ada: await tokenFor('ada'), bob: await tokenFor('bob') };

describe('H33 two thousand interleaved requests of two users', () => {
  const names = ['ada', 'bob'] as const;

  let asked = 0;

  function serveSlowly(): Promise<RunningApp> {
    asked = 0;
    const validator = jwt.validator();
    let turn = 0;
    const slow = {
      verify: async (value: string) => {
        asked += 1;
        turn = (turn * 1103515245 + 12345) % 2147483648;
        await pause(turn % 4);
        return validator.verify(value);
      },
    };
    return serve((koa) => {
      koa.use(authenticate(bearer(slow)));
      koa.use(async (ctx) => {
        const before = ctx.state['auth'] as Principal;
        await pause(before.subject === 'ada' ? 1 : 0);
        const after = ctx.state['auth'] as Principal;
        ctx.body = `${ctx.get('x-user')} ${before.subject} ${after.subject} ${String(after.claims['sub'])}`;
      });
    });
  }

  it('on many connections are each answered as who sent them, also when one is aborted mid-way', async () => {
    await using app = await serveSlowly();
    const aborted = connect(app.port, '127.0.0.1');
    aborted.write(`GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${users.ada}\r\n\r\n`);
    while (asked === 0) await pause(1);
    aborted.destroy();
    const answers = await Promise.all(
      Array.from({ length: 400 }, async (_, i) => {
        const name = names[i % 2]!;
        const headers = { authorization: `Bearer ${users[name]}`, 'x-user': name };
        return [name, (await ask(app, { headers })).body];
      }),
    );
    for (const [name, body] of answers) expect(body).toBe(`${name} ${name} ${name} ${name}`);
    expect(asked).toBe(401);
  });

  it('pipelined on kept connections are answered in order, each as who sent it', async () => {
    await using app = await serveSlowly();
    const perConnection = 100;
    const connections = Array.from({ length: 16 }, async () => {
      const requests = Array.from({ length: perConnection }, (_, i) => {
        const name = names[i % 2]!;
        const last = i === perConnection - 1 ? 'Connection: close\r\n' : '';
        return `GET / HTTP/1.1\r\nHost: a\r\nX-User: ${name}\r\n${last}Authorization: Bearer ${users[name]}\r\n\r\n`;
      });
      return parseAnswers(await exchange(app.port, requests.join('')));
    });
    for (const answers of await Promise.all(connections)) {
      expect(answers).toHaveLength(perConnection);
      for (const [i, { body }] of answers.entries()) {
        const name = names[i % 2]!;
        expect(body).toBe(`${name} ${name} ${name} ${name}`);
      }
    }
    expect(({} as Record<string, unknown>)['auth']).toBeUndefined();
  });
});
