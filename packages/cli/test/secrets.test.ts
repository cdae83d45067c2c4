import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, truncate } from 'node:fs/promises';
import { JwtValidator } from '@tokenwright/jwt';
import { describe, expect, it } from 'vitest';
import { BIN, file, folder, tokenwright } from './process.ts';
import { hasTerminal, onTerminal, programOnTerminal } from './terminal.ts';
import { builder, EXPECTED, HEX, token } from './tokens.ts';

const MARKER = 'MarkerOfTheSecret0123456789abcdefghij';

/** A command that has read its key and waits for its token, and what the process list shows of it. */
async function listed(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const child = spawn(process.execPath, [BIN, ...args], { env: { PATH: process.env['PATH'] ?? '', ...env } });
  const ended = once(child, 'close');
  const { stdout } = spawnSync('ps', ['-o', 'args=', '-p', String(child.pid)], { encoding: 'utf8' });
  child.stdin.end(token);
  expect((await ended)[0]).toBe(0);
  return stdout;
}

const hasPs = spawnSync('ps', ['-o', 'args=', '-p', String(process.pid)]).status === 0;

describe('where a secret comes from (H35)', () => {
  const verify = ['verify', ...EXPECTED];

  it('may be the environment: nothing is said, and nothing shown', async () => {
    const env = { KEY: `hex:${HEX}` };
    const { code, stdout, stderr } = await tokenwright([...verify, '--key', 'env:KEY', token], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toContain(HEX);
  });

  it('may be standard input, as the key -: nothing is said, and nothing shown', async () => {
    const stdin = `hex:${HEX}\n`;
    const { code, stdout, stderr } = await tokenwright([...verify, '--key', '-', token], { stdin });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toContain(HEX);
  });

  it('cannot be standard input when the token comes from there', async () => {
    const { code, stdout, stderr } = await tokenwright([...verify, '--key', '-', '-'], { stdin: token });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('cannot both come from standard input');
  });

  it.skipIf(!hasTerminal).each(['-', 'prompt'])(
    'is asked for on a terminal by --key %s, and not shown',
    async (key) => {
      const typed = [['Key (hex:…', `hex:${HEX}\r`]] as const;
      const { code, shown } = await onTerminal([...verify, '--key', key, token], { typed });
      expect(shown).toMatch(/^Key \(hex:…, base64url:… or text:…\): \r\n.*pass/);
      expect(shown).not.toContain(HEX);
      expect(code).toBe(0);
    },
  );

  it.skipIf(!hasTerminal)('is asked for on the terminal while the token comes through a pipe', async () => {
    const typed = [['Key (hex:…', `hex:${HEX}\r`]] as const;
    const line = `"$0" "$1" verify --issuer KestrunApi --audience KestrunClients --key prompt < "$2"`;
    const program = ['sh', '-c', line, process.execPath, BIN, await file(token)];
    const { code, shown } = await programOnTerminal(program, { typed });
    expect(shown).toContain('accepted');
    expect(shown).not.toContain(HEX);
    expect(code).toBe(0);
  });

  it.skipIf(!hasTerminal)('that was typed without its form is refused, and not shown', async () => {
    const typed = [['Key (hex:…', `${MARKER}\r`]] as const;
    const { code, shown } = await onTerminal([...verify, '--key', 'prompt', token], { typed });
    expect(shown).toContain('What was typed holds neither PEM nor a JWK.');
    expect(shown).not.toContain(MARKER);
    expect(code).toBe(2);
  });

  it.skipIf(!hasTerminal)('is left at the prompt with Ctrl-C: exit 130', async () => {
    const typed = [['Key (hex:…', '\u0003']] as const;
    const { code, shown } = await onTerminal([...verify, '--key', 'prompt', token], { typed });
    expect(shown).toMatch(/tokenwright: Interrupted at the prompt\.\r\n$/);
    expect(code).toBe(130);
  });

  it('is refused in one line where nobody can be asked', async () => {
    const args = [...verify, '--key', 'prompt', token];
    const { code, stdout, stderr } = await tokenwright(args, { detached: true });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^tokenwright: There is no terminal to ask for the key at\.\nfix: .*\n$/);
  });

  it.skipIf(!hasPs).each([
    ['a file', async () => listed([...verify, '--key', `hex:@${await file(HEX)}`, '-'])],
    ['the environment', () => listed([...verify, '--key', 'env:KEY', '-'], { KEY: `hex:${HEX}` })],
  ])('is not in the process list when it is %s', async (_, list) => {
    const shown = await list();
    expect(shown).toContain('verify');
    expect(shown).not.toContain(HEX);
  });

  it.skipIf(!hasPs)(
    'is in the process list as a plain argument, which is what the warning says',
    async () => {
      expect(await listed([...verify, '--key', `hex:${HEX}`, '-'])).toContain(HEX);
    },
  );

  it.each([
    ['does not exist', async (): Promise<string> => '/no/such/key', 4, 'does not exist'],
    ['is a directory', folder, 4, 'is a directory'],
    ['is larger than any key', gigabyte, 4, 'larger than 1 MiB'],
    ['is empty', () => file(''), 2, 'has no key in it'],
  ] as const)('is no file that %s', async (_, path, expected, words) => {
    for (const form of ['@', 'hex:@']) {
      const { code, stdout, stderr } = await tokenwright([
        ...verify,
        '--key',
        `${form}${await path()}`,
        token,
      ]);
      expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
      expect(stderr).toMatch(/^tokenwright: The key file [^\n]+\nfix: [^\n]+\n$/);
      expect(stderr).toContain(words);
    }
  });

  it('is named, with its algorithm, by nobody but the caller: neither --key nor --alg is guessed', async () => {
    const none = await tokenwright([...verify, token]);
    expect(none).toMatchObject({ code: 2, stdout: '' });
    // The key's own algorithm counts, and never the token's.
    const other = builder.signWith({ hex: HEX + HEX }, 'HS512').buildSync().token;
    const env = { KEY: `hex:${HEX}${HEX}` };
    expect((await tokenwright([...verify, '--key', 'env:KEY', other], { env })).code).toBe(1);
    expect((await tokenwright([...verify, '--key', 'env:KEY', '--alg', 'HS512', other], { env })).code).toBe(
      0,
    );
  });
});

/** A file of a gigabyte that takes no room. */
async function gigabyte(): Promise<string> {
  const path = await file('x');
  await truncate(path, 1_073_741_824);
  return path;
}

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

  it.each([
    ['hex', HEX],
    ['base64url', Buffer.from(HEX, 'hex').toString('base64url')],
    ['text', MARKER],
  ] as const)('is what the variable of %s:env:NAME holds, and never the name of it', async (form, secret) => {
    // So long that the name and its env: would do as a secret of HS256.
    const name = 'A_VARIABLE_WITH_A_NAME_OF_THIRTY_TWO';
    const args = ['issue', '--key', `${form}:env:${name}`];
    const { code, stdout, stderr } = await tokenwright(args, { env: { [name]: secret } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const key = form === 'text' ? { text: secret } : { hex: HEX };
    const validator = new JwtValidator({ keys: key, issuer: null, audience: null });
    expect((await validator.safeVerify(stdout.trim())).ok).toBe(true);
    for (const [env, words] of [
      [{}, 'is not set'],
      [{ [name]: '' }, 'is empty'],
    ] as const) {
      const none = await tokenwright(args, { env });
      expect(none).toMatchObject({ code: 2, stdout: '' });
      expect(none.stderr).toMatch(/^tokenwright: The environment variable \w+ is [^\n]+\nfix: [^\n]+\n$/);
      expect(none.stderr).toContain(words);
    }
  });

  it.each([
    ['env:JWT_KEY', 'write text:env:JWT_KEY, or base64url:env:JWT_KEY, or hex:env:JWT_KEY'],
    ['-', 'pipe it in with its form before it: hex:…, base64url:…, text:…'],
    ['@FILE', 'write text:@FILE, or base64url:@FILE, or hex:@FILE'],
  ])('without its form is refused from %s, and the fix says what to write', async (key, fix) => {
    const path = await file(MARKER);
    const args = ['issue', '--key', key.replace('FILE', path)];
    const { code, stdout, stderr } = await tokenwright(args, { env: { JWT_KEY: MARKER }, stdin: MARKER });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`fix: Where it is a bare secret, ${fix.replaceAll('FILE', path)}\n`);
    expect(stderr).not.toContain(MARKER);
  });

  it.each([
    'text:env:A_VARIABLE_WITH_A_NAME_OF_THIRTY_TWO',
    'text:@/run/secrets/a-file-with-a-long-name.txt',
  ])('is not the place that a variable, a file or standard input names: %s', async (place) => {
    for (const [key, surroundings] of [
      ['env:KEY', { env: { KEY: place } }],
      [`@${await file(place)}`, {}],
      ['-', { stdin: place }],
    ] as const) {
      const { code, stdout, stderr } = await tokenwright(['issue', '--key', key], surroundings);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('says where a secret is, and does not hold it');
    }
  });

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
