import { createClient } from '@redis/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  HOW_TO_GET_REDIS,
  REDIS,
  type RedisServer,
  startRedis,
} from '../../../../tools/testing/redis-server.ts';
import { storeContract } from '../../src/sessions/contract/contract.js';
import {
  claimsIn,
  type MovableClock,
  refreshed,
  sessionsOver,
} from '../../src/sessions/contract/contract-case.js';
import { redis } from '../../src/sessions/redis/redis.js';
import { eraOf } from '../../src/sessions/session-record.js';
import type { Sessions } from '../../src/sessions/sessions.js';
import type { SessionStore } from '../../src/sessions/store.js';
import { SessionsUnavailable } from '../../src/sessions/store-errors.js';
import { session } from './records.js';
import {
  BYTES,
  connected,
  mortalClient,
  openCluster,
  type TestClient,
  type TestCluster,
} from './redis-clients.js';

if (REDIS === undefined) console.warn(HOW_TO_GET_REDIS);

const ID = '0_aaaaaaaaaaaaaaaaaaaaaa';
const LATER = 1e15;
const SOON = { timeout: 10_000, interval: 5 };
let stores = 0;
const ignored = (): void => {};
const movableClock = (): MovableClock => ({
  now: 1_700_000_000_000,
  move(milliseconds) {
    this.now += milliseconds;
  },
});
const newPrefix = (): string => {
  stores += 1;
  return `store-${stores}`;
};

describe.skipIf(REDIS === undefined)('the Redis store', () => {
  let server: RedisServer;
  let one: TestClient;
  let two: TestClient;
  beforeAll(async () => {
    server = await startRedis();
    [one, two] = await Promise.all([connected(server.url), connected(server.url)]);
  });
  afterAll(async () => {
    one.destroy();
    two.destroy();
    await server[Symbol.asyncDispose]();
  });

  const open = async (clock: () => number) => {
    const options = { prefix: newPrefix(), clock, staleness: 50, patience: 20_000 };
    return { store: redis(one, options), another: async () => redis(two, options) };
  };
  for (const { name, run } of storeContract(open)) it(name, run);

  it('keeps nothing for longer than it matters, but for the one key that counts', async () => {
    const store = redis(one, { prefix: 'life', clock: () => 1000 });
    await store.create({ ...session(ID, 'alice', 1000), idleEndsAt: 61_000, endsAt: 121_000 }, 1000);
    await store.increment('key', 60);
    await store.revoke({ kind: 'token', id: 'jti', until: 31_000 }, 1000);
    await store.revoke({ kind: 'session', id: ID, until: 21_000 }, 1000);
    await store.revoke({ kind: 'subject', id: 'bob', at: 1000, until: 41_000 }, 1000);
    await store.revoke({ kind: 'all', at: 1000 }, 1000);
    const lives: [string, number][] = [];
    for await (const page of one.scanIterator({ MATCH: '*life*' })) {
      for (const key of page) lives.push([key.replace(/\{[\w-]{43}\}/, '{…}'), await one.pTTL(key)]);
    }
    expect(Object.fromEntries(lives.map(([key, life]) => [key, Math.ceil(life / 10_000)]))).toEqual({
      'life:count:{…}': 6,
      [`life:{${ID}}`]: 12,
      'life:subject:{…}': 12,
      '{life:revocations}:ends': 4,
      '{life:revocations}:marks': 4,
      '{life:revocations}:order': 4,
      '{life:revocations}:state': -0,
    });
    await store.close();
  });

  it('forgets marks that have expired by its own clock when another comes', async () => {
    const store = redis(one, { prefix: 'swept' });
    for (let index = 0; index < 150; index += 1) {
      await store.revoke(
        { kind: 'token', id: `jti-${index}`, until: 1000 + (index < 149 ? 0 : 60_000) },
        1000,
      );
    }
    await store.revoke({ kind: 'token', id: 'last', until: 61_000 }, 1000);
    expect(await one.hKeys('{swept:revocations}:marks')).toEqual(['token:jti-149', 'token:last']);
    for (const name of ['order', 'ends']) expect(await one.zCard(`{swept:revocations}:${name}`)).toBe(2);
    await store.close();
  });

  it('counts for machines whose clocks differ by the clock of Redis', async () => {
    const prefix = newPrefix();
    const [ahead, right] = [redis(one, { prefix }), redis(two, { prefix })];
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    try {
      await ahead.increment('key', 60);
    } finally {
      vi.useRealTimers();
    }
    const { count, endsIn } = await right.increment('key', 60);
    expect([count, endsIn > 50_000 && endsIn <= 60_000]).toEqual([2, true]);
    expect((await right.count('key'))?.count).toBe(2);
    for (const store of [ahead, right]) await store.close();
  });

  it('takes a revocation from a machine whose clock is ahead', async () => {
    const options = { prefix: newPrefix() };
    const [ahead, right] = [
      redis(one, { ...options, clock: () => Date.now() + 600_000 }),
      redis(two, options),
    ];
    const exp = Date.now() + 300_000;
    await ahead.revoke({ kind: 'token', id: 'jti', until: exp }, Date.now() + 600_000);
    expect(await right.isRevoked({ jti: 'jti' })).toBe(true);
    for (const store of [ahead, right]) await store.close();
  });

  it('reads on from where it was when the last revocations were made again', async () => {
    const options = { prefix: newPrefix(), staleness: 60_000, patience: 20_000 };
    const { mortal, scripts } = mortalClient(two, Number.POSITIVE_INFINITY, 'before');
    const [store, other] = [redis(one, options), redis(mortal, options)];
    const revoke = (id: number) => store.revoke({ kind: 'token', id: `${id}`, until: LATER }, Date.now());
    await Promise.all(Array.from({ length: 4500 }, (_, id) => revoke(id)));
    await expect.poll(() => other.isRevokedLocally({ jti: '4499' }), SOON).toBe(true);
    await expect.poll(() => other.isRevokedLocally({ jti: 'none' }), SOON).toBe(false);
    const before = scripts();
    await revoke(4499);
    await revoke(4500);
    await expect.poll(() => other.isRevokedLocally({ jti: '4500' }), SOON).toBe(true);
    expect(scripts() - before).toBeLessThan(5);
    for (const each of [store, other]) await each.close();
  });

  it('is two stores under two prefixes', async () => {
    const [here, there] = [redis(one, { prefix: newPrefix() }), redis(one, { prefix: newPrefix() })];
    await here.create(session(ID, 'alice', Date.now()), Date.now());
    await here.revoke({ kind: 'token', id: 'jti', until: LATER }, Date.now());
    expect(await there.read(ID, Date.now())).toBeUndefined();
    expect(await there.isRevoked({ jti: 'jti' })).toBe(false);
    expect(await here.isRevoked({ jti: 'jti' })).toBe(true);
    await here.close();
    await there.close();
  });

  it('keeps ten thousand revocations apart in every copy, and takes them in page by page', async () => {
    const options = { prefix: newPrefix(), staleness: 60_000, patience: 20_000 };
    const [store, other] = [redis(one, options), redis(two, options)];
    const revoke = (id: number) => store.revoke({ kind: 'token', id: `jti-${id}`, until: LATER }, Date.now());
    await Promise.all(Array.from({ length: 5000 }, (_, id) => revoke(id)));
    expect(other.isRevokedLocally({ jti: 'jti-0' })).toBeUndefined();
    await Promise.all(Array.from({ length: 5000 }, (_, id) => revoke(5000 + id)));
    await expect.poll(() => other.isRevokedLocally({ jti: 'jti-9999' }), SOON).toBe(true);
    for (let id = 0; id < 10_000; id += 1) expect(other.isRevokedLocally({ jti: `jti-${id}` })).toBe(true);
    await expect.poll(() => other.isRevokedLocally({ jti: 'jti-10000' }), SOON).toBe(false);
    await store.close();
    await other.close();
  });
});

describe.skipIf(REDIS === undefined)('a process that dies between two scripts', () => {
  let server: RedisServer;
  let client: TestClient;
  beforeAll(async () => {
    server = await startRedis();
    client = await connected(server.url);
  });
  afterAll(async () => {
    client.destroy();
    await server[Symbol.asyncDispose]();
  });

  /** Runs it once for every script it calls for, with the death before that script and behind it. */
  async function atEveryScript(
    run: (bench: {
      dying: Sessions;
      living: Sessions;
      clock: MovableClock;
      store: SessionStore;
      prefix: string;
    }) => Promise<void>,
  ): Promise<void> {
    for (const when of ['before', 'behind'] as const) {
      for (let step = 1; ; step += 1) {
        const clock = movableClock();
        const prefix = newPrefix();
        const options = { prefix, clock: () => clock.now, patience: 20_000 };
        const { mortal, died } = mortalClient(client, step, when);
        const store = redis(client, options);
        const [dying, living] = [sessionsOver(redis(mortal, options), clock), sessionsOver(store, clock)];
        await run({ dying, living, clock, store, prefix });
        if (!died()) break;
      }
    }
  }

  it('in a refresh: it can be asked for again and gives one successor', async () => {
    await atEveryScript(async ({ dying, living }) => {
      const { refreshToken } = await living.signIn({ subject: 'alice' });
      await dying.refresh(refreshToken).catch(ignored);
      const successor = await refreshed(living, refreshToken);
      expect(await refreshed(living, refreshToken)).toBe(successor);
      expect(await refreshed(living, successor)).toContain('.');
    });
  });

  it('in finding out a theft: the family ends for good, whoever asks next and whenever', async () => {
    const storedAsEnded = async (prefix: string, id: string): Promise<boolean> =>
      JSON.parse((await client.get(`${prefix}:{${id}}`)) ?? '{}').ended;
    await atEveryScript(async ({ dying, living, clock, store, prefix }) => {
      const first = await living.signIn({ subject: 'alice' });
      const second = await living.refresh(first.refreshToken);
      clock.move(60_000);
      expect(await dying.refresh(first.refreshToken).catch(ignored)).toBeUndefined();
      // A mark that would expire before its session must not be all there is.
      const stored = await store.read(first.session.id, clock.now);
      const [mark] = await client.hVals(`{${prefix}:revocations}:marks`);
      if (mark !== undefined && !(await storedAsEnded(prefix, first.session.id))) {
        expect(Number(mark.split(':')[0])).toBeGreaterThanOrEqual(Number(stored?.endsAt));
      }
      const again = await refreshed(living, first.refreshToken);
      expect(['reused', 'ended']).toContain(again);
      for (const later of [0, 600_000, 600_000]) {
        clock.move(later);
        expect(await refreshed(living, second.refreshToken)).toBe('ended');
        expect(await store.isRevoked(claimsIn(second))).toBe(true);
      }
    });
  });

  it('in a sign-in: nothing is in the way of another', async () => {
    await atEveryScript(async ({ dying, living }) => {
      await dying.signIn({ subject: 'alice' }).catch(ignored);
      const { session, refreshToken } = await living.signIn({ subject: 'alice' });
      expect((await living.list('alice')).map(({ id }) => id)).toContain(session.id);
      expect(await refreshed(living, refreshToken)).toContain('.');
    });
  });

  it('in a revocation of a session, and is never heard of again: what was refused once stays refused', async () => {
    await atEveryScript(async ({ dying, living, prefix }) => {
      const { session, refreshToken } = await living.signIn({ subject: 'alice' });
      await dying.revokeSession(session.id).catch(ignored);
      // A mark alone is forgotten when the access tokens are; the record says it for good.
      if ((await refreshed(living, refreshToken)) !== 'ended') return;
      expect(JSON.parse((await client.get(`${prefix}:{${session.id}}`)) ?? '{}')).toMatchObject({
        ended: true,
      });
    });
  });

  it('in a revocation: it can be made again, and then holds', async () => {
    for (const revoke of [
      (login: Sessions, { sid }: { sid: string }) => login.revokeSession(sid),
      (login: Sessions, _: unknown, refreshToken: string) => login.revoke(refreshToken),
      (login: Sessions, { sub }: { sub: string }) => login.revokeSubject(sub),
      (login: Sessions) => login.revokeAll(),
    ]) {
      await atEveryScript(async ({ dying, living, store, clock }) => {
        const issued = await living.signIn({ subject: 'alice' });
        await revoke(dying, claimsIn(issued), issued.refreshToken).catch(ignored);
        await revoke(living, claimsIn(issued), issued.refreshToken);
        expect(await store.isRevoked(claimsIn(issued))).toBe(true);
        for (const later of [0, 1_000_000]) {
          clock.move(later);
          expect(await refreshed(living, issued.refreshToken)).toBe('ended');
        }
        expect(await store.list('alice', clock.now)).toEqual([]);
      });
    }
  });
});

describe.skipIf(REDIS === undefined)('a Redis that goes away', () => {
  const revokedToken = { kind: 'token', id: 'jti', until: LATER } as const;

  it('refuses every call at once with 503, and serves again when it is back, without a restart', async () => {
    await using server = await startRedis(['--appendonly', 'yes', '--appendfsync', 'always']);
    const client = await connected(server.url);
    const store = redis(client, { staleness: 100 });
    await store.create(session(ID, 'alice', Date.now()), Date.now());
    await store.revoke(revokedToken, Date.now());
    await expect.poll(() => store.isRevokedLocally({ jti: 'other' }), SOON).toBe(false);
    await server.kill();
    await expect.poll(() => store.isRevokedLocally({ jti: 'other' }), SOON).toBeUndefined();
    for (const call of [
      () => store.era(),
      () => store.read(ID, Date.now()),
      () => store.isRevoked({ jti: 'other' }),
      () => store.revoke(revokedToken, Date.now()),
      () => store.increment('key', 60),
    ]) {
      const error: unknown = await call().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(SessionsUnavailable);
      expect(error).toMatchObject({ status: 503, headers: { 'Retry-After': '1' } });
    }
    // What was revoked stays so, whoever can be asked.
    expect(store.isRevokedLocally({ jti: 'jti' })).toBe(true);
    await server.restart();
    await expect.poll(() => store.isRevokedLocally({ jti: 'other' }), SOON).toBe(false);
    expect(await store.read(ID, Date.now())).toMatchObject({ subject: 'alice' });
    expect(await store.isRevoked({ jti: 'jti' })).toBe(true);
    await store.close();
    client.destroy();
  });

  it('is not waited for longer than its patience when it holds the connection and says nothing', async () => {
    await using server = await startRedis();
    const client = await connected(server.url);
    const store = redis(client, { patience: 50, staleness: 100 });
    await expect.poll(() => store.isRevokedLocally({ jti: 'jti' }), SOON).toBe(false);
    server.pause();
    await expect(store.isRevoked({ jti: 'jti' })).rejects.toThrow(SessionsUnavailable);
    await expect.poll(() => store.isRevokedLocally({ jti: 'jti' }), SOON).toBeUndefined();
    server.resume();
    await expect.poll(() => store.isRevokedLocally({ jti: 'jti' }), SOON).toBe(false);
    await store.close();
    client.destroy();
  });

  it('and comes back empty leaves no copy behind what is revoked from then on', async () => {
    await using server = await startRedis();
    const [one, two] = await Promise.all([connected(server.url), connected(server.url)]);
    const [store, other] = [redis(one, { staleness: 100 }), redis(two, { staleness: 100 })];
    for (const id of ['a', 'b', 'c']) await store.revoke({ ...revokedToken, id }, Date.now());
    const eraBefore = await store.era();
    await expect.poll(() => other.isRevokedLocally({ jti: 'c' }), SOON).toBe(true);
    await server.kill();
    await server.restart();
    await expect.poll(() => one.isReady && two.isReady, SOON).toBe(true);
    await store.revoke({ ...revokedToken, id: 'd' }, Date.now());
    await expect.poll(() => other.isRevokedLocally({ jti: 'd' }), SOON).toBe(true);
    // Sessions from before are of an earlier era, whatever is revoked now.
    await store.revoke({ kind: 'all', at: 0 }, Date.now());
    expect(await store.era()).toBeGreaterThan(eraBefore);
    expect(await store.isRevoked({ sid: `${eraBefore.toString(36)}_${'x'.repeat(22)}`, sub: 'a' })).toBe(
      true,
    );
    for (const each of [store, other]) await each.close();
    for (const each of [one, two]) each.destroy();
  });

  it('and comes back without its last second tells all that was revoked since, under whatever number', async () => {
    await using server = await startRedis();
    const [one, two] = await Promise.all([connected(server.url), connected(server.url)]);
    const [store, other] = [redis(one, { staleness: 100 }), redis(two, { staleness: 100 })];
    const keys = ['state', 'marks', 'order', 'ends'].map((name) => `{tokenwright:revocations}:${name}`);
    await store.revoke({ ...revokedToken, id: 'a' }, Date.now());
    const saved = await Promise.all(keys.map((key) => one.sendCommand(['DUMP', key], BYTES)));
    for (const id of ['lost-1', 'lost-2']) await store.revoke({ ...revokedToken, id }, Date.now());
    await expect.poll(() => other.isRevokedLocally({ jti: 'lost-2' }), SOON).toBe(true);
    // What a crash leaves of an append-only file: the beginning. Then others go on, and further than before.
    for (const [index, key] of keys.entries()) {
      await one.sendCommand(['RESTORE', key, '0', saved[index] as unknown as Buffer, 'REPLACE']);
    }
    for (const id of ['b', 'c', 'd']) await store.revoke({ ...revokedToken, id }, Date.now());
    for (const id of ['b', 'c', 'd']) {
      await expect.poll(() => other.isRevokedLocally({ jti: id }), SOON).toBe(true);
    }
    for (const each of [store, other]) await each.close();
    for (const each of [one, two]) each.destroy();
  });

  it('and has lost a revocation takes it again, for the sessions that began meanwhile, too', async () => {
    await using server = await startRedis();
    const client = await connected(server.url);
    const store = redis(client);
    const clock = movableClock();
    clock.now = Date.now();
    const login = sessionsOver(store, clock);
    await login.signIn({ subject: 'alice' });
    const keys = ['state', 'marks', 'order', 'ends'].map((name) => `{tokenwright:revocations}:${name}`);
    const saved = await Promise.all(keys.map((key) => client.sendCommand(['DUMP', key], BYTES)));
    for (const revoke of [() => login.revokeSubject('alice'), () => login.revokeAll()]) {
      await revoke();
      const issued = await login.signIn({ subject: 'alice' });
      // The slot of the revocations loses its last writes; that of the session, on another machine, does not.
      for (const [index, key] of keys.entries()) {
        await client.del(key);
        const value = saved[index] as unknown as Buffer | null;
        if (value !== null) await client.sendCommand(['RESTORE', key, '0', value, 'REPLACE']);
      }
      // A crash takes longer than a few milliseconds, by which eras may be ahead of the time.
      const era = eraOf(issued.session.id) as number;
      await expect.poll(() => Date.now(), SOON).toBeGreaterThan(era);
      await revoke();
      expect(await store.isRevoked(claimsIn(issued))).toBe(true);
      expect(await refreshed(login, issued.refreshToken)).toBe('ended');
    }
    await store.close();
    client.destroy();
  });

  it('or has become a replica is asked nothing: what it knows may be old', async () => {
    await using server = await startRedis();
    const client = await connected(server.url);
    const store = redis(client, { staleness: 100 });
    await store.create(session(ID, 'alice', Date.now()), Date.now());
    await expect.poll(() => store.isRevokedLocally({ jti: 'jti' }), SOON).toBe(false);
    await client.sendCommand(['REPLICAOF', '127.0.0.1', '1']);
    for (const call of [
      () => store.isRevoked({ jti: 'jti' }),
      () => store.read(ID, Date.now()),
      () => store.count('key'),
      () => store.revoke(revokedToken, Date.now()),
    ]) {
      await expect(call()).rejects.toThrow(SessionsUnavailable);
    }
    await expect.poll(() => store.isRevokedLocally({ jti: 'jti' }), SOON).toBeUndefined();
    await client.sendCommand(['REPLICAOF', 'NO', 'ONE']);
    expect(await store.isRevoked({ jti: 'jti' })).toBe(false);
    await store.close();
    client.destroy();
  });

  it('while nobody is heard revoking leaves the copy within its bound: it asks by itself', async () => {
    await using server = await startRedis();
    const [one, two] = await Promise.all([connected(server.url), connected(server.url)]);
    const [store, other] = [redis(one), redis(two, { staleness: 200 })];
    await expect.poll(() => other.isRevokedLocally({ jti: 'jti' }), SOON).toBe(false);
    // The connection that listens is cut off by the server each time it comes back.
    await one.sendCommand(['CONFIG', 'SET', 'client-output-buffer-limit', 'pubsub 1 1 0']);
    await one.sendCommand(['CLIENT', 'KILL', 'TYPE', 'pubsub']);
    await store.revoke(revokedToken, Date.now());
    await expect.poll(() => other.isRevokedLocally({ jti: 'jti' }), SOON).toBe(true);
    for (const each of [store, other]) await each.close();
    for (const each of [one, two]) each.destroy();
  });
});

describe.skipIf(REDIS === undefined)('a cluster of three Redis', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await openCluster();
  });
  afterAll(async () => cluster[Symbol.asyncDispose]());

  const open = async (clock: () => number) => {
    const options = { prefix: newPrefix(), clock, staleness: 50, patience: 20_000 };
    return {
      store: redis(cluster.clients[0], options),
      another: async () => redis(cluster.clients[1], options),
    };
  };
  for (const { name, run } of storeContract(open)) it(name, run);
});

describe('redis()', () => {
  it('names the package and the command where what it is given is no client', () => {
    for (const wrong of [undefined, null, {}, 'redis://127.0.0.1']) {
      expect(() => redis(wrong as never)).toThrow(/npm install @redis\/client/);
      expect(() => redis(wrong as never)).toThrow(TypeError);
    }
  });

  it('refuses wrong options at once', () => {
    const client = createClient();
    expect(() => redis(client, { prefix: 'a{b}' })).toThrow(/prefix/);
    expect(() => redis(client, { prefix: '' })).toThrow(/prefix/);
    expect(() => redis(client, { staleness: 1 })).toThrow(/staleness/);
    expect(() => redis(client, { patience: 0 })).toThrow(/patience/);
    expect(() => redis(client, { clock: 1 as never })).toThrow(/clock/);
  });

  it('is unavailable, and keeps nobody waiting, while the client is not connected', async () => {
    const store = redis(createClient());
    await expect(store.era()).rejects.toThrow(SessionsUnavailable);
    expect(store.isRevokedLocally({ jti: 'jti' })).toBeUndefined();
    await store.close();
  });
});
