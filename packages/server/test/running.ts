/** Starts servers for tests and closes them when the test ends. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createServer, type RunningServer, type Server, type ServerBuilder } from '../src/index.js';

/** A builder with a plain listener on a free loopback port. */
export function loopback(): ServerBuilder {
  return createServer('Test').listener({ port: 0 });
}

/** Starts without signal handlers; closed when the test ends. */
export async function start<Schemes extends object>(server: Server<Schemes>): Promise<RunningServer> {
  const running = await server.start({ signals: false });
  onTestFinished(() => running.close());
  return running;
}

/** A folder of its own, removed when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tokenwright-server-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
