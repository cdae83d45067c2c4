import { timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';
import { crc32 } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { keyId } from '../src/api-keys/format.js';
import {
  type ApiKeyRecord,
  type ApiKeySchemeOptions,
  type ApiKeyStore,
  apiKey,
  authenticate,
  bearer,
  generateApiKey,
  type Principal,
  rotateApiKey,
} from '../src/index.js';
import { type Answer, ask, problemOf, type RunningApp, serve } from './koa-app.ts';
import { parseChallenge } from './parse-challenge.ts';
import { askRaw } from './raw-request.ts';
import { jwt, NOON, tokenFor } from './tokens.ts';

// Does what it always does, and is watched.
vi.mock('node:crypto', async (importOriginal) => {
  const real = await importOriginal<typeof import('node:crypto')>();
  return { ...real, timingSafeEqual: vi.fn(real.timingSafeEqual) };
});

const DAY = 86_400_000;
const now = NOON * 1000;
const clock = (): number => now;

const billing = generateApiKey({
  prefix: 'orders_live',
  subject: 'billing',
  roles: ['service'],
  scopes: ['read'],
  expiresAt: new Date(now + DAY),
  clock,
});
const other = generateApiKey({ subject: 'shipping', clock });

function mapOf(...records: ApiKeyRecord[]): Map<string, ApiKeyRecord> {
  return new Map(records.map((record) => [record.id, record]));
}

/** A key whose checksum is right, as an attacker can make it: CRC-32 in base 62. */
function withChecksum(body: string): string {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  let checksum = '';
  for (let rest = crc32(body); checksum.length < 6; rest = Math.floor(rest / 62)) {
    checksum = digits.charAt(rest % 62) + checksum;
  }
  return body + checksum;
}

function serveKeys(options: Partial<ApiKeySchemeOptions> = {}): Promise<RunningApp> {
  return serve((koa) => {
    koa.use(authenticate(apiKey({ keys: mapOf(billing.record, other.record), clock, ...options })));
    koa.use((ctx) => {
      ctx.body = {
        ...(ctx.state['auth'] as Principal),
        url: ctx.url,
        original: ctx.originalUrl,
        query: ctx.query,
      };
    });
  });
}

function send(app: RunningApp, key: string, header = 'X-Api-Key'): Promise<Answer> {
  return ask(app, { headers: { [header]: key } });
}

function expectRefused(answer: Answer): void {
  expect(answer.status).toBe(401);
  expect(problemOf(answer)).toMatchObject({
    code: 'invalid_credentials',
    detail: 'The credentials are not valid',
  });
}

function expectBadRequest(answer: Answer, detail: string): void {
  expect(answer.status).toBe(400);
  expect(problemOf(answer)).toMatchObject({ code: 'invalid_request', detail });
}

describe('a generated key', () => {
  it('has its prefix, an id, 256 bits of secret and a checksum, in letters and digits', () => {
    expect(billing.key).toMatch(/^orders_live_[0-9A-Za-z]{60}$/);
    expect(other.key).toMatch(/^key_[0-9A-Za-z]{60}$/);
    expect(keyId(billing.key)).toBe(billing.record.id);
    expect(billing.key).toContain(`_${billing.record.id}`);
  });

  it('is another one each time', () => {
    const keys = Array.from({ length: 100 }, () => generateApiKey({ subject: 'a' }));
    expect(new Set(keys.map(({ key }) => key)).size).toBe(100);
    expect(new Set(keys.map(({ record }) => record.id)).size).toBe(100);
  });

  it('is not in its record, which holds a hash', () => {
    const { key, record } = billing;
    expect(record).toMatchObject({ subject: 'billing', roles: ['service'], scopes: ['read'] });
    expect(Buffer.from(record.hash, 'base64url')).toHaveLength(32);
    const printed = inspect(record) + JSON.stringify(record);
    expect(printed).not.toContain(key);
    expect(printed).not.toContain(key.slice('orders_live_'.length + 11, -6));
  });

  it('is told from a mistyped one by its checksum, at every place', () => {
    for (let place = 0; place < billing.key.length; place += 1) {
      const typed = billing.key[place];
      const mistyped =
        billing.key.slice(0, place) + (typed === 'a' ? 'b' : 'a') + billing.key.slice(place + 1);
      expect(keyId(mistyped)).toBeUndefined();
    }
    expect(keyId(`${billing.key}\n`)).toBeUndefined();
    expect(keyId(billing.key.slice(0, -1))).toBeUndefined();
  });

  it.each<[string, object]>([
    ['no subject', {}],
    ['an empty subject', { subject: '' }],
    ['an empty prefix', { subject: 'a', prefix: '' }],
    ['a prefix with a hyphen', { subject: 'a', prefix: 'a-b' }],
    ['a prefix that ends with an underscore', { subject: 'a', prefix: 'a_' }],
    ['a prefix in capitals', { subject: 'a', prefix: 'A' }],
    ['a prefix of 33 letters', { subject: 'a', prefix: 'a'.repeat(33) }],
    ['an expiry that is over', { subject: 'a', clock, expiresAt: new Date(now) }],
    ['an expiry that is no time', { subject: 'a', expiresAt: new Date(Number.NaN) }],
  ])('is not made of %s', (_what, options) => {
    expect(() => generateApiKey(options as Parameters<typeof generateApiKey>[0])).toThrow(TypeError);
  });
});

describe('a key in its header', () => {
  it('makes its record’s principal, without hash or key', async () => {
    await using app = await serveKeys();
    const { status, body } = await send(app, billing.key);
    expect([status, JSON.parse(body)]).toMatchObject([
      200,
      {
        scheme: 'ApiKey',
        subject: 'billing',
        name: 'billing',
        roles: ['service'],
        scopes: ['read'],
        claims: {},
      },
    ]);
    expect(body).not.toContain(billing.record.hash);
    expect(body).not.toContain(billing.key);
  });

  it.each(['X-API-KEY', 'x-api-key'])('is found when the field is written %s', async (header) => {
    await using app = await serveKeys();
    expect((await send(app, billing.key, header)).status).toBe(200);
  });

  it('may have a header of another name, and then no other', async () => {
    await using app = await serveKeys({ header: 'Orders-Key' });
    expect((await send(app, billing.key, 'Orders-Key')).status).toBe(200);
    expect(problemOf(await send(app, billing.key))).toMatchObject({ code: 'credentials_required' });
  });

  it('is challenged for by name when there is none', async () => {
    await using app = await serveKeys({ realm: 'orders' });
    const answer = await ask(app);
    expect(answer.status).toBe(401);
    expect(answer.challenges.map(parseChallenge)).toEqual([
      { scheme: 'ApiKey', parameters: { realm: 'orders', header: 'X-Api-Key' } },
    ]);
  });

  it.each<[string, (key: string) => string]>([
    ['an unknown key', () => generateApiKey({ subject: 'billing', prefix: 'orders_live' }).key],
    ['a mistyped key', (key) => `${key.slice(0, -1)}_`],
    ['another prefix', (key) => key.replace('live', 'test')],
    ['half a key', (key) => key.slice(0, 30)],
    ['a key and more', (key) => `${key}x`],
    ['its id', () => billing.record.id],
    ['its hash', () => billing.record.hash],
    ['__proto__', () => '__proto__'],
    ['a key in quotes', (key) => `"${key}"`],
    ['512 characters', () => 'x'.repeat(512)],
  ])('H15 is refused in the same words: %s', async (_what, make) => {
    await using app = await serveKeys();
    expectRefused(await send(app, make(billing.key)));
    expect((await send(app, billing.key)).status).toBe(200);
  });

  it.each(['__proto__', 'constructor', 'toString'])('H27 is not found as %s', async (id) => {
    const store: ApiKeyStore = { find: (asked) => mapOf(billing.record).get(asked) };
    await using app = await serveKeys({ keys: store });
    expectRefused(await send(app, id));
    expectRefused(await askRaw(app, [`X-Api-Key: ${id}`, '__proto__: x', 'constructor: y']));
    expect(({} as Record<string, unknown>)['role']).toBeUndefined();
  });
});

describe('H3 an API key that comes more than once', () => {
  it.each<[string, string[]]>([
    ['in two lines, the same', [`X-Api-Key: ${billing.key}`, `X-Api-Key: ${billing.key}`]],
    ['good, then bad', [`X-Api-Key: ${billing.key}`, 'X-Api-Key: bad']],
    ['bad, then good', ['X-Api-Key: bad', `X-Api-Key: ${billing.key}`]],
    ['in other letters', [`X-Api-Key: ${billing.key}`, 'x-api-key: bad']],
    ['in one line', [`X-Api-Key: ${billing.key}, ${other.key}`]],
    ['by both names of a list', [`X-Api-Key: ${billing.key}`, `Api-Key: ${billing.key}`]],
    ['by both names, one empty', [`X-Api-Key: ${billing.key}`, 'Api-Key:']],
  ])('is a bad request: %s', async (_what, lines) => {
    await using app = await serveKeys({ header: ['X-Api-Key', 'Api-Key'] });
    expectBadRequest(await askRaw(app, lines), 'The request carries more than one API key');
  });

  it('is good when it comes once, by either name of a list', async () => {
    await using app = await serveKeys({ header: ['X-Api-Key', 'Api-Key'] });
    for (const name of ['X-Api-Key', 'Api-Key'])
      expect((await send(app, billing.key, name)).status).toBe(200);
  });

  it.each<[string, string]>([
    ['empty', ''],
    ['a blank inside', `${billing.key} x`],
    ['a tab inside', `${billing.key}\tx`],
    ['bytes beyond ASCII', 'k\xe9y'],
    ['513 characters', 'x'.repeat(513)],
  ])('is a bad request when what comes can’t be a key: %s', async (_what, value) => {
    await using app = await serveKeys();
    expectBadRequest(
      await askRaw(app, [`X-Api-Key: ${value}`]),
      'The API key must be sent alone, without blanks or commas',
    );
  });
});

describe('H4 a key in the query', () => {
  it.each([`/?api_key=${billing.key}`, `/?X-Api-Key=${billing.key}`, `/%23api_key=${billing.key}`])(
    'is not looked for unless asked: %s',
    async (path) => {
      await using app = await serveKeys();
      expect(problemOf(await ask(app, { path }))).toMatchObject({
        status: 401,
        code: 'credentials_required',
      });
    },
  );

  it('is good where it was asked for, private, and masked for what comes after', async () => {
    await using app = await serveKeys({ query: 'api_key' });
    const answer = await ask(app, { path: `/a?b=1&api_key=${billing.key}&c=2` });
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('private, no-store');
    expect(JSON.parse(answer.body)).toMatchObject({
      subject: 'billing',
      url: '/a?b=1&api_key=***&c=2',
      original: '/a?b=1&api_key=***&c=2',
      query: { b: '1', api_key: '***', c: '2' },
    });
    expect(answer.body).not.toContain(billing.key);
  });

  it('is masked in ctx.URL, also when that was looked at before', async () => {
    await using app = await serve((koa) => {
      koa.use((ctx, next) => {
        expect(ctx.URL.searchParams.get('api_key')).toBe(billing.key);
        return next();
      });
      koa.use(authenticate(apiKey({ keys: mapOf(billing.record), query: 'api_key', clock })));
      koa.use((ctx) => {
        ctx.body = [ctx.URL.href, ctx.href, ctx.search, ctx.querystring].join(' ');
      });
    });
    const answer = await ask(app, { path: `/a?api_key=${billing.key}` });
    expect([answer.status, answer.body.includes(billing.key), answer.body]).toEqual([
      200,
      false,
      expect.stringContaining('/a?api_key=***'),
    ]);
  });

  it('is masked however its name is written', async () => {
    await using app = await serveKeys({ query: 'api_key' });
    const answer = await ask(app, { path: `/?%61pi%5Fkey=${billing.key}` });
    expect(answer.status).toBe(200);
    expect(answer.body).not.toContain(billing.key);
  });

  it.each<[string, string]>([
    ['two of them', `/?api_key=${billing.key}&api_key=${billing.key}`],
    ['a bad one and a good one', `/?api_key=bad&api_key=${billing.key}`],
  ])('is a bad request: %s', async (_what, path) => {
    await using app = await serveKeys({ query: 'api_key' });
    expectBadRequest(await ask(app, { path }), 'The request carries more than one API key');
  });

  it('is a bad request beside one in the header', async () => {
    await using app = await serveKeys({ query: 'api_key' });
    const answer = await ask(app, {
      path: `/?api_key=${billing.key}`,
      headers: { 'x-api-key': billing.key },
    });
    expectBadRequest(answer, 'The request carries more than one API key');
  });

  it('H27 is not found under another name', async () => {
    await using app = await serveKeys({ query: 'api_key' });
    const path = `/?__proto__[api_key]=${billing.key}&constructor=1&api_key[]=${billing.key}`;
    expect(problemOf(await ask(app, { path }))).toMatchObject({ code: 'credentials_required' });
    expect(({} as Record<string, unknown>)['api_key']).toBeUndefined();
  });
});

describe('H5 an API key beside another credential', () => {
  it('is not looked at after a bad token, nor a token after a bad key: the order given decides', async () => {
    const keys = apiKey({ keys: mapOf(billing.record), clock });
    const tokens = bearer(jwt.validator());
    const token = await tokenFor('admin');
    const outcome = async (order: [typeof keys, typeof keys], key: string, bearerToken: string) => {
      await using app = await serve((koa) => {
        koa.use(authenticate(order));
        koa.use((ctx) => {
          ctx.body = (ctx.state['auth'] as Principal).subject;
        });
      });
      const answer = await ask(app, {
        headers: { 'x-api-key': key, authorization: `Bearer ${bearerToken}` },
      });
      return answer.status === 200 ? answer.body : answer.status;
    };
    const first = tokens as typeof keys;
    expect(await outcome([first, keys], billing.key, token)).toBe('admin');
    expect(await outcome([keys, first], billing.key, token)).toBe('billing');
    expect(await outcome([first, keys], billing.key, `${token}x`)).toBe(401);
    expect(await outcome([keys, first], `${billing.key}x`, token)).toBe(401);
  });
});

describe('the life of a key', () => {
  it('ends when it expires, to the millisecond, in the words of any bad key', async () => {
    let time = now + DAY - 1;
    await using app = await serveKeys({ clock: () => time });
    expect((await send(app, billing.key)).status).toBe(200);
    time += 1;
    expectRefused(await send(app, billing.key));
    expect(app.refusals[0]?.reasons[0]?.code).toBe('api_key_expired');
  });

  it('ends at once when its record is taken away', async () => {
    const keys = mapOf(billing.record);
    await using app = await serveKeys({ keys });
    keys.delete(billing.record.id);
    expectRefused(await send(app, billing.key));
  });

  it('has ended when its expiry is no time', async () => {
    await using app = await serveKeys({
      keys: mapOf({ ...billing.record, expiresAt: new Date(Number.NaN) }),
    });
    expectRefused(await send(app, billing.key));
  });

  it('overlaps with its successor’s: both are good, then the new one alone', async () => {
    let time = now;
    const { key, record, previous } = rotateApiKey(billing.record, {
      overlap: 3600,
      prefix: 'orders_live',
      clock,
    });
    expect(record).toMatchObject({ subject: 'billing', roles: ['service'], replaces: billing.record.id });
    expect(record.expiresAt).toEqual(new Date(now + DAY));
    await using app = await serveKeys({ keys: mapOf(record, previous), clock: () => time });
    for (const one of [key, billing.key]) expect((await send(app, one)).status).toBe(200);
    time += 3_600_000;
    expectRefused(await send(app, billing.key));
    expect((await send(app, key)).status).toBe(200);
  });

  it('goes on after its record was stored as JSON, with its prefix', async () => {
    const stored = JSON.parse(JSON.stringify(billing.record)) as ApiKeyRecord;
    const { key, record, previous } = rotateApiKey(stored, { overlap: 7 * 86_400, clock });
    expect(key).toMatch(/^orders_live_/);
    expect(record).toMatchObject({
      prefix: 'orders_live',
      expiresAt: new Date(now + DAY),
      subject: 'billing',
    });
    expect(previous.expiresAt).toEqual(new Date(now + DAY));
    const again = JSON.parse(JSON.stringify([record, previous])) as ApiKeyRecord[];
    await using app = await serveKeys({ keys: mapOf(...again) });
    for (const one of [key, billing.key]) expect((await send(app, one)).status).toBe(200);
  });

  it('may be followed by one of another prefix, and one without a prefix by `key`', () => {
    const { prefix: _prefix, ...old } = billing.record;
    expect(rotateApiKey(billing.record, { overlap: 1, prefix: 'orders_test', clock }).key).toMatch(
      /^orders_test_/,
    );
    expect(rotateApiKey(old, { overlap: 1, clock }).key).toMatch(/^key_/);
  });

  it('is not made longer by rotation', () => {
    const { previous } = rotateApiKey(billing.record, { overlap: 7 * 86_400, clock });
    expect(previous.expiresAt).toEqual(billing.record.expiresAt);
  });

  it.each<[string, ApiKeyRecord, number]>([
    ['a key that is over', { ...billing.record, expiresAt: new Date(now) }, 60],
    ['an overlap below zero', billing.record, -1],
    ['an overlap without end', billing.record, Number.POSITIVE_INFINITY],
    ['a key whose making is no time', { ...billing.record, createdAt: 'long ago' as unknown as Date }, 60],
  ])('has no successor for %s', (_what, record, overlap) => {
    expect(() => rotateApiKey(record, { overlap, clock })).toThrow(TypeError);
  });
});

describe('the last use of a key', () => {
  it('is noted once a minute, for good keys only', async () => {
    let time = now;
    const used: [string, number][] = [];
    const keys: ApiKeyStore = {
      find: (id) => mapOf(billing.record).get(id),
      used: (id, at) => {
        used.push([id, at.getTime()]);
      },
    };
    await using app = await serveKeys({ keys, clock: () => time });
    await send(app, other.key);
    expect(used).toEqual([]);
    for (const elapsed of [0, 1000, 59_999, 60_000]) {
      time = now + elapsed;
      await send(app, billing.key);
    }
    expect(used).toEqual([
      [billing.record.id, now],
      [billing.record.id, now + 60_000],
    ]);
  });

  it('stands in the record of a Map', async () => {
    const keys = mapOf(billing.record);
    await using app = await serveKeys({ keys });
    await send(app, billing.key);
    expect(keys.get(billing.record.id)).toEqual({ ...billing.record, lastUsedAt: new Date(now) });
  });

  it('can’t be stored, and the request is served; the application hears of it', async () => {
    const keys: ApiKeyStore = {
      find: () => billing.record,
      used: () => Promise.reject(new Error('read-only')),
    };
    await using app = await serveKeys({ keys });
    expect((await send(app, billing.key)).status).toBe(200);
    expect(inspect(app.errors)).toMatch(/last use.*read-only/s);
  });
});

describe('H32 a store', () => {
  it.each<[string, () => unknown]>([
    ['throws', () => Promise.reject(new Error('down'))],
    ['has a record without a hash', () => ({ ...billing.record, hash: '' })],
    ['has a record without a subject', () => ({ ...billing.record, subject: '' })],
    ['has something else', () => true],
  ])('that %s lets nobody in: a 500', async (_what, find) => {
    await using app = await serveKeys({ keys: { find: find as ApiKeyStore['find'] } });
    const answer = await send(app, billing.key);
    expect([answer.status, answer.body]).toEqual([500, 'Internal Server Error']);
  });

  it('that answers with another’s record lets nobody in', async () => {
    await using app = await serveKeys({ keys: { find: () => other.record } });
    expectRefused(await send(app, billing.key));
  });
});

describe('H14 bad keys', () => {
  it('are counted by address where that was asked for', async () => {
    await using app = await serveKeys({ throttle: { perPair: 2, perAddress: 5 } });
    const forged = (): string => generateApiKey({ subject: 'x' }).key;
    for (let i = 0; i < 5; i += 1) expectRefused(await send(app, forged()));
    const answer = await send(app, billing.key);
    expect([answer.status, answer.headers['retry-after']]).toEqual([
      429,
      expect.stringMatching(/^[1-9]\d*$/),
    ]);
  });

  it('of one id are refused alone: other keys of that address are good', async () => {
    await using app = await serveKeys({ throttle: { perPair: 2 } });
    const { key } = generateApiKey({ subject: 'x' });
    for (let i = 0; i < 2; i += 1) expectRefused(await send(app, key));
    expect((await send(app, key)).status).toBe(429);
    expect((await send(app, billing.key)).status).toBe(200);
  });

  it('are not counted otherwise, nor is one that has expired', async () => {
    await using app = await serveKeys({
      throttle: { perPair: 1, perAddress: 1 },
      clock: () => now + 2 * DAY,
    });
    for (let i = 0; i < 3; i += 1) expectRefused(await send(app, billing.key));
    await using open = await serveKeys();
    for (let i = 0; i < 60; i += 1) expectRefused(await send(open, 'wrong'));
    expect((await send(open, billing.key)).status).toBe(200);
  });
});

describe('H13 a key that is wrong', () => {
  const { id } = billing.record;
  const start = `orders_live_${id}`;
  const secret = billing.key.slice(start.length, -6);
  const changed = (digit: string | undefined): string => (digit === 'a' ? 'b' : 'a');
  const compared = vi.mocked(timingSafeEqual);

  it.each<[string, string, string]>([
    ['in the first character of its secret', start, changed(secret[0]) + secret.slice(1)],
    ['in the last', start, secret.slice(0, -1) + changed(secret.at(-1))],
    ['in all of it', start, [...secret].map(changed).join('')],
    ['in its id, which nobody has', `orders_live_${changed(id[0])}${id.slice(1)}`, secret],
  ])('%s is compared as a good one is, by 32 bytes in constant time', async (_what, front, wrong) => {
    await using app = await serveKeys();
    const forged = withChecksum(front + wrong);
    expect(keyId(forged)).toBe(front.slice('orders_live_'.length));
    for (const [key, status, isSame] of [
      [forged, 401, false],
      [billing.key, 200, true],
    ] as const) {
      compared.mockClear();
      expect((await send(app, key)).status).toBe(status);
      expect(compared.mock.calls.map(([one, two]) => [one.byteLength, two.byteLength])).toEqual([[32, 32]]);
      expect(compared.mock.results).toEqual([{ type: 'return', value: isSame }]);
    }
    expect(app.refusals.map(({ reasons }) => reasons[0]?.code)).toEqual(['api_key_unknown']);
    expect(app.errors).toEqual([]);
  });

  it.each<[string, string]>([
    ['in its first character', start + changed(secret[0]) + secret.slice(1)],
    ['in its length', start + secret.slice(1)],
  ])('%s and whose checksum says so is compared with nothing, and no error', async (_what, body) => {
    await using app = await serveKeys();
    compared.mockClear();
    expectRefused(await send(app, body + billing.key.slice(-6)));
    expect(compared).not.toHaveBeenCalled();
    expect(app.refusals.map(({ reasons }) => reasons[0]?.code)).toEqual(['api_key_mistyped']);
    expect(app.errors).toEqual([]);
  });
});

describe('H17 a key', () => {
  it.each<[string, Partial<ApiKeySchemeOptions>, string, string]>([
    ['that is unknown', {}, '/', generateApiKey({ subject: 'x' }).key],
    ['that is mistyped', {}, '/', `${billing.key}MARKER`],
    ['in the query', { query: 'k' }, `/?k=${other.key}x`, ''],
  ])('%s is found neither with the client nor in the event', async (_what, options, path, key) => {
    await using app = await serveKeys(options);
    const answer = await ask(app, { path, headers: key === '' ? {} : { 'x-api-key': key } });
    const everything = answer.body + JSON.stringify(answer.headers) + inspect(app.refusals, { depth: null });
    expectRefused(answer);
    expect(app.refusals).toHaveLength(1);
    for (const secret of [key || other.key, billing.record.hash, other.record.hash]) {
      expect(everything).not.toContain(secret);
    }
  });
});

describe('wrong options of apiKey', () => {
  it.each<[string, unknown]>([
    ['no keys', {}],
    ['a list of keys', { keys: [billing.key] }],
    ['Authorization', { keys: new Map(), header: 'authorization' }],
    ['Cookie', { keys: new Map(), header: ['X-Api-Key', 'Cookie'] }],
    ['a header with a blank', { keys: new Map(), header: 'X Api' }],
    ['an empty header', { keys: new Map(), header: '' }],
    ['a query of true', { keys: new Map(), query: true }],
    ['a query with a line break', { keys: new Map(), query: 'a\n' }],
    ['a realm with a line break', { keys: new Map(), realm: 'a\n' }],
  ])('are refused at once: %s', (_what, options) => {
    expect(() => apiKey(options as ApiKeySchemeOptions)).toThrow(TypeError);
  });
});
