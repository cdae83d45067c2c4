import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { BIN, file, tokenwright } from './process.ts';
import { hasTerminal, onTerminal } from './terminal.ts';
import { expiredBy, HEX, token } from './tokens.ts';

describe('tokenwright', () => {
  it('shows its help, and that of every command with examples', async () => {
    const names = [
      'verify',
      'issue',
      'renew',
      'explain',
      'attack',
      'key',
      'jwks',
      'cert',
      'serve',
      'completion',
    ];
    for (const args of [
      ['--help'],
      ['help', 'inspect'],
      ['inspect', '-h'],
      ...names.map((name) => [name, '--help']),
    ]) {
      const { code, stdout, stderr } = await tokenwright(args);
      expect(code).toBe(0);
      expect(stderr).toBe('');
      expect(stdout).toMatch(/Examples:\n {2}\$ .*tokenwright /);
    }
  });

  it('without a command shows the help on standard error and answers 2', async () => {
    const { code, stdout, stderr } = await tokenwright([]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('Usage: tokenwright');
  });

  it('prints the version of its package', async () => {
    const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
    expect((await tokenwright(['--version'])).stdout).toBe(`${version}\n`);
  });

  it('suggests the nearest command and option', async () => {
    expect(await tokenwright(['inspct'])).toMatchObject({
      code: 2,
      stderr: "tokenwright: unknown command 'inspct'.\nfix: Did you mean inspect?\n",
    });
    expect((await tokenwright(['inspect', '--jsn', token])).stderr).toContain('fix: Did you mean --json?');
  });

  it.each([
    ['decode', 'inspect'],
    ['encode', 'issue'],
    ['sign', 'issue'],
    ['validate', 'verify'],
    ['build', 'issue'],
  ])('knows what others call %s as %s', async (other, own) => {
    expect(await tokenwright([other, token])).toEqual({
      code: 2,
      stdout: '',
      stderr: `tokenwright: unknown command '${other}'.\nfix: That is tokenwright ${own}.\n`,
    });
  });

  it.each([
    [['key', 'new'], '--alg'],
    [['issue'], '--key'],
    [['renew'], '--key'],
    [['renew', '--key', 'env:KEY', '--issuer', 'i'], '--audience'],
  ])('without an option that %j needs shows an example that has it: %s', async (args, option) => {
    const { stderr, ...ended } = await tokenwright(args);
    expect(ended).toEqual({ code: 2, stdout: '' });
    const [, example = ''] =
      /^tokenwright: required option '.*' not specified\.\nfix: For example: (.*)\n$/.exec(stderr) ?? [];
    expect(example).toContain(`${option} `);
    expect(example).toMatch(new RegExp(`^tokenwright ${args[0]} `));
  });

  it('names the Node.js it needs when it runs on an older one', async () => {
    const pretend = `data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'18.20.4'}})`;
    const { code, stdout, stderr } = await tokenwright(['--version'], { node: ['--import', pretend] });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toBe('tokenwright: Node.js 20.19 or later is needed, and this is 18.20.4.\n');
  });

  it('has no colours in a pipe, whatever FORCE_COLOR says', async () => {
    const { stdout } = await tokenwright(['inspect', token], { env: { FORCE_COLOR: '1' } });
    expect(stdout).not.toContain('\u001b');
  });
});

describe('a reader that goes away (H36)', () => {
  it.each([
    [0, ['inspect', '--json', '-']],
    [3, ['inspect', 'garbage']],
  ])('ends the command quietly, with its own exit code %i', async (expected, args) => {
    const child = spawn(process.execPath, [BIN, ...args]);
    child.stdin.on('error', () => undefined);
    // The output is ready only after the input has ended, and by then nobody reads.
    child.stdout.on('close', () => child.stdin.end(token)).destroy();
    let stderr = '';
    child.stderr.on('data', (text) => (stderr += text));
    const ended = new Promise((resolve) => child.on('close', resolve));
    expect(await ended).toBe(expected);
    expect(stderr).not.toMatch(/EPIPE|at .*:\d+/);
  });

  it('never turns a refusal into a success', async () => {
    const key = await file(HEX);
    const line = `exec 3>&1; { "$0" "$1" verify --key hex:@${key} --any-issuer --any-audience "$2" 2>&1 >&- 3>&-; echo "$?" >&3; } | true`;
    const { stdout } = spawnSync('sh', ['-c', line, process.execPath, BIN, expiredBy(180)], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('1\n');
  });
});

describe.skipIf(!existsSync('/dev/full'))('a full disk', () => {
  it('is told in one line, with exit 4', () => {
    const line = '"$0" "$1" inspect "$2" > /dev/full';
    const { status, stderr } = spawnSync('sh', ['-c', line, process.execPath, BIN, token], {
      encoding: 'utf8',
    });
    expect(status).toBe(4);
    expect(stderr).toBe('tokenwright: Standard output cannot be written (ENOSPC).\n');
  });
});

describe.skipIf(!hasTerminal)('on a terminal', () => {
  const shown = async (env: Record<string, string>) => (await onTerminal(['inspect', token], { env })).shown;

  it('there are colours, and none with NO_COLOR', async () => {
    expect(await shown({})).toContain('\u001b[');
    expect(await shown({ NO_COLOR: '1' })).not.toContain('\u001b[');
    expect(await shown({ NO_COLOR: '1', FORCE_COLOR: '1' })).not.toContain('\u001b[');
  });

  it.each([
    [['inspect', token]],
    [['explain', '--key', 'env:KEY', '--issuer', 'KestrunApi', '--audience', 'Other', token]],
    [['verify', '--key', 'env:KEY', '--any-issuer', '--any-audience', token]],
  ])('there are the same lines as in a pipe, but for the colours: %j', async (args) => {
    const env = { KEY: `hex:${HEX}`, COLUMNS: '80' };
    const { shown } = await onTerminal(args, { env });
    const { stdout, stderr } = await tokenwright(args, { env });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of them.
    const plain = shown.replace(/\u001b\[\d*m/g, '').replaceAll('\r\n', '\n');
    const timeless = (text: string) => text.replace(/\d+ seconds?|just now/g, 'THEN');
    expect(timeless(plain)).toBe(timeless(stdout + stderr));
  });
});
