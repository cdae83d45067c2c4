import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BIN, folder } from './process.ts';

/** `README_WRITE=1` puts what the commands print into the README, instead of comparing. */
const WRITES = process.env['README_WRITE'] === '1';
const README = join(import.meta.dirname, '..', 'README.md');
/** The address that stands in the README; the tests use a free port. */
const ADDRESS = '127.0.0.1:5050';

interface Step {
  readonly command: string;
  readonly output: string;
}

const BLOCK = /```console\n([\s\S]*?)```/g;
const text = readFileSync(README, 'utf8');
const blocks = [...text.matchAll(BLOCK)].map(([, block = '']) => stepsOf(block));

function stepsOf(block: string): Step[] {
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((step) => {
      const [command = '', ...output] = step.split('\n');
      return { command, output: output.join('\n') };
    });
}

let home: string;
let env: Record<string, string>;
let address = ADDRESS;
const children: ChildProcess[] = [];

beforeAll(async () => {
  home = await folder();
  const shim = join(home, 'tokenwright');
  await writeFile(shim, `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`);
  await chmod(shim, 0o755);
  env = { PATH: `${home}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` };
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

async function run(command: string): Promise<string> {
  if (command.endsWith(' &')) return start(command.slice(0, -2));
  const line = command.replaceAll(ADDRESS, address);
  const options = { cwd: home, env, encoding: 'utf8' } as const;
  return spawnSync('sh', ['-c', `{ ${line}\n} 2>&1`], options).stdout.replaceAll(address, ADDRESS);
}

/** What runs on: its output up to the line that says how it stops. */
async function start(command: string): Promise<string> {
  const child = spawn('sh', ['-c', `exec ${command} --port 0`], { cwd: home, env });
  children.push(child);
  let output = '';
  child.stdout.setEncoding('utf8');
  while (!output.includes('Ctrl-C')) output += String((await once(child.stdout, 'data'))[0]);
  address = /127\.0\.0\.1:\d+/.exec(output)?.[0] ?? address;
  return output.replaceAll(address, ADDRESS);
}

/** Without what differs from run to run: times, random IDs, keys and their thumbprints. */
function normal(output: string): string {
  return output
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/\b1[789]\d{8}\b/g, 'SECONDS')
    .replace(/(just now|\d+ seconds? ago|in \d+ (seconds|minutes))/g, 'THEN')
    .replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, 'UUID')
    .replace(/"[\w-]{22}"/g, '"ID"')
    .replace(/[\w-]{43}/g, 'THUMBPRINT')
    .replace(/-----BEGIN[\s\S]*?-----END/g, 'PEM')
    .replace(/password \S+/g, 'password SECRET')
    .replace(/\d+ characters/g, 'characters')
    .trimEnd();
}

describe('the README', () => {
  it('shows what the commands print', { timeout: 60_000 }, async () => {
    expect(blocks.length).toBeGreaterThanOrEqual(6);
    const written: string[] = [];
    for (const steps of blocks) {
      let block = '';
      for (const { command, output } of steps) {
        const actual = await run(command);
        block += `$ ${command}\n${actual}`;
        if (!WRITES) expect(`$ ${command}\n${normal(output)}`).toBe(`$ ${command}\n${normal(actual)}`);
      }
      written.push(block);
    }
    if (!WRITES) return;
    writeFileSync(
      README,
      text.replace(BLOCK, () => `\`\`\`console\n${written.shift() ?? ''}\`\`\``),
    );
  });
});
