import { inspect } from '@tokenwright/jwt/inspect';
import { describe, expect, it } from 'vitest';
import { algorithmNone, BREAKERS, changeClaim, cutSignature } from '../src/breakers.ts';
import { anotherTier } from '../src/troubleshooting.ts';
import { token } from './tokens.ts';

const good = token({ sub: 'admin', name: 'Zoë 🗝', roles: ['admin'] });
const [header, payload, signature] = good.split('.');

describe('a changed claim', () => {
  it('is the name, and nothing else changes, the signature least of all', () => {
    const changed = changeClaim(good);
    expect(inspect(changed)).toMatchObject({
      kind: 'signed',
      claims: { sub: 'admin', name: 'mallory', roles: ['admin'] },
    });
    expect(changed.split('.')[0]).toBe(header);
    expect(changed.split('.')[2]).toBe(signature);
    expect(changed.split('.')[1]).not.toBe(payload);
  });

  it('is another name where that is mallory already', () => {
    expect(inspect(changeClaim(token({ name: 'mallory' }))).claims).toEqual({ name: 'eve' });
    expect(changeClaim('ey.key.iv.AAAAertext.tag')).toBe('ey.key.iv.BBBBertext.tag');
  });

  it('is made blindly where the claims cannot be read', () => {
    expect(changeClaim('ey.key.iv.ciphertext.tag')).toBe('ey.key.iv.AAAAertext.tag');
  });
});

describe('a cut signature', () => {
  it.each([43, 86, 342, 4])('of %i characters is shorter and still base64url', (length) => {
    const cut = cutSignature(`${header}.${payload}.${'s'.repeat(length)}`);
    expect(cut.startsWith(`${header}.${payload}.`)).toBe(true);
    expect(cut.split('.')[2]?.length).toBeLessThan(length);
    expect((cut.split('.')[2]?.length ?? 1) % 4).toBe(0);
  });
});

describe('alg: none', () => {
  it('keeps header and claims but for the algorithm, and has no signature', () => {
    const none = algorithmNone(good);
    expect(inspect(none)).toMatchObject({
      algorithm: 'none',
      header: { typ: 'JWT' },
      claims: { sub: 'admin' },
    });
    expect(none.endsWith(`.${payload}.`)).toBe(true);
  });
});

it.each([
  [{}, 3],
  [{ tier: 3 }, 4],
  [{ tier: 'gold' }, 3],
])('of a token with %j a tier is expected that it does not have', (claims, tier) => {
  expect(anotherTier(token(claims))).toEqual({ tier });
});

it('no breaker made in the page gives back the token it was given', () => {
  const here = BREAKERS.flatMap(({ by }) => (typeof by === 'function' ? [by] : []));
  expect(here).toHaveLength(3);
  for (const by of here) expect(by(good)).not.toBe(good);
});
