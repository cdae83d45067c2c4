/** How long the tutorial takes from its start to its first answer over HTTPS, once there is a certificate. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Goal, keep, type Machine, machine, printGoals } from './results.ts';
import { type Summary, summary } from './statistics.ts';

export interface StartResult {
  readonly machine: Machine;
  readonly rounds: number;
  /** In milliseconds. */
  readonly firstAnswer: Summary;
  readonly emptyProgram: Summary;
  readonly goals: readonly Goal[];
}

const BUDGET = 1_000;
const ROUNDS = process.argv.includes('--quick') ? 3 : 11;
const TUTORIAL = join(import.meta.dirname, '../../apps/jwt-tutorial/dist/main.js');

const folder = mkdtempSync(join(tmpdir(), 'tokenwright-bench-'));
const on = machine();
const answers: number[] = [];
const empty: number[] = [];
// The first start makes the certificate and warms the caches of files.
for (let round = 0; round <= ROUNDS; round += 1) {
  const [answer, program] = [await firstAnswer(await freePort()), await emptyProgram()];
  if (round > 0) {
    answers.push(answer);
    empty.push(program);
  }
}
rmSync(folder, { recursive: true, force: true });

const took = summary(answers);
const goals = [
  {
    what: 'the tutorial, from its start to its first answer',
    goal: 'under 1,000 ms',
    measured: `${took.median.toFixed(0)} ms`,
    met: took.median < BUDGET,
  },
];
console.log(
  `\nCold start, medians of ${ROUNDS}: ${took.median.toFixed(0)} ms; an empty program ${summary(empty).median.toFixed(0)} ms`,
);
printGoals(goals);
if (!process.argv.includes('--quick'))
  keep('start', {
    machine: on,
    rounds: ROUNDS,
    firstAnswer: took,
    emptyProgram: summary(empty),
    goals,
  } satisfies StartResult);

async function firstAnswer(port: number): Promise<number> {
  const start = performance.now();
  const tutorial = spawn(process.execPath, [TUTORIAL], {
    env: { ...process.env, PORT: String(port), TOKENWRIGHT_CERTIFICATES: folder },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  while (!(await isUp(port))) await delay(2);
  const elapsed = performance.now() - start;
  const ended = once(tutorial, 'exit');
  tutorial.kill();
  await ended;
  return elapsed;
}

function isUp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    // What is measured is the time; whose certificate it is, the tests know.
    const options = { port, host: '127.0.0.1', path: '/healthz', agent: false, rejectUnauthorized: false };
    const asked = request(options, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on('error', () => resolve(false));
    asked.end();
  });
}

async function emptyProgram(): Promise<number> {
  const start = performance.now();
  await once(spawn(process.execPath, ['--eval', '']), 'exit');
  return performance.now() - start;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
