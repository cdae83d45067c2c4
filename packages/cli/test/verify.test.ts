import { encryptCompact } from '@tokenwright/jwt';
import { describe, expect, it } from 'vitest';
import { file, tokenwright } from './process.ts';
import { builder, EXPECTED, ec, expiredBy, forged, HEX, OTHER_HEX, signedAsItIs, token } from './tokens.ts';

const KEY = { KEY: `hex:${HEX}` };
const verify = (args: readonly string[], env: Record<string, string> = KEY) =>
  tokenwright(['verify', '--key', 'env:KEY', ...args], { env });

describe('verify', () => {
  it('answers 0 and reports every check of a good token', async () => {
    const { code, stdout, stderr } = await verify([...EXPECTED, token]);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^pass {2}signature +by \[Key HS256\]$/m);
    expect(stdout).toMatch(/^pass {2}issuer +"KestrunApi"$/m);
    expect(stdout).toMatch(/^skip {2}revocation/m);
    expect(stdout).toMatch(/^accepted$/m);
  });

  it.each([
    ['another key', 'signature', EXPECTED, token, { KEY: `hex:${OTHER_HEX}` }],
    ['another audience', 'audience', ['--issuer', 'KestrunApi', '--audience', 'Other'], token, KEY],
    ['another issuer', 'issuer', ['--issuer', 'kestrunapi', '--audience', 'KestrunClients'], token, KEY],
    ['an end in the past', 'expiry', EXPECTED, expiredBy(180), KEY],
    ['another type', 'type', [...EXPECTED, '--typ', 'at+jwt'], token, KEY],
    ['a missing claim', 'required claims', [...EXPECTED, '--require', 'tenant'], token, KEY],
    ['no end', 'expiry', EXPECTED, builder.neverExpires().buildSync().token, KEY],
    ['another algorithm', 'algorithm', [...EXPECTED, '--alg', 'HS256'], forged('{}', '{"alg":"HS384"}'), KEY],
  ] as const)(
    'answers 1 for %s, with the cause and the fix at %s (H36)',
    async (_, check, args, bad, env) => {
      const { code, stdout, stderr } = await verify([...args, bad], env);
      expect(code).toBe(1);
      expect(stdout).toMatch(new RegExp(`^FAIL {2}${check} +\\S`, 'm'));
      expect(stdout).toMatch(/^ +fix: \S/m);
      expect(stdout).not.toMatch(/accepted$/m);
      expect(stderr).toMatch(/^tokenwright: refused: .*\n$/);
      expect(stdout + stderr).not.toContain(bad);
    },
  );

  it('says how long ago a token ended', async () => {
    expect((await verify([...EXPECTED, expiredBy(180)])).stderr).toContain('expired 3 minutes ago');
  });

  it('takes the tolerance, the greatest age and the waivers it is given', async () => {
    const late = expiredBy(180);
    expect((await verify([...EXPECTED, '--tolerance', '10m', late])).code).toBe(0);
    expect((await verify([...EXPECTED, '--tolerance', '10m', '--max-age', '30m', late])).code).toBe(1);
    expect((await verify(['--any-issuer', '--any-audience', token])).code).toBe(0);
    expect((await verify([...EXPECTED, '--max-lifetime', '10m', token])).code).toBe(1);
    expect((await verify([...EXPECTED, '--max-lifetime', '1h', token])).code).toBe(0);
    const endless = builder.neverExpires().buildSync().token;
    expect((await verify([...EXPECTED, '--accept-never-expiring', endless])).code).toBe(0);
    expect((await verify([...EXPECTED, '--issuer', 'Other', token])).code).toBe(0);
  });

  it('marks what it saw after a bad signature as untrusted', async () => {
    const { stdout } = await verify([...EXPECTED, token], { KEY: `hex:${OTHER_HEX}` });
    expect(stdout).toMatch(/^pass {2}issuer +"KestrunApi" \(untrusted\)$/m);
  });

  it('says --accept-never-expiring where the library says acceptNeverExpiring', async () => {
    const { stdout } = await verify([...EXPECTED, builder.neverExpires().buildSync().token]);
    expect(stdout).toContain('--accept-never-expiring');
    expect(stdout).not.toContain('acceptNeverExpiring');
  });

  it.each(['', 'x', 'a.b.c', '....', '\u0001\u0002', '🙂'.repeat(50), token.replaceAll('.', '')])(
    'answers 3 for what is no token: %j',
    async (text) => {
      const { code, stderr } = await tokenwright(['verify', '--key', 'env:KEY', ...EXPECTED], {
        env: KEY,
        stdin: text,
      });
      expect(code).toBe(3);
      expect(stderr).toMatch(/^tokenwright: malformed: [^\n]*\n$/);
    },
  );

  it('--json prints the report and nothing else, with claims only when they are verified (H36)', async () => {
    const good = await verify([...EXPECTED, '--json', token]);
    expect(good.code).toBe(0);
    expect(JSON.parse(good.stdout)).toMatchObject({
      verified: true,
      header: { alg: 'HS256' },
      claims: { sub: 'admin' },
      decisive: null,
    });
    const bad = await verify([...EXPECTED, '--json', expiredBy(180)]);
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.stdout)).toMatchObject({
      verified: false,
      claims: null,
      decisive: { check: 'expiry', code: 'ERR_JWT_EXPIRED' },
    });
    const none = await verify([...EXPECTED, '--json', 'garbage']);
    expect(none.code).toBe(3);
    expect(JSON.parse(none.stdout).verified).toBe(false);
  });

  it.each([
    ['its signature taken away', `${token.slice(0, token.lastIndexOf('.'))}.`],
    ['"none" as its algorithm', `${forged('{"sub":"admin"}', '{"alg":"none"}').split('.', 2).join('.')}.`],
  ])('refuses a token with %s: exit 1, where inspect answers 3', async (_, unsigned) => {
    const { code, stderr } = await verify([...EXPECTED, unsigned]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^tokenwright: refused: The token is not signed/);
    const seen = await tokenwright(['inspect', unsigned]);
    expect(seen.code).toBe(3);
    expect(seen.stderr).toMatch(/^tokenwright: The token has no signature: /);
  });

  it('--json has a verified number with all its digits', async () => {
    const big = signedAsItIs(
      '{"iss":"KestrunApi","aud":"KestrunClients","exp":4102444800,"id":9007199254740993}',
    );
    const { code, stdout } = await verify([...EXPECTED, '--json', big]);
    expect(code).toBe(0);
    expect(stdout).toContain('"id": 9007199254740993');
  });

  it.each(['verify', 'explain'])(
    '%s --json has it so inside of an encrypted token, too, whose key comes from standard input',
    async (command) => {
      const signed = signedAsItIs(
        '{"iss":"KestrunApi","aud":"KestrunClients","exp":4102444800,"id":9007199254740993}',
      );
      const secret = { base64url: 'A'.repeat(43) };
      const sealed = await encryptCompact(signed, secret, { header: { cty: 'JWT' } });
      const { code, stdout } = await tokenwright(
        [command, '--key', 'env:KEY', '--decrypt-key', '-', ...EXPECTED, '--json', sealed],
        { env: KEY, stdin: `base64url:${secret.base64url}` },
      );
      expect(code).toBe(0);
      expect(stdout).toContain('"id": 9007199254740993');
    },
  );

  it.each([
    ['neither issuer nor waiver', ['--audience', 'a'], 'The issuer to check is missing.'],
    ['neither audience nor waiver', ['--issuer', 'a'], 'The audience to check is missing.'],
    ['issuer and waiver', [...EXPECTED, '--any-issuer'], 'cannot be used with'],
    ['an unknown algorithm', [...EXPECTED, '--alg', 'none'], 'not one there is'],
    ['a tolerance without a unit', [...EXPECTED, '--tolerance', '60'], '--tolerance is not a duration.'],
    ['a tolerance of days', [...EXPECTED, '--tolerance', '9d'], '--tolerance is'],
  ] as const)('answers 2 for %s', async (_, args, words) => {
    const { code, stdout, stderr } = await verify([...args, token]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^tokenwright: [^\n]+\nfix: [^\n]+\n$/);
    expect(stderr).toContain(words);
  });

  it('refuses an HMAC token made with the public key as its secret', async () => {
    const confused = forged('{"iss":"KestrunApi"}', '{"alg":"HS256"}');
    const key = `@${await file(ec.publicPem)}`;
    const { code, stdout } = await tokenwright(['verify', '--key', key, ...EXPECTED, confused]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAIL {2}algorithm/m);
  });
});
