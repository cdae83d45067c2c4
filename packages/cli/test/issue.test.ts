import { readFile } from 'node:fs/promises';
import { inspect, JwtValidator } from '@tokenwright/jwt';
import { describe, expect, it } from 'vitest';
import { file, folder, tokenwright } from './process.ts';
import { ec, HEX } from './tokens.ts';

const issue = (...args: string[]) =>
  tokenwright(['issue', '--key', 'env:KEY', ...args], { env: { KEY: `hex:${HEX}` } });

describe('issue', () => {
  it('prints the token and a newline, with every claim it was given', async () => {
    const { code, stdout, stderr } = await issue(
      ...[
        '--alg',
        'HS256',
        '--issuer',
        'KestrunApi',
        '--audience',
        'a',
        '--audience',
        'b',
        '--subject',
        'admin',
      ],
      ...['--name', 'Admin', '--role', 'admin', '--role', 'ops', '--scope', 'read', '--scope', 'write'],
      ...['--claim', 'team=blue=x', '--claim', 'tier:=3', '--claim', 'https://example.com/role=chief'],
      ...['--claim', 'list:=["a",null]', '--valid-for', '10m', '--typ', 'at+jwt', '--jwt-id', 'one'],
    );
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const validator = new JwtValidator({ keys: { hex: HEX }, issuer: 'KestrunApi', audience: 'b' });
    const { claims, header } = await validator.verify(stdout.trim());
    expect(header).toEqual({ alg: 'HS256', typ: 'at+jwt' });
    expect(claims).toMatchObject({
      aud: ['a', 'b'],
      sub: 'admin',
      name: 'Admin',
      roles: ['admin', 'ops'],
      scope: 'read write',
      team: 'blue=x',
      tier: 3,
      'https://example.com/role': 'chief',
      list: ['a', null],
      jti: 'one',
    });
    expect(claims.exp! - claims.iat!).toBe(600);
  });

  it('gives a token an hour when nothing is said', async () => {
    const { claims } = inspect((await issue()).stdout.trim());
    expect(claims!.exp! - claims!.iat!).toBe(3600);
  });

  it('sets the beginning and the end to points in time, or no end', async () => {
    const times = await issue('--not-before', '-5m', '--expires-at', '2100-01-31T12:00:00Z');
    const { claims } = inspect(times.stdout.trim());
    expect(claims!.exp).toBe(Date.UTC(2100, 0, 31, 12) / 1000);
    expect(claims!.nbf! - claims!.iat!).toBeGreaterThan(-302);
    expect(inspect((await issue('--expires-at', '4102444800')).stdout.trim()).claims!.exp).toBe(
      4_102_444_800,
    );
    expect(inspect((await issue('--never-expires')).stdout.trim()).claims!.exp).toBeUndefined();
  });

  it('signs with a private key, whose public half verifies', async () => {
    const made = await tokenwright([
      ...['issue', '--key', `@${await file(ec.privatePem)}`, '--issuer', 'i', '--audience', 'a'],
    ]);
    expect(made.code).toBe(0);
    const checked = await tokenwright(
      ['verify', '--key', `@${await file(ec.publicPem)}`, '--issuer', 'i', '--audience', 'a'],
      { stdin: made.stdout },
    );
    expect(checked.code).toBe(0);
  });

  it('--json prints token, header, claims and times', async () => {
    const json = JSON.parse((await issue('--json', '--valid-for', '10m')).stdout);
    expect(json).toMatchObject({ header: { alg: 'HS256' }, expiresIn: 600 });
    expect(inspect(json.token).claims).toEqual(json.claims);
  });

  it.each([
    ['a registered claim', ['--claim', 'iss=me'], 'Use --issuer.'],
    ['a claim set twice', ['--claim', 'a=1', '--claim', 'a=2'], 'twice'],
    ['a claim set in two ways', ['--claim', 'roles=a', '--role', 'b'], 'both set roles'],
    ['a claim without a name', ['--claim', '=x'], 'name=value'],
    ['a value that is no JSON', ['--claim', 'a:={'], 'not JSON'],
    ['a number JSON would change', ['--claim', 'a:=12345678901234567890'], 'too large'],
    ['such a number in an object', ['--claim', 'a:={"b":[12345678901234567890]}'], 'too large'],
    ['a number beyond all', ['--claim', 'a:=1e400'], 'too large'],
    ['digits that JSON would drop', ['--claim', 'a:=0.12345678901234567890'], 'too many digits'],
    ['a member twice', ['--claim', 'a:={"b":1,"b":2}'], 'a member twice'],
    ['a lifetime without a unit', ['--valid-for', '900'], 'its unit'],
    ['a lifetime of nothing', ['--valid-for', '0s'], '--valid-for'],
    ['an end in the past', ['--expires-at', '-1h'], '--expires-at'],
    ['a day that does not exist', ['--expires-at', '2030-02-31'], 'not a point in time'],
    ['a time without a zone', ['--expires-at', '2030-02-01T12:00:00'], 'not a point in time'],
    ['two ends', ['--valid-for', '1h', '--never-expires'], 'cannot be used with'],
    ['a scope with a blank', ['--scope', 'a b'], '--scope'],
    ['an empty subject', ['--subject', ''], '--subject'],
    ['an algorithm of other keys', ['--alg', 'RS256'], 'does not go with'],
    ['a stray argument', ['stray'], 'too many arguments'],
  ])('answers 2 for %s and prints no token', async (_, args, words) => {
    const { code, stdout, stderr } = await issue(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^tokenwright: [^\n]+\nfix: [^\n]+\n$/);
    expect(stderr).toContain(words);
  });

  it('--from takes what inspect --json prints: decode, edit, sign keeps all that was not edited', async () => {
    const first = (
      await issue('--issuer', 'i', '--audience', 'a', '--claim', 'tier:=3', '--at', '2030-01-01')
    ).stdout;
    const seen = JSON.parse((await tokenwright(['inspect', '--json', '-'], { stdin: first })).stdout);
    const env = { KEY: JSON.stringify(ec.privateJwk) };
    const again = await tokenwright(['issue', '--key', 'env:KEY', '--from', '-'], {
      env,
      stdin: JSON.stringify({ ...seen, claims: { ...seen.claims, tier: 4 } }),
    });
    expect(again).toMatchObject({ code: 0, stderr: '' });
    const { claims, header } = inspect(again.stdout.trim());
    expect(claims).toEqual({ ...seen.claims, tier: 4 });
    expect(header).toMatchObject({ alg: 'ES256', typ: 'JWT' });
  });

  it('--from takes claims alone, and options win over what is copied', async () => {
    const claims = {
      iss: 'i',
      aud: ['a', 'b'],
      iat: 1_900_000_000,
      exp: 1_900_000_600,
      jti: 'one',
      team: 'blue',
    };
    const path = await file(JSON.stringify(claims));
    const { stdout } = await issue(
      '--from',
      `@${path}`,
      '--issuer',
      'j',
      '--claim',
      'team=red',
      '--valid-for',
      '1h',
    );
    const made = inspect(stdout.trim()).claims!;
    expect(made).toMatchObject({ iss: 'j', aud: ['a', 'b'], jti: 'one', team: 'red' });
    expect(made.iat).not.toBe(claims.iat);
    expect(made.exp! - made.iat!).toBe(3600);
  });

  it.each([
    ['no JSON', 3, 'not json'],
    ['no object', 3, '[1]'],
    ['the claims of an encrypted token', 3, '{"header":{},"claims":null}'],
    ['claims that no token should have', 2, '{"iss":1}'],
    ['a number that would be changed', 2, '{"claims":{"id":12345678901234567890}}'],
    ['such a number deep inside', 2, '{"claims":{"a":[{"id":9007199254740993}]}}'],
    ['a claim twice', 3, '{"claims":{"sub":"a","sub":"b"}}'],
    ['claims twice', 3, '{"claims":{"sub":"a"},"claims":{"sub":"b"}}'],
    ['half a second as the end', 2, '{"exp":4102444800.5}'],
    ['half a second as the beginning', 2, '{"nbf":1700000000.5}'],
    ['text as the time of issue', 2, '{"iat":"1700000000"}'],
    ['a header that leads elsewhere', 2, '{"header":{"jku":"https://evil.example"},"claims":{}}'],
  ])('--from refuses %s with exit %i and prints no token', async (_, code, text) => {
    const { stderr, ...ended } = await tokenwright(['issue', '--key', 'env:KEY', '--from', '-'], {
      env: { KEY: `hex:${HEX}` },
      stdin: text,
    });
    expect(ended).toEqual({ code, stdout: '' });
    expect(stderr).toMatch(/^tokenwright: [^\n]+\nfix: [^\n]+\n$/);
  });

  it('--from does not mind a time that an option replaces', async () => {
    const stdin = '{"exp":4102444800.5,"iat":1700000000.5,"nbf":1700000000.5}';
    const args = ['issue', '--key', 'env:KEY', '--from', '-', '--valid-for', '1h', '--not-before', '-1m'];
    const { code, stdout } = await tokenwright(args, { env: { KEY: `hex:${HEX}` }, stdin });
    expect(code).toBe(0);
    const { claims } = inspect(stdout.trim());
    expect(claims!.exp! - claims!.iat!).toBe(3600);
  });

  it('keeps a number that JSON and JavaScript write differently and that is the same', async () => {
    const { stdout } = await issue('--claim', 'a:=[1.50,1e3,9007199254740992,-0.1]');
    expect(inspect(stdout.trim()).claims!['a']).toEqual([1.5, 1000, 9_007_199_254_740_992, -0.1]);
  });

  it('encrypts for a key, which inspect and verify open with the private one', async () => {
    const key = `@${await file(JSON.stringify({ ...ec.privateJwk, use: 'enc' }))}`;
    const recipient = `@${await file(JSON.stringify({ ...ec.publicJwk, use: 'enc' }))}`;
    const { stdout: sealed } = await issue(
      ...['--issuer', 'i', '--audience', 'a', '--subject', 'admin', '--header', 'note=x'],
      ...['--encrypt-key', recipient, '--enc', 'A128GCM'],
    );
    expect(sealed.split('.')).toHaveLength(5);
    const closed = JSON.parse((await tokenwright(['inspect', '--json', '-'], { stdin: sealed })).stdout);
    expect(closed).toMatchObject({ kind: 'encrypted', claims: null, header: { enc: 'A128GCM' } });
    const open = await tokenwright(['inspect', '--json', '--decrypt-key', key, '-'], { stdin: sealed });
    expect(JSON.parse(open.stdout)).toMatchObject({
      verified: false,
      claims: { sub: 'admin' },
      header: { note: 'x' },
    });
    const verify = ['verify', '--key', 'env:KEY', '--issuer', 'i', '--audience', 'a', '-'];
    const env = { KEY: `hex:${HEX}` };
    expect((await tokenwright([...verify, '--decrypt-key', key], { env, stdin: sealed })).code).toBe(0);
    expect((await tokenwright(verify, { env, stdin: sealed })).code).toBe(1);
    const other = `@${await file('hex:00112233445566778899aabbccddeeff')}`;
    const refused = await tokenwright(['inspect', '--decrypt-key', other, '-'], { stdin: sealed });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
  });

  it('encrypts for a certificate, whose private key opens it, alone or in one file with it', async () => {
    const made = await tokenwright(['cert', 'new', '--json', '--dir', await folder()]);
    const { certificate, key } = JSON.parse(made.stdout);
    const sealed = await issue('--subject', 'admin', '--encrypt-key', `@${certificate}`);
    expect(sealed).toMatchObject({ code: 0, stderr: '' });
    const both = await file((await readFile(certificate, 'utf8')) + (await readFile(key, 'utf8')));
    for (const path of [key, both]) {
      const args = ['inspect', '--json', '--decrypt-key', `@${path}`];
      const { code, stdout } = await tokenwright(args, { stdin: sealed.stdout });
      expect(code).toBe(0);
      expect(JSON.parse(stdout).claims.sub).toBe('admin');
    }
    const args = ['inspect', '--decrypt-key', `@${certificate}`];
    const { code, stdout, stderr } = await tokenwright(args, { stdin: sealed.stdout });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      'tokenwright: The key to decrypt with is a public key.\nfix: Give the private one.\n',
    );
  });

  it('does not sign with a public key', async () => {
    const { code, stderr } = await tokenwright(['issue', '--key', `@${await file(ec.publicPem)}`]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--key got a public key, which cannot sign/);
  });
});
