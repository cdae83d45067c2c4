import { describe, expect, it } from 'vitest';
import { InvalidOption, JwtValidator, type SignatureAlgorithmName } from '../../src/index.ts';
import { discover, remoteJwks } from '../../src/remote.ts';
import { testClock, testIssuer } from '../../src/testing.ts';
import { HEX } from '../fixtures/keys.ts';
import { refusalOf } from '../fixtures/tokens.ts';

describe('a clock for tests', () => {
  it('stands still until it is moved', () => {
    const clock = testClock();
    expect([clock(), clock()]).toEqual([Date.UTC(2026, 0), Date.UTC(2026, 0)]);
    clock.advance('15m');
    clock.advance(1);
    expect(clock()).toBe(Date.UTC(2026, 0, 1, 0, 15, 1));
    clock.set(new Date('2025-06-01T00:00:00Z'));
    expect(clock()).toBe(Date.UTC(2025, 5));
  });

  it('starts when it is told to', () => {
    expect(testClock(1000)()).toBe(1_000_000);
    expect(testClock(new Date(5000))()).toBe(5000);
  });

  it.each<[string, () => unknown]>([
    ['a start in milliseconds', () => testClock(Date.now())],
    ['an invalid Date', () => testClock().set(new Date(Number.NaN))],
    ['a duration without a unit', () => testClock().advance('15' as never)],
    ['a negative duration', () => testClock().advance(-1)],
  ])('refuses %s', (_case, call) => {
    expect(call).toThrow(InvalidOption);
  });

  it('moves the tokens of an issuer', async () => {
    const clock = testClock();
    const { builder, validator } = await testIssuer({ clock });
    const { token } = await builder.validFor('15m').build();
    await validator().verify(token);
    clock.advance('20m');
    expect((await refusalOf(() => validator().verify(token)))['code']).toBe('ERR_JWT_EXPIRED');
  });
});

describe('an issuer for tests', () => {
  it.each<SignatureAlgorithmName>(['HS512', 'RS256', 'PS384', 'ES512', 'EdDSA'])(
    'issues tokens of any algorithm, and verifies them: %s',
    async (algorithm) => {
      const issuer = await testIssuer({ algorithm });
      const { token, header } = await issuer.builder.subject('alice').build();
      expect(header).toEqual({ alg: algorithm, typ: 'JWT', kid: 'test' });
      expect((await issuer.validator({ requiredClaims: ['sub'] }).verify(token)).claims.sub).toBe('alice');
      expect(issuer.jwks.keys.map(({ alg }) => alg)).toEqual(algorithm === 'HS512' ? [] : [algorithm]);
    },
  );

  it('has another key each time, or the one it is given', async () => {
    const [one, two] = [await testIssuer(), await testIssuer()];
    expect(one.key.thumbprint).not.toBe(two.key.thumbprint);
    const given = await testIssuer({ key: { hex: HEX }, issuer: 'a', audience: 'b' });
    const { token } = await given.builder.build();
    const validator = new JwtValidator({ keys: { hex: HEX }, issuer: 'a', audience: 'b' });
    expect((await validator.verify(token)).claims).toMatchObject({ iss: 'a', aud: 'b' });
  });

  it.each(['https://issuer.test', 'https://issuer.test/', 'https://issuer.test/tenant/one'])(
    'is discovered through its fetch: %s',
    async (name) => {
      const issuer = await testIssuer({ issuer: name });
      const { token } = await issuer.builder.build();
      for (const kind of ['openid', 'oauth2'] as const) {
        const discovered = await discover(name, { kind, fetch: issuer.fetch });
        const validator = new JwtValidator({ ...discovered, audience: issuer.audience });
        expect((await validator.verify(token)).claims.iss).toBe(name);
      }
    },
  );

  it('publishes its keys through its fetch, and nothing else', async () => {
    const issuer = await testIssuer();
    const keys = remoteJwks('https://issuer.test/jwks.json', { fetch: issuer.fetch });
    await issuer.validator({ keys }).verify((await issuer.builder.build()).token);
    const init = {
      method: 'GET',
      headers: new Headers(),
      redirect: 'manual',
      signal: new AbortController().signal,
    } as const;
    expect((await issuer.fetch('https://issuer.test/other', init)).status).toBe(404);
    expect((await issuer.fetch('https://other.test/jwks.json', init)).status).toBe(404);
    expect(JSON.stringify(issuer.jwks)).not.toContain('"d":');
  });

  it('is refused with an option that there is not', async () => {
    expect(await refusalOf(() => testIssuer({ algorithms: 'ES256' } as never))).toMatchObject({
      option: 'algorithms',
    });
  });
});
