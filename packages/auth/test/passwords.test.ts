import { scryptSync } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { hashPassword, needsRehash, type PasswordHasher, scrypt, verifyPassword } from '../src/index.js';
import { argon2id } from '../src/passwords/argon2id.js';
import { decoy, parsePhc } from '../src/passwords/phc.js';
import { Turnstile, TurnstileFull } from '../src/passwords/turnstile.js';
import { ask, serve } from './koa-app.ts';

/** As cheap as each may be. */
const CHEAP: [string, PasswordHasher][] = [
  ['scrypt', scrypt({ ln: 10, p: 1 })],
  ['argon2id', argon2id({ memory: 1024, passes: 1 })],
];
const [, [, argon]] = CHEAP as [unknown, [string, PasswordHasher]];
const [[, cheap]] = CHEAP as [[string, PasswordHasher]];

/** The `scrypt` vector of RFC 7914 §12 that has N = 1024: "password", "NaCl", r = 8, p = 16. */
const RFC_7914 = `$scrypt$ln=10,r=8,p=16$${b64('NaClNaCl')}$`;

function b64(bytes: string | Buffer): string {
  return Buffer.from(bytes as string)
    .toString('base64')
    .replace(/=+$/, '');
}

describe.each(CHEAP)('a hash by %s', (algorithm, hasher) => {
  it('is a PHC string that names algorithm and parameters', async () => {
    const stored = await hashPassword('correct horse', hasher);
    expect(stored.startsWith(`$${algorithm}$${hasher.parameters}$`)).toBe(true);
    expect(parsePhc(stored)).toMatchObject({ algorithm, parameters: hasher.parameters });
    expect(parsePhc(stored)?.salt.length).toBe(16);
    expect(parsePhc(stored)?.hash.length).toBe(32);
  });

  it('has a salt of its own each time', async () => {
    expect(await hashPassword('same', hasher)).not.toBe(await hashPassword('same', hasher));
  });

  it.each(['correct horse', ' padded ', 'päss', '🗝', '"\\', 'a:b', 'x'.repeat(1024), '\u2028'])(
    'is of the password %j and no other',
    async (password) => {
      const stored = await hashPassword(password, hasher);
      expect(await verifyPassword(password, stored, [hasher])).toBe(true);
      expect(await verifyPassword(`${password.slice(1)}y`, stored, [hasher])).toBe(false);
      expect(await verifyPassword('', stored, [hasher])).toBe(false);
    },
  );

  it('takes a password composed (NFC) or decomposed (NFD) for the same, and any blank for a blank (RFC 8265 §4.2)', async () => {
    const stored = await hashPassword('caf\u00e9 noir', hasher);
    expect(await verifyPassword('cafe\u0301\u00a0noir', stored, [hasher])).toBe(true);
    expect(await verifyPassword('cafe noir', stored, [hasher])).toBe(false);
    expect(await verifyPassword('CAF\u00c9 NOIR', stored, [hasher])).toBe(false);
    expect(await verifyPassword('\uff43af\u00e9 noir', stored, [hasher])).toBe(false);
  });

  it.each([72, 73, 1000])('H34 is of all %i bytes of a password', async (length) => {
    const start = 'x'.repeat(length);
    const stored = await hashPassword(`${start}x`, hasher);
    expect(await verifyPassword(`${start}x`, stored, [hasher])).toBe(true);
    expect(await verifyPassword(`${start}y`, stored, [hasher])).toBe(false);
    expect(await verifyPassword(start, stored, [hasher])).toBe(false);
  });

  it('H34 does not end at a NUL, which no password may hold', async () => {
    await expect(hashPassword('ab\0cd', hasher)).rejects.toThrow(TypeError);
    expect(await verifyPassword('ab\0cd', await hashPassword('ab', hasher), [hasher])).toBe(false);
  });

  it('is one to make anew when the parameters are others', async () => {
    const stored = await hashPassword('pw', hasher);
    expect(needsRehash(stored, hasher)).toBe(false);
    expect(needsRehash(stored, scrypt({ ln: 11, p: 1 }))).toBe(true);
    expect(needsRehash(stored)).toBe(true);
    expect(needsRehash('nonsense', hasher)).toBe(true);
  });

  it('costs a user who does not exist as much: a decoy is of the same algorithm and parameters, and of no password', async () => {
    const stored = decoy(`$${algorithm}$${hasher.parameters}`);
    expect(needsRehash(stored, hasher)).toBe(false);
    expect(await verifyPassword('pw', stored, [hasher])).toBe(false);
  });
});

describe('scrypt', () => {
  it('is what node:crypto computes from salt and parameters (RFC 7914)', async () => {
    const hash = scryptSync('password', 'NaClNaCl', 64, { N: 1024, r: 8, p: 16 });
    expect(await verifyPassword('password', RFC_7914 + b64(hash))).toBe(true);
    expect(await verifyPassword('Password', RFC_7914 + b64(hash))).toBe(false);
  });

  it('costs by default what OWASP asks for: 32 MiB, three times in a row', () => {
    expect(scrypt().parameters).toBe('ln=15,r=8,p=3');
  });

  it.each([
    { ln: 9 },
    { ln: 21 },
    { r: 0 },
    { r: 33 },
    { p: 0 },
    { p: 17 },
    { ln: 12.5 },
    { ln: Number.NaN },
    { p: -1 },
    { ln: '15' as unknown as number, r: '8,p=1' as unknown as number },
    { ln: 20, r: 8 },
  ])('is not made with %j', (parameters) => {
    expect(() => scrypt(parameters)).toThrow(TypeError);
  });
});

describe('argon2id', () => {
  it('costs by default what OWASP asks for: 19 MiB, two passes', () => {
    expect(argon2id().parameters).toBe('v=19$m=19456,t=2,p=1');
  });

  it.each([
    { memory: 1023 },
    { memory: 524_289 },
    { passes: 0 },
    { passes: 17 },
    { parallelism: 0 },
    { parallelism: 17 },
    { memory: 2000.5 },
  ])('is not made with %j', (parameters) => {
    expect(() => argon2id(parameters)).toThrow(TypeError);
  });

  it('is not understood without its hasher, and the error says what to do', async () => {
    const stored = await hashPassword('pw', argon);
    await expect(verifyPassword('pw', stored)).rejects.toThrow(/@tokenwright\/auth\/argon2id/);
    expect(await verifyPassword('pw', stored, [cheap, argon])).toBe(true);
  });

  it('leaves hashes by scrypt good', async () => {
    expect(await verifyPassword('pw', await hashPassword('pw', cheap), [argon])).toBe(true);
  });
});

describe('a password', () => {
  it.each<[string, unknown]>([
    ['an empty one', ''],
    ['1,025 bytes', 'x'.repeat(1025)],
    ['1,026 bytes in 513 letters', 'é'.repeat(513)],
    ['a million bytes', 'x'.repeat(1_000_000)],
    ['a line break', 'a\nb'],
    ['a number', 7],
    ['undefined', undefined],
  ])('H34 is not hashed: %s', async (_what, password) => {
    let hashed = false;
    const spy: PasswordHasher = {
      ...cheap,
      hash: async () => {
        hashed = true;
        return '';
      },
    };
    await expect(hashPassword(password as string, spy)).rejects.toThrow(TypeError);
    expect(hashed).toBe(false);
  });

  it('H34 is not compared when it is longer than any that can be stored', async () => {
    let compared = 0;
    const spy: PasswordHasher = {
      ...cheap,
      verify: async () => {
        compared += 1;
        return true;
      },
    };
    const stored = await hashPassword('pw', cheap);
    expect(await verifyPassword('x'.repeat(1025), stored, [spy])).toBe(false);
    expect(compared).toBe(0);
    expect(await verifyPassword('x'.repeat(1024), stored, [spy])).toBe(true);
    expect(compared).toBe(1);
  });
});

describe('what is stored', () => {
  const salt = b64('saltsaltsaltsalt');
  const hash = b64(Buffer.alloc(32, 7));
  it.each<[string, unknown]>([
    ['nothing', ''],
    ['undefined', undefined],
    ['the password itself', 'MARKERzQ7'],
    ['bcrypt', '$2b$10$MARKERzQ7MARKERzQ7MARKERzQ7MARKERzQ7MARKERzQ7MARKER'],
    ['md5 of htpasswd', '$apr1$MARKER$zQ7MARKERzQ7MARKERzQ70'],
    ['another algorithm', `$pbkdf2-sha256$i=600000$${salt}$${hash}`],
    ['no parameters', `$scrypt$${salt}$${hash}`],
    ['a parameter too many', `$scrypt$ln=10,r=8,p=1,x=1$${salt}$${hash}`],
    ['other parameters', `$scrypt$n=1024,r=8,p=1$${salt}$${hash}`],
    ['a cost beyond bounds', `$scrypt$ln=31,r=8,p=1$${salt}$${hash}`],
    ['more memory than is given', `$scrypt$ln=20,r=32,p=1$${salt}$${hash}`],
    ['a leading zero', `$scrypt$ln=010,r=8,p=1$${salt}$${hash}`],
    ['no hash', `$scrypt$ln=10,r=8,p=1$${salt}$`],
    ['a short hash, which many passwords would have', `$scrypt$ln=10,r=8,p=1$${salt}$${b64('MARKER')}`],
    ['a short salt', `$scrypt$ln=10,r=8,p=1$${b64('salt')}$${hash}`],
    ['padding', `$scrypt$ln=10,r=8,p=1$${salt}==$${hash}=`],
    ['unused bits that are set', `$scrypt$ln=10,r=8,p=1$${salt}$${hash.slice(0, -1)}9`],
    ['a line break at its end', `$scrypt$ln=10,r=8,p=1$${salt}$${hash}\n`],
  ])('is no hash: %s, and the error does not hold it', async (_what, stored) => {
    const error = await verifyPassword('pw', stored as string).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect(inspect(error)).not.toMatch(/MARKER|\$scrypt|\$2b|\$apr1/);
  });
});

describe('the turnstile', () => {
  /** A task that says when it runs, and ends when it is told to. */
  function task(): { run: () => Promise<void>; started: boolean; finish: () => void } {
    const one = { started: false, finish: () => {}, run: async () => {} };
    const finished = new Promise<void>((resolve) => {
      one.finish = resolve;
    });
    one.run = () => {
      one.started = true;
      return finished;
    };
    return one;
  }

  it('lets so many run at once, the others in the order they came', async () => {
    const turnstile = new Turnstile(2, 10);
    const tasks = [task(), task(), task(), task()];
    const passed = tasks.map((one) => turnstile.pass(one.run));
    expect(tasks.map((one) => one.started)).toEqual([true, true, false, false]);
    tasks[1]?.finish();
    await passed[1];
    expect(tasks.map((one) => one.started)).toEqual([true, true, true, false]);
    for (const one of tasks) one.finish();
    await Promise.all(passed);
  });

  it('turns away who finds no room to wait, and lets in again when there is', async () => {
    const turnstile = new Turnstile(1, 1);
    const tasks = [task(), task()];
    const passed = tasks.map((one) => turnstile.pass(one.run));
    await expect(turnstile.pass(async () => {})).rejects.toThrow(TurnstileFull);
    for (const one of tasks) one.finish();
    await Promise.all(passed);
    await expect(turnstile.pass(async () => 'in')).resolves.toBe('in');
  });

  it('is full for the password that finds 256 waiting: a 503 that says when to come again, with cause and fix', async () => {
    let finish = (): void => {};
    const finished = new Promise<string>((resolve) => {
      finish = () => resolve('a hash');
    });
    const slow: PasswordHasher = { ...cheap, hash: () => finished };
    const hashing = Array.from({ length: 2 + 256 }, () => hashPassword('correct horse', slow));
    const error = await hashPassword('correct horse', slow).catch((thrown: unknown) => thrown);
    await using app = await serve((koa) =>
      koa.use(async (ctx) => {
        ctx.body = await hashPassword('correct horse', slow);
      }),
    );
    const answer = await ask(app);
    finish();
    await Promise.all(hashing);
    expect(error).toBeInstanceOf(TurnstileFull);
    expect(error).toMatchObject({
      name: 'TurnstileFull',
      code: 'ERR_PASSWORD_QUEUE_FULL',
      hint: 'As many passwords as may wait are waiting to be hashed, and this one found no place.',
      fix: 'Try again in a moment. If it stays, see who sends so many, or use cheaper parameters.',
    });
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1']);
    expect(await ask(app)).toMatchObject({ status: 200, body: 'a hash' });
  });

  it('gives a place back when a task fails', async () => {
    const turnstile = new Turnstile(1, 1);
    await expect(turnstile.pass(() => Promise.reject(new Error('task')))).rejects.toThrow('task');
    await expect(turnstile.pass(async () => 'in')).resolves.toBe('in');
  });
});

describe('H34 fifty passwords at once', () => {
  it('are hashed two at a time, and the event loop turns in between', async () => {
    let running = 0;
    let most = 0;
    const strong = scrypt({ ln: 12, p: 1 });
    const counted: PasswordHasher = {
      ...strong,
      hash: async (password) => {
        running += 1;
        most = Math.max(most, running);
        const stored = await strong.hash(password);
        running -= 1;
        return stored;
      },
    };
    let turns = 0;
    let turning = setImmediate(function turn() {
      turns += 1;
      turning = setImmediate(turn);
    });
    const stored = await Promise.all(Array.from({ length: 50 }, () => hashPassword('pw', counted)));
    clearImmediate(turning);
    expect(new Set(stored).size).toBe(50);
    expect(most).toBe(2);
    // Computed in the loop's own thread it would not turn once.
    expect(turns).toBeGreaterThanOrEqual(25);
  });
});
