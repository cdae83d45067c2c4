import type { Context } from 'koa';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  authenticate,
  type BasicOptions,
  basic,
  type CheckPassword,
  type ThrottleOptions,
} from '../src/index.js';
import { memory } from '../src/sessions/index.js';
import { SessionsUnavailable } from '../src/sessions/store-errors.js';
import { Failures } from '../src/throttle/failures.js';
import { OwnCounters } from '../src/throttle/own-counters.js';
import { Pace } from '../src/throttle/pace.js';
import { type Attempted, Throttle } from '../src/throttle/throttle.js';
import { type Answer, ask, basicValue, problemOf, type RunningApp, serve } from './koa-app.ts';

/** A proxy's word for the address, so that one machine can be many clients. */
const viaProxy = { proxy: true };

interface Served extends RunningApp {
  /** Every password that was looked at. */
  readonly looked: string[];
}

const rightPasswords: CheckPassword = (name, password) => name !== 'nobody' && password === 'right';

async function serveThrottled(
  throttle: BasicOptions['throttle'],
  { proxy = false, maxIpsCount = 0, check = rightPasswords, together = 1 } = {},
): Promise<Served> {
  const looked: string[] = [];
  let arrived = 0;
  let allArrived = (): void => {};
  const arrival = new Promise<void>((resolve) => {
    allArrived = resolve;
  });
  const app = await serve((koa) => {
    koa.use((_ctx, next) => {
      arrived += 1;
      if (arrived === together) setImmediate(allArrived);
      return next();
    });
    koa.proxy = proxy;
    koa.maxIpsCount = maxIpsCount;
    const spy: CheckPassword = async (name, password) => {
      looked.push(password);
      // Nothing is decided before all that belong together are there.
      await arrival;
      return check(name, password);
    };
    const counted = throttle === undefined ? {} : { throttle };
    // A proxy's word for the address is no word for HTTPS.
    koa.use(authenticate(basic({ realm: 'Init', check: spy, allowInsecureHttp: true, ...counted })));
    koa.use((ctx) => {
      ctx.body = 'in';
    });
  });
  return Object.assign(app, { looked });
}

function login(app: RunningApp, userPass: string, from?: string): Promise<Answer> {
  const forwarded = from === undefined ? {} : { 'x-forwarded-for': from };
  return ask(app, { headers: { authorization: basicValue(userPass), ...forwarded } });
}

async function fail(app: RunningApp, times: number, name = 'ada', from?: string): Promise<void> {
  for (let i = 0; i < times; i += 1) expect((await login(app, `${name}:wrong`, from)).status).toBe(401);
}

function expectThrottled(answer: Answer, seconds: number): void {
  expect(answer.status).toBe(429);
  expect(answer.headers['retry-after']).toBe(String(seconds));
  expect(answer.challenges).toEqual([]);
  expect(problemOf(answer)).toEqual({
    type: 'about:blank',
    title: 'Too Many Requests',
    status: 429,
    code: 'too_many_requests',
    detail: 'Too many attempts; try again later',
    trace: expect.any(String),
  });
}

/** The clock stands still, sockets do not. */
function stopClock(): void {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_795_521_600_000 });
}

afterEach(() => {
  vi.useRealTimers();
});

describe('H14 failed logins of one user from one address', () => {
  it('are refused with 429 and Retry-After after ten in a quarter of an hour, the right password too', async () => {
    stopClock();
    await using app = await serveThrottled(undefined);
    await fail(app, 10);
    expectThrottled(await login(app, 'ada:right'), 900);
    expectThrottled(await login(app, 'ada:wrong'), 900);
    expect(app.looked).toHaveLength(10);
    expect(app.refusals.at(-1)).toMatchObject({
      status: 429,
      retryAfter: 900,
      reasons: [{ code: 'throttled' }],
    });
  });

  it('are counted from the first of them, and not by what is refused: the lock opens by itself', async () => {
    stopClock();
    await using app = await serveThrottled({ perPair: 2, window: 60 });
    await fail(app, 1);
    vi.setSystemTime(1_795_521_630_000);
    await fail(app, 1);
    for (let i = 0; i < 5; i += 1) expectThrottled(await login(app, 'ada:right'), 30);
    vi.setSystemTime(1_795_521_660_000);
    expect((await login(app, 'ada:right')).status).toBe(200);
    await fail(app, 2);
    expectThrottled(await login(app, 'ada:right'), 60);
  });

  it('are not forgotten by the login of a user whose name is only alike', async () => {
    await using app = await serveThrottled({ perPair: 3 });
    await fail(app, 2, 'ada');
    expect((await login(app, 'Ada:right')).status).toBe(200);
    await fail(app, 1, 'ada');
    expect((await login(app, 'ada:right')).status).toBe(429);
  });

  it('are forgotten by a good login', async () => {
    await using app = await serveThrottled({ perPair: 3 });
    for (let round = 0; round < 3; round += 1) {
      await fail(app, 2);
      expect((await login(app, 'ada:right')).status).toBe(200);
    }
    await fail(app, 3);
    expect((await login(app, 'ada:right')).status).toBe(429);
  });

  it('leave other users at that address alone', async () => {
    await using app = await serveThrottled({ perPair: 2 });
    await fail(app, 2);
    expect((await login(app, 'ada:right')).status).toBe(429);
    expect((await login(app, 'bob:right')).status).toBe(200);
  });

  it('leave that user at other addresses alone', async () => {
    await using app = await serveThrottled({ perPair: 2 }, viaProxy);
    await fail(app, 2, 'ada', '192.0.2.1');
    expect((await login(app, 'ada:right', '192.0.2.1')).status).toBe(429);
    expect((await login(app, 'ada:right', '192.0.2.2')).status).toBe(200);
  });

  it.each([
    'ADA',
    'Ada',
    ' ada',
    'ada ',
    'a da',
    'ａｄａ',
    'a\u00adda',
    'a\u200bda',
    '\ufeffada',
    'ada\u00a0',
  ])('are the same user’s when the name is written %j', async (name) => {
    await using app = await serveThrottled({ perPair: 2 });
    await fail(app, 2, name);
    expect((await login(app, 'ada:right')).status).toBe(429);
  });

  it.each(['adb', 'àda', 'ada1', 'a.da'])('are another user’s when the name is %j', async (name) => {
    await using app = await serveThrottled({ perPair: 2 });
    await fail(app, 2, name);
    expect((await login(app, 'ada:right')).status).toBe(200);
  });

  it('H15 are counted alike for users who do not exist', async () => {
    stopClock();
    await using app = await serveThrottled({ perPair: 2 });
    await fail(app, 2, 'nobody');
    await fail(app, 2, 'ada');
    expectThrottled(await login(app, 'nobody:wrong'), 900);
    expectThrottled(await login(app, 'ada:wrong'), 900);
  });

  it('are not counted when nothing was compared', async () => {
    await using app = await serveThrottled({ perPair: 1 });
    for (const authorization of ['Basic !!!', basicValue('ada'), basicValue('ada:\0')]) {
      expect((await ask(app, { headers: { authorization } })).status).toBe(401);
    }
    expect((await login(app, 'ada:right')).status).toBe(200);
  });

  it('are not counted when the check itself failed', async () => {
    const check: CheckPassword = (_name, password) => {
      if (password === 'down') throw new Error('the directory is down');
      return password === 'right';
    };
    await using app = await serveThrottled({ perPair: 1 }, { check });
    for (let i = 0; i < 3; i += 1) expect((await login(app, 'ada:down')).status).toBe(500);
    expect((await login(app, 'ada:right')).status).toBe(200);
  });

  it('are not counted where that was asked for', async () => {
    await using app = await serveThrottled(false);
    await fail(app, 12);
    expect((await login(app, 'ada:right')).status).toBe(200);
  });
});

describe('H14 failed logins from one address', () => {
  it('are refused after fifty, whatever users they try, and other addresses are not', async () => {
    stopClock();
    await using app = await serveThrottled(undefined, viaProxy);
    for (let i = 0; i < 50; i += 1) await fail(app, 1, `user${i}`, '192.0.2.1');
    expectThrottled(await login(app, 'fresh:right', '192.0.2.1'), 900);
    expect((await login(app, 'fresh:right', '192.0.2.2')).status).toBe(200);
  });

  it('are not set back by a good login, which the attacker may have', async () => {
    await using app = await serveThrottled({ perAddress: 4 });
    await fail(app, 2, 'ada');
    expect((await login(app, 'mallory:right')).status).toBe(200);
    await fail(app, 2, 'bob');
    expect((await login(app, 'mallory:right')).status).toBe(429);
  });

  it.each<[string, string, string]>([
    ['of one IPv6 network', '2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff'],
    ['of one IPv6 network, written otherwise', '2001:0DB8:0001:0002:0:0:0:1', '2001:db8:1:2::9'],
    ['of IPv4, and the same within IPv6', '192.0.2.1', '::ffff:192.0.2.1'],
    ['of a link with a zone', 'fe80::1%eth0', 'fe80::2%eth1'],
  ])('are one client’s: %s', async (_what, one, other) => {
    await using app = await serveThrottled({ perAddress: 1 }, viaProxy);
    await fail(app, 1, 'ada', one);
    expect((await login(app, 'bob:right', other)).status).toBe(429);
  });

  it.each<[string, string, string]>([
    ['IPv4 neighbours', '192.0.2.1', '192.0.2.2'],
    ['IPv6 networks', '2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['IPv6 networks that begin with zeros', '::1', '0:0:0:1::1'],
  ])('are different clients’: %s', async (_what, one, other) => {
    await using app = await serveThrottled({ perAddress: 1 }, viaProxy);
    await fail(app, 1, 'ada', one);
    expect((await login(app, 'bob:right', other)).status).toBe(200);
  });
});

describe('H14 X-Forwarded-For', () => {
  it('is not looked at without app.proxy: who rotates it stays who they are', async () => {
    await using app = await serveThrottled({ perPair: 3 });
    for (let i = 0; i < 3; i += 1) await fail(app, 1, 'ada', `192.0.2.${i}`);
    expect((await login(app, 'ada:right', '192.0.2.99')).status).toBe(429);
  });

  it('is believed in its last address alone with app.proxy: what the client put in front does not count', async () => {
    await using app = await serveThrottled({ perPair: 3 }, viaProxy);
    for (let i = 0; i < 3; i += 1) await fail(app, 1, 'ada', `198.51.100.${i}, 192.0.2.1`);
    expect((await login(app, 'ada:right', '198.51.100.99, 192.0.2.1')).status).toBe(429);
    expect((await login(app, 'ada:right', '192.0.2.1, 192.0.2.2')).status).toBe(200);
  });

  it('is believed in as many addresses as there are proxies, where app.maxIpsCount says so', async () => {
    await using app = await serveThrottled({ perPair: 3 }, { proxy: true, maxIpsCount: 2 });
    for (let i = 0; i < 3; i += 1) await fail(app, 1, 'ada', `198.51.100.${i}, 192.0.2.1, 10.0.0.1`);
    expect((await login(app, 'ada:right', '198.51.100.99, 192.0.2.1, 10.0.0.1')).status).toBe(429);
    expect((await login(app, 'ada:right', '192.0.2.1, 192.0.2.2, 10.0.0.1')).status).toBe(200);
  });

  it('gives way to an address of one’s own finding', async () => {
    const throttle: ThrottleOptions = { perPair: 1, address: (ctx) => ctx.get('x-client') };
    await using app = await serveThrottled(throttle);
    const from = (client: string, userPass: string): Promise<Answer> =>
      ask(app, { headers: { authorization: basicValue(userPass), 'x-client': client } });
    expect((await from('one', 'ada:wrong')).status).toBe(401);
    expect((await from('one', 'ada:right')).status).toBe(429);
    expect((await from('two', 'ada:right')).status).toBe(200);
  });
});

describe('H14 a user whom strangers try from everywhere', () => {
  it('is let in from every address, where they have been before and where they have not', async () => {
    await using app = await serveThrottled(undefined, viaProxy);
    expect((await login(app, 'ada:right', '192.0.2.1')).status).toBe(200);
    for (let i = 0; i < 100; i += 1) await fail(app, 1, 'ada', `198.51.100.${i}`);
    expect((await login(app, 'ada:right', '203.0.113.7')).status).toBe(200);
    expect((await login(app, 'ada:right', '192.0.2.1')).status).toBe(200);
    expect((await login(app, 'bob:right', '203.0.113.8')).status).toBe(200);
  });

  it('is not known where a user has signed in whose name is only alike', async () => {
    await using app = await serveThrottled({ perUser: 3 }, viaProxy);
    expect((await login(app, 'Ada:right', '192.0.2.9')).status).toBe(200);
    for (let i = 0; i < 3; i += 1) await fail(app, 1, 'ada', `192.0.2.${i}`);
    await fail(app, 2, 'ada', '192.0.2.9');
    expect((await login(app, 'ada:wrong', '192.0.2.9')).status).toBe(429);
  });

  it('may be tried twice from an address that is strange to them, and then no more in this window', async () => {
    stopClock();
    await using app = await serveThrottled({ perUser: 3, window: 60 }, viaProxy);
    for (let i = 0; i < 3; i += 1) await fail(app, 1, 'ada', `198.51.100.${i}`);
    await fail(app, 1, 'ada', '198.51.100.0');
    expectThrottled(await login(app, 'ada:right', '198.51.100.0'), 60);
    expect(app.refusals.at(-1)?.reasons[0]?.hint).toContain('two of them from this address');
    vi.setSystemTime(1_795_521_660_000);
    expect((await login(app, 'ada:right', '198.51.100.0')).status).toBe(200);
  });

  describe('and who therefore has to wait', () => {
    /** A throttle that three strangers have tried already, and what tries next. */
    async function crowded() {
      vi.useFakeTimers({ now: 1_795_521_600_000 });
      const throttle = new Throttle({ perUser: 3, address: (ctx) => ctx.get('x-client') });
      const looked: string[] = [];
      const from = (client: string, verdict: Attempted = 'bad') => {
        const ctx = { get: () => client } as unknown as Context;
        const attempt = async (): Promise<Attempted> => {
          looked.push(client);
          return verdict;
        };
        return throttle.guard(ctx, 'ada', attempt, (answer) => answer);
      };
      for (const client of ['a', 'b', 'c']) await from(client);
      looked.length = 0;
      return { from, looked };
    }

    it('is looked at one second after the one before, at once where there is none', async () => {
      const { from, looked } = await crowded();
      expect(await from('d')).toBe('bad');
      const next = from('e', 'good');
      await vi.advanceTimersByTimeAsync(999);
      expect(looked).toEqual(['d']);
      await vi.advanceTimersByTimeAsync(1);
      expect(looked).toEqual(['d', 'e']);
      expect(await next).toBe('good');
      // From now on that address is one of the user's.
      expect(await from('e', 'good')).toBe('good');
    });

    it('waits ten seconds at most: there are as many places, and the rest is a 429', async () => {
      const { from, looked } = await crowded();
      const all = Array.from({ length: 20 }, (_, i) => from(`stranger${i}`));
      await vi.advanceTimersByTimeAsync(0);
      expect(await Promise.all(all.slice(11))).toEqual(
        Array(9).fill(expect.objectContaining({ status: 429, retryAfter: 10 })),
      );
      await vi.advanceTimersByTimeAsync(10_000);
      expect(await Promise.all(all.slice(0, 11))).toEqual(Array(11).fill('bad'));
      expect(looked).toEqual(Array.from({ length: 11 }, (_, i) => `stranger${i}`));
    });

    it('can come in after a flood, when those addresses have no more attempts', async () => {
      const { from, looked } = await crowded();
      const flood = Array.from({ length: 11 }, (_, i) => from(`stranger${i % 6}`));
      await vi.advanceTimersByTimeAsync(20_000);
      await Promise.all(flood);
      for (let i = 0; i < 6; i += 1)
        await Promise.all([from(`stranger${i}`), vi.advanceTimersByTimeAsync(10_000)]);
      looked.length = 0;
      for (let i = 0; i < 100; i += 1) expect(await from(`stranger${i % 6}`)).toMatchObject({ status: 429 });
      expect(await from('home', 'good')).toBe('good');
      expect(looked).toEqual(['home']);
    });
  });

  it('is still guarded where they have signed in from: the limit of the pair holds there', async () => {
    await using app = await serveThrottled({ perPair: 2, perUser: 2 }, viaProxy);
    expect((await login(app, 'ada:right', '192.0.2.1')).status).toBe(200);
    await fail(app, 2, 'ada', '192.0.2.1');
    expect((await login(app, 'ada:right', '192.0.2.1')).status).toBe(429);
  });
});

describe('H14 a hundred logins at once', () => {
  it('with wrong passwords: ten are looked at, ninety are refused', async () => {
    await using app = await serveThrottled(undefined, { together: 100 });
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => login(app, `ada:wrong${i}`)));
    expect(app.looked).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(90);
  });

  it('with the right password are all let in', async () => {
    await using app = await serveThrottled(undefined, { together: 100 });
    const answers = await Promise.all(Array.from({ length: 100 }, () => login(app, 'ada:right')));
    expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(200));
  });

  it('of as many users, all wrong: as many are looked at as may fail from one address', async () => {
    await using app = await serveThrottled(undefined, { together: 100 });
    await Promise.all(Array.from({ length: 100 }, (_, i) => login(app, `user${i}:wrong`)));
    expect(app.looked).toHaveLength(50);
  });

  it('of which all the checks fail are all 500, and block nobody', async () => {
    const check: CheckPassword = (_name, password) => {
      if (password === 'down') throw new Error('the directory is down');
      return true;
    };
    await using app = await serveThrottled(undefined, { check, together: 100 });
    const answers = await Promise.all(Array.from({ length: 100 }, () => login(app, 'ada:down')));
    expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(500));
    expect((await login(app, 'ada:right')).status).toBe(200);
  });
});

describe('H14 counters that several processes share', () => {
  it('hold a limit for all of them together, and a good login sets it back for all', async () => {
    const counters = memory();
    const throttle = { perPair: 4, counters };
    await using one = await serveThrottled(throttle);
    await using other = await serveThrottled(throttle);
    await fail(one, 2);
    await fail(other, 1);
    expect((await login(other, 'ada:right')).status).toBe(200);
    await fail(one, 2);
    await fail(other, 2);
    for (const app of [one, other]) expect((await login(app, 'ada:right')).status).toBe(429);
    expect((await login(one, 'bob:right')).status).toBe(200);
  });

  it('let nobody in while they are away: 503 with Retry-After, and no password was looked at', async () => {
    const counters = memory();
    const away = vi
      .spyOn(counters, 'count')
      .mockRejectedValue(new SessionsUnavailable('Redis is not connected.'));
    await using app = await serveThrottled({ counters });
    const answer = await login(app, 'ada:right');
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1']);
    expect(app.looked).toEqual([]);
    away.mockRestore();
    expect((await login(app, 'ada:right')).status).toBe(200);
  });

  it.each([
    ['increment', 'ada:wrong'],
    ['forget', 'ada:right'],
  ] as const)('that fail at %s leave no attempt undecided for ever', async (call, userPass) => {
    const counters = memory();
    await using app = await serveThrottled({ perPair: 2, counters });
    // So that a good login has something to forget.
    await login(app, 'ada:wrong');
    const away = vi
      .spyOn(counters, call)
      .mockRejectedValue(new SessionsUnavailable('Redis is not connected.'));
    for (let times = 0; times < 5; times += 1) expect((await login(app, userPass)).status).toBe(503);
    away.mockRestore();
    expect((await login(app, 'ada:right')).status).toBe(200);
  });

  it('are asked for many attempts at once: while they are slow, no attempt waits for another', async () => {
    const counters = memory();
    let asked = 0;
    let allAsked = (): void => {};
    const all = new Promise<void>((resolve) => {
      allAsked = resolve;
    });
    const { count } = counters;
    vi.spyOn(counters, 'count').mockImplementation(async (key) => {
      asked += 1;
      if (asked === 12 * 3) allAsked();
      await all;
      return count.call(counters, key);
    });
    await using app = await serveThrottled({ counters });
    const names = Array.from({ length: 12 }, (_, index) => `user${index}:right`);
    const answers = await Promise.all(names.map((userPass) => login(app, userPass)));
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
  });

  it('that answer in any order leave nobody waiting for ever', async () => {
    const counters = memory();
    const { count } = counters;
    let asked = 0;
    vi.spyOn(counters, 'count').mockImplementation(async (key) => {
      asked += 1;
      for (let turns = (asked * 7) % 5; turns > 0; turns -= 1) await new Promise(setImmediate);
      return count.call(counters, key);
    });
    const throttle = new Throttle({ counters, perPair: 2, perAddress: 3, address: (ctx) => ctx.get('x') });
    const attempts = Array.from({ length: 120 }, (_, index) => {
      const ctx = { get: () => `client${index % 2}` } as unknown as Context;
      const slow = () => new Promise<number>((resolve) => setTimeout(resolve, index % 3, index));
      return throttle.guard(ctx, `user${index % 5}`, slow, () => 'good');
    });
    expect(await Promise.all(attempts)).toEqual(Array.from({ length: 120 }, (_, index) => index));
  });

  it('take a window from before the clock was put back for one that is over', async () => {
    const counters = memory();
    vi.spyOn(counters, 'count').mockResolvedValue({ count: 99, endsIn: 86_400_000 });
    await using app = await serveThrottled({ counters });
    expect((await login(app, 'ada:right')).status).toBe(200);
  });

  it.each([
    ['an hour ahead', 3_600_000],
    ['an hour behind', -3_600_000],
    ['half a century behind', -Date.now()],
  ])('hold their limit by their own clock, which is %s of this process', async (_what, difference) => {
    const now = Date.now() + difference;
    const counters = memory({ clock: () => now });
    await using app = await serveThrottled({ perPair: 2, window: 60, counters });
    await fail(app, 2);
    expectThrottled(await login(app, 'ada:right'), 60);
  });

  it('are refused at once when they are none', () => {
    expect(() => new Throttle({ counters: {} as never })).toThrow(/counters/);
  });
});

describe('H14 what is remembered', () => {
  it('is bounded in entries: the oldest are forgotten', async () => {
    const own = new OwnCounters(900, 3);
    const failures = new Failures('user', 1, 900, own);
    for (const key of ['a', 'b', 'c', 'd']) await failures.add(key);
    expect(own.size).toBe(3);
    expect(await failures.standing('a', 1)).toBe('free');
    for (const key of ['b', 'c', 'd']) {
      expect(await failures.standing(key, 1)).toHaveProperty('retryAfter');
    }
  });

  it('is not the oldest when it failed again', async () => {
    const failures = new Failures('user', 1, 900, new OwnCounters(900, 2));
    for (const key of ['a', 'b', 'a', 'c']) await failures.add(key);
    expect(await failures.standing('b', 1)).toBe('free');
    expect(await failures.standing('a', 1)).toHaveProperty('retryAfter');
  });

  it('stays bounded whatever names and addresses come', async () => {
    const throttle = new Throttle({ maxEntries: 10, address: (ctx) => ctx.get('x-client') });
    for (let i = 0; i < 100; i += 1) {
      const ctx = { get: () => `client${i}` } as unknown as Parameters<typeof throttle.guard>[0];
      await throttle.guard(
        ctx,
        `user${i}`.padEnd(5000, 'x'),
        async () => i,
        (n) => (n % 2 === 0 ? 'bad' : 'good'),
      );
    }
    expect(throttle.size).toBe(50);
  });
});

describe('a pace', () => {
  it('keeps a distance for each key alone, and remembers a bounded number of keys', () => {
    const pace = new Pace(1000, 2500, 2);
    expect(['a', 'a', 'a', 'a', 'b'].map((key) => pace.place(key, 0))).toEqual([0, 1000, 2000, undefined, 0]);
    expect(pace.place('a', 2999)).toBe(1);
    expect(pace.place('c', 2999)).toBe(0);
    expect(pace.size).toBe(2);
    expect(pace.place('b', 2999)).toBe(0);
  });
});

describe('wrong options of throttle', () => {
  it.each<[string, unknown]>([
    ['a limit of zero', { perPair: 0 }],
    ['a limit below', { perAddress: -1 }],
    ['a part', { perUser: 1.5 }],
    ['no number', { perPair: '10' }],
    ['not a number', { window: Number.NaN }],
    ['a window of more than a day', { window: 86_401 }],
    ['no entries', { maxEntries: 0 }],
    ['no end', { maxEntries: Number.POSITIVE_INFINITY }],
    ['an address that is no function', { address: '192.0.2.1' }],
  ])('are refused at once: %s', (_what, throttle) => {
    const options = { realm: 'Init', users: { ada: 'right' }, throttle } as BasicOptions;
    expect(() => basic(options)).toThrow(TypeError);
  });
});
