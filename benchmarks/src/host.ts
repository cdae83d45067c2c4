/**
 * The full host against bare Koa with @koa/router: a protected route, HTTP and HTTPS with keep-alive, in interleaved
 * rounds, as ratios of medians. What counts is requests for a second of the server's processor time: the rate on the
 * clock is that of the client too, and of whatever else the machine does. `pnpm --filter benchmarks bench:host`, or `… --rounds 9 --seconds 3`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';

/** The first is the floor; the peers have no HTTPS server of ours to stand in. */
const CONTENDERS = {
  http: ['koa', 'koa-auth', 'koa-auth-uncached', 'host', 'koa-jwt', 'fastify-jwt'],
  https: ['koa', 'koa-auth', 'host'],
} as const;
const CONNECTIONS = 32;

interface Running {
  readonly name: string;
  readonly process: ChildProcess;
  readonly url: string;
  readonly token: string;
  readonly rates: number[];
}

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '2' } },
});
for (const transport of ['http', 'https'] as const) await compare(transport);

async function compare(transport: keyof typeof CONTENDERS): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tokenwright-bench-'));
  // The host first: it makes the certificate.
  const host = await launch('host', transport, folder);
  const servers: Running[] = [];
  for (const name of CONTENDERS[transport]) {
    servers.push(name === 'host' ? host : await launch(name, transport, folder));
  }
  for (const server of servers) await fire(server, 1);
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (let turn = 0; turn < servers.length; turn += 1) {
      const server = servers[(round + turn) % servers.length] as Running;
      server.rates.push(await fire(server, Number(values.seconds)));
    }
  }
  const floor = median(servers[0]?.rates ?? []);
  console.log(
    `\n${transport}, ${CONNECTIONS} connections kept alive, requests for a second of processor time`,
  );
  for (const { name, rates } of servers) {
    const rate = median(rates);
    console.log(
      `  ${name.padEnd(18)} ${rate.toFixed(0).padStart(7)} ${((rate / floor) * 100).toFixed(0).padStart(4)} %`,
    );
  }
  for (const server of servers) {
    server.process.disconnect();
    server.process.kill();
  }
  rmSync(folder, { recursive: true, force: true });
}

async function launch(name: string, transport: string, folder: string): Promise<Running> {
  const child = fork(join(import.meta.dirname, 'host-server.ts'), [name, transport, folder]);
  const [{ port, token }] = (await once(child, 'message')) as [{ port: number; token: string }];
  return { name, process: child, url: `${transport}://127.0.0.1:${port}/hello`, token, rates: [] };
}

/** Requests for a second of processor time. */
async function fire({ process: child, url, token }: Running, duration: number): Promise<number> {
  const before = await processorTime(child);
  const result = await autocannon({
    url,
    duration,
    connections: CONNECTIONS,
    headers: { authorization: `Bearer ${token}` },
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} answers were no 2xx, ${result.errors} errors`);
  return result['2xx'] / ((await processorTime(child)) - before);
}

/** Seconds since the server began. */
async function processorTime(child: ChildProcess): Promise<number> {
  child.send('processor time');
  const [seconds] = (await once(child, 'message')) as [number];
  return seconds;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
