import { encryptCompact, inspect } from '@tokenwright/jwt';
import { describe, expect, it } from 'vitest';
import { tokenwright } from './process.ts';
import { builder, EXPECTED, expiredBy, HEX, OTHER_HEX, signedAsItIs, token } from './tokens.ts';

const renew = (args: readonly string[], key = HEX, stdin = '') =>
  tokenwright(['renew', '--key', 'env:KEY', ...args], { env: { KEY: `hex:${key}` }, stdin });

const old = builder
  .clock(() => Date.now() - 1_800_000)
  .claim('tier', 3)
  .buildSync();

/** A token that is renewed, unless the number in it would become another one. */
const withNumber = (digits: string) =>
  signedAsItIs(
    `{"iss":"KestrunApi","aud":"KestrunClients","iat":${old.claims.iat},"auth_time":${old.claims.iat},"exp":4102444800,"id":${digits}}`,
  );
const CHANGED = '9007199254740993';

describe('renew', () => {
  it('takes a token that was signed elsewhere, as the one below but for one digit', async () => {
    const { code, stdout } = await renew([...EXPECTED, withNumber('9007199254740992')]);
    expect(code).toBe(0);
    expect(inspect(stdout.trim()).claims!['id']).toBe(9_007_199_254_740_992);
  });

  it('looks for a number that would be changed also inside of an encrypted token', async () => {
    const secret = { base64url: 'A'.repeat(43) };
    const encrypted = (signed: string) => encryptCompact(signed, secret, { header: { cty: 'JWT' } });
    const args = [...EXPECTED, '--decrypt-key', `base64url:${secret.base64url}`];
    expect(await renew([...args, await encrypted(withNumber('1'))])).toMatchObject({ code: 0 });
    const { code, stderr } = await renew([...args, await encrypted(withNumber(CHANGED))]);
    expect(code).toBe(1);
    expect(stderr).toContain('more digits than stay exact');
  });

  it('prints a new token with later times and another ID, and everything else as it was', async () => {
    const { stdout, ...ended } = await renew([...EXPECTED, '--valid-for', '2h', old.token]);
    expect(ended).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const { iat, exp, jti, ...kept } = inspect(stdout.trim()).claims!;
    const { iat: oldIat, exp: oldExp, jti: oldJti, ...before } = old.claims;
    expect(kept).toEqual(before);
    expect(iat).toBeGreaterThan(oldIat!);
    expect(exp! - iat!).toBe(7200);
    expect(exp).toBeGreaterThan(oldExp!);
    expect(jti).not.toBe(oldJti);
  });

  it('ends with the session, and takes the token from a pipe', async () => {
    const args = [...EXPECTED, '--max-session', '45m', '--json'];
    const { code, stdout } = await renew(args, HEX, old.token);
    expect(code).toBe(0);
    const { claims, token: renewed } = JSON.parse(stdout);
    expect(claims.exp).toBe(claims.auth_time + 2700);
    expect(inspect(renewed).claims).toEqual(claims);
  });

  it.each([
    ['expired', 1, EXPECTED, expiredBy(180), HEX, 'refused: The token expired 3 minutes ago'],
    ['signed with another key', 1, EXPECTED, token, OTHER_HEX, 'refused: '],
    ['for another audience', 1, [...EXPECTED.slice(0, 2), '--audience', 'b'], token, HEX, 'audience'],
    ['whose session is over', 1, [...EXPECTED, '--max-session', '10m'], old.token, HEX, 'session ended'],
    [
      'with a number that would be changed',
      1,
      EXPECTED,
      withNumber(CHANGED),
      HEX,
      'more digits than stay exact',
    ],
    ['that is none', 3, EXPECTED, 'garbage', HEX, 'malformed: '],
  ] as const)('refuses a token %s, with exit %i, cause and fix', async (_, code, args, bad, key, words) => {
    const { stderr, ...ended } = await renew([...args, bad], key);
    expect(ended).toEqual({ code, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).toMatch(/^tokenwright: [^\n]+\nfix: [^\n]+\n$/);
  });

  it.each([
    ['an issuer', ['--audience', 'a']],
    ['an audience', ['--issuer', 'a']],
  ])('answers 2 without %s: what is not checked is not renewed', async (_, args) => {
    const { stderr, ...ended } = await renew([...args, token]);
    expect(ended).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^tokenwright: [^\n]+\nfix: [^\n]+\n$/);
  });
});
