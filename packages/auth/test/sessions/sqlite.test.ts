import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { storeContract } from '../../src/sessions/contract/contract.js';
import { sqlite } from '../../src/sessions/sqlite/sqlite.js';
import type { SessionStore } from '../../src/sessions/store.js';
import { SessionsUnavailable, StoreUnusable } from '../../src/sessions/store-errors.js';
import { session } from './records.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tokenwright-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

for (const durability of ['normal', 'full'] as const) {
  describe(`the SQLite store, durability ${durability}`, () => {
    const open = async (clock: () => number) => {
      const file = join(folder, 'sessions.db');
      const another = async (): Promise<SessionStore> => sqlite(file, { durability, clock, staleness: 5 });
      const store = await another();
      return { store, another, remove: async () => rmSync(file) };
    };
    for (const { name, run } of storeContract(open)) it(name, run);
  });
}

describe('what a SQLite store keeps', () => {
  it('is there after the file was closed and opened again', async () => {
    const file = join(folder, 'a.db');
    const clock = (): number => 0;
    const first = sqlite(file, { clock });
    await first.create(session('0_aaaaaaaaaaaaaaaaaaaaaa', 'alice'), 0);
    await first.revoke({ kind: 'session', id: 'gone', until: 1e15 }, 0);
    await first.revoke({ kind: 'subject', id: 'bob', at: 0, until: 1e15 }, 0);
    await first.increment('key', 60);
    await first.close();
    const second = sqlite(file, { clock });
    expect(await second.list('alice', 0)).toHaveLength(1);
    expect(await second.isRevoked({ sid: 'gone' })).toBe(true);
    expect(await second.era()).toBe(1);
    expect(await second.count('key')).toMatchObject({ count: 1 });
    await second.close();
  });

  it('stays revoked after a start with a clock that is a year ahead', async () => {
    const file = join(folder, 'a.db');
    const first = sqlite(file, { clock: () => 0 });
    await first.create(session('0_aaaaaaaaaaaaaaaaaaaaaa', 'alice'), 0);
    await first.revoke({ kind: 'subject', id: 'alice', at: 0, until: 43_200_000 }, 0);
    await first.close();
    const ahead = sqlite(file, { clock: () => 31_536_000_000 });
    for (let id = 0; id < 3; id += 1) await ahead.revoke({ kind: 'token', id: `${id}`, until: 4e10 }, 0);
    await ahead.close();
    const store = sqlite(file, { clock: () => 0 });
    expect(await store.read('0_aaaaaaaaaaaaaaaaaaaaaa', 0)).toMatchObject({ ended: true });
    expect(await store.list('alice', 0)).toEqual([]);
    await store.close();
  });

  it('is removed when it has expired: nothing is left behind', async () => {
    const file = join(folder, 'a.db');
    let now = 0;
    // Time really passes: the clock alone could have jumped.
    const passed = vi.spyOn(performance, 'now').mockImplementation(() => now);
    const store = sqlite(file, { clock: () => now });
    const era = '0_aaaaaaaaaaaaaaaaaaaa';
    for (const id of ['01', '02']) await store.create(session(era + id, 'alice'), now);
    await store.revoke({ kind: 'token', id: 'jti', until: 1000 }, now);
    await store.revoke({ kind: 'subject', id: 'bob', at: 0, until: 1000 }, now);
    await store.increment('key', 60);
    now = 1e12;
    await store.create(session(`${era}03`, 'carol', now), now);
    await store.revoke({ kind: 'token', id: 'other', until: now + 1 }, now);
    await store.increment('another', 60);
    await store.close();
    const database = new DatabaseSync(file);
    const counted = ['sessions', 'revocations', 'counts'].map(
      (table) => database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'],
    );
    expect(counted).toEqual([1, 1, 1]);
    database.close();
    passed.mockRestore();
  });
});

describe('a SQLite store', () => {
  it('waits for the disk at a revocation, and goes on without waiting', async () => {
    const file = join(folder, 'a.db');
    const said = vi.spyOn(DatabaseSync.prototype, 'exec');
    try {
      const store = sqlite(file);
      said.mockClear();
      await store.create(session('0_aaaaaaaaaaaaaaaaaaaaaa', 'alice'), 0);
      expect(said.mock.calls).toEqual([]);
      await store.revoke({ kind: 'token', id: 'jti', until: 1 }, 0);
      expect(said.mock.calls).toEqual([['PRAGMA synchronous = FULL'], ['PRAGMA synchronous = NORMAL']]);
      await store.close();
    } finally {
      said.mockRestore();
    }
  });

  it('is unavailable while another process keeps the file locked, and there again afterwards', async () => {
    const file = join(folder, 'a.db');
    const store = sqlite(file, { patience: 1 });
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const refused = await store
      .revoke({ kind: 'token', id: 'jti', until: 1 }, 0)
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(SessionsUnavailable);
    expect(refused).toMatchObject({ status: 503, headers: { 'Retry-After': '1' } });
    other.exec('ROLLBACK');
    other.close();
    await store.revoke({ kind: 'token', id: 'jti', until: 1e15 }, 0);
    expect(await store.isRevoked({ jti: 'jti' })).toBe(true);
    await store.close();
  });

  it.each(['BEFORE INSERT ON revocations', 'BEFORE DELETE ON revocations', 'BEFORE UPDATE ON eras'])(
    'undoes a revocation of all that failed half way, here as in every other process (%s)',
    async (step) => {
      const file = join(folder, 'a.db');
      const store = sqlite(file);
      const breaker = new DatabaseSync(file);
      breaker.exec("INSERT INTO revocations VALUES (NULL, 'token', 'expired', NULL, NULL, 1)");
      breaker.exec(`CREATE TRIGGER no ${step} BEGIN SELECT RAISE(ABORT, 'no'); END`);
      await expect(store.revoke({ kind: 'all', at: 0 }, 0)).rejects.toBeInstanceOf(SessionsUnavailable);
      breaker.exec('DROP TRIGGER no');
      expect(await store.era()).toBe(0);
      const claims = { sid: '0_aaaaaaaaaaaaaaaaaaaaaa', sub: 'alice', iat: 1e9 };
      await vi.waitFor(() => expect(store.isRevokedLocally(claims)).toBe(false));
      expect(await store.isRevoked(claims)).toBe(false);
      await store.revoke({ kind: 'all', at: 0 }, 0);
      expect(store.isRevokedLocally(claims)).toBe(true);
      breaker.close();
      await store.close();
    },
  );

  it('waits for the disk at a theft, as at any revocation', async () => {
    const store = sqlite(join(folder, 'a.db'), { clock: () => 0 });
    await store.create(session('0_aaaaaaaaaaaaaaaaaaaaaa', 'alice'), 0);
    const said = vi.spyOn(DatabaseSync.prototype, 'exec');
    try {
      const rotation = { nonce: 'n', successor: 's', client: undefined, grace: 0, idle: 1, tokensUntil: 9 };
      const presented = {
        sessionId: '0_aaaaaaaaaaaaaaaaaaaaaa',
        family: 'family',
        presented: 'current',
        now: 0,
      };
      const first = await store.rotate({ ...rotation, ...presented, generation: 0 });
      expect(first.outcome).toBe('rotated');
      expect(said.mock.calls).toEqual([]);
      const theft = await store.rotate({ ...rotation, ...presented, presented: 'spent', generation: 0 });
      expect(theft.outcome).toBe('reused');
      expect(said.mock.calls).toEqual([['PRAGMA synchronous = FULL'], ['PRAGMA synchronous = NORMAL']]);
    } finally {
      said.mockRestore();
      await store.close();
    }
  });

  it('is its owner’s alone to read, and what lies beside the file, too', async () => {
    const file = join(folder, 'a.db');
    const store = sqlite(file);
    await store.create(session('0_aaaaaaaaaaaaaaaaaaaaaa', 'alice', Date.now()), Date.now());
    const modes = readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777);
    expect(new Set(modes)).toEqual(new Set([0o600]));
    await store.close();
  });

  it('takes a long list of revocations in without standing in the way of requests', async () => {
    const file = join(folder, 'a.db');
    const first = sqlite(file);
    await first.close();
    const database = new DatabaseSync(file);
    database.exec(`WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
      INSERT INTO revocations SELECT NULL, 'token', 'jti-' || i, NULL, NULL, 9e15 FROM n`);
    database.close();
    const store = sqlite(file, { staleness: 60_000 });
    let turns = 0;
    const counting = setInterval(() => {
      turns += 1;
    }, 0);
    await vi.waitFor(() => expect(store.isRevokedLocally({ jti: 'none' })).toBe(false), { timeout: 20_000 });
    clearInterval(counting);
    expect(turns).toBeGreaterThan(2);
    for (const index of [1, 10_000, 20_000]) {
      expect(store.isRevokedLocally({ jti: `jti-${index}` })).toBe(true);
    }
    await store.close();
  });

  it('is unavailable once it was closed', async () => {
    const store = sqlite(join(folder, 'a.db'));
    await store.close();
    await store.close();
    await expect(store.era()).rejects.toBeInstanceOf(SessionsUnavailable);
    expect(store.isRevokedLocally({ jti: 'jti' })).toBeUndefined();
  });

  it('is opened by six processes at once on a file that is not there yet', async () => {
    const program = `import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../dist/sessions/sqlite/sqlite.js')))})
      .then(({ sqlite }) => sqlite(process.argv[1], { patience: 10000 }).era()).then((era) => console.log('era', era));`;
    for (const name of ['a.db', 'b.db', 'c.db']) {
      const processes = Array.from({ length: 6 }, () =>
        promisify(execFile)(process.execPath, ['-e', program, join(folder, name)]),
      );
      const said = (await Promise.all(processes)).map(({ stdout }) => stdout.trim());
      expect(said).toEqual(Array(6).fill('era 0'));
    }
  });
});

describe('a file that is no store of sessions', () => {
  const fileWith = (content: Buffer | string): string => {
    const file = join(folder, 'a.db');
    writeFileSync(file, content);
    return file;
  };
  const ours = async (): Promise<string> => {
    const file = join(folder, 'a.db');
    const store = sqlite(file);
    for (let index = 0; index < 200; index += 1) {
      await store.create(session(`0_${String(index).padStart(22, 'a')}`, 'alice'), 0);
    }
    await store.close();
    return file;
  };
  const expectUntouched = (file: string, hint: RegExp): void => {
    const before = stateOf(file);
    expect(() => sqlite(file)).toThrow(StoreUnusable);
    expect(() => sqlite(file)).toThrow(hint);
    expect(stateOf(file)).toEqual(before);
    // Reading a file in WAL mode makes the files beside it; nothing may stand in them.
    for (const name of readdirSync(folder)) {
      if (name.endsWith('-wal')) expect(statSync(join(folder, name)).size).toBe(0);
    }
  };

  it('is refused and left untouched when it is text', () => {
    expectUntouched(fileWith('These are my notes, and not a database.'.repeat(100)), /corrupt, or no SQLite/);
  });

  it('is refused and left untouched when it is a database of something else', () => {
    const file = join(folder, 'a.db');
    const database = new DatabaseSync(file);
    database.exec("CREATE TABLE sessions (mine TEXT); INSERT INTO sessions VALUES ('precious')");
    database.close();
    expectUntouched(file, /of something else/);
  });

  it('is refused and left untouched when it is of a later version', async () => {
    const file = await ours();
    const database = new DatabaseSync(file);
    database.exec('PRAGMA journal_mode = DELETE; PRAGMA user_version = 99');
    database.close();
    expectUntouched(file, /version 99/);
  });

  it('is refused and left untouched when it is cut off', async () => {
    const file = await ours();
    const bytes = readFileSync(file);
    expectUntouched(fileWith(bytes.subarray(0, bytes.length / 2)), /corrupt/);
  });

  it('is refused and left untouched when its pages are overwritten', async () => {
    const file = await ours();
    const bytes = readFileSync(file);
    expectUntouched(fileWith(bytes.fill(0xff, 4096, 5 * 4096)), /corrupt/);
  });

  it('is refused when it is a folder, or in one that is not there', () => {
    expect(() => sqlite(folder)).toThrow(StoreUnusable);
    expect(() => sqlite(join(folder, 'no', 'where.db'))).toThrow(/can't be opened or made/);
  });

  it.skipIf(process.platform === 'win32')('is refused and left untouched when it is read-only', async () => {
    const file = await ours();
    chmodSync(file, 0o444);
    chmodSync(folder, 0o555);
    // For root nothing is read-only: there a process of nobody tries.
    const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const before = stateOf(file);
    const program = `import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../dist/sessions/sqlite/sqlite.js')))})
      .then(({ sqlite }) => sqlite(${JSON.stringify(file)})).then(() => console.log('opened'), (error) => console.log(error.code, error.hint));`;
    const { stdout } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8', ...asNobody });
    expect(stdout).toMatch(/^ERR_SESSION_STORE_UNUSABLE The file, or its folder, is read-only/);
    expect(stateOf(file)).toEqual(before);
    chmodSync(folder, 0o755);
  });

  it('is taken when it is empty', async () => {
    const store = sqlite(fileWith(''));
    expect(await store.era()).toBe(0);
    await store.close();
  });
});

describe('sqlite()', () => {
  it('says which Node.js it needs where there is no node:sqlite', () => {
    const asked = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
    try {
      expect(() => sqlite(join(folder, 'a.db'))).toThrow(/Use Node\.js 22\.13 or later, or another store/);
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      asked.mockRestore();
    }
  });

  it('refuses a clock that is none before the file is made', () => {
    expect(() => sqlite(join(folder, 'a.db'), { clock: 5 as never })).toThrow(
      new TypeError('the option clock of sqlite() must be a function that answers milliseconds'),
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses wrong options at once', () => {
    expect(() => sqlite('')).toThrow(TypeError);
    expect(() => sqlite(':memory:')).toThrow(/use memory\(\)/);
    expect(() => sqlite('a.db', { durability: 'none' as never })).toThrow(/durability/);
    expect(() => sqlite('a.db', { staleness: -1 })).toThrow(/staleness/);
    expect(() => sqlite('a.db', { patience: 1e9 })).toThrow(/patience/);
  });
});

function stateOf(file: string): unknown {
  const { mtimeMs, size } = statSync(file);
  return { mtimeMs, size, hash: createHash('sha256').update(readFileSync(file)).digest('hex') };
}
