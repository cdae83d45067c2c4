/** The face of a program of commands, from what is built: the help of each command, exit codes, members of JSON answers. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

interface Schema {
  readonly $defs: Readonly<Record<string, { readonly properties?: object }>>;
}

/** The sections of a report on the program `bin`, whose file lies in the built part of the package in `folder`. */
export async function commandFace(bin: string, folder: string, file: string): Promise<string[]> {
  const program = join(folder, file);
  const { EXIT } = (await import(join(dirname(program), 'exit-codes.js'))) as {
    EXIT: Record<string, number>;
  };
  const codes = Object.entries(EXIT).map(([name, code]) => `- ${code} ${name}`);
  return [
    `## The command \`${bin}\``,
    ...(await helpOf(program, [bin])),
    '## Exit codes',
    codes.join('\n'),
    ...jsonMembers(join(folder, 'schema', 'output.json')),
  ];
}

/** Help of a command and of those below it; examples are no promise. */
async function helpOf(program: string, path: readonly string[]): Promise<string[]> {
  const help = await said(program, [...path.slice(1), '--help']);
  const face = help.replace(/^Examples:\n(?: {2}.*\n)+\n?/m, '').trim();
  const listed = /^Commands:\n((?: {2}.*\n)+)/m.exec(help)?.[1] ?? '';
  const names = [...listed.matchAll(/^ {2}(\w[\w-]*)/gm)].map(([, name = '']) => name);
  const below = names.filter((name) => name !== 'help').map((name) => helpOf(program, [...path, name]));
  return [`### \`${path.join(' ')}\``, `\`\`\`text\n${face}\n\`\`\``, ...(await Promise.all(below)).flat()];
}

/** The schema that the package ships has the rest, and its tests hold what is printed against it. */
function jsonMembers(schema: string): string[] {
  if (!existsSync(schema)) return [];
  const { $defs } = JSON.parse(readFileSync(schema, 'utf8')) as Schema;
  const lines = Object.entries($defs).flatMap(([name, { properties }]) => {
    const members = Object.keys(properties ?? {}).map((member) => `\`${member}\``);
    return members.length === 0 ? [] : [`- \`${name}\`: ${members.join(', ')}`];
  });
  return ['## Members of JSON answers, as in `schema/output.json`', lines.join('\n')];
}

/** What the program prints, with nothing of the machine's own settings. */
async function said(program: string, args: readonly string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: tmpdir(), NO_COLOR: '1' };
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`\`${args.join(' ')}\` of ${program} ended with ${code}`);
  return printed;
}
