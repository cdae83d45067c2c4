/** `pnpm bench`: signing and verifying tokens, beside the peers. `--quick` for a short look. */
import { rememberers, signers, tokens, verifiers } from './contenders.ts';
import { type BenchAlgorithm, keysFor } from './keys.ts';
import { type CaseResult, keepCases, printCase } from './report.ts';
import { type Contender, type Effort, measure } from './rounds.ts';

const quick = process.argv.includes('--quick');
const only = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
const effort: Effort = quick ? { rounds: 9, roundTime: 15 } : { rounds: 61, roundTime: 20 };
const ALGORITHMS: readonly BenchAlgorithm[] = ['HS256', 'RS256', 'ES256', 'EdDSA'];
const DISTINCT = 512;

const results: CaseResult[] = [];

async function run(title: string, contenders: readonly Contender[]): Promise<void> {
  const result = { title, measurements: await measure(contenders, effort) };
  printCase(result);
  results.push(result);
}

for (const algorithm of ALGORITHMS.filter((name) => only === undefined || name === only)) {
  const keys = keysFor(algorithm);
  const distinct = tokens(keys, DISTINCT);
  const [first = ''] = distinct;
  const bytes = Buffer.from(first, 'latin1');
  await run(`${algorithm}: sign`, signers(keys));
  await run(
    `${algorithm}: verify, ${DISTINCT} distinct tokens`,
    await verifiers(keys, (index) => distinct[index & (DISTINCT - 1)] ?? first),
  );
  if (algorithm !== 'HS256') continue;
  await run(
    `${algorithm}: verify, the same token again, as a new string (multiples of tokenwright)`,
    rememberers(keys, () => bytes.toString('latin1')),
  );
  await run(
    `${algorithm}: verify, the same token again, as the same string (multiples of tokenwright)`,
    rememberers(keys, () => first),
  );
}

if (only === undefined && !quick) keepCases(results);
