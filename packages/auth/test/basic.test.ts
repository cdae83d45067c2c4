import koaBasicAuth from 'koa-basic-auth';
import { describe, expect, it } from 'vitest';
import {
  authenticate,
  type BasicAnswer,
  type BasicOptions,
  basic,
  type CheckPassword,
  type Principal,
} from '../src/index.js';
import { type Answer, ask, askAs, basicValue, problemOf, type RunningApp, serve } from './koa-app.ts';
import { parseChallenge } from './parse-challenge.ts';
import { askRaw } from './raw-request.ts';

const fixed: BasicOptions = { realm: 'Init', users: { admin: 'password' } };

function serveBasic(options: BasicOptions): Promise<RunningApp> {
  return serve((koa) => {
    koa.use(authenticate(basic(options)));
    koa.use((ctx) => {
      ctx.body = { hello: (ctx.state['auth'] as Principal).name };
    });
  });
}

/** A check that lets everybody in and notes what reached it. */
function witness(): { seen: [string, string][]; check: CheckPassword } {
  const seen: [string, string][] = [];
  return {
    seen,
    check: (name, password) => {
      seen.push([name, password]);
      return true;
    },
  };
}

function expectRefused(answer: Answer): void {
  expect(answer.status).toBe(401);
  expect(problemOf(answer)).toMatchObject({
    code: 'invalid_credentials',
    detail: 'The credentials are not valid',
  });
  expect(answer.challenges.map(parseChallenge)).toEqual([
    { scheme: 'Basic', parameters: { realm: 'Init', charset: 'UTF-8' } },
  ]);
}

describe('the hole in koa-basic-auth', () => {
  it.each(['wrong', '', 'anything at all'])(
    'is that the library alone, given an empty password, lets %j pass',
    async (password) => {
      await using app = await serve((koa) => {
        koa.use(koaBasicAuth({ name: 'admin', pass: '' }));
        koa.use((ctx) => {
          ctx.body = 'in';
        });
      });
      expect((await askAs(app, basicValue(`admin:${password}`))).status).toBe(200);
    },
  );

  it('is that the library alone, given an empty name, lets any name pass', async () => {
    await using app = await serve((koa) => {
      koa.use(koaBasicAuth({ name: '', pass: 'password' }));
      koa.use((ctx) => {
        ctx.body = 'in';
      });
    });
    expect((await askAs(app, basicValue('nobody:password'))).status).toBe(200);
  });

  it('is closed: an empty password is refused when the scheme is made', () => {
    expect(() => basic({ realm: 'Init', users: { admin: '' } })).toThrow(/no password.*anybody/s);
  });

  it('is closed: an empty name is refused when the scheme is made', () => {
    expect(() => basic({ realm: 'Init', users: { '': 'password' } })).toThrow(/empty user name.*anybody/s);
  });
});

describe('one fixed pair', () => {
  it('lets in who has it', async () => {
    await using app = await serveBasic(fixed);
    const answer = await askAs(app, basicValue('admin:password'));
    expect([answer.status, answer.body]).toEqual([200, '{"hello":"admin"}']);
  });

  it.each([
    'admin:wrong',
    'admin:',
    'admin:passwor',
    'admin:password ',
    'admin:Password',
    'admin:password:',
    'Admin:password',
    'root:password',
    ':password',
    ':',
    'password:admin',
    '__proto__:password',
    'constructor:password',
    'toString:password',
  ])('refuses %j', async (userPass) => {
    await using app = await serveBasic(fixed);
    expectRefused(await askAs(app, basicValue(userPass)));
  });

  it.each(['a:b', ':', 'päss wörd', 'パスワード', '"\\', ' padded '])(
    'may have the password %j',
    async (password) => {
      await using app = await serveBasic({ realm: 'Init', users: { admin: password } });
      expect((await askAs(app, basicValue(`admin:${password}`))).status).toBe(200);
      expectRefused(await askAs(app, basicValue(`admin:${password}x`)));
    },
  );

  it('H27 may be a user named __proto__', async () => {
    const users = JSON.parse('{ "__proto__": "password" }') as Record<string, string>;
    await using app = await serveBasic({ realm: 'Init', users });
    expect((await askAs(app, basicValue('__proto__:password'))).status).toBe(200);
    expectRefused(await askAs(app, basicValue('__proto__:wrong')));
    expectRefused(await askAs(app, basicValue('toString:password')));
    expect(({} as Record<string, unknown>)['role']).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ['no user', {}],
    ['two users', { admin: 'a', root: 'b' }],
    ['a Map', new Map([['admin', 'a']])],
    ['null', null],
    ['a name with a colon', { 'a:b': 'c' }],
    ['a password that is no string', { admin: 7 }],
    ['a password that is undefined', { admin: undefined }],
    ['a password with a line break', { admin: 'a\n' }],
    ['a name with a NUL', { 'a\0': 'c' }],
    ['a password with a line separator', { admin: 'a\u2028b' }],
    ['a literal __proto__, which is no property', { __proto__: 'password' }],
  ])('is not made of %s', (_what, users) => {
    expect(() => basic({ realm: 'Init', users } as BasicOptions)).toThrow(TypeError);
  });
});

describe('wrong options of basic', () => {
  it.each<[string, unknown]>([
    ['neither users nor check', { realm: 'Init' }],
    ['both users and check', { ...fixed, check: () => true }],
    ['a check that is no function', { realm: 'Init', check: 'password' }],
    ['no realm', { users: { admin: 'password' } }],
    ['nothing', undefined],
  ])('are refused at once: %s', (_what, options) => {
    expect(() => basic(options as BasicOptions)).toThrow(TypeError);
  });
});

describe('a check of one’s own', () => {
  it('lets in by answering true, and may be asynchronous', async () => {
    await using app = await serveBasic({
      realm: 'Init',
      check: async (name, password) => name === 'ada' && password === 'engine',
    });
    expect((await askAs(app, basicValue('ada:engine'))).body).toBe('{"hello":"ada"}');
    expectRefused(await askAs(app, basicValue('ada:wrong')));
  });

  it('may say more about the principal', async () => {
    let principal: Principal | undefined;
    await using app = await serve((koa) => {
      koa.use(
        authenticate(
          basic({ realm: 'Init', check: () => ({ subject: 'u-7', name: 'Ada', roles: ['admin'] }) }),
        ),
      );
      koa.use((ctx) => {
        principal = ctx.state['auth'] as Principal;
        ctx.body = 'in';
      });
    });
    await askAs(app, basicValue('ada:engine'));
    expect(principal).toEqual({
      scheme: 'Basic',
      subject: 'u-7',
      name: 'Ada',
      roles: ['admin'],
      scopes: [],
      claims: {},
    });
    expect(Object.isFrozen(principal)).toBe(true);
  });

  it('cannot answer for another scheme', async () => {
    const check = (): BasicAnswer => ({ subject: 'ada', scheme: 'Bearer', token: 'made-up' }) as BasicAnswer;
    let principal: Principal | undefined;
    await using app = await serve((koa) => {
      koa.use(authenticate(basic({ realm: 'Init', check })));
      koa.use((ctx) => {
        principal = ctx.state['auth'] as Principal;
      });
    });
    await askAs(app, basicValue('ada:engine'));
    expect(principal?.scheme).toBe('Basic');
  });

  it.each<[string, unknown]>([
    ["'yes'", 'yes'],
    ["'true'", 'true'],
    ['1', 1],
    ['undefined', undefined],
    ['null', null],
    ['false', false],
    ['{}', {}],
    ['[]', []],
    ['an object with an empty subject', { subject: '' }],
    ['an object whose subject is no string', { subject: 7 }],
    ['a function', () => true],
  ])('H32 lets nobody in by answering %s', async (_what, answer) => {
    await using app = await serveBasic({ realm: 'Init', check: () => answer as BasicAnswer });
    expectRefused(await askAs(app, basicValue('ada:engine')));
  });

  it.each<[string, () => never | Promise<never>]>([
    [
      'throws',
      () => {
        throw new Error('the directory is down');
      },
    ],
    ['rejects', () => Promise.reject(new Error('the directory is down'))],
    ['rejects with undefined', () => Promise.reject(undefined)],
    ['rejects with null', () => Promise.reject(null)],
  ])('H32 that %s is a 500, and tells nothing', async (_what, check) => {
    await using app = await serveBasic({ realm: 'Init', check });
    const answer = await askAs(app, basicValue('ada:engine'));
    expect([answer.status, answer.body]).toEqual([500, 'Internal Server Error']);
    expect(app.errors).toHaveLength(1);
    expect(app.errors[0]).toBeInstanceOf(Error);
  });

  it('is asked once for a request, and not at all without credentials', async () => {
    const { seen, check } = witness();
    await using app = await serveBasic({ realm: 'Init', check });
    expect((await ask(app)).status).toBe(401);
    expect(seen).toEqual([]);
    expect((await askAs(app, basicValue('ada:engine'))).status).toBe(200);
    expect(seen).toEqual([['ada', 'engine']]);
  });
});

describe('H12 the grammar of RFC 7617', () => {
  it.each<[string, string, [string, string]]>([
    ['a colon in the password', 'u:p:q', ['u', 'p:q']],
    ['an empty password', 'u:', ['u', '']],
    ['an empty name', ':p', ['', 'p']],
    ['nothing but the colon', ':', ['', '']],
    ['UTF-8', 'Jürgen:pässwörd', ['Jürgen', 'pässwörd']],
    ['characters beyond the first plane', 'u:🗝', ['u', '🗝']],
    ['composed letters (NFC)', 'u:\u00e9', ['u', '\u00e9']],
    ['decomposed letters (NFD), kept apart from composed ones', 'u:e\u0301', ['u', 'e\u0301']],
    ['a byte order mark', '\ufeffu:p', ['\ufeffu', 'p']],
    ['a line separator', 'u:a\u2028b', ['u', 'a\u2028b']],
  ])('takes %s to the check as it is', async (_what, userPass, expected) => {
    const { seen, check } = witness();
    await using app = await serveBasic({ realm: 'Init', check });
    expect((await askAs(app, basicValue(userPass))).status).toBe(200);
    expect(seen).toEqual([expected]);
  });

  it.each(['Basic', 'basic', 'BASIC', 'bAsIc'])('takes the scheme written %s', async (scheme) => {
    await using app = await serveBasic(fixed);
    expect((await askAs(app, `${scheme} ${btoa('admin:password')}`)).status).toBe(200);
  });

  it('takes more than one space after the scheme (RFC 9110 §11.4)', async () => {
    await using app = await serveBasic(fixed);
    expect((await askAs(app, `Basic   ${btoa('admin:password')}`)).status).toBe(200);
  });

  it.each<[string, string]>([
    ['the scheme alone', 'Basic'],
    ['the scheme and a space', 'Basic '],
    ['bad base64', 'Basic !!!!'],
    ['base64 without its padding', `Basic ${btoa('u:p2').slice(0, -2)}`],
    ['base64url', `Basic ${Buffer.from('u:\xfb\xff\xfe', 'latin1').toString('base64url')}`],
    ['blanks inside', 'Basic dTp wYXNz'],
    ['unused bits that are set', 'Basic dTpwcB=='],
    ['padding alone', 'Basic ===='],
    ['the name and password unencoded', 'Basic admin:password'],
    ['no colon', basicValue('admin')],
    ['nothing encoded', basicValue('')],
    ['a tab after the scheme', `Basic\t${btoa('admin:password')}`],
    ['a comma after the scheme', `Basic,${btoa('admin:password')}`],
    ['two credentials', `${basicValue('admin:password')}, ${basicValue('admin:password')}`],
    ['a parameter', `${basicValue('admin:password')}, charset="UTF-8"`],
    ['invalid UTF-8', basicValue(Buffer.from([0x75, 0x3a, 0xff, 0xfe]))],
    ['an overlong encoding', basicValue(Buffer.from([0x75, 0x3a, 0xc0, 0xaf]))],
    ['latin1', basicValue(Buffer.from('Jürgen:p', 'latin1'))],
    ['a NUL', basicValue('admin:pass\0word')],
    ['a line break', basicValue('admin:password\r\n')],
    ['an escape', basicValue('ad\x1bmin:password')],
    ['DEL', basicValue('admin:\x7f')],
    ['a C1 control character', basicValue('admin:\u0085')],
    ['8 KB', basicValue(`admin:${'x'.repeat(6200)}`)],
  ])('refuses %s before the check is asked', async (_what, authorization) => {
    const { seen, check } = witness();
    await using app = await serveBasic({ realm: 'Init', check });
    expectRefused(await askRaw(app, [`Authorization: ${authorization}`]));
    expect(seen).toEqual([]);
    expect(app.refusals[0]?.reasons[0]?.code).toBe('malformed_basic');
    expectStillServing(await askAs(app, basicValue('admin:password')));
  });

  it('takes a password of just under 8 KB', async () => {
    const { seen, check } = witness();
    await using app = await serveBasic({ realm: 'Init', check });
    const password = 'x'.repeat(6100);
    expect((await askAs(app, basicValue(`admin:${password}`))).status).toBe(200);
    expect(seen).toEqual([['admin', password]]);
  });
});

function expectStillServing(answer: Answer): void {
  expect(answer.status).toBe(200);
}

describe('H15 a refusal of Basic', () => {
  it('looks the same for an unknown user, a wrong password, a malformed value and a disabled user', async () => {
    await using app = await serveBasic({
      realm: 'Init',
      check: (name, password) => name === 'ada' && password === 'engine',
    });
    const answers = await Promise.all(
      ['nobody:engine', 'ada:wrong', 'ada', 'disabled:engine'].map((userPass) =>
        askAs(app, basicValue(userPass)),
      ),
    );
    const [first, ...others] = answers.map(withoutTraceAndDate);
    expect(first?.status).toBe(401);
    for (const other of others) expect(other).toEqual(first);
  });

  it('looks the same for the fixed pair, whichever half is wrong', async () => {
    await using app = await serveBasic(fixed);
    const unknown = withoutTraceAndDate(await askAs(app, basicValue('nobody:password')));
    expect(unknown.status).toBe(401);
    expect(withoutTraceAndDate(await askAs(app, basicValue('admin:wrong')))).toEqual(unknown);
  });
});

function withoutTraceAndDate(answer: Answer): { status: number; headers: object; body: object } {
  const { date: _date, ...headers } = answer.headers;
  const { trace: _trace, ...body } = problemOf(answer);
  return { status: answer.status, headers, body };
}
