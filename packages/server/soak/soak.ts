/**
 * Ten minutes of mixed traffic against a server with everything on: does it fail, grow, or keep something open?
 * `pnpm soak`, or `pnpm soak --seconds 20` for a try. Exit code 1 when a bound is broken.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { basic, bearer } from '@tokenwright/auth';
import { JwtBuilder } from '@tokenwright/jwt';
import { createServer, type RunningServer, tokenResponse } from '@tokenwright/server';

/** What the run may not exceed. */
const BOUND = { errors: 0, heapPerMinute: 512 * 1024, handles: 0 };
const CLIENTS = 16;
/** Heap samples of the first part belong to warming up: code is compiled, caches fill. */
const WARM_UP = 0.25;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '600' } } });
const seconds = Number(values.seconds);
if (!(seconds >= 5)) throw new TypeError('--seconds has to be 5 or more.');
const folder = await mkdtemp(join(tmpdir(), 'tokenwright-soak-'));
const before = handles();
const running = await start();
const samples: { minutes: number; heap: number }[] = [];
const counts = new Map<string, number>();
const loop = monitorEventLoopDelay();
loop.enable();
const end = performance.now() + seconds * 1_000;
const sampling = setInterval(sample, Math.max(250, (seconds * 1_000) / 120));
await Promise.all(Array.from({ length: CLIENTS }, (_, index) => client(index)));
clearInterval(sampling);
await running.close();
await rm(folder, { recursive: true });
await new Promise((resolve) => setTimeout(resolve, 100));
report();

async function start(): Promise<RunningServer> {
  const jwt = new JwtBuilder()
    .issuer('Soak')
    .audience('Soak')
    .signWith({ hex: randomBytes(32).toString('hex') });
  const server = createServer('Soak')
    .logger({ level: 'error' })
    // A client may write just as its idle connection ends, and has to try again (RFC 9112 §9.3.1). These clients don't, so
    // that every error counts: on a busy machine, where this process stands still for seconds, they would meet it.
    .runtime({ keepAliveTimeout: '5m' })
    .listener({ port: 0, tls: { selfSigned: { directory: folder } } })
    .security({ cors: { origins: ['https://app.example'] } })
    .metrics({ listener: { port: 0 } })
    .scheme('Basic', basic({ realm: 'Soak', users: { admin: 'password' } }))
    .scheme('Bearer', bearer(jwt.validator()))
    .enable();
  server.post('/token', { auth: 'Basic' }, async (ctx) => {
    tokenResponse(ctx, await jwt.subject(ctx.state.auth.name).build());
  });
  server.get('/me', { auth: 'Bearer' }, (ctx) => {
    ctx.body = { name: ctx.state.auth.name };
  });
  server.post('/echo', { auth: false }, async (ctx) => {
    let length = 0;
    for await (const chunk of ctx.req) length += chunk.length;
    ctx.body = { length };
  });
  return server.start({ signals: false });
}

/** Every kind of traffic in turn; every fourth client opens a connection for each request. */
async function client(index: number): Promise<void> {
  const agent = index % 4 === 0 ? undefined : new Agent({ keepAlive: true, maxSockets: 1 });
  const password = { authorization: `Basic ${btoa('admin:password')}` };
  while (performance.now() < end) {
    const issued = await ask(agent, 'POST', '/token', 200, password);
    const token = /"access_token":"([^"]+)"/.exec(issued)?.[1] ?? '';
    for (let use = 0; use < 10; use += 1)
      await ask(agent, 'GET', '/me', 200, {
        authorization: `Bearer ${token}`,
        origin: 'https://app.example',
      });
    await ask(agent, 'GET', '/me', 401, { authorization: `Bearer ${token}x` });
    await ask(agent, 'GET', '/me', 401, {});
    await ask(agent, 'POST', '/echo', 200, {}, 'x'.repeat(10_000));
    await ask(agent, 'GET', `/nothing/${Math.random()}`, 404, { accept: 'text/html' });
    await ask(agent, 'GET', '/healthz', 421, { host: 'evil.example' });
    if (index === 0) await scrape();
  }
  agent?.destroy();
}

function ask(
  agent: Agent | undefined,
  method: string,
  path: string,
  expected: number,
  headers: Record<string, string>,
  body?: string,
): Promise<string> {
  return new Promise((resolve) => {
    const options = { method, headers, agent: agent ?? false, rejectUnauthorized: false };
    const sent = httpsRequest(running.url + path, options, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      count(
        response.statusCode === expected
          ? 'requests'
          : `error: ${method} ${expected} -> ${response.statusCode}`,
      );
      resolve(text);
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      count(`error: ${method} ${path} ${error.code}${sent.reusedSocket ? ' on a kept connection' : ''}`);
      resolve('');
    });
    sent.end(body);
  });
}

function scrape(): Promise<void> {
  return new Promise((resolve) => {
    httpRequest(running.metrics?.url ?? '', { agent: false }, (response) => {
      response.resume().once('end', resolve);
    }).end();
  });
}

function count(what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

function sample(): void {
  collectGarbage();
  samples.push({ minutes: performance.now() / 60_000, heap: process.memoryUsage().heapUsed });
}

/** Everything that keeps the process alive, without the standard streams. */
function handles(): number {
  return process.getActiveResourcesInfo().filter((name) => !/^(TTYWrap|PipeWrap|Immediate)$/.test(name))
    .length;
}

function report(): void {
  const errors = [...counts].filter(([what]) => what.startsWith('error')).reduce((sum, [, n]) => sum + n, 0);
  const slope = slopeOf(samples.slice(Math.floor(samples.length * WARM_UP)));
  // The noise of a short run is larger than any leak it could show.
  const allowed = Math.max(BOUND.heapPerMinute, (2 * 1024 * 1024) / (seconds / 60));
  const open = handles() - before;
  console.log(Object.fromEntries(counts));
  console.log(
    `${seconds} s, heap ${(slope / 1024).toFixed(0)} KB/min (bound ${(allowed / 1024).toFixed(0)}), ${open} handles left, ${errors} errors, longest stall ${(loop.max / 1e6).toFixed(0)} ms`,
  );
  const passed = errors <= BOUND.errors && slope <= allowed && open <= BOUND.handles;
  console.log(passed ? 'passed' : 'FAILED');
  process.exitCode = passed ? 0 : 1;
}

/** Least squares: bytes a minute. */
function slopeOf(points: readonly { minutes: number; heap: number }[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(({ minutes }) => minutes)), mean(points.map(({ heap }) => heap))];
  const covariance = points.reduce((sum, point) => sum + (point.minutes - x) * (point.heap - y), 0);
  return covariance / points.reduce((sum, { minutes }) => sum + (minutes - x) ** 2, 0);
}
