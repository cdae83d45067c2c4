import { chmod } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { file, tokenwright } from './process.ts';
import { EXPECTED, HEX, token } from './tokens.ts';

const MARKER = 'MarkerOfTheSecret0123456789abcdefghij';

describe('a secret (H35)', () => {
  it('in a plain argument is used, with a warning of one line that does not repeat it', async () => {
    const { code, stdout, stderr } = await tokenwright(['verify', '--key', `hex:${HEX}`, ...EXPECTED, token]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^tokenwright: warning: the key stands in the command line[^\n]*\n$/);
    expect(stdout + stderr).not.toContain(HEX);
  });

  it.each([
    ['a bare value', ['verify', '--key', MARKER, ...EXPECTED, token]],
    ['bad hex', ['verify', '--key', `hex:${MARKER}`, ...EXPECTED, token]],
    ['bad base64url', ['verify', '--key', `base64url:${MARKER}=`, ...EXPECTED, token]],
    ['a short text', ['verify', '--key', `text:${MARKER.slice(0, 20)}`, ...EXPECTED, token]],
    ['no variable name', ['verify', '--key', `env:${MARKER}-`, ...EXPECTED, token]],
    ['an unknown option', ['inspect', `--secret=${MARKER}`, token]],
    ['an unknown short option', ['inspect', `-k${MARKER}`, token]],
    ['a command that is none', [MARKER]],
    ['a JWK in the argument', ['issue', '--key', `{"kty":"oct","k":"${MARKER}"}`]],
    ['the wrong algorithm', ['issue', '--key', `text:${MARKER}`, '--alg', 'ES256']],
  ])('is not repeated in the error for %s', async (_, args) => {
    const { code, stdout, stderr } = await tokenwright(args);
    expect(code).toBe(2);
    expect(stdout + stderr).not.toContain(MARKER.slice(0, 12));
    expect(stderr).toMatch(/^(tokenwright: warning: [^\n]+\n)?tokenwright: [^\n]+\nfix: [^\n]+\n$/);
  });

  it('that is missing is never replaced by a default', async () => {
    for (const args of [
      ['issue'],
      ['issue', '--key', ''],
      ['issue', '--key', 'env:TOKENWRIGHT_NO_SUCH_KEY'],
      ['issue', '--key', 'hex:'],
      ['issue', '--key', `hex:@${await file('\n')}`],
      ['verify', ...EXPECTED, token],
    ]) {
      const { code, stdout } = await tokenwright(args);
      expect(code).toBe(2);
      expect(stdout).toBe('');
    }
    const empty = await tokenwright(['issue', '--key', 'env:KEY'], { env: { KEY: '' } });
    expect(empty.code).toBe(2);
    expect(empty.stderr).toContain('there is no default key');
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'is not looked for in env:%s, which every object has',
    async (name) => {
      const { code, stdout, stderr } = await tokenwright(['issue', '--key', `env:${name}`]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^tokenwright: The environment variable \w+ is not set\.\nfix: /);
      const given = await tokenwright(['issue', '--key', `env:${name}`], { env: { [name]: `hex:${HEX}` } });
      expect(given.code).toBe(0);
    },
  );

  it.skipIf(process.platform === 'win32')(
    'in a file that others can read is used with a warning',
    async () => {
      const path = await file(HEX);
      await chmod(path, 0o644);
      const open = await tokenwright(['issue', '--key', `hex:@${path}`]);
      expect(open.code).toBe(0);
      expect(open.stderr).toMatch(/^tokenwright: warning: the key file .* has mode 0644[^\n]*\n$/);
      await chmod(path, 0o600);
      expect((await tokenwright(['issue', '--key', `hex:@${path}`])).stderr).toBe('');
    },
  );
});
