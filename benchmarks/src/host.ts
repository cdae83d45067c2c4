/**
 * A protected route of the full host, and of plain Koa with our authentication, beside plain Koa with @koa/router and the
 * peers: HTTP and HTTPS, kept alive, in interleaved rounds. What the goals are held against is requests for a second of the
 * server's processor time: the rate on the clock, shown beside it, is that of the whole machine. `--quick` for a short look.
 */
import { barChart } from './bars.ts';
import { CONNECTIONS, Contest, type Contestant, type Rates, type Transport } from './contestants.ts';
import { type Goal, keep, keepChart, type Machine, machine, printGoals } from './results.ts';
import { type Summary, spread, summary } from './statistics.ts';

/** One server's rounds. */
export interface HostRow {
  readonly name: string;
  readonly processor: Summary;
  readonly wall: Summary;
  /** Processor time for a request, in microseconds. */
  readonly microseconds: number;
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
  http: ['koa', 'koa-auth', 'koa-auth-uncached', 'host', 'fastify-jwt', 'koa-jwt'],
  https: ['koa', 'koa-auth', 'host'],
} as const;
const LAYERS = [
  'host',
  'host-without-log',
  'host-without-metrics',
  'host-without-headers',
  'host-without-auth',
];
/** In milliseconds. */
const WARM_UP = 1_500;
const isQuick = process.argv.includes('--quick');
// Short and many: what else the machine does comes and goes, and should meet all of them alike.
const ROUNDS = isQuick ? 2 : 3;
const DURATION = isQuick ? 400 : 1_000;

/** Each beside the first, two servers at a time: a third that is only there makes the others slower on two cores. */
async function compare(names: readonly string[], transport: Transport, title: string): Promise<HostRow[]> {
  const [first = '', ...others] = names;
  const firsts: Rates[] = [];
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

async function sideBySide(first: string, other: string, transport: Transport): Promise<[Rates[], Rates[]]> {
  await using contest = new Contest();
  const contestants = await contest.start([first, other], transport);
  const rates = new Map<Contestant, Rates[]>(contestants.map((one) => [one, []]));
  for (const contestant of contestants) await contest.fire(contestant, WARM_UP);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const contestant of round % 2 === 0 ? contestants : contestants.toReversed())
      rates.get(contestant)?.push(await contest.rates(contestant, DURATION));
  }
  return [...rates.values()] as [Rates[], Rates[]];
}

function rowOf(name: string, own: readonly Rates[], floor: readonly Rates[]): HostRow {
  const processor = summary(own.map((rate) => rate.processor));
  return {
    name,
    processor,
    wall: summary(own.map((rate) => rate.wall)),
    microseconds: 1e6 / processor.median,
    share: summary(own.map((rate, round) => (rate.processor / (floor[round]?.processor ?? 1)) * 100)).median,
  };
}

function print(title: string, rows: readonly HostRow[]): void {
  console.log(`\n${title}`);
  console.log(
    `  ${''.padEnd(24)}${'req/CPU-s'.padStart(10)}${'µs'.padStart(16)}${'share'.padStart(8)}${'req/s'.padStart(10)}`,
  );
  for (const { name, processor, wall, microseconds, share } of rows) {
    const columns = [
      name.padEnd(24),
      processor.median.toFixed(0).padStart(10),
      spread(processor).padStart(8),
      microseconds.toFixed(1).padStart(8),
      `${share.toFixed(0)} %`.padStart(8),
      wall.median.toFixed(0).padStart(10),
    ];
    console.log(`  ${columns.join('')}`);
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
    barChart('Requests for a second of processor time', [
      { title: 'HTTP', bars: http.map(({ name, processor }) => ({ name, value: processor.median })) },
      { title: 'HTTPS', bars: https.map(({ name, processor }) => ({ name, value: processor.median })) },
    ]),
  );
}
