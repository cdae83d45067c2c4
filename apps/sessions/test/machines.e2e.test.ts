import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, AppProcess } from '../../../tools/testing/app-process.ts';
import {
  HOW_TO_GET_REDIS,
  REDIS,
  type RedisServer,
  startRedis,
} from '../../../tools/testing/redis-server.ts';
import { refresh, signIn, type Tokens, tokensOf, withToken } from './client.ts';

if (REDIS === undefined) console.warn(HOW_TO_GET_REDIS);

const MAIN = join(import.meta.dirname, '..', 'dist', 'main.js');
const MACHINES = 3;
const USERS = 24;
const ROUNDS = 30;
/** From its answer on a revocation holds everywhere within this, in milliseconds: the default staleness of `redis()`. */
const BOUND = 500;

/** What the load came to. */
const counted = {
  requests: 0,
  'without an answer': 0,
  'answered 503': 0,
  refreshes: 0,
  revocations: 0,
  'kills of a process': 0,
  'kills of Redis': 0,
};

describe.skipIf(REDIS === undefined)('three processes on one Redis', () => {
  let folder: string;
  let redis: RedisServer;
  let machines: AppProcess[];
  let settings: Record<string, string>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tokenwright-machines-'));
    // What Redis has acknowledged is on the disk: then nothing acknowledged may be lost at all.
    redis = await startRedis(['--appendonly', 'yes', '--appendfsync', 'always']);
    settings = {
      REDIS_URL: redis.url,
      TOKENWRIGHT_KEY: 'ab'.repeat(32),
      TOKENWRIGHT_ISSUER: 'https://localhost:5001',
      TOKENWRIGHT_CERTIFICATES: folder,
      LOG_LEVEL: 'warn',
    };
    machines = [];
    for (let index = 0; index < MACHINES; index += 1) machines.push(await AppProcess.start(MAIN, settings));
  });
  afterAll(async () => {
    for (const machine of machines) await machine.stop('SIGKILL');
    await redis[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
    console.log(`three processes, one Redis, ${USERS} users:`, counted);
  });

  /** Asks one machine after the other, beginning with any, until one has an answer that is none of trouble. */
  async function asked(ask: (machine: AppProcess) => Promise<Answer>): Promise<Answer> {
    for (let tries = 0; tries < 200; tries += 1) {
      counted.requests += 1;
      const machine = machines[Math.floor(Math.random() * MACHINES)] as AppProcess;
      const answer = await ask(machine).catch(() => undefined);
      if (answer !== undefined && answer.status < 500) return answer;
      if (answer === undefined) counted['without an answer'] += 1;
      if (answer?.status === 503) {
        counted['answered 503'] += 1;
        expect(answer.headers['retry-after']).toBe('1');
      }
      await wait(50);
    }
    throw new Error('no machine has answered');
  }

  /** Signs in, refreshes, is let in, and logs out every few rounds. Answers what should not have happened. */
  async function user(name: string, onRound: () => Promise<void>): Promise<string[]> {
    const violations: string[] = [];
    let tokens: Tokens | undefined;
    for (let round = 0; round < ROUNDS; round += 1) {
      tokens ??= tokensOf(await asked((machine) => signIn(machine, name)));
      const held: Tokens = tokens;
      const hello = await asked((machine) => withToken(machine, held.access_token, '/hello'));
      if (hello.status !== 200) violations.push(`${name}: a good access token: ${hello.status}`);
      const answer = await asked((machine) => refresh(machine, held.refresh_token));
      counted.refreshes += 1;
      if (answer.status !== 200) {
        violations.push(`${name}: a refresh token that was acknowledged: ${answer.status} ${answer.text}`);
        tokens = undefined;
        continue;
      }
      tokens = tokensOf(answer);
      if (round % 5 === 4) {
        violations.push(...(await logOut(name, tokens)));
        tokens = undefined;
      }
      await onRound();
    }
    return violations;
  }

  async function logOut(name: string, { access_token, refresh_token }: Tokens): Promise<string[]> {
    const form = { token: refresh_token, client_id: 'app' };
    const answer = await asked((machine) => machine.ask('/oauth/revoke', { method: 'POST', form }));
    if (answer.status !== 200) return [`${name}: a revocation: ${answer.status} ${answer.text}`];
    counted.revocations += 1;
    await wait(BOUND);
    const violations: string[] = [];
    for (const machine of machines) {
      const hello = await withToken(machine, access_token, '/hello').catch(() => undefined);
      if (hello?.status === 200) violations.push(`${name}: a revoked token was accepted after ${BOUND} ms`);
    }
    const again = await asked((machine) => refresh(machine, refresh_token));
    if (again.status === 200) violations.push(`${name}: a revoked session was refreshed`);
    return violations;
  }

  it('lose nothing that was acknowledged and accept nothing that was revoked, while one of them and Redis are killed', async () => {
    let rounds = 0;
    const at = new Map<number, () => Promise<void>>([
      [Math.floor((USERS * ROUNDS) / 4), killProcess],
      [Math.floor((USERS * ROUNDS) / 2), killRedis],
      [Math.floor((USERS * ROUNDS * 3) / 4), killProcess],
    ]);
    const killing: Promise<void>[] = [];
    const onRound = async (): Promise<void> => {
      rounds += 1;
      const kill = at.get(rounds);
      if (kill !== undefined) killing.push(kill());
    };
    const users = Array.from({ length: USERS }, (_, index) => user(`user-${index}`, onRound));
    const violations = (await Promise.all(users)).flat();
    await Promise.all(killing);
    expect(violations).toEqual([]);
    expect(counted).toMatchObject({ 'kills of a process': 2, 'kills of Redis': 1 });
    expect(counted['without an answer']).toBeGreaterThan(0);
    expect(counted['answered 503']).toBeGreaterThan(0);
  }, 240_000);

  async function killProcess(): Promise<void> {
    counted['kills of a process'] += 1;
    const index = counted['kills of a process'] % MACHINES;
    await machines[index]?.stop('SIGKILL');
    machines[index] = await AppProcess.start(MAIN, settings);
  }

  async function killRedis(): Promise<void> {
    counted['kills of Redis'] += 1;
    await redis.kill();
    await wait(1500);
    await redis.restart();
  }

  it('serve again without a restart when Redis comes back after a while, and say 503 meanwhile', async () => {
    const tokens = tokensOf(await signIn(machines[0] as AppProcess));
    await redis.kill();
    for (const machine of machines) {
      await expect
        .poll(async () => (await withToken(machine, tokens.access_token, '/hello')).status, {
          timeout: 10_000,
        })
        .toBe(503);
      const refused = await refresh(machine, tokens.refresh_token);
      expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1']);
      expect((await signIn(machine)).status).toBe(503);
      expect((await machine.ask('/healthz')).status).toBe(200);
    }
    await redis.restart();
    for (const machine of machines) {
      await expect
        .poll(async () => (await withToken(machine, tokens.access_token, '/hello')).status, {
          timeout: 10_000,
        })
        .toBe(200);
    }
    const again = tokensOf(await refresh(machines[1] as AppProcess, tokens.refresh_token));
    expect((await withToken(machines[2] as AppProcess, again.access_token, '/hello')).status).toBe(200);
  });
});
