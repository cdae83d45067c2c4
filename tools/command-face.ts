/** The face of a program of commands, from the program itself: the help of each command, exit codes, JSON members. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Members that hold what a token, a service or the machine says: their own members are no part of the face. */
const OPAQUE = new Set(['header', 'claims', 'parameters', 'expected', 'actual']);

/** The sections of a report on the built program at `file`. */
export async function commandFace(bin: string, file: string): Promise<string[]> {
  const { EXIT } = (await import(join(dirname(file), 'exit-codes.js'))) as { EXIT: Record<string, number> };
  const codes = Object.entries(EXIT).map(([name, code]) => `- ${code} ${name}`);
  return [
    `## The command \`${bin}\``,
    ...(await helpOf(file, [bin])),
    '## Exit codes',
    codes.join('\n'),
    '## Members of JSON answers',
    ...(await jsonOf(file)),
  ];
}

/** Help of a command and of those below it; examples are no promise. */
async function helpOf(file: string, path: readonly string[]): Promise<string[]> {
  const help = await said(file, [...path.slice(1), '--help']);
  const face = help.replace(/^Examples:\n(?: {2}.*\n)+\n?/m, '').trim();
  const listed = /^Commands:\n((?: {2}.*\n)+)/m.exec(help)?.[1] ?? '';
  const names = [...listed.matchAll(/^ {2}(\w[\w-]*)/gm)].flatMap(([, name = '']) =>
    name === 'help' ? [] : [name],
  );
  const below = await Promise.all(names.map((name) => helpOf(file, [...path, name])));
  return [`### \`${path.join(' ')}\``, `\`\`\`text\n${face}\n\`\`\``, ...below.flat()];
}

/** What each command with `--json` answers, tried on a key, a token and a service of this moment. */
async function jsonOf(file: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tokenwright-face-'));
  const json = async (...args: string[]): Promise<Record<string, unknown>> =>
    JSON.parse(await said(file, args)) as Record<string, unknown>;
  const key = join(folder, 'key.jwk');
  const made = ['--key', `@${key}`, '--issuer', 'i', '--audience', 'a'];
  await said(file, ['key', 'new', '--alg', 'ES256', '--out', key]);
  const service = spawn(process.execPath, [file, 'serve', '--port', '0', '--json', ...made], {
    env: clean(),
  });
  try {
    const issued = await json('issue', ...made, '--subject', 's', '--json');
    const token = String(issued['token']);
    const serving = await firstLine(service);
    const echo = String(serving['echo']);
    const certificates = ['--dir', join(folder, 'certificates'), '--json'];
    const answers: [command: string, answers: Record<string, unknown>[]][] = [
      ['inspect', [await json('inspect', '--json', token), await json('inspect', '--json', 'x')]],
      [
        'verify',
        [
          await json('verify', ...made, '--json', token),
          await json('verify', ...made, '--json', `${token.slice(0, -4)}AAAA`),
        ],
      ],
      ['issue', [issued]],
      ['renew', [await json('renew', ...made, '--json', token)]],
      ['explain', [await json('explain', ...made, '--json', token)]],
      ['explain with a URL', [await json('explain', ...made, '--json', token, echo)]],
      ['key thumbprint', [await json('key', 'thumbprint', '--json', `@${key}`)]],
      ['attack', [await json('attack', echo, '--token', token, '--json')]],
      ['serve', [serving]],
      ['cert new', [await json('cert', 'new', ...certificates)]],
      ['cert show', [await json('cert', 'show', ...certificates)]],
      ['cert trust', [await json('cert', 'trust', ...certificates)]],
    ];
    return answers.map(([command, list]) => `- \`${command}\`: ${membersOf(list).join(', ')}`);
  } finally {
    service.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `a`, `a.b`, and `a[].b` where `a` is a list; of all answers together, sorted. */
export function membersOf(answers: readonly unknown[]): string[] {
  const found = new Set<string>();
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value)) for (const one of value) walk(one, `${path}[]`);
    else if (typeof value === 'object' && value !== null)
      for (const [name, member] of Object.entries(value)) {
        const at = path === '' ? name : `${path}.${name}`;
        found.add(at);
        if (!OPAQUE.has(name)) walk(member, at);
      }
  };
  for (const answer of answers) walk(answer, '');
  return [...found].sort().map((path) => `\`${path}\``);
}

/** What the program prints, whatever its exit code: a refused token is answered in JSON, too. */
async function said(file: string, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [file, ...args], {
    env: clean(),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  let [printed, complained] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complained += chunk.toString();
  });
  await once(child, 'close');
  if (printed === '' && complained !== '') throw new Error(`\`${args[0]}\` says: ${complained.trim()}`);
  return printed;
}

async function firstLine(service: ChildProcess): Promise<Record<string, unknown>> {
  let printed = '';
  while (!printed.includes('\n'))
    printed += String((await once(service.stdout as NodeJS.ReadableStream, 'data'))[0]);
  return JSON.parse(printed.slice(0, printed.indexOf('\n'))) as Record<string, unknown>;
}

/** Nothing of the machine's own settings. */
function clean(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: tmpdir(), NO_COLOR: '1' };
}
