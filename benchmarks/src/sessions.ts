/** Sessions: rotations a second by store, what an fsync costs the event loop, the check for revocation, and memory. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { memory, type SessionStore, type Sessions, sessions } from '@tokenwright/auth/sessions';
import { redis } from '@tokenwright/auth/sessions/redis';
import { sqlite } from '@tokenwright/auth/sessions/sqlite';
import { JwtBuilder } from '@tokenwright/jwt';
import { HOW_TO_GET_REDIS, REDIS, startRedis } from '../../tools/testing/redis-server.ts';
import { measure } from './rounds.ts';
import { spread, summary } from './statistics.ts';

const CLIENTS = 32;
const ROUNDS = 5;
const ROUND_TIME = 1000;
const REVOKED = 1_000_000;
const KEPT = 100_000;

const jwt = new JwtBuilder()
  .issuer('KestrunApi')
  .audience('KestrunClients')
  .typ('at+jwt')
  .signWith({ hex: 'ab'.repeat(32) }, 'HS256');

/** A store that is measured. */
interface Contender {
  readonly name: string;
  readonly store: SessionStore;
  readonly close: () => Promise<void>;
}

const folder = mkdtempSync(join(tmpdir(), 'tokenwright-bench-'));
const contenders: Contender[] = [
  contender('memory', memory()),
  contender('SQLite, durability normal', sqlite(join(folder, 'normal.db'))),
  contender('SQLite, durability full', sqlite(join(folder, 'full.db'), { durability: 'full' })),
];
await using server = REDIS === undefined ? undefined : await startRedis(['--appendonly', 'yes']);
if (server === undefined) console.log(HOW_TO_GET_REDIS);
else {
  const client = await createClient({ url: server.url }).on('error', console.error).connect();
  const store = redis(client);
  contenders.push({
    name: 'Redis, appendfsync everysec',
    store,
    async close() {
      await store.close();
      client.destroy();
    },
  });
}

await reportRotations();
await reportRevocationCheck();
await reportMemory();
for (const { close } of contenders) await close();
rmSync(folder, { recursive: true, force: true });

function contender(name: string, store: SessionStore): Contender {
  return { name, store, close: () => store.close() };
}

/** Each store in each round in turn: 32 clients that refresh as fast as they are answered, access token included. */
async function reportRotations(): Promise<void> {
  const rates = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  const stalls = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { name, store } of contenders) {
      const login = sessions({ store, jwt });
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      rates.get(name)?.push(await rotations(login));
      delay.disable();
      stalls.get(name)?.push(delay.percentile(99) / 1e6);
    }
  }
  console.log(
    `\nRefreshes a second, ${CLIENTS} clients, an HS256 access token each (median of ${ROUNDS} rounds)\n`,
  );
  console.table(
    contenders.map(({ name }) => ({
      store: name,
      'refreshes/s': Math.round(summary(rates.get(name) ?? []).median),
      spread: spread(summary(rates.get(name) ?? [])),
      'event loop p99, ms': summary(stalls.get(name) ?? []).median.toFixed(1),
    })),
  );
}

async function rotations(login: Sessions): Promise<number> {
  let count = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      let { refreshToken } = await login.signIn({ subject: 'ada', roles: ['admin'] });
      while (performance.now() - start < ROUND_TIME) {
        ({ refreshToken } = await login.refresh(refreshToken));
        count += 1;
        // As between two requests: timers and sockets have their turn.
        await nextTurn();
      }
    }),
  );
  return (count * 1000) / (performance.now() - start);
}

/** What asking the local copy adds to verifying a remembered token. */
async function reportRevocationCheck(): Promise<void> {
  const rows: object[] = [];
  for (const { name, store } of contenders) {
    const login = sessions({ store, jwt });
    const { token } = await login.signIn({ subject: 'ada', roles: ['admin'] });
    while (store.isRevokedLocally({ jti: 'none' }) === undefined) await new Promise((r) => setTimeout(r, 5));
    const without = jwt.validator();
    const withCheck = jwt.validator({ isRevoked: login.isRevoked });
    const effort = { rounds: 9, roundTime: 40 };
    const [bare, checked] = await measure(
      [
        { name: 'without', work: inTurns(() => without.verify(token)) },
        { name: 'with', work: inTurns(() => withCheck.verify(token)) },
      ],
      effort,
    );
    const added = (checked?.median ?? 0) - (bare?.median ?? 0);
    rows.push({ store: name, 'added µs a request': added.toFixed(2) });
  }
  console.log('\nThe check for revocation, from the copy in the process\n');
  console.table(rows);
}

/** Timers have their turn now and then, as in a server: without them a copy grows old. */
function inTurns(work: () => Promise<unknown>): (index: number) => Promise<unknown> {
  return (index) => (index % 256 === 0 ? nextTurn().then(work) : work());
}

async function reportMemory(): Promise<void> {
  const now = Date.now();
  const store = memory();
  const before = heap();
  for (let id = 0; id < REVOKED; id += 1) {
    await store.revoke({ kind: 'token', id: `jti-${id}-0123456789abcdef`, until: now + 3_600_000 }, now);
  }
  const used = heap() - before;
  const known = store.isRevokedLocally({ jti: 'jti-7-0123456789abcdef' });
  console.log(
    `\nIn a process: ${(used / REVOKED).toFixed(0)} bytes a revoked token, ${mega(used)} MB for a million (known: ${known})`,
  );
  if (server === undefined) return;
  const client = await createClient({ url: server.url }).connect();
  const shared = redis(client, { prefix: 'size', patience: 60_000 });
  const empty = await usedBy(client);
  await inBatches(KEPT, (id) =>
    shared.revoke({ kind: 'token', id: `jti-${id}-0123456789abcdef`, until: now + 3_600_000 }, now),
  );
  const revoked = await usedBy(client);
  const login = sessions({ store: shared, jwt });
  await inBatches(KEPT, (id) =>
    login.signIn({ subject: `user-${id}`, roles: ['admin'], device: 'Firefox on Linux' }),
  );
  const full = await usedBy(client);
  console.log(
    `In Redis: ${((revoked - empty) / KEPT).toFixed(0)} bytes a revoked token, ${((full - revoked) / KEPT).toFixed(0)} bytes a session`,
  );
  await shared.close();
  client.destroy();
}

async function inBatches(count: number, work: (id: number) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < count; start += 500) {
    await Promise.all(Array.from({ length: 500 }, (_, index) => work(start + index)));
  }
}

async function usedBy(client: { sendCommand(args: string[]): Promise<unknown> }): Promise<number> {
  const info = String(await client.sendCommand(['INFO', 'memory']));
  return Number(/used_memory:(\d+)/.exec(info)?.[1]);
}

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function mega(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
