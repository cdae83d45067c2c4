import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import {
  authenticate,
  type BasicOptions,
  basic,
  hashPassword,
  type PasswordHasher,
  type Principal,
  passwordFile,
  type StoredUser,
  scrypt,
  type UserMap,
  verifyPassword,
} from '../src/index.js';
import { argon2id } from '../src/passwords/argon2id.js';
import { mapStore } from '../src/users/user-store.js';
import { type Answer, askAs, basicValue, problemOf, type RunningApp, serve } from './koa-app.ts';

const MARKER = 'MARKERzQ7secretMARKER';
const cheap = scrypt({ ln: 10, p: 1 });
const dearer = scrypt({ ln: 11, p: 1 });
const hashers = [cheap] as const;

const engine = await hashPassword('engine', cheap);
const folder = mkdtempSync(join(tmpdir(), 'passwords-'));
afterAll(() => rmSync(folder, { recursive: true }));

function serveBasic(options: BasicOptions): Promise<RunningApp> {
  return serve((koa) => {
    koa.use(authenticate(basic(options)));
    koa.use((ctx) => {
      ctx.body = ctx.state['auth'] as Principal;
    });
  });
}

async function statusOf(app: RunningApp, userPass: string): Promise<number> {
  return (await askAs(app, basicValue(userPass))).status;
}

/** A hasher that counts what it is asked, and tells of what cost. */
function counting(hasher: PasswordHasher): { hasher: PasswordHasher; costs: string[] } {
  const costs: string[] = [];
  return {
    costs,
    hasher: {
      ...hasher,
      verify: (password, stored, text) => {
        costs.push(stored.parameters);
        return hasher.verify(password, stored, text);
      },
    },
  };
}

describe('users in a Map', () => {
  it('are let in with their password and no other', async () => {
    const users = new Map([
      ['ada', engine],
      ['bob', await hashPassword('builder', cheap)],
    ]);
    await using app = await serveBasic({ realm: 'Init', users, hashers });
    for (const userPass of ['ada:engine', 'bob:builder']) expect(await statusOf(app, userPass)).toBe(200);
    for (const userPass of ['ada:builder', 'bob:engine', 'ada:', 'Ada:engine', ':engine', 'eve:engine']) {
      expect(await statusOf(app, userPass)).toBe(401);
    }
  });

  it('say more about the principal, and never their hash', async () => {
    const users: UserMap = new Map([
      ['ada', { hash: engine, name: 'Ada', roles: ['admin'], claims: { tenant: 7 } }],
    ]);
    await using app = await serveBasic({ realm: 'Init', users, hashers });
    const { body } = await askAs(app, basicValue('ada:engine'));
    expect(JSON.parse(body)).toEqual({
      scheme: 'Basic',
      subject: 'ada',
      name: 'Ada',
      roles: ['admin'],
      scopes: [],
      claims: { tenant: 7 },
    });
  });

  it('may come and go', async () => {
    const users: UserMap = new Map();
    await using app = await serveBasic({ realm: 'Init', users, hashers });
    expect(await statusOf(app, 'ada:engine')).toBe(401);
    users.set('ada', engine);
    expect(await statusOf(app, 'ada:engine')).toBe(200);
    users.delete('ada');
    expect(await statusOf(app, 'ada:engine')).toBe(401);
  });

  it('have names in NFC, however they are sent', async () => {
    const users = new Map([['Zo\u00eb', engine]]);
    await using app = await serveBasic({ realm: 'Init', users, hashers });
    expect(await statusOf(app, 'Zo\u00eb:engine')).toBe(200);
    const { status, body } = await askAs(app, basicValue('Zoe\u0308:engine'));
    expect([status, JSON.parse(body).subject]).toEqual([200, 'Zo\u00eb']);
    expect(await statusOf(app, 'Zoe:engine')).toBe(401);
  });

  it.each(['__proto__', 'constructor', 'toString'])(
    'H27 may be called %s, and are nobody if not',
    async (name) => {
      await using without = await serveBasic({ realm: 'Init', users: new Map([['ada', engine]]), hashers });
      expect(await statusOf(without, `${name}:engine`)).toBe(401);
      await using app = await serveBasic({
        realm: 'Init',
        users: new Map<string, StoredUser>([[name, { hash: engine, roles: ['user'] }]]),
        hashers,
      });
      expect(await statusOf(app, `${name}:engine`)).toBe(200);
      expect(await statusOf(app, `${name}:wrong`)).toBe(401);
      expect(({} as Record<string, unknown>)['role']).toBeUndefined();
    },
  );

  it.each<[string, unknown]>([
    ['a password instead of a hash', new Map([['ada', MARKER]])],
    ['a user without a hash', new Map([['ada', { roles: ['admin'] }]])],
    ['a list', [['ada', engine]]],
    ['a user that is undefined', new Map([['ada', undefined]])],
    ['an unknown algorithm', new Map([['ada', engine.replace('$scrypt$', '$lyra2$')]])],
    ['parameters out of bounds', new Map([['ada', engine.replace('ln=10', 'ln=40')]])],
    ['an empty name', new Map([['', engine]])],
    ['a name with a colon', new Map([[`${MARKER}:x`, engine]])],
    ['a name with a control character', new Map([[`${MARKER}\n`, engine]])],
    ['a name that is not in NFC', new Map([[`${MARKER}e\u0301`, engine]])],
    ['a name that is no string', new Map([[7, engine]])],
  ])('are refused when the scheme is made: %s, H17 without saying it', (_what, users) => {
    let error: unknown;
    try {
      basic({ realm: 'Init', users: users as UserMap });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).not.toMatch(/MARKER|\$scrypt/);
  });

  it('are no fixed pair, and a fixed pair has no hashers', () => {
    const options = { realm: 'Init', users: { ada: 'engine' }, hashers } as unknown as BasicOptions;
    expect(() => basic(options)).toThrow(/hashers/);
  });

  it('are no store when a fixed pair’s user is called find', async () => {
    await using app = await serveBasic({ realm: 'Init', users: { find: 'password' } });
    expect(await statusOf(app, 'find:password')).toBe(200);
  });
});

describe('users found by a function', () => {
  it('are let in, and may be found asynchronously', async () => {
    await using app = await serveBasic({
      realm: 'Init',
      users: async (name) => (name === 'ada' ? { hash: engine, subject: 'u-7' } : undefined),
      hashers,
    });
    expect(JSON.parse((await askAs(app, basicValue('ada:engine'))).body)).toMatchObject({
      subject: 'u-7',
    });
    expect(await statusOf(app, 'ada:wrong')).toBe(401);
    expect(await statusOf(app, 'eve:engine')).toBe(401);
  });

  it.each<[string, () => unknown]>([
    ['a number', () => 7],
    ['true', () => true],
    ['a password', () => MARKER],
    ['a user without a hash', () => ({})],
    ['an exception', () => Promise.reject(new Error('the directory is down'))],
  ])('H32 let nobody in by answering %s: a 500 that tells nothing', async (_what, find) => {
    await using app = await serveBasic({ realm: 'Init', users: find as () => string, hashers });
    const answer = await askAs(app, basicValue('ada:engine'));
    expect([answer.status, answer.body]).toEqual([500, 'Internal Server Error']);
    expect(inspect(app.errors)).not.toContain(MARKER);
  });
});

describe('users in a file', () => {
  let files = 0;
  function file(content: string | Buffer): string {
    files += 1;
    const path = join(folder, `users-${files}`);
    writeFileSync(path, content);
    return path;
  }

  it('are let in', async () => {
    const path = file(`# who may come in\n\nada:${engine}\r\nZo\u00eb:${engine}\n`);
    await using app = await serveBasic({ realm: 'Init', users: passwordFile(path), hashers });
    expect(await statusOf(app, 'ada:engine')).toBe(200);
    expect(await statusOf(app, 'Zo\u00eb:engine')).toBe(200);
    for (const userPass of ['ada:wrong', 'eve:engine', '__proto__:engine', '# who may come in:engine']) {
      expect(await statusOf(app, userPass)).toBe(401);
    }
  });

  it('are others as soon as the file is', async () => {
    const path = file(`ada:${engine}\n`);
    await using app = await serveBasic({ realm: 'Init', users: passwordFile(path), hashers });
    expect(await statusOf(app, 'ada:engine')).toBe(200);
    renameSync(file(`bob:${engine}\n`), path);
    expect(await statusOf(app, 'ada:engine')).toBe(401);
    expect(await statusOf(app, 'bob:engine')).toBe(200);
  });

  it('are nobody while the file is malformed or gone, and themselves again afterwards', async () => {
    const path = file(`ada:${engine}\n`);
    await using app = await serveBasic({ realm: 'Init', users: passwordFile(path), hashers });
    renameSync(file(`ada:${engine}\n${MARKER}\n`), path);
    expect(await statusOf(app, 'ada:engine')).toBe(500);
    expect(inspect(app.errors)).toContain('line 2');
    expect(inspect(app.errors)).not.toContain(MARKER);
    rmSync(path);
    expect(await statusOf(app, 'ada:engine')).toBe(500);
    renameSync(file(`ada:${engine}\n`), path);
    expect(await statusOf(app, 'ada:engine')).toBe(200);
  });

  it.each<[string, (hash: string) => string | Buffer, number]>([
    ['a line without a colon', (hash) => `ada:${hash}\n${MARKER}\n`, 2],
    ['a password instead of a hash', () => `\n#\nada:${MARKER}`, 3],
    ['a hash by apr1', () => `ada:$apr1$${MARKER}$abc`, 1],
    ['an empty name', (hash) => `:${hash}`, 1],
    ['a name that comes twice', (hash) => `${MARKER}:${hash}\n${MARKER}:${hash}`, 2],
    ['a name that is not in NFC', (hash) => `${MARKER}e\u0301:${hash}`, 1],
    ['a further field', (hash) => `ada:${hash}:admin`, 1],
    ['a blank after the hash', (hash) => `ada:${hash} `, 1],
    ['a NUL', (hash) => `a\0da:${hash}`, 1],
  ])('H17 are refused at once for %s, by the number of the line alone', (_what, content, line) => {
    const path = file(content(engine));
    let message = '';
    try {
      passwordFile(path);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain(`line ${line} `);
    expect(message).not.toMatch(/MARKER|\$scrypt|ada/);
  });

  it('are refused at once when the file is not UTF-8, or not there', () => {
    expect(() => passwordFile(file(Buffer.from([0x61, 0xff, 0x3a])))).toThrow(/UTF-8/);
    expect(() => passwordFile(join(folder, 'nowhere'))).toThrow(/ENOENT/);
  });

  it('are refused when the scheme is made, if none of the hashers understands a hash', async () => {
    const argon = argon2id({ memory: 1024, passes: 1 });
    const users = passwordFile(file(`ada:${await hashPassword('engine', argon)}`));
    expect(() => basic({ realm: 'Init', users })).toThrow(/argon2id/);
    await using app = await serveBasic({ realm: 'Init', users, hashers: [cheap, argon] });
    expect(await statusOf(app, 'ada:engine')).toBe(200);
  });
});

describe('a hash made with other parameters than today’s', () => {
  it('is made anew at a good login, and only then', async () => {
    const users: UserMap = new Map([['ada', { hash: engine, roles: ['admin'] }]]);
    await using app = await serveBasic({ realm: 'Init', users, hashers: [dearer] });
    expect(await statusOf(app, 'ada:wrong')).toBe(401);
    expect(users.get('ada')).toMatchObject({ hash: engine });
    expect(await statusOf(app, 'ada:engine')).toBe(200);
    const { hash, roles } = users.get('ada') as StoredUser;
    expect(hash).toContain('$scrypt$ln=11,');
    expect(roles).toEqual(['admin']);
    expect(await verifyPassword('engine', hash)).toBe(true);
    expect(await statusOf(app, 'ada:engine')).toBe(200);
    expect(users.get('ada')).toMatchObject({ hash });
  });

  it('becomes one of another algorithm', async () => {
    const users: UserMap = new Map([['ada', engine]]);
    const argon = argon2id({ memory: 1024, passes: 1 });
    await using app = await serveBasic({ realm: 'Init', users, hashers: [argon] });
    expect(await statusOf(app, 'ada:engine')).toBe(200);
    expect(users.get('ada')).toContain('$argon2id$');
    expect(await statusOf(app, 'ada:engine')).toBe(200);
    expect(await statusOf(app, 'ada:wrong')).toBe(401);
  });

  it('does not overwrite a password that was changed in between', async () => {
    const users: UserMap = new Map([['ada', engine]]);
    const changed = await hashPassword('new password', dearer);
    const slow: PasswordHasher = {
      ...dearer,
      hash: (password) => {
        users.set('ada', changed);
        return dearer.hash(password);
      },
    };
    await using app = await serveBasic({ realm: 'Init', users, hashers: [slow] });
    expect(await statusOf(app, 'ada:engine')).toBe(200);
    expect(users.get('ada')).toBe(changed);
  });

  it('leaves the login good when it can’t be stored, and the application hears of it', async () => {
    const store = {
      find: () => engine,
      replaceHash: () => Promise.reject(new Error('read-only')),
    };
    await using app = await serveBasic({ realm: 'Init', users: store, hashers: [dearer] });
    expect(await statusOf(app, 'ada:engine')).toBe(200);
    expect(inspect(app.errors)).toMatch(/could not be rehashed.*read-only/s);
    expect(inspect(app.errors)).not.toMatch(/\$scrypt|engine/);
  });
});

describe('H13 a login', () => {
  it.each([
    ['a known user and the right password', 'ada:engine'],
    ['a known user and a wrong password', 'ada:wrong'],
    ['an empty password', 'ada:'],
    ['a user who does not exist', 'nobody:engine'],
    ['a name that is an object’s', '__proto__:engine'],
    ['a user who is disabled', 'eve:engine'],
    ['a user who is disabled and a wrong password', 'eve:wrong'],
  ])('costs one hash with today’s parameters: %s', async (_what, userPass) => {
    const { hasher, costs } = counting(cheap);
    const users: UserMap = new Map<string, StoredUser>([
      ['ada', { hash: engine }],
      ['eve', { hash: engine, disabled: true }],
    ]);
    await using app = await serveBasic({ realm: 'Init', users, hashers: [hasher] });
    await askAs(app, basicValue(userPass));
    expect(costs).toEqual([cheap.parameters]);
  });

  it('costs a user who does not exist what those cost who do, when all their hashes are older', async () => {
    const { hasher, costs } = counting(dearer);
    const users = new Map([['ada', engine]]);
    await using app = await serveBasic({ realm: 'Init', users, hashers: [hasher] });
    await askAs(app, basicValue('nobody:engine'));
    expect(costs).toEqual([cheap.parameters]);
    await askAs(app, basicValue('ada:engine'));
    await askAs(app, basicValue('nobody:engine'));
    expect(costs).toEqual([cheap.parameters, cheap.parameters, dearer.parameters]);
  });

  it('costs a user who does not exist what one costs who came later', async () => {
    const { hasher, costs } = counting(dearer);
    const users = new Map<string, string>();
    await using app = await serveBasic({ realm: 'Init', users, hashers: [hasher] });
    users.set('ada', engine);
    await askAs(app, basicValue('nobody:engine'));
    users.delete('ada');
    await askAs(app, basicValue('nobody:engine'));
    expect(costs).toEqual([cheap.parameters, dearer.parameters]);
  });

  it('of a user who does not exist is refused, whatever hash came later for another', async () => {
    const users = new Map([['ada', engine]]);
    await using app = await serveBasic({ realm: 'Init', users, hashers });
    users.set('eve', engine.replace('$scrypt$', '$unknown$'));
    for (let index = 0; index < 20; index += 1) {
      expect(await statusOf(app, `nobody${index}:engine`)).toBe(401);
    }
  });

  it('costs one name always the same, when hashes are of several costs', async () => {
    const { hasher, costs } = counting(dearer);
    const users = new Map([
      ['ada', engine],
      ['bob', await hashPassword('builder', dearer)],
    ]);
    await using app = await serveBasic({ realm: 'Init', users, hashers: [hasher] });
    for (let i = 0; i < 5; i += 1) await askAs(app, basicValue('nobody:engine'));
    expect(new Set(costs).size).toBe(1);
  });
});

describe('what the hashes of a Map cost', () => {
  const costOf = ({ parameters }: PasswordHasher): string => `$scrypt$${parameters}`;

  it('is known of a user who came later, and of the others after that one’s hash was replaced', async () => {
    const users = new Map([['ada', engine]]);
    const store = mapStore(users);
    expect(store.costs?.()).toEqual([costOf(cheap)]);
    users.set('bob', engine);
    await store.replaceHash?.('bob', await hashPassword('engine', dearer), engine);
    expect(store.costs?.()).toEqual([costOf(cheap), costOf(dearer)]);
    users.delete('ada');
    expect(store.costs?.()).toEqual([costOf(dearer)]);
  });

  it('stays in its order when hashes are replaced, since a name’s own cost goes by it', async () => {
    const better = await hashPassword('engine', dearer);
    const users = new Map([
      ['ada', engine],
      ['bob', better],
      ['eve', engine],
    ]);
    const store = mapStore(users);
    const before = store.costs?.();
    await store.replaceHash?.('ada', better, engine);
    expect(store.costs?.()).toEqual(before);
  });
});

describe('H15 a refusal', () => {
  it('looks the same for an unknown user, a wrong password and a disabled one', async () => {
    const users: UserMap = new Map<string, StoredUser>([
      ['ada', { hash: engine }],
      ['eve', { hash: engine, disabled: true }],
    ]);
    await using app = await serveBasic({ realm: 'Init', users, hashers });
    const answers: unknown[] = [];
    for (const userPass of ['nobody:engine', 'ada:wrong', 'eve:engine', 'eve:wrong']) {
      answers.push(withoutTraceAndDate(await askAs(app, basicValue(userPass))));
    }
    expect(answers[0]).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });
});

function withoutTraceAndDate(answer: Answer): object {
  const { date: _date, ...headers } = answer.headers;
  const { trace: _trace, ...body } = problemOf(answer);
  return { status: answer.status, headers, challenges: answer.challenges, body };
}

describe('H34 a password of a request', () => {
  it.each([1025, 6000])('of %i bytes is refused before anything is hashed', async (length) => {
    const { hasher, costs } = counting(cheap);
    await using app = await serveBasic({
      realm: 'Init',
      users: new Map([['ada', engine]]),
      hashers: [hasher],
    });
    for (const name of ['ada', 'nobody']) {
      const answer = await askAs(app, basicValue(`${name}:${'x'.repeat(length)}`));
      expect(answer.status).toBe(400);
      expect(problemOf(answer)).toMatchObject({
        code: 'invalid_request',
        detail: 'The password is too long',
      });
    }
    expect(costs).toEqual([]);
  });

  it.each([
    ['a password', `ada:${'x'.repeat(1_000_000)}`],
    ['a name', `${'a'.repeat(1_000_000)}:engine`],
  ])(
    'as %s of a million bytes does not reach the scheme, and the server goes on',
    async (_what, userPass) => {
      const { hasher, costs } = counting(cheap);
      await using app = await serveBasic({
        realm: 'Init',
        users: new Map([['ada', engine]]),
        hashers: [hasher],
      });
      const socket = connect(app.port, '127.0.0.1').resume();
      // The server answers 431 and closes, however much is still to come.
      socket.on('error', () => {});
      socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${basicValue(userPass)}\r\n\r\n`);
      await new Promise((resolve) => socket.once('close', resolve));
      expect(costs).toEqual([]);
      expect(await statusOf(app, 'ada:engine')).toBe(200);
    },
  );

  it('of 1,024 bytes is taken whole', async () => {
    const start = 'x'.repeat(1023);
    const users = new Map([['ada', await hashPassword(`${start}y`, cheap)]]);
    await using app = await serveBasic({ realm: 'Init', users, hashers });
    expect(await statusOf(app, `ada:${start}y`)).toBe(200);
    expect(await statusOf(app, `ada:${start}z`)).toBe(401);
  });
});

describe('H34 fifty good logins at once', () => {
  it('are all let in, two hashes at a time', async () => {
    let running = 0;
    let most = 0;
    const counted: PasswordHasher = {
      ...cheap,
      verify: async (...parameters) => {
        running += 1;
        most = Math.max(most, running);
        const matches = await cheap.verify(...parameters);
        running -= 1;
        return matches;
      },
    };
    await using app = await serveBasic({
      realm: 'Init',
      users: new Map([['ada', engine]]),
      hashers: [counted],
    });
    const statuses = await Promise.all(Array.from({ length: 50 }, () => statusOf(app, 'ada:engine')));
    expect(statuses).toEqual(Array(50).fill(200));
    expect(most).toBe(2);
  });

  it('are told to come back when more than 256 wait', async () => {
    const held: (() => void)[] = [];
    const slow: PasswordHasher = {
      ...cheap,
      verify: () => new Promise((resolve) => held.push(() => resolve(true))),
    };
    await using app = await serveBasic({
      realm: 'Init',
      users: new Map([['ada', engine]]),
      hashers: [slow],
      throttle: false,
    });
    const statuses: number[] = [];
    let busy: Answer | undefined;
    const all = Array.from({ length: 260 }, async () => {
      const answer = await askAs(app, basicValue('ada:engine'));
      statuses.push(answer.status);
      if (answer.status !== 429) return;
      busy = answer;
      // Two run, 256 wait, two were turned away: now those may go on.
      if (statuses.length === 2) release();
    });
    const release = (): void => {
      const timer = setInterval(() => {
        for (const one of held.splice(0)) one();
      }, 1);
      Promise.all(all).finally(() => clearInterval(timer));
    };
    await Promise.all(all);
    expect(statuses.filter((status) => status === 200)).toHaveLength(258);
    expect(statuses.filter((status) => status === 429)).toHaveLength(2);
    expect(busy?.headers['retry-after']).toBe('1');
    expect(app.refusals[0]?.reasons[0]?.code).toBe('hashing_busy');
  });
});

describe('H17 a wrong password', () => {
  it('and its hash are found nowhere', async () => {
    await using app = await serveBasic({ realm: 'Init', users: new Map([['ada', engine]]), hashers });
    const answer = await askAs(app, basicValue(`ada:${MARKER}`));
    const everything = answer.body + JSON.stringify(answer.headers) + inspect(app.refusals, { depth: null });
    expect(answer.status).toBe(401);
    for (const secret of [MARKER, btoa(MARKER), '$scrypt']) expect(everything).not.toContain(secret);
  });
});
