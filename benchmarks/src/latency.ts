/**
 * How long a request takes when the server is half busy: the host beside fastify with @fastify/jwt and plain Koa, all at half
 * of what the host can do on this machine. Requests come at a steady rate, and what waits for a free connection waits on the
 * clock.
 */
import { Contest, type Contestant } from './contestants.ts';
import { keep, type Machine, machine } from './results.ts';
import { at, type Summary, summary } from './statistics.ts';

export interface LatencyResult {
  readonly machine: Machine;
  /** Requests a second. */
  readonly rate: number;
  /** In milliseconds. */
  readonly rows: readonly { readonly name: string; readonly p50: Summary; readonly p99: Summary }[];
}

const isQuick = process.argv.includes('--quick');
const ROUNDS = isQuick ? 3 : 7;
/** In milliseconds. */
const DURATION = isQuick ? 500 : 2_000;
/** In seconds. */
const WARM_UP = 2;

const on = machine();
await using contest = new Contest();
const contestants = await contest.start(['host', 'fastify-jwt', 'koa'], 'http');
const [host] = contestants as [Contestant, ...Contestant[]];
for (const contestant of contestants) await contest.rate(contestant, WARM_UP);
const rate = Math.round((await contest.rate(host, WARM_UP)) / 2);
const rounds = new Map(contestants.map(({ name }) => [name, { p50: [] as number[], p99: [] as number[] }]));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const contestant of round % 2 === 0 ? contestants : contestants.toReversed()) {
    const { latencies } = await contest.steadily(contestant, rate, DURATION);
    rounds.get(contestant.name)?.p50.push(at(latencies, 0.5));
    rounds.get(contestant.name)?.p99.push(at(latencies, 0.99));
  }
}
const rows = [...rounds].map(([name, { p50, p99 }]) => ({ name, p50: summary(p50), p99: summary(p99) }));
console.log(`\nLatency at ${rate} requests a second, half of what the host can do, HTTP`);
for (const { name, p50, p99 } of rows) {
  const [low, high] = p99.quartiles;
  console.log(
    `  ${name.padEnd(24)}p50 ${p50.median.toFixed(2)} ms, p99 ${p99.median.toFixed(2)} ms (${low.toFixed(2)} to ${high.toFixed(2)})`,
  );
}
if (!isQuick) keep('latency', { machine: on, rate, rows } satisfies LatencyResult);
