import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SIGNATURE_ALGORITHMS } from '@tokenwright/jwt';
import { describe, expect, it } from 'vitest';
import { file, folder, tokenwright } from './process.ts';
import {
  completedByBash,
  completedByZsh,
  has,
  hasBash,
  hasZsh,
  offeredByFish,
  shownByBash,
} from './shells.ts';

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

/** What is typed before TAB, what bash and zsh make of it, and what fish offers for its last word. */
const TYPED = [
  ['a command', 'ins', 'inspect ', 'inspect'],
  ['a command below a command', 'key th', 'key thumbprint ', 'thumbprint'],
  ['an option', 'issue --never', 'issue --never-expires ', '--never-expires'],
  ['the value of an option', 'key new --alg Ed', 'key new --alg EdDSA ', 'EdDSA'],
  ['a value behind =', 'key new --alg=ML-DSA-8', 'key new --alg=ML-DSA-87 ', '--alg=ML-DSA-87'],
  ['a shell', 'completion f', 'completion fish ', 'fish'],
  ['a file after @', 'inspect @tok', 'inspect @token.txt ', '@token.txt'],
  ['a file with a blank', 'inspect @my', 'inspect @my\\ token.txt ', '@my token.txt'],
  ['a file whose blank was typed', 'inspect @my\\ t', 'inspect @my\\ token.txt ', '@my token.txt'],
  ['a folder after @', 'inspect @su', 'inspect @sub/', '@sub/'],
  ['a key in a file', 'issue --key @ke', 'issue --key @key.jwk ', '@key.jwk'],
  ['a secret in a file', 'issue --key hex:@ke', 'issue --key hex:@key.jwk ', 'hex:@key.jwk'],
  ['a key behind =', 'issue --key=hex:@ke', 'issue --key=hex:@key.jwk ', '--key=hex:@key.jwk'],
  ['a key as an argument', 'jwks @key.jwk @ke', 'jwks @key.jwk @key.jwk ', '@key.jwk'],
  ['a form of a key', 'verify --key text:e', 'verify --key text:env:', 'text:env:'],
  [
    'a variable with a key',
    'issue --key env:TOKENWRIGHT_TEST_K',
    'issue --key env:TOKENWRIGHT_TEST_KEY ',
    'env:TOKENWRIGHT_TEST_KEY',
  ],
  [
    'a variable with a secret',
    'issue --key hex:env:TOKENWRIGHT_TEST_K',
    'issue --key hex:env:TOKENWRIGHT_TEST_KEY ',
    'hex:env:TOKENWRIGHT_TEST_KEY',
  ],
  ['a file to write', 'key new --out su', 'key new --out sub/', 'sub/'],
  ['a folder', 'cert new --dir s', 'cert new --dir sub/', 'sub/'],
  ['nothing where nobody can guess', 'issue --subject tok', 'issue --subject tok', undefined],
] as const;

const lines = TYPED.map(([, typed]) => `tokenwright ${typed}`);

/** A folder to complete in, and the script for a shell. */
async function prepared(shell: string): Promise<{ script: string; home: string }> {
  const home = await folder();
  for (const name of ['token.txt', 'my token.txt', 'key.jwk']) await writeFile(join(home, name), 'x');
  await mkdir(join(home, 'sub'));
  return { home, script: await file((await tokenwright(['completion', shell])).stdout) };
}

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

  it.skipIf(!hasBash)('in bash completes what is typed, where TAB is pressed', async () => {
    const { script, home } = await prepared('bash');
    const completed = await completedByBash(script, home, lines);
    expect(completed).toEqual(TYPED.map(([, , line]) => `tokenwright ${line}`));
  });

  it.skipIf(!hasZsh)('in zsh completes what is typed, where TAB is pressed', async () => {
    const { script, home } = await prepared('zsh');
    const completed = await completedByZsh(script, home, lines);
    expect(completed).toEqual(TYPED.map(([, , line]) => `tokenwright ${line}`));
  });

  it.skipIf(!has('fish'))('in fish offers what can stand there', async () => {
    const { script, home } = await prepared('fish');
    for (const [index, [, , , offered]] of TYPED.entries()) {
      const expected = offered === undefined ? [] : [offered];
      expect(offeredByFish(script, home, lines[index] ?? '')).toEqual(expected);
    }
  });

  it.skipIf(!hasBash)('in bash offers every form of a key, and the shells there are', async () => {
    const { script, home } = await prepared('bash');
    const shown = await shownByBash(script, home, [
      'tokenwright issue --key \t',
      'tokenwright completion \t',
    ]);
    for (const form of [
      '@',
      'env:',
      'hex:@',
      'hex:env:',
      'base64url:@',
      'base64url:env:',
      'text:@',
      'text:env:',
      'prompt',
      '-',
      'bash',
      'zsh',
      'fish',
    ]) {
      expect(shown.split(/\s+/)).toContain(form);
    }
  });

  it('knows every algorithm of @tokenwright/jwt', async () => {
    const { stdout } = await tokenwright(['completion', 'bash']);
    expect(stdout).toContain(`--alg) _tokenwright_words '${SIGNATURE_ALGORITHMS.join(' ')}'`);
  });

  it('answers 2 for a shell that is not known', async () => {
    const { stderr, ...ended } = await tokenwright(['completion', 'csh']);
    expect(ended).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('bash, zsh, fish');
  });
});
