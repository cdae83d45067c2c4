import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { file, tokenwright } from './process.ts';

const COMMANDS = [
  'inspect',
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

/** Whether a shell is on this machine; its syntax check and completion are tried where it is. */
const has = (shell: string) => spawnSync(shell, ['--version']).status === 0;

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish'])('for %s knows every command and option, and parses', async (shell) => {
    const { code, stdout, stderr } = await tokenwright(['completion', shell]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const word of [...COMMANDS, 'thumbprint', 'trust']) expect(stdout).toContain(word);
    for (const option of ['max-session', 'i-own-this', 'public-out', 'decrypt-key'])
      expect(stdout).toContain(option);
    if (!has(shell)) return;
    const checked = spawnSync(shell, ['-n', await file(stdout)], { encoding: 'utf8' });
    expect({ status: checked.status, stderr: checked.stderr }).toEqual({ status: 0, stderr: '' });
  });

  it.skipIf(!has('bash')).each([
    ['a command', ['tokenwright', 'ins'], ['inspect']],
    ['a command below a command', ['tokenwright', 'key', 'th'], ['thumbprint']],
    ['an option', ['tokenwright', 'issue', '--never'], ['--never-expires']],
    ['an option below a command', ['tokenwright', 'key', 'new', '--pub'], ['--public-out']],
    ['the value of an option', ['tokenwright', 'key', 'new', '--alg', 'Ed'], ['EdDSA']],
    ['a file after @', ['tokenwright', 'inspect', '@/dev/nul'], ['@/dev/null']],
  ])('in bash completes %s', async (_, words, expected) => {
    const { stdout } = await tokenwright(['completion', 'bash']);
    const quoted = words.map((word) => `'${word}'`).join(' ');
    const script = `${stdout}\nCOMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _tokenwright; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const completed = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    expect(completed.stderr).toBe('');
    expect(completed.stdout.trim().split('\n')).toEqual(expected);
  });

  it('answers 2 for a shell that is not known', async () => {
    const { stderr, ...ended } = await tokenwright(['completion', 'csh']);
    expect(ended).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('bash, zsh, fish');
  });
});
