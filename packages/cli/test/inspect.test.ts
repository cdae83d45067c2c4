import { describe, expect, it } from 'vitest';
import { file, tokenwright } from './process.ts';
import { builder, expiredBy, forged, HEX, token } from './tokens.ts';

describe('inspect', () => {
  it('shows header and claims under a banner that says NOT VERIFIED (H36)', async () => {
    const { code, stdout, stderr } = await tokenwright(['inspect', token]);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^NOT VERIFIED: /);
    expect(stdout).toMatch(/^ {2}alg +"HS256"$/m);
    expect(stdout).toMatch(/^ {2}iss +"KestrunApi"$/m);
    expect(stdout).toMatch(/^ {2}roles +\["admin"\]$/m);
    expect(stdout).not.toMatch(/\b(valid|accepted|verified)\b/);
  });

  it('says for how long a token has been over, or how long it will last', async () => {
    expect((await tokenwright(['inspect', expiredBy(180)])).stdout).toMatch(
      /exp .*, expired 3 minutes ago$/m,
    );
    expect((await tokenwright(['inspect', builder.validFor('7d').buildSync().token])).stdout).toMatch(
      /exp .*, expires in 7 days$/m,
    );
    const later = builder
      .notBefore(new Date(Date.now() + 7_260_000))
      .validFor('7d')
      .buildSync().token;
    expect((await tokenwright(['inspect', later])).stdout).toMatch(
      /nbf .*, not valid yet: becomes valid in 2 hours$/m,
    );
  });

  it('tells times that are none from times', async () => {
    const odd = forged('{"exp":1700000000000,"nbf":"soon","iat":-1}');
    const { code, stdout } = await tokenwright(['inspect', odd]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/exp .*looks like milliseconds/);
    expect(stdout).toMatch(/nbf .*is not a number of seconds/);
    expect(stdout).toMatch(/iat .*1969-12-31T23:59:59Z, issued \d+ years ago/);
  });

  it('--json prints JSON and nothing else, with every member there (H36)', async () => {
    const { code, stdout } = await tokenwright(['inspect', '--json', token]);
    expect(code).toBe(0);
    const json = JSON.parse(stdout);
    expect(json).toMatchObject({
      verified: false,
      kind: 'signed',
      header: { alg: 'HS256' },
      claims: { iss: 'KestrunApi', roles: ['admin'] },
      algorithm: 'HS256',
      issuer: 'KestrunApi',
      subject: 'admin',
      audience: ['KestrunClients'],
      notBefore: null,
      faults: [],
    });
    expect(new Date(json.expiresAt).getTime()).toBe(json.claims.exp * 1000);
  });

  it('answers 3 for a malformed token, says where it is wrong, and shows what can be read (H36)', async () => {
    const broken = token.replace(/\.(....)/, '.$1!');
    const { code, stdout, stderr } = await tokenwright(['inspect', broken]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^NOT VERIFIED/);
    expect(stdout).toMatch(/alg +"HS256"/);
    expect(stdout).toMatch(/fault: payload has a character that base64url does not have, at position 4/);
    expect(stderr).toMatch(
      /^tokenwright: The token is malformed: its payload .* at position 4\.\nfix: .*\n$/,
    );
  });

  it('--json of a malformed token is JSON too, with the faults (H36)', async () => {
    const { code, stdout } = await tokenwright(['inspect', '--json', 'not.a.token']);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ verified: false, kind: 'malformed', claims: null });
    expect(JSON.parse(stdout).faults.length).toBeGreaterThan(0);
  });

  it('answers 3 for a token without a signature, and shows its claims', async () => {
    const unsigned = `${forged('{"sub":"admin"}', '{"alg":"none"}').split('.').slice(0, 2).join('.')}.`;
    const { code, stdout, stderr } = await tokenwright(['inspect', unsigned]);
    expect(code).toBe(3);
    expect(stdout).toContain('"admin"');
    expect(stderr).toContain('not signed');
  });

  it('says that the claims of an encrypted token are hidden', async () => {
    const header = Buffer.from('{"alg":"dir","enc":"A256GCM"}').toString('base64url');
    const { code, stdout } = await tokenwright(['inspect', `${header}..aaaa.bbbb.cccc`]);
    expect(code).toBe(0);
    expect(stdout).toContain('claims: hidden: the token is encrypted');
  });

  it('points at a claim that stands twice', async () => {
    const { stdout } = await tokenwright(['inspect', forged('{"role":"user","role":"admin"}')]);
    expect(stdout).toContain('repeated: role is "user", then "admin"');
  });

  it('shows a number with all its digits, and warns of what JavaScript makes of it', async () => {
    const payload = '{"id":12345678901234567890,"list":[0.1,9007199254740993],"exp":1e400,"text":"1e400"}';
    const { code, stdout } = await tokenwright(['inspect', forged(payload)]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}id +12345678901234567890$/m);
    expect(stdout).toMatch(/^ {2}list +\[0\.1,9007199254740993\]$/m);
    expect(stdout).toContain('number: JavaScript reads 12345678901234567890 as 12345678901234567000;');
    const json = (await tokenwright(['inspect', '--json', forged(payload)])).stdout;
    expect(json).toContain('"id": 12345678901234567890,');
    expect(JSON.parse(json).inexact).toEqual(['12345678901234567890', '9007199254740993', '1e400']);
    expect(JSON.parse((await tokenwright(['inspect', '--json', token])).stdout).inexact).toEqual([]);
    // What is piped on is refused there, rather than signed otherwise.
    const piped = await tokenwright(['issue', '--key', 'env:KEY', '--from', '-'], {
      env: { KEY: `hex:${HEX}` },
      stdin: json,
    });
    expect(piped).toMatchObject({ code: 2, stdout: '' });
    expect(piped.stderr).toContain('too many digits, or too large, to stay exact');
  });

  it.each([
    ['ANSI escapes', '\u001b[2J\u001b]0;x\u0007 a', '\\u001b[2J'],
    ['C1 controls', 'a\u009b31m', '\\u009b31m'],
    ['a carriage return', 'a\rb', '\\r'],
    ['a NUL', 'a\u0000b', '\\u0000'],
    ['a line feed', 'a\nb', '\\n'],
    ['direction marks', 'a\u202egnp.exe', '\\u202e'],
    ['what nobody sees', 'a\u200b\u2028\u{e0041}', '\\u200b'],
  ])('escapes %s in names and values, as text and as JSON (H36)', async (_, hostile, shown) => {
    const claims = { [`${hostile}key`]: hostile, text: hostile, list: [hostile], object: { [hostile]: 1 } };
    for (const args of [['inspect'], ['inspect', '--json']]) {
      const { code, stdout } = await tokenwright(args, { stdin: forged(JSON.stringify(claims)) });
      expect(code).toBe(0);
      expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{DI}]/u);
      expect(stdout).toContain(shown);
      if (args.includes('--json')) expect(JSON.parse(stdout).claims).toEqual(claims);
    }
  });

  it('never says of a good token what verify says of it, and verify does (H36)', async () => {
    const words = /\b(valid|accepted|verified)\b/;
    const seen = await tokenwright(['inspect', token]);
    expect(seen.stdout).toMatch(/^NOT VERIFIED: /);
    expect(seen.stdout.replace(/^NOT VERIFIED.*$/m, '')).not.toMatch(words);
    const args = ['verify', '--key', 'env:KEY', '--any-issuer', '--any-audience', token];
    const verified = await tokenwright(args, { env: { KEY: `hex:${HEX}` } });
    expect(verified.stdout).toMatch(words);
    expect(verified.stdout).not.toContain('NOT VERIFIED');
  });

  it('shows claims named __proto__ and constructor as claims (H36)', async () => {
    const payload = '{"__proto__":{"admin":true},"constructor":1,"toString":2}';
    const { code, stdout } = await tokenwright(['inspect', '--json', forged(payload)]);
    expect(code).toBe(0);
    expect(JSON.stringify(JSON.parse(stdout).claims)).toBe(payload);
    expect((await tokenwright(['inspect', forged(payload)])).stdout).toMatch(/__proto__ +\{"admin":true\}/);
  });

  it.each([
    ['everywhere', `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
    ['in a value that is repeated', `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)},"a":1}`],
  ])('refuses a token nested too deep %s in one line, without a stack (H36)', async (_, payload) => {
    const path = await file(forged(payload));
    for (const args of [['inspect'], ['inspect', '--json']]) {
      const { code, stderr } = await tokenwright([...args, `@${path}`]);
      expect(code).toBe(3);
      expect(stderr).toMatch(/^tokenwright: .*nested (deeper|too deep).*\n(fix: .*\n)?$/);
    }
  });
});
