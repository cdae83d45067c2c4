/**
 * A protected route of the full host, and of plain Koa with our authentication, beside plain Koa with @koa/router and the
 * peers: requests a second, HTTP and HTTPS, kept alive, in interleaved rounds. `--quick` for a short look.
 */
import { barChart } from './bars.ts';
import { CONNECTIONS, Contest, type Contestant, type Transport } from './contestants.ts';
import { type Goal, keep, keepChart, type Machine, machine, printGoals } from './results.ts';
import { type Summary, spread, summary } from './statistics.ts';

/** One server's rounds. */
export interface HostRow {
  readonly name: string;
  /** Requests a second. */
  readonly rate: Summary;
  /** Of the first row's rate, in percent: the median over the rounds. */
  readonly share: number;
}

export interface HostResult {
  readonly machine: Machine;
  readonly connections: number;
  readonly rounds: number;
  readonly http: readonly HostRow[];
  readonly https: readonly HostRow[];
  readonly layers: readonly HostRow[];
  readonly goals: readonly Goal[];
}

/** The first is the floor. */
const PROTECTED = {
  http: ['koa', 'koa-auth', 'koa-auth-uncached', 'koa-hmac', 'host', 'fastify-jwt', 'koa-jwt'],
  https: ['koa', 'koa-auth', 'host'],
} as const;
const LAYERS = [
  'host',
  'host-without-log',
  'host-without-metrics',
  'host-without-headers',
  'host-without-auth',
];
const isQuick = process.argv.includes('--quick');
// Short and many: what else the machine does comes and goes, and should meet all of them alike. In seconds.
const ROUNDS = isQuick ? 2 : 7;
const ROUND = 1;
const WARM_UP = isQuick ? 1 : 3;

/** Each beside the first, two servers at a time: a third that is only there makes the others slower on two cores. */
async function compare(names: readonly string[], transport: Transport, title: string): Promise<HostRow[]> {
  const [first = '', ...others] = names;
  const firsts: number[] = [];
  const rows: HostRow[] = [];
  for (const other of others) {
    const [floor, own] = await sideBySide(first, other, transport);
    firsts.push(...floor);
    rows.push(rowOf(other, own, floor));
  }
  rows.unshift(rowOf(first, firsts, firsts));
  print(title, rows);
  return rows;
}

async function sideBySide(first: string, other: string, transport: Transport): Promise<[number[], number[]]> {
  await using contest = new Contest();
  const contestants = await contest.start([first, other], transport);
  const rates = new Map<Contestant, number[]>(contestants.map((one) => [one, []]));
  for (const contestant of contestants) await contest.rate(contestant, WARM_UP);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const contestant of round % 2 === 0 ? contestants : contestants.toReversed())
      rates.get(contestant)?.push(await contest.rate(contestant, ROUND));
  }
  return [...rates.values()] as [number[], number[]];
}

function rowOf(name: string, own: readonly number[], floor: readonly number[]): HostRow {
  const share = summary(own.map((rate, round) => (rate / (floor[round] ?? 1)) * 100)).median;
  return { name, rate: summary(own), share };
}

function print(title: string, rows: readonly HostRow[]): void {
  console.log(`\n${title}`);
  console.log(`  ${''.padEnd(24)}${'req/s'.padStart(10)}${'share'.padStart(16)}`);
  for (const { name, rate, share } of rows) {
    const columns = [
      rate.median.toFixed(0).padStart(10),
      spread(rate).padStart(8),
      `${share.toFixed(0)} %`.padStart(8),
    ];
    console.log(`  ${name.padEnd(24)}${columns.join('')}`);
  }
}

function goal(what: string, rows: readonly HostRow[], name: string, least: number): Goal {
  const share = rows.find((row) => row.name === name)?.share ?? 0;
  return { what, goal: `${least} %`, measured: `${share.toFixed(0)} %`, met: Math.round(share) >= least };
}

const on = machine();
const http = await compare(PROTECTED.http, 'http', `HTTP, ${CONNECTIONS} connections kept alive`);
const https = await compare(PROTECTED.https, 'https', `HTTPS, ${CONNECTIONS} connections kept alive`);
const layers = await compare(LAYERS, 'http', 'What the layers of the host cost, HTTP');
const goals = [
  goal('bearer with the token cache, of the open route', http, 'koa-auth', 93),
  goal('bearer without it, of the open route', http, 'koa-auth-uncached', 80),
  goal('the full host, of plain Koa, HTTP', http, 'host', 75),
  goal('the full host, of plain Koa, HTTPS', https, 'host', 75),
];
console.log('\nGoals');
printGoals(goals);
if (!isQuick) {
  keep('host', {
    machine: on,
    connections: CONNECTIONS,
    rounds: ROUNDS,
    http,
    https,
    layers,
    goals,
  } satisfies HostResult);
  keepChart(
    'host',
    barChart('Requests a second', [
      { title: 'HTTP', bars: http.map(({ name, rate }) => ({ name, value: rate.median })) },
      { title: 'HTTPS', bars: https.map(({ name, rate }) => ({ name, value: rate.median })) },
    ]),
  );
}
