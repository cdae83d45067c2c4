import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  allOf,
  anyOf,
  apiKey,
  authenticate,
  basic,
  bearer,
  clientCertificate,
  cookie,
  generateApiKey,
  hasRole,
  hasScope,
  rotateApiKey,
  scrypt,
} from '../src/index.js';
import { argon2id } from '../src/passwords/argon2id.js';
import { memory, sessions } from '../src/sessions/index.js';
import { redis } from '../src/sessions/redis/redis.js';
import { sqlite } from '../src/sessions/sqlite/sqlite.js';
import { builderOf } from './session-app.ts';

const jwt = builderOf(Date.now);
const verifier = { verify: async () => ({ claims: { sub: 'ada' } }) };
const pair = { realm: 'Init', users: { admin: 'password' } };
const keys = new Map();
const file = join(tmpdir(), `tokenwright-option-names-${process.pid}.db`);
const { record } = generateApiKey({ subject: 'billing' });

/** What a call says that is refused. */
function refusalOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}

/** Each factory, the options that it takes but for one, and a slip in that one's name. */
const SLIPS: [string, (options: never) => unknown, object, string, string][] = [
  ['bearer()', (options) => bearer(verifier, options), {}, 'reallm', 'realm'],
  ['basic()', basic, pair, 'throtle', 'throttle'],
  ['apiKey()', apiKey, { keys }, 'haeder', 'header'],
  ['clientCertificate()', clientCertificate, { ca: 'x', thumbprints: {} }, 'isRevokd', 'isRevoked'],
  ['authenticate()', (options) => authenticate(bearer(verifier), options), {}, 'onrefusal', 'onRefusal'],
  ['cookie()', cookie, { jwt }, 'samesite', 'sameSite'],
  ['memory()', memory, {}, 'clok', 'clock'],
  ['sqlite()', (options) => sqlite(file, options), {}, 'durablity', 'durability'],
  ['redis()', (options) => redis({} as never, options), {}, 'prefx', 'prefix'],
  ['sessions()', sessions, { jwt, store: memory() }, 'accesFor', 'accessFor'],
  ['the option throttle', (throttle) => basic({ ...pair, throttle }), {}, 'perpair', 'perPair'],
  ['the option throttle', (throttle) => apiKey({ keys, throttle }), {}, 'perAdress', 'perAddress'],
  ['the option report of bearer()', (report) => bearer(verifier, { report }), {}, 'shows', 'show'],
  ['the option report of cookie()', (report) => cookie({ jwt, report }), {}, 'persecond', 'perSecond'],
  ['generateApiKey()', generateApiKey, { subject: 'billing' }, 'expiresat', 'expiresAt'],
  ['rotateApiKey()', (options) => rotateApiKey(record, options), { overlap: 60 }, 'prefx', 'prefix'],
  ['scrypt()', scrypt, {}, 'nl', 'ln'],
  ['argon2id()', argon2id, {}, 'memry', 'memory'],
];

describe('an option that there is not', () => {
  it.each(SLIPS)('is refused with the nearest name: of %s', (where, make, others, slip, meant) => {
    const message = refusalOf(() => make({ ...others, [slip]: undefined } as never));
    expect(message).toContain(`${where} has no option "${slip}". Did you mean ${meant}? There are: `);
  });

  it.each(SLIPS)(
    'is refused with the names there are, when it is like none: of %s',
    (where, make, others, _slip, name) => {
      const message = refusalOf(() => make({ ...others, somethingElse: 1 } as never));
      expect(message).toContain(`${where} has no option "somethingElse". There are: `);
      expect(message.split(': ').at(-1)?.split(', ')).toEqual(
        expect.arrayContaining([...Object.keys(others), name]),
      );
    },
  );

  it.each([3, true, null, 'perPair', [{ perPair: 3 }]])('is what no object has: throttle %j', (throttle) => {
    const said = /^the option throttle takes an object with the options perPair, perAddress, /;
    expect(refusalOf(() => basic({ ...pair, throttle } as never))).toMatch(said);
    expect(refusalOf(() => apiKey({ keys, throttle } as never))).toMatch(said);
  });

  it.each(['prototype', 'constructor', '__proto__'])('is a name that every object has: %s', (name) => {
    const options = { ...pair, ...JSON.parse(`{ "${name}": 1 }`) };
    Object.defineProperty(options, name, { value: 1, enumerable: true });
    expect(refusalOf(() => basic(options))).toContain(`basic() has no option "${name}"`);
  });

  it('is said again in part when it is long, and what it was set to is not', () => {
    const message = refusalOf(() => basic({ ...pair, ['x'.repeat(1e6)]: 'correct horse' } as never));
    expect(message).toContain(`has no option "${'x'.repeat(40)}".`);
    expect(message).not.toContain('correct horse');
  });

  it('is found before a file is made', () => {
    expect(() => sqlite(file, { durablity: 'full' } as never)).toThrow(TypeError);
    expect(existsSync(file)).toBe(false);
  });

  it('is none that may be left undefined', () => {
    const throttle = { perPair: undefined, counters: undefined };
    expect(() => basic({ ...pair, check: undefined, throttle } as never)).not.toThrow();
    expect(() => basic({ ...pair, throttle: undefined } as never)).not.toThrow();
    expect(() => bearer(verifier, { realm: undefined, report: undefined } as never)).not.toThrow();
    expect(() => memory({ clock: undefined } as never)).not.toThrow();
  });

  it('is none that a store keeps beside a key: its successor has it, too', () => {
    const stored = { ...record, team: 'orders' };
    expect(rotateApiKey(stored, { overlap: 60 }).record).toMatchObject({
      team: 'orders',
      replaces: record.id,
    });
  });
});

describe('a policy of more than one name', () => {
  it.each<[string, (...names: unknown[]) => unknown]>([
    ['hasRole', hasRole as never],
    ['hasScope', hasScope as never],
  ])('is refused, since only the first would be asked for: %s', (name, make) => {
    for (const second of ['write', undefined, ['write']]) {
      expect(refusalOf(() => make('read', second))).toBe(
        `${name}() takes one name; for several use anyOf(${name}(…), ${name}(…)) or allOf(…)`,
      );
    }
  });

  it('is none where a list is mapped', () => {
    expect(anyOf(...['clerk', 'admin'].map(hasRole)).describe()).toBe('role clerk or role admin');
    expect(allOf(...['read', 'write'].map(hasScope)).describe()).toBe('scope read and scope write');
  });
});
