/** `node src/cli.ts`: how long a command line takes to show a token, from start to end, beside another one from npm. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { summary } from './statistics.ts';

/** What `tokenwright inspect` may take, in milliseconds; the median of it is held against this. */
const BUDGET = 120;
const ROUNDS = process.argv.includes('--quick') ? 7 : 31;

// The programs themselves, without what starts them: that would be measured, too.
const TOKENWRIGHT = join(
  dirname(fileURLToPath(import.meta.resolve('@tokenwright/cli/package.json'))),
  'dist/bin.js',
);
const JWT_CLI = fileURLToPath(import.meta.resolve('jwt-cli/index.js'));

const token = [
  { alg: 'HS256', typ: 'JWT' },
  { sub: 'ada', iat: 1_700_000_000, exp: 4_102_444_800 },
  'signature',
]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.');

/** Each reads the token from standard input: jwt-cli looks nowhere else when that is no terminal. */
const contenders: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['node, empty program', ['--eval', '']],
  ['tokenwright --version', [TOKENWRIGHT, '--version']],
  ['tokenwright inspect', [TOKENWRIGHT, 'inspect']],
  ['jwt-cli', [JWT_CLI]],
];

const times = new Map(contenders.map(([name]) => [name, [] as number[]]));
// In turn, so that whatever else the machine does meets all of them alike; the first round only warms the caches of files.
for (let round = 0; round <= ROUNDS; round += 1) {
  for (const [name, args] of contenders) {
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', input: token });
    const elapsed = performance.now() - start;
    if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
    if (round > 0) times.get(name)?.push(elapsed);
  }
}

console.log(`Node ${process.versions.node}, medians of ${ROUNDS} starts`);
for (const [name, own] of times)
  console.log(`  ${name.padEnd(24)}${summary(own).median.toFixed(0).padStart(6)} ms`);
const inspect = summary(times.get('tokenwright inspect') ?? []).median;
if (inspect > BUDGET) {
  console.error(`tokenwright inspect took ${inspect.toFixed(0)} ms, and ${BUDGET} are the most.`);
  process.exitCode = 1;
}
