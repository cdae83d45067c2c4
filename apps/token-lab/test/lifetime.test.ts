import { describe, expect, it } from 'vitest';
import { lifetimeAt, type Phase, SHARES } from '../src/lifetime.ts';

const claims = { nbf: 1000, iat: 900, exp: 4600 };
const start = SHARES['not yet'];
const end = start + SHARES.valid;

describe('the lifetime of a token from 1000 to 4600 with a tolerance of 60', () => {
  it.each<[number, Phase, string]>([
    [0, 'not yet', 'Begins in 16 min 40 s'],
    [939, 'not yet', 'Begins in 1 min 1 s'],
    [940, 'not yet', 'Begins in 1 min, and within the tolerance'],
    [999, 'not yet', 'Begins in 1 s, and within the tolerance'],
    [1000, 'valid', 'Valid for another 1 h'],
    [4599, 'valid', 'Valid for another 1 s'],
    [4600, 'tolerance', 'Over for 0 s, accepted for another 1 min'],
    [4659, 'tolerance', 'Over for 59 s, accepted for another 1 s'],
    [4660, 'expired', 'Expired 1 min ago'],
    [4600 + 86_400 * 3, 'expired', 'Expired 3 days ago'],
  ])('at %i is %s: %s', (now, phase, words) => {
    expect(lifetimeAt(claims, now, 60)).toMatchObject({ phase, words });
  });

  it('moves from left to right only, and changes its stretch at the borders', () => {
    const moments = [-1e9, 0, 999, 1000, 2800, 4599, 4600, 4630, 4660, 5000, 1e9];
    const places = moments.map((now) => lifetimeAt(claims, now, 60).position);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places[0]).toBeGreaterThanOrEqual(0);
    expect(places.at(-1)).toBeLessThanOrEqual(1);
    expect(lifetimeAt(claims, 1000, 60).position).toBeCloseTo(start);
    expect(lifetimeAt(claims, 2800, 60).position).toBeCloseTo((start + end) / 2);
    expect(lifetimeAt(claims, 4600, 60).position).toBeCloseTo(end);
    expect(lifetimeAt(claims, 4660, 60).position).toBeCloseTo(end + SHARES.tolerance);
  });
});

describe('the lifetime of a token', () => {
  it('begins with iat where it has no nbf', () => {
    expect(lifetimeAt({ iat: 900, exp: 4600 }, 950, 0)).toMatchObject({ phase: 'valid', start: 900 });
  });

  it('has no end without exp, and none with an exp that is no number', () => {
    expect(lifetimeAt({}, 5, 60)).toMatchObject({ phase: 'valid', words: 'Has no end' });
    expect(lifetimeAt({ exp: '4600' }, 5000, 60)).toMatchObject({ words: 'Has no end', end: undefined });
  });

  it('has no tolerance where none is given', () => {
    expect(lifetimeAt(claims, 4600, 0).phase).toBe('expired');
  });

  it('that ends before it begins is drawn all the same', () => {
    expect(lifetimeAt({ iat: 100, exp: 50 }, 200, 0)).toMatchObject({ phase: 'expired' });
  });
});

it('the stretches fill the bar', () => {
  expect(Object.values(SHARES).reduce((sum, share) => sum + share)).toBeCloseTo(1);
});
