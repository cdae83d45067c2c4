/** Where sessions are kept: the one thing that differs between one machine and many. */
import { createClient } from '@redis/client';
import type { SessionStore } from '@tokenwright/auth/sessions';
import { redis } from '@tokenwright/auth/sessions/redis';
import { sqlite } from '@tokenwright/auth/sessions/sqlite';
import type { createLogger } from '@tokenwright/server';
import type { Config } from './config.js';

/** A store, and what closes it. */
export interface OpenStore {
  readonly store: SessionStore;
  readonly close: () => Promise<void>;
}

/** Opens the store of the settings. @throws StoreUnusable for a file that is none */
export function openStore(
  { redisUrl, file }: Pick<Config, 'redisUrl' | 'file'>,
  log: ReturnType<typeof createLogger>,
): OpenStore {
  if (redisUrl === undefined) {
    const store = sqlite(file);
    return { store, close: () => store.close() };
  }
  const client = createClient({ url: redisUrl, socket: { reconnectStrategy: 200 } });
  let away = false;
  client.on('error', (error: Error) => {
    if (!away) log.warn({ err: error }, 'Redis is away: nobody signs in or refreshes until it is back');
    away = true;
  });
  client.on('ready', () => {
    if (away) log.info('Redis is back');
    away = false;
  });
  // Not waited for: a process that starts while Redis is away says 503 until it is there.
  client.connect().catch((error: Error) => log.error({ err: error }, 'Redis will not be connected'));
  const store = redis(client);
  return {
    store,
    async close() {
      await store.close();
      client.destroy();
    },
  };
}
