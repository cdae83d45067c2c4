import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { beginExamination } from '../src/checks/check.ts';
import type { ValidatorOptions } from '../src/index.ts';
import { importKey } from '../src/index.ts';
import { Key } from '../src/keys/key.ts';
import { VerifiedTokens } from '../src/verified-tokens.ts';
import { HEX, OTHER_HEX } from './fixtures/keys.ts';
import { CLAIMS, clock, NOW, tokenWith, validatorOf } from './fixtures/tokens.ts';

/** Counts the signatures that are computed to verify. */
function counted() {
  const spy = vi.spyOn(Key.prototype, 'verify');
  onTestFinished(() => spy.mockRestore());
  return spy;
}

/** Another string of the same characters, as a socket gives it. */
const again = (token: string): string => Buffer.from(token).toString('latin1');

describe('a remembered token', () => {
  it('has its signature computed once, whichever way it is verified', async () => {
    const computed = counted();
    const validator = validatorOf();
    const token = tokenWith();
    const first = await validator.verify(token);
    expect(await validator.verify(again(token))).toEqual(first);
    expect(validator.verifySync(again(token))).toEqual(first);
    expect(await validator.safeVerify(again(token))).toMatchObject({ ok: true });
    expect(computed).toHaveBeenCalledTimes(1);
  });

  it('is counted as a hit, and every other as a miss', async () => {
    const validator = validatorOf();
    expect(validator.cacheStatistics()).toEqual({ hits: 0, misses: 0 });
    await validator.verify(tokenWith());
    validator.verifySync(tokenWith());
    await validator.safeVerify('no token');
    expect(validator.cacheStatistics()).toEqual({ hits: 1, misses: 2 });
    const off = validatorOf({ cache: false });
    for (let use = 0; use < 3; use += 1) off.verifySync(tokenWith());
    expect(off.cacheStatistics()).toEqual({ hits: 0, misses: 3 });
  });

  it('has it computed each time when the cache is off', async () => {
    for (const cache of [false, 0] as const) {
      const computed = counted();
      computed.mockClear();
      const validator = validatorOf({ cache });
      for (let use = 0; use < 3; use += 1) await validator.verify(tokenWith());
      expect(computed).toHaveBeenCalledTimes(3);
    }
  });

  it('is not one that is longer than what is remembered', async () => {
    const computed = counted();
    const validator = validatorOf();
    const token = tokenWith({ own: 'x'.repeat(4096) });
    for (let use = 0; use < 2; use += 1) await validator.verify(token);
    expect(computed).toHaveBeenCalledTimes(2);
  });

  it('stays remembered while it is used, however many others come', async () => {
    const computed = counted();
    const validator = validatorOf({ cache: 10 });
    const token = tokenWith();
    await validator.verify(token);
    for (let other = 0; other < 100; other += 1) {
      await validator.verify(tokenWith({ jti: `other-${other}` }));
      await validator.verify(token);
    }
    expect(computed).toHaveBeenCalledTimes(101);
  });

  it('is forgotten when it is not used and enough others come', async () => {
    const computed = counted();
    const validator = validatorOf({ cache: 10 });
    await validator.verify(tokenWith());
    for (let other = 0; other < 11; other += 1) await validator.verify(tokenWith({ jti: `other-${other}` }));
    computed.mockClear();
    await validator.verify(tokenWith());
    expect(computed).toHaveBeenCalledTimes(1);
  });

  it('is one of at most as many as were asked for', () => {
    for (const most of [1, 2, 3, 10, 11, 1000]) {
      const remembered = new VerifiedTokens(most);
      const key = importKey({ hex: HEX });
      const parsed = {
        token: '',
        header: { alg: 'HS256' },
        signingInput: '',
        payload: '',
        text: undefined,
        signature: '',
      };
      const tokens = Array.from({ length: 3 * most }, (_, index) => `token-${index}`);
      for (const token of tokens)
        remembered.remember({ ...beginExamination(token, NOW), parsed, key, claims: {} });
      const known = tokens.filter((token) => remembered.recall(beginExamination(token, NOW)));
      expect(known.length).toBeLessThanOrEqual(most);
      expect(known).toContain(tokens.at(-1));
    }
  });
});

describe('L41 the cache answers for the whole token only', () => {
  const token = tokenWith();
  const [header = '', payload = '', signature = ''] = token.split('.');
  const other = tokenWith({ sub: 'bob', jti: 'two' });

  it.each<[string, string]>([
    ['same header and payload, other signature', `${header}.${payload}.${other.split('.')[2]}`],
    ['same header and payload, empty signature', `${header}.${payload}.`],
    ['same signature, other payload', `${header}.${other.split('.')[1]}.${signature}`],
    ['same last characters', `${other.slice(0, -16)}${token.slice(-16)}`],
  ])('L41 %s is refused after a success', async (_case, forged) => {
    const validator = validatorOf();
    expect((await validator.verify(token)).claims.sub).toBe('alice');
    expect((await validator.safeVerify(forged)).ok).toBe(false);
    expect((await validator.safeVerify(token)).ok).toBe(true);
  });

  it('L41 a token of the same issuer, audience and subject has its own claims', async () => {
    const validator = validatorOf();
    await validator.verify(tokenWith({ own: 'a' }));
    expect((await validator.verify(tokenWith({ own: 'b' }))).claims['own']).toBe('b');
    expect((await validator.verify(tokenWith({ own: 'a' }))).claims['own']).toBe('a');
  });

  it('L41 1e5 distinct bad tokens are not remembered and push no good one out', async () => {
    const validator = validatorOf({ cache: 10 });
    await validator.verify(token);
    const computed = counted();
    let accepted = 0;
    for (let bad = 0; bad < 100_000; bad += 1) {
      const forged = `${header}.${Buffer.from(`{"a":${bad}}`).toString('base64url')}.${signature}`;
      if ((await validator.safeVerify(forged)).ok) accepted += 1;
    }
    expect(accepted).toBe(0);
    expect(computed).toHaveBeenCalledTimes(100_000);
    computed.mockClear();
    expect((await validator.verify(token)).claims).toEqual(CLAIMS);
    expect(computed).not.toHaveBeenCalled();
  });
});

describe('L42 what may have changed is checked again for a remembered token', () => {
  /** Verifies once under the fixed clock, changes something, and verifies again. */
  async function then(
    options: Partial<ValidatorOptions>,
    claims: Record<string, unknown>,
    change: () => void,
  ): Promise<string> {
    const validator = validatorOf(options);
    const token = tokenWith(claims);
    expect((await validator.safeVerify(token)).ok).toBe(true);
    change();
    const answer = await validator.safeVerify(again(token));
    return answer.ok ? 'accepted' : answer.code;
  }

  it('L42 exp passes', async () => {
    let now = clock();
    const moving = { clock: () => now };
    expect(
      await then(moving, { exp: NOW + 1 }, () => {
        now += 60_000;
      }),
    ).toBe('accepted');
    expect(
      await then(moving, { exp: NOW + 61 }, () => {
        now += 61_000;
      }),
    ).toBe('ERR_JWT_EXPIRED');
  });

  it('L42 maxAge passes, and a clock that jumps back makes nbf lie ahead', async () => {
    let now = clock();
    expect(
      await then({ clock: () => now, maxAge: 100 }, {}, () => {
        now += 161_000;
      }),
    ).toBe('ERR_JWT_EXPIRED');
    now = clock();
    expect(
      await then({ clock: () => now }, { nbf: NOW, iat: undefined }, () => {
        now -= 61_000;
      }),
    ).toBe('ERR_JWT_CLAIM_VALIDATION_FAILED');
  });

  it('L42 jti is revoked', async () => {
    const revoked = new Set<string>();
    for (const isRevoked of [
      ({ jti }: { jti?: string }) => revoked.has(jti ?? ''),
      async ({ jti }: { jti?: string }) => revoked.has(jti ?? ''),
    ]) {
      revoked.clear();
      expect(await then({ isRevoked }, {}, () => revoked.add('another'))).toBe('accepted');
      expect(await then({ isRevoked }, {}, () => revoked.add('one'))).toBe('ERR_JWT_REVOKED');
    }
  });

  it.each<[string, Partial<ValidatorOptions>, string]>([
    ['audience', { audience: 'another' }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['issuer', { issuer: 'another' }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['typ', { typ: 'at+jwt' }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['key', { keys: { hex: OTHER_HEX } }, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
  ])('L42 a validator of another %s does not share what this one remembers', async (_case, options, code) => {
    const token = tokenWith();
    expect((await validatorOf().safeVerify(token)).ok).toBe(true);
    expect(await validatorOf(options).safeVerify(token)).toMatchObject({ ok: false, code });
  });

  it('L42 the caller cannot change what the next one gets', async () => {
    const validator = validatorOf();
    const token = tokenWith({ roles: ['user'], own: { a: 1 } }, { x: { y: ['z'] } });
    const first = await validator.verify(token);
    for (const attempt of [
      () => Object.assign(first.claims, { sub: 'root' }),
      () => (first.claims.roles as string[]).push('admin'),
      () => Object.assign(first.claims['own'] as object, { a: 2 }),
      () => Object.assign(first.header, { alg: 'none' }),
      () => (first.header['x'] as { y: string[] }).y.push('w'),
    ]) {
      expect(attempt).toThrow(TypeError);
    }
    Object.assign(first, { claims: {}, header: {} });
    expect(await validator.verify(token)).toMatchObject({
      claims: { sub: 'alice', roles: ['user'], own: { a: 1 } },
      header: { alg: 'HS256', x: { y: ['z'] } },
    });
  });

  it('L42 a token that was too early is accepted when its time has come', async () => {
    let now = clock();
    const validator = validatorOf({ clock: () => now });
    const token = tokenWith({ nbf: NOW + 120 });
    expect(await validator.safeVerify(token)).toMatchObject({ ok: false, claim: 'nbf' });
    now += 60_000;
    expect((await validator.safeVerify(token)).ok).toBe(true);
  });
});

describe('headers that are remembered', () => {
  it('are bounded, and a header is read right after very many others', async () => {
    const validator = validatorOf();
    for (let other = 0; other < 600; other += 1) {
      const { header } = await validator.verify(tokenWith({}, { x: other }));
      expect(header['x']).toBe(other);
    }
    expect((await validator.verify(tokenWith({}, { long: 'x'.repeat(2000) }))).header['long']).toHaveLength(
      2000,
    );
  });
});
