/** Writes what was measured into the READMEs, between two marks, from the results that are kept. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostResult, HostRow } from './host.ts';
import type { LatencyResult } from './latency.ts';
import { type Goal, kept, type Machine } from './results.ts';
import type { StartResult } from './start.ts';
import { spread } from './statistics.ts';

const MARKED = /(<!-- bench: written by `pnpm bench` -->\n)(?:[\s\S]*?\n)?(<!-- \/bench -->)/;

const WORDS: Readonly<Record<string, string>> = {
  koa: 'Koa with @koa/router, the route open to all',
  'koa-auth': 'the same with `authenticate(bearer(validator))`',
  'koa-auth-uncached': 'the same, without the token cache',
  host: '`createServer`: ids, limits, headers, log, metrics, `bearer`',
  'fastify-jwt': 'fastify with @fastify/jwt, its cache on',
  'koa-hmac': 'the bare HMAC and `JSON.parse` instead, with no check',
  'koa-jwt': 'Koa with koa-jwt',
};
const LAYER_WORDS: Readonly<Record<string, string>> = {
  'host-without-log': 'the line in the log',
  'host-without-metrics': 'metrics',
  'host-without-headers': 'security headers',
  'host-without-auth': '`bearer`, with the token cache',
};

const host = kept<HostResult>('host');
write('auth', [
  table(host.http.filter(({ name }) => name !== 'host')),
  goals(host.goals.slice(0, 2)),
  conditions(
    host.machine,
    `medians of ${host.rounds} interleaved rounds of wrk, ${host.connections} connections kept alive`,
  ),
]);

const latency = kept<LatencyResult>('latency');
const start = kept<StartResult>('start');
write('server', [
  'Over HTTP:',
  table(host.http),
  'Over HTTPS:',
  table(host.https),
  'What a request costs the host, and what of it is gone without a layer:',
  layers(host.layers),
  `At ${number(latency.rate)} requests a second, half of what the host can do:`,
  grid(
    ['', 'p50', 'p99'],
    latency.rows.map(({ name, p50, p99 }) => [
      WORDS[name] ?? name,
      `${p50.median.toFixed(2)} ms`,
      `${p99.median.toFixed(2)} ms`,
    ]),
  ),
  `The tutorial answers its first request ${number(start.firstAnswer.median)} ms after its start (an empty program of Node.js takes ${number(start.emptyProgram.median)} ms).`,
  goals([...host.goals.slice(2), ...start.goals]),
  conditions(
    host.machine,
    `medians of ${host.rounds} interleaved rounds of wrk, ${host.connections} connections kept alive, the log in a file`,
  ),
]);

function table(rows: readonly HostRow[]): string {
  return grid(
    ['a request with the same token again', 'requests a second', 'spread', 'of the first'],
    rows.map(({ name, rate, share }) => [
      WORDS[name] ?? name,
      number(rate.median),
      spread(rate),
      `${share.toFixed(0)} %`,
    ]),
  );
}

/** Of one host after the other, so in shares: the machine is faster at one time than at another. */
function layers([all, ...others]: readonly HostRow[]): string {
  const whole = 1e6 / (all?.rate.median ?? Number.NaN);
  return grid(
    ['', 'µs'],
    [
      ['all of it, Node.js and Koa included', whole.toFixed(1)],
      ...others.map(({ name, share }) => [
        LAYER_WORDS[name] ?? name,
        (whole - (whole * 100) / share).toFixed(1),
      ]),
    ],
  );
}

function goals(list: readonly Goal[]): string {
  return list
    .map(
      ({ what, goal, measured, met }) =>
        `- ${what}: ${measured}, ${met ? 'the goal' : 'short of the goal'} of ${goal}`,
    )
    .join('\n');
}

function conditions({ node, cpu, cores, load }: Machine, how: string): string {
  return `Node.js ${node}, ${cores} × ${cpu}, load ${load} before; ${how}. \`pnpm bench\` measures it on yours.`;
}

function grid(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  );
}

function number(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function write(name: string, parts: readonly string[]): void {
  const file = join(import.meta.dirname, '../../packages', name, 'README.md');
  const readme = readFileSync(file, 'utf8');
  if (!MARKED.test(readme)) throw new Error(`${file} has no place for what was measured`);
  writeFileSync(
    file,
    readme.replace(MARKED, (_, open: string, close: string) => `${open}${parts.join('\n\n')}\n${close}`),
  );
}
