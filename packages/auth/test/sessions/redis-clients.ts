/** Clients for tests of the Redis store: of one server, and of a cluster made of three. */
import { createClient, createCluster, RESP_TYPES } from '@redis/client';
import { type RedisServer, startRedis } from '../../../../tools/testing/redis-server.ts';
import type { RedisClient } from '../../src/sessions/redis/redis.js';

export type TestClient = Awaited<ReturnType<typeof connected>>;

/** A connected client that connects again at once. */
export async function connected(url: string) {
  const client = createClient({ url, socket: { reconnectStrategy: 20 } });
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** For answers that are no text. */
export const BYTES = { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } };

/** A client whose process dies at its script number `step`: before it was sent, or before its answer came. */
export function mortalClient(
  client: TestClient,
  step: number,
  when: 'before' | 'behind',
): { mortal: RedisClient; died: () => boolean; scripts: () => number } {
  let scripts = 0;
  const mortal: RedisClient = {
    isReady: true,
    duplicate: () => client.duplicate(),
    eval: (text, input) => client.eval(text, input),
    async evalSha(sha1, input) {
      scripts += 1;
      if (scripts > step || (scripts === step && when === 'before')) throw new Error('the process has died');
      const answer: unknown = await client.evalSha(sha1, input);
      if (scripts >= step) throw new Error('the process has died');
      return answer;
    },
  };
  return { mortal, died: () => scripts >= step, scripts: () => scripts };
}

/** A cluster that runs, with two clients of it. */
export interface TestCluster extends AsyncDisposable {
  readonly clients: readonly [ClusterClient, ClusterClient];
}

type ClusterClient = Awaited<ReturnType<typeof connectedToCluster>>;

/** Starts three servers and makes a cluster of them: each with a third of the slots. */
export async function openCluster(): Promise<TestCluster> {
  const settings = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '5000'];
  const servers = await Promise.all([startRedis(settings), startRedis(settings), startRedis(settings)]);
  const admins = await Promise.all(servers.map(({ url }) => connected(url)));
  for (const [index, admin] of admins.entries()) {
    const [from, to] = [Math.ceil((16_384 * index) / 3), Math.ceil((16_384 * (index + 1)) / 3) - 1];
    await admin.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', String(from), String(to)]);
    await admin.sendCommand(['CLUSTER', 'MEET', '127.0.0.1', String(servers[0]?.port)]);
  }
  for (const admin of admins) await isWhole(admin);
  for (const admin of admins) admin.destroy();
  const clients = [await connectedToCluster(servers), await connectedToCluster(servers)] as const;
  return {
    clients,
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.destroy();
      for (const server of servers) await server[Symbol.asyncDispose]();
    },
  };
}

async function connectedToCluster(servers: readonly RedisServer[]) {
  const cluster = createCluster({ rootNodes: servers.map(({ url }) => ({ url })) });
  cluster.on('error', () => {});
  await cluster.connect();
  return cluster;
}

async function isWhole(admin: TestClient): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const info = String(await admin.sendCommand(['CLUSTER', 'INFO']));
    if (/cluster_state:ok[\s\S]*cluster_known_nodes:3/.test(info)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('the three servers have not become a cluster');
}
