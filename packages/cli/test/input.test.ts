import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BIN, file, folder, tokenwright } from './process.ts';
import { builder, EXPECTED, ec, forged, HEX, token } from './tokens.ts';

describe('a token', () => {
  it.each([
    ['an argument', token],
    ['blanks around it', ` \n${token}\t `],
    ['quotes around it', `"${token}"`],
    ['a Bearer prefix', `Bearer ${token}`],
    ['a whole header', `Authorization: bearer ${token}`],
    ['a quoted header', `'Bearer ${token}' `],
    ['quotes behind the prefix', `Bearer "${token}"`],
  ])('may come with %s', async (_, text) => {
    expect((await tokenwright(['inspect'], { stdin: text })).code).toBe(0);
  });

  it('may come from argument, file and standard input alike', async () => {
    const text = `'Bearer ${token}' `;
    for (const argument of [text, `@${await file(text)}`]) {
      expect((await tokenwright(['inspect', argument])).code).toBe(0);
    }
    expect((await tokenwright(['inspect', '-'], { stdin: text })).code).toBe(0);
  });

  it('may be in UTF-16 or have a byte order mark, as Windows writes files', async () => {
    expect(
      (await tokenwright(['inspect'], { stdin: Buffer.from(`\ufeff${token}\r\n`, 'utf16le') })).code,
    ).toBe(0);
    expect((await tokenwright(['inspect'], { stdin: `\ufeff${token}` })).code).toBe(0);
  });

  it.each([
    ['no bytes', ''],
    ['blanks', ' \n'],
    ['zeros', new Uint8Array(1000)],
    ['bytes that are no text', Uint8Array.from({ length: 256 }, (_, index) => index)],
    ['a token on two lines', token.replace('.', '\n.')],
  ])('that is %s is malformed, in one line', async (_, bytes) => {
    const { code, stderr } = await tokenwright(['inspect'], { stdin: bytes });
    expect(code).toBe(3);
    expect(stderr).toMatch(/^tokenwright: [^\n]+\nfix: [^\n]+\n$/);
  });
});

describe('a token in JSON', () => {
  const response = { token_type: 'Bearer', access_token: token, expires_in: 3600 };

  it.each([
    ['a token response', response],
    ['what issue --json prints', { token, header: {}, claims: {} }],
    ['a token response with a token that is none', { ...response, token: 'garbage' }],
    ['a token beside an access_token that is no text', { access_token: null, token }],
  ])('is taken out of %s', async (_, json) => {
    const text = JSON.stringify(json, undefined, 2);
    for (const [argument, surroundings] of [
      [text, {}],
      [`@${await file(text)}`, {}],
      ['-', { stdin: `${text}\n` }],
    ] as const) {
      const args = ['verify', '--key', 'env:KEY', ...EXPECTED, argument];
      const ended = await tokenwright(args, { env: { KEY: `hex:${HEX}` }, ...surroundings });
      expect(ended).toMatchObject({ code: 0, stderr: '' });
    }
  });

  it('goes from issue through a pipe into verify', async () => {
    const env = { KEY: `hex:${HEX}` };
    const issued = await tokenwright(['issue', '--key', 'env:KEY', ...EXPECTED, '--json'], { env });
    const args = ['verify', '--key', 'env:KEY', ...EXPECTED];
    expect(await tokenwright(args, { env, stdin: issued.stdout })).toMatchObject({ code: 0, stderr: '' });
  });

  it.each([
    ['an error', { error: 'invalid_client', error_description: token }],
    ['a token that is no text', { access_token: { token } }],
    ['a list', [token]],
    ['only what every object inherits', {}],
  ])('that has none but %s is malformed, and says so without showing it', async (_, json) => {
    const { stderr, ...ended } = await tokenwright(['inspect'], { stdin: JSON.stringify(json) });
    expect(ended).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^tokenwright: What was read is JSON without a token[^\n]+\nfix: [^\n]+\n$/);
    expect(stderr).not.toContain(token);
  });

  it('that is broken is malformed as any other text', async () => {
    const { code, stderr } = await tokenwright(['inspect'], { stdin: `{"access_token":"${token}"` });
    expect(code).toBe(3);
    expect(stderr).toMatch(/^tokenwright: The token is malformed/);
  });
});

describe('a key', () => {
  const secret = Buffer.from(HEX, 'hex');
  const text = 'a text that is longer than thirty-two bytes';
  const textToken = builder.signWith({ text }).buildSync().token;
  const ecToken = builder.signWith({ pem: ec.privatePem }).buildSync().token;
  const jwk = { kty: 'oct', k: secret.toString('base64url'), alg: 'HS256' };

  it.each([
    ['hex:@FILE', 'hex:', `${HEX}\n`, token],
    ['base64url:@FILE', 'base64url:', `${secret.toString('base64url')}\r\n`, token],
    ['text:@FILE, less its line end', 'text:', `${text}\n`, textToken],
    ['PEM, private', '', ec.privatePem, ecToken],
    ['PEM, public', '', ec.publicPem, ecToken],
    ['JWK, public', '', JSON.stringify(ec.publicJwk), ecToken],
    ['JWK, secret', '', JSON.stringify(jwk), token],
    ['JWKS of one', '', JSON.stringify({ keys: [ec.publicJwk] }), ecToken],
    ['a secret behind its form', '', `hex:${HEX}\n`, token],
  ])('is read from a file: %s', async (_, form, content, signed) => {
    const key = `${form}@${await file(content)}`;
    const { code, stderr } = await tokenwright(['verify', '--key', key, ...EXPECTED, signed]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it.each([
    ['a secret behind its form', `hex:${HEX}`, token],
    ['a text', `text:${text}`, textToken],
    ['PEM', ec.publicPem, ecToken],
    ['JWK', JSON.stringify(jwk), token],
  ])('is read from the environment and from standard input: %s', async (_, content, signed) => {
    const fromEnvironment = await tokenwright(['verify', '--key', 'env:KEY', ...EXPECTED, signed], {
      env: { KEY: content },
    });
    expect(fromEnvironment).toMatchObject({ code: 0, stderr: '' });
    const fromStdin = await tokenwright(['verify', '--key', '-', ...EXPECTED, signed], { stdin: content });
    expect(fromStdin).toMatchObject({ code: 0, stderr: '' });
  });

  it('from standard input leaves none for the token', async () => {
    for (const args of [['-'], []]) {
      const { code, stderr } = await tokenwright(['verify', '--key', '-', ...EXPECTED, ...args], {
        stdin: token,
      });
      expect(code).toBe(2);
      expect(stderr).toMatch(/cannot both come from standard input/);
    }
  });

  it.each([
    ['two keys', JSON.stringify({ keys: [ec.publicJwk, jwk] }), '2 keys'],
    ['no key', '{"keys":[]}', '0 keys'],
    ['nothing', '\n', 'no key in it'],
    ['a bare secret', HEX, 'neither PEM nor a JWK'],
    ['broken JSON', '{"kty":"oct","k":"marker-of-the-secret"', 'not valid JSON'],
    ['a short secret', 'hex:00ff', 'at least 256 bits'],
    ['a key of another use', JSON.stringify({ ...jwk, use: 'enc' }), 'not for signatures'],
    [
      'an encrypted PEM',
      '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----',
      'encrypted',
    ],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----', 'certificate'],
    ['a PEM given as text', `text:${ec.publicPem}`, 'a PEM block'],
    ['no text', Uint8Array.from([0x30, 0x82, 0xff, 0xfe]), 'not text'],
  ])('file with %s is refused with exit 2, without showing it', async (_, content, words) => {
    const { code, stdout, stderr } = await tokenwright(['issue', '--key', `@${await file(content)}`]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(words);
    expect(stderr).toMatch(/^tokenwright: [^\n]+\nfix: [^\n]+\n$/);
    expect(stderr).not.toMatch(/marker|\{ pem \}|6f1a/);
  });
});

describe('a file whose @ was forgotten', () => {
  const NAME = 'a-file-whose-name-is-long-enough-for-a-secret';

  it.each([
    ['the token of inspect', ['inspect', NAME], '@'],
    ['the token of verify', ['verify', '--key', `hex:${HEX}`, ...EXPECTED, NAME], '@'],
    ['a key that verifies', ['verify', '--key', NAME, ...EXPECTED, token], '@'],
    ['a key that signs', ['issue', '--key', NAME], '@'],
    ['a secret', ['issue', '--key', `text:${NAME}`], 'text:@'],
    ['claims', ['issue', '--key', 'env:KEY', '--from', NAME], '@'],
    ['a key as an argument', ['key', 'public', NAME], '@'],
  ])('is pointed at and not read: %s', async (_, args, before) => {
    const cwd = await folder();
    await writeFile(join(cwd, NAME), token, { mode: 0o600 });
    const surroundings = { cwd, env: { KEY: `hex:${HEX}` } };
    const { code, stdout, stderr } = await tokenwright(args, surroundings);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`\nfix: There is a file ${NAME}: write ${before}${NAME}\n`);
    expect(stderr).not.toContain(token);
  });

  it('is not looked for where a token was given', async () => {
    const cwd = await folder();
    const short = forged('{}');
    await writeFile(join(cwd, short), token);
    expect((await tokenwright(['inspect', short], { cwd })).code).toBe(0);
  });
});

describe('a file', () => {
  it.each([['inspect'], ['verify'], ['issue']])(
    'of %s that cannot be read is one line and exit 4 (H35)',
    async (name) => {
      const missing = join(await folder(), 'missing');
      for (const [path, words] of [
        [missing, 'does not exist'],
        [await folder(), 'is a directory'],
        [join(await file('x'), 'below'), 'does not exist'],
        [await file(new Uint8Array(1_048_577)), 'larger than 1 MiB'],
      ] as const) {
        const args = name === 'inspect' ? [`@${path}`] : ['--key', `hex:@${path}`];
        const { code, stdout, stderr } = await tokenwright([
          ...[name, ...args],
          ...(name === 'verify' ? [...EXPECTED, token] : []),
        ]);
        expect(code).toBe(4);
        expect(stdout).toBe('');
        expect(stderr).toMatch(/^tokenwright: [^\n]+\n(fix: [^\n]+\n)?$/);
        expect(stderr).toContain(words);
      }
    },
  );

  it.skipIf(process.getuid?.() === 0)(
    'without the right to read it is one line and exit 4 (H35)',
    async () => {
      const { code, stderr } = await tokenwright(['inspect', `@${await file('x', 0o000)}`]);
      expect(code).toBe(4);
      expect(stderr).toContain('may not be read');
    },
  );

  it('larger than memory wants is not read to its end (H35)', async () => {
    const { code, stderr } = await tokenwright(['inspect', '@/dev/zero']);
    expect(code).toBe(4);
    expect(stderr).toContain('larger than 1 MiB');
  });

  it('or standard input without an end is not waited for (H35)', async () => {
    const { code, stderr } = await tokenwright(['inspect'], { stdin: 'a'.repeat(20_000_000) });
    expect(code).toBe(4);
    expect(stderr).toContain('Standard input is larger than 1 MiB');
  });

  it('or a pipe that never ends is not waited for either (H35)', () => {
    const args = ['-c', 'yes eyJ | "$0" "$1" inspect', process.execPath, BIN];
    const { status, stdout, stderr } = spawnSync('sh', args, { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 4, stdout: '' });
    expect(stderr).toMatch(/^tokenwright: Standard input is larger than 1 MiB\.\nfix: [^\n]+\n$/);
  });

  it('whose name has control characters is named without them (H36)', async () => {
    const { code, stderr } = await tokenwright(['inspect', '@\u001b[31mno\nsuch']);
    expect(code).toBe(4);
    expect(stderr).toContain('\\u001b[31mno\\u000asuch');
    expect(stderr).not.toContain('\u001b');
  });
});
