import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calculateJwkThumbprint, calculateJwkThumbprintUri } from 'jose';
import { describe, expect, it } from 'vitest';
import { file, folder, tokenwright } from './process.ts';
import { hasTerminal, onTerminal } from './terminal.ts';
import { ec, HEX } from './tokens.ts';

const CLEAN = { code: 0, stderr: '' };

describe('key new', () => {
  it.each([
    ['ES256', ['kty', 'EC']],
    ['EdDSA', ['crv', 'Ed25519']],
    ['RS256', ['kty', 'RSA']],
    ['HS384', ['kty', 'oct']],
  ])('makes a private JWK for %s on standard output', async (alg, [member = '', value]) => {
    const { stdout, ...ended } = await tokenwright(['key', 'new', '--alg', alg]);
    expect(ended).toEqual(CLEAN);
    const jwk = JSON.parse(stdout);
    expect(jwk).toMatchObject({ alg, use: 'sig' });
    expect(jwk[member]).toBe(value);
    expect(jwk.kty === 'oct' ? jwk.k : jwk.d).toMatch(/^[\w-]{43,}$/);
    expect(jwk.kid).toBe(jwk.kty === 'oct' ? undefined : await calculateJwkThumbprint(jwk));
  });

  it('writes a file of mode 0600, beside it the public half, and never over one that is there (H35)', async () => {
    const home = await folder();
    const [out, publicOut] = [join(home, 'k.jwk'), join(home, 'public.jwk')];
    const args = ['key', 'new', '--alg', 'ES256', '--out', out, '--public-out', publicOut];
    expect(await tokenwright(args)).toEqual({ ...CLEAN, stdout: `wrote ${out}\nwrote ${publicOut}\n` });
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    const { d, ...rest } = JSON.parse(await readFile(out, 'utf8'));
    expect(d).toMatch(/^[\w-]{43}$/);
    expect(JSON.parse(await readFile(publicOut, 'utf8'))).toEqual(rest);
    const again = await tokenwright(args);
    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(again.stderr).toMatch(/^tokenwright: The file .* is there already\.\nfix: .*--force\.\n$/);
    expect(JSON.parse(await readFile(out, 'utf8')).d).toBe(d);
    expect(await tokenwright([...args, '--force'])).toMatchObject(CLEAN);
    expect(JSON.parse(await readFile(out, 'utf8')).d).not.toBe(d);
    expect((await readdir(home)).sort()).toEqual(['k.jwk', 'public.jwk']);
  });

  it.each([
    ['one file, spelled twice', ['k.jwk', './k.jwk'], 2, '--out and --public-out name one file.'],
    ['one file through a link', ['k.jwk', 'link/k.jwk'], 2, '--out and --public-out name one file.'],
    ['a public half that is there already', ['k.jwk', 'there.jwk'], 2, 'is there already'],
    ['a private half that is there already', ['there.jwk', 'k.jwk'], 2, 'is there already'],
    ['a public half in no folder', ['k.jwk', 'none/k.jwk'], 4, 'does not exist'],
    ['a private half in no folder', ['none/k.jwk', 'k.jwk'], 4, 'does not exist'],
  ])('writes neither half where they would go to %s', async (_, [out = '', publicOut = ''], code, words) => {
    const home = await folder();
    await writeFile(join(home, 'there.jwk'), 'kept');
    await symlink('.', join(home, 'link'));
    const args = ['key', 'new', '--alg', 'ES256', '--out', `${home}/${out}`];
    const { stderr, ...ended } = await tokenwright([...args, '--public-out', `${home}/${publicOut}`]);
    expect(ended).toEqual({ code, stdout: '' });
    expect(stderr).toContain(words);
    expect((await readdir(home)).sort()).toEqual(['link', 'there.jwk']);
    expect(await readFile(join(home, 'there.jwk'), 'utf8')).toBe('kept');
  });

  it('is not written over itself by --force either', async () => {
    const path = await file('kept');
    const args = ['key', 'new', '--alg', 'ES256', '--force', '--out', path, '--public-out', path];
    expect((await tokenwright(args)).code).toBe(2);
    expect(await readFile(path, 'utf8')).toBe('kept');
  });

  it.skipIf(!hasTerminal)('says on a terminal that a large key takes its time', async () => {
    // So long that no machine makes it within the second that nothing is said for.
    const { code, shown } = await onTerminal(['key', 'new', '--alg', 'RS256', '--bits', '16384'], {
      typed: [['making the key', '\u0003']],
    });
    expect(shown).toContain('making the key …');
    expect(code).not.toBe(0);
  });

  it('leaves nothing behind where it cannot write', async () => {
    const home = await folder();
    await mkdir(join(home, 'taken'));
    for (const [path, code] of [
      [join(home, 'missing', 'k.jwk'), 4],
      [join(home, 'taken'), 2],
    ] as const) {
      const { stderr, ...ended } = await tokenwright(['key', 'new', '--alg', 'ES256', '--out', path]);
      expect(ended).toEqual({ code, stdout: '' });
      expect(stderr).toMatch(/^tokenwright: [^\n]+\nfix: [^\n]+\n$/);
    }
    expect(await readdir(home)).toEqual(['taken']);
  });

  it.each([
    ['an algorithm that there is not', ['--alg', 'none'], 'not one there is'],
    ['no algorithm', [], '--alg'],
    ['an RSA key that is too small', ['--alg', 'RS256', '--bits', '1024'], 'no size of a key for RS256'],
    ['a size that is no number', ['--alg', 'RS256', '--bits', 'many'], '--bits'],
    ['a secret in PEM', ['--alg', 'HS256', '--format', 'pem'], 'no PEM form'],
    ['the public half of a secret', ['--alg', 'HS256', '--public-out', 'x'], 'no public half'],
    ['an encrypted JWK', ['--alg', 'ES256', '--encrypt'], '--encrypt is for private keys in PEM'],
    ['an unknown format', ['--alg', 'ES256', '--format', 'der'], '--format'],
  ])('answers 2 for %s', async (_, args, words) => {
    const { stderr, ...ended } = await tokenwright(['key', 'new', ...args]);
    expect(ended).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).toMatch(/^tokenwright: [^\n]+\nfix: [^\n]+\n$/);
  });
});

describe('key public', () => {
  it('prints the public half, as JWK and as PEM, from every form', async () => {
    const pem = `@${await file(ec.privatePem)}`;
    const jwk = `@${await file(JSON.stringify(ec.privateJwk))}`;
    const [fromPem, fromJwk, asPem] = await Promise.all([
      tokenwright(['key', 'public', pem]),
      tokenwright(['key', 'public', jwk]),
      tokenwright(['key', 'public', jwk, '--format', 'pem']),
    ]);
    expect(JSON.parse(fromPem.stdout)).toMatchObject(ec.publicJwk);
    expect(JSON.parse(fromPem.stdout)).not.toHaveProperty('d');
    expect(fromJwk.stdout).toBe(fromPem.stdout);
    expect(asPem.stdout).toBe(ec.publicPem);
  });

  it('refuses a secret, which has none, without showing it', async () => {
    const { code, stdout, stderr } = await tokenwright(['key', 'public', `hex:@${await file(HEX)}`]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toContain(HEX);
  });
});

describe('key convert', () => {
  it('goes from PEM to JWK and back to the same key', async () => {
    const jwk = await tokenwright(['key', 'convert', `@${await file(ec.privatePem)}`]);
    expect(JSON.parse(jwk.stdout)).toMatchObject(ec.privateJwk);
    const pem = await tokenwright(['key', 'convert', '-'], { stdin: jwk.stdout });
    expect(pem.stdout).toBe(ec.privatePem);
    const publicPem = await tokenwright(['key', 'convert', '-'], { stdin: JSON.stringify(ec.publicJwk) });
    expect(publicPem.stdout).toBe(ec.publicPem);
  });

  it('reads other PEM forms, and writes PKCS#8 with --to pem', async () => {
    const sec1 = createPrivateKey(ec.privatePem).export({ type: 'sec1', format: 'pem' }).toString();
    const { stdout } = await tokenwright(['key', 'convert', '--to', 'pem', '-'], { stdin: sec1 });
    expect(stdout).toBe(ec.privatePem);
  });

  it.each([
    ['a public key', ec.publicPem, 'pem', 'A public key is for everybody.'],
    ['a public key as JWK', ec.publicPem, 'jwk', 'A public key is for everybody.'],
    ['a private JWK', ec.privatePem, 'jwk', 'A JWK has no encrypted form here.'],
  ])('does not encrypt %s, and says why', async (_, stdin, to, why) => {
    const env = { TOKENWRIGHT_PASSPHRASE: 'a long passphrase' };
    const args = ['key', 'convert', '-', '--to', to, '--encrypt'];
    const { stderr, ...ended } = await tokenwright(args, { env, stdin });
    expect(ended).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`--encrypt is for private keys in PEM. ${why}\nfix: `);
  });

  it('encrypts a private PEM with the passphrase of the environment, and opens it with it', async () => {
    const env = { TOKENWRIGHT_PASSPHRASE: 'a long passphrase' };
    const key = `@${await file(ec.privatePem)}`;
    const sealed = await tokenwright(['key', 'convert', key, '--to', 'pem', '--encrypt'], { env });
    expect(sealed.stdout).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
    const opened = await tokenwright(['key', 'convert', '-'], { env, stdin: sealed.stdout });
    expect(JSON.parse(opened.stdout)).toMatchObject(ec.privateJwk);
    const wrong = await tokenwright(['key', 'convert', '-'], {
      env: { TOKENWRIGHT_PASSPHRASE: 'another one' },
      stdin: sealed.stdout,
    });
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toMatch(/passphrase/);
    expect(wrong.stderr).not.toContain('another one');
  });
});

describe('key thumbprint', () => {
  it('prints what RFC 7638 says, of a key, of a set and as a URN', async () => {
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
    const expected = await Promise.all(
      [ec.publicJwk, other].map((jwk) => calculateJwkThumbprint(jwk as object)),
    );
    const set = `@${await file(JSON.stringify({ keys: [ec.publicJwk, other] }))}`;
    const [one, all, uri] = await Promise.all([
      tokenwright(['key', 'thumbprint', `@${await file(ec.privatePem)}`]),
      tokenwright(['key', 'thumbprint', '--json', set]),
      tokenwright(['key', 'thumbprint', '--uri', `@${await file(ec.publicPem)}`]),
    ]);
    expect(one.stdout).toBe(`${expected[0]}\n`);
    expect(JSON.parse(all.stdout)).toEqual({ thumbprints: expected });
    expect(uri.stdout).toBe(`${await calculateJwkThumbprintUri(ec.publicJwk as object)}\n`);
  });

  it('is refused to a secret: it would help to guess it', async () => {
    const { code, stdout, stderr } = await tokenwright(['key', 'thumbprint', `hex:@${await file(HEX)}`]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('help to guess it');
  });
});

describe('jwks', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

  it('prints the public parts only, each key once, whatever form it came in', async () => {
    const keys = [
      ec.privatePem,
      JSON.stringify(ec.publicJwk),
      JSON.stringify({ keys: [rsa.privateKey.export({ format: 'jwk' }), ec.privateJwk] }),
    ];
    const paths = await Promise.all(keys.map((content) => file(content)));
    const { code, stdout, stderr } = await tokenwright(['jwks', ...paths.map((path) => `@${path}`)]);
    expect({ code, stderr }).toEqual(CLEAN);
    const set = JSON.parse(stdout);
    expect(set.keys.map(({ kty }: { kty: string }) => kty)).toEqual(['EC', 'RSA']);
    expect(stdout).not.toMatch(/"(d|p|q|dp|dq|qi|k)":/);
    expect(createPublicKey({ key: set.keys[1], format: 'jwk' }).equals(rsa.publicKey)).toBe(true);
  });

  it.each([
    ['a secret', [JSON.stringify({ kty: 'oct', k: HEX })], 'no public part'],
    [
      'two keys of one ID',
      [
        JSON.stringify({ ...ec.publicJwk, kid: 'a' }),
        JSON.stringify({ ...rsa.publicKey.export({ format: 'jwk' }), kid: 'a' }),
      ],
      'one key ID',
    ],
    [
      'a set that mixes secrets in',
      [JSON.stringify({ keys: [ec.publicJwk, { kty: 'oct', k: HEX }] })],
      'mixes',
    ],
  ])('refuses %s, and prints nothing', async (_, contents, words) => {
    const paths = await Promise.all(contents.map((content) => file(content)));
    const { code, stdout, stderr } = await tokenwright(['jwks', ...paths.map((path) => `@${path}`)]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).not.toContain(HEX);
  });
});

describe('an encrypted key without a passphrase in the environment', () => {
  const pem = createPrivateKey(ec.privatePem)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'correct horse' })
    .toString();

  it.skipIf(!hasTerminal)('is opened with a passphrase that is typed and not shown (H35)', async () => {
    const key = `@${await file(pem)}`;
    const typed = [['Passphrase: ', 'correct hrse\u007f\u007f\u007forse\r']] as const;
    const { code, shown } = await onTerminal(['key', 'thumbprint', key], { typed });
    expect(shown).toMatch(/Passphrase: \r\n[\w-]{43}\r\n$/);
    expect(shown).not.toContain('horse');
    expect(code).toBe(0);
    const wrong = await onTerminal(['key', 'thumbprint', key], { typed: [['Passphrase: ', 'wrong\r']] });
    expect(wrong.code).toBe(2);
  });

  it.skipIf(!hasTerminal)('is left with Ctrl-C: one line, exit 130 and no file (H35)', async () => {
    const out = join(await folder(), 'out.jwk');
    const args = ['key', 'convert', `@${await file(pem)}`, '--out', out];
    const { code, shown } = await onTerminal(args, { typed: [['Passphrase: ', '\u0003']] });
    expect(shown).toMatch(/Passphrase: \r\ntokenwright: Interrupted at the prompt\.\r\n$/);
    expect(code).toBe(130);
    expect(existsSync(out)).toBe(false);
    const ended = await onTerminal(args, { typed: [['Passphrase: ', '\u0004']] });
    expect(ended.code).toBe(2);
  });

  it.skipIf(!hasTerminal)('is written only when the same passphrase was typed twice', async () => {
    const args = ['key', 'new', '--alg', 'EdDSA', '--format', 'pem', '--encrypt'];
    const same = [
      ['New passphrase: ', 'one two three\r'],
      ['again: ', 'one two three\r'],
    ] as const;
    const { code, shown } = await onTerminal(args, { typed: same });
    expect(shown).toContain('-----BEGIN ENCRYPTED PRIVATE KEY-----');
    expect(code).toBe(0);
    const [first] = same;
    const differing = await onTerminal(args, { typed: [first, ['again: ', 'four\r']] });
    expect(differing.shown).toContain('The two passphrases differ.');
    expect(differing.code).toBe(2);
  });

  it.skipIf(!hasTerminal)('is written when both lines were pasted at once', async () => {
    const args = ['key', 'new', '--alg', 'EdDSA', '--format', 'pem', '--encrypt'];
    const pasted = await onTerminal(args, {
      typed: [['New passphrase: ', 'one two three\rone two three\r']],
    });
    expect(pasted.shown).toContain('-----BEGIN ENCRYPTED PRIVATE KEY-----');
    expect(pasted.code).toBe(0);
    const differing = await onTerminal(args, { typed: [['New passphrase: ', 'one two three\rfour\r']] });
    expect(differing.shown).toContain('The two passphrases differ.');
    expect(differing.shown).not.toContain('three');
    expect(differing.code).toBe(2);
  });

  it('is refused in one line where there is no terminal', async () => {
    const { code, stderr } = await tokenwright(['key', 'thumbprint', `@${await file(pem)}`], {
      detached: true,
    });
    expect(stderr).toMatch(/there is no terminal to ask at\.\nfix: .*TOKENWRIGHT_PASSPHRASE\.\n$/);
    expect(code).toBe(2);
  });
});
