/** A Redis for tests: the machine's own program, started on a free port of loopback and ended by its process id. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './app-process.ts';

/** The program, where there is one: Redis, or Valkey in its place. */
export const REDIS: string | undefined = [
  process.env['REDIS_SERVER'] ?? '',
  'redis-server',
  'valkey-server',
].find((program) => program !== '' && spawnSync(program, ['--version']).status === 0);

/** What to say where there is none. */
export const HOW_TO_GET_REDIS =
  'Nothing is tried against Redis: no redis-server found. Get it with `apt-get install -y redis-server`, or set REDIS_SERVER to its path.';

/** A Redis that runs. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Stops it from answering, with its connections open, until {@link RedisServer.resume}. */
  pause(): void;
  resume(): void;
  /** Starts it again after {@link RedisServer.kill}, on the same port and with the same folder. */
  restart(): Promise<void>;
  /** Ends it and removes its folder. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts one. @param settings of redis.conf, as arguments: `['--appendonly', 'yes']` */
export async function startRedis(settings: readonly string[] = []): Promise<RedisServer> {
  const program = REDIS;
  if (program === undefined) throw new Error(HOW_TO_GET_REDIS);
  const folder = mkdtempSync(join(tmpdir(), 'tokenwright-redis-'));
  const port = await portWithRoomAbove();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...settings];
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const started = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    server = started;
    process.once('exit', () => started.kill('SIGKILL'));
    await readiness(started);
  };
  const kill = async (): Promise<void> => {
    const running = server;
    server = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill,
    pause: () => void server?.kill('SIGSTOP'),
    resume: () => void server?.kill('SIGCONT'),
    restart: start,
    async [Symbol.asyncDispose]() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function readiness(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (/Ready to accept connections/.test(said)) resolve();
    });
    server.once('exit', (code) => reject(new Error(`redis-server has ended with ${code}:\n${said}`)));
    server.once('error', reject);
  });
}

/** A node of a cluster also listens on its port plus 10,000. */
async function portWithRoomAbove(): Promise<number> {
  const port = await freePort();
  return port < 55_000 ? port : portWithRoomAbove();
}
