import { describe, expect, it } from 'vitest';
import { type Lifetime, lifetimeAt, type Phase, SHARES } from '../src/lifetime.ts';

const claims = { nbf: 1000, iat: 900, exp: 4600 };
const start = SHARES['not yet'];
const end = start + SHARES['within its lifetime'];

/** The place of a moment on the bar. */
function positionAt(now: number): number {
  return (lifetimeAt(claims, now, 60) as Lifetime).position;
}

describe('the lifetime of a token from 1000 to 4600 with a tolerance of 60', () => {
  it.each<[number, Phase, string]>([
    [0, 'not yet', 'Begins in 16 min 40 s'],
    [939, 'not yet', 'Begins in 1 min 1 s'],
    [940, 'not yet', 'Begins in 1 min, and within the tolerance'],
    [999, 'not yet', 'Begins in 1 s, and within the tolerance'],
    [1000, 'within its lifetime', 'Ends in 1 h'],
    [4599, 'within its lifetime', 'Ends in 1 s'],
    [4600, 'tolerance', 'Over for 0 s, tolerated for another 1 min'],
    [4659, 'tolerance', 'Over for 59 s, tolerated for another 1 s'],
    [4660, 'expired', 'Expired 1 min ago'],
    [4600 + 86_400 * 3, 'expired', 'Expired 3 days ago'],
  ])('at %i is %s: %s', (now, phase, words) => {
    expect(lifetimeAt(claims, now, 60)).toMatchObject({ phase, words });
  });

  it('moves from left to right only, and changes its stretch at the borders', () => {
    const moments = [-1e9, 0, 999, 1000, 2800, 4599, 4600, 4630, 4660, 5000, 1e9];
    const places = moments.map(positionAt);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places[0]).toBeGreaterThanOrEqual(0);
    expect(places.at(-1)).toBeLessThanOrEqual(1);
    expect(positionAt(1000)).toBeCloseTo(start);
    expect(positionAt(2800)).toBeCloseTo((start + end) / 2);
    expect(positionAt(4600)).toBeCloseTo(end);
    expect(positionAt(4660)).toBeCloseTo(end + SHARES.tolerance);
  });
});

describe('the lifetime of a token', () => {
  it('begins with iat where it has no nbf, and with the later of both', () => {
    expect(lifetimeAt({ iat: 900, exp: 4600 }, 950, 0)).toMatchObject({
      phase: 'within its lifetime',
      start: 900,
    });
    expect(lifetimeAt({ iat: 2000, nbf: 900, exp: 4600 }, 950, 0)).toMatchObject({
      phase: 'not yet',
      start: 2000,
    });
    expect(lifetimeAt({ exp: 4600 }, 950, 0)).toMatchObject({
      phase: 'within its lifetime',
      start: undefined,
    });
  });

  it('that has no exp is a fault, and stands nowhere on the bar', () => {
    const seen = lifetimeAt({ iat: 1 }, 5, 60);
    expect(seen).toMatchObject({ phase: 'no end', words: expect.stringContaining('refused unless') });
    expect(seen).not.toHaveProperty('position');
  });

  it.each<[string, object, string]>([
    ['a text as exp', { exp: 'abc' }, 'Its exp is "abc"'],
    ['the number as a text', { exp: '4600' }, 'Its exp is "4600"'],
    ['null as exp', { exp: null }, 'Its exp is null'],
    ['an exp beyond all dates', { exp: 1e300 }, 'Its exp is 1e+300'],
    ['an iat before all dates', { iat: -1e15, exp: 4600 }, 'Its iat is -1000000000000000'],
    ['an nbf that is a list', { nbf: [1], exp: 4600 }, 'Its nbf is [1]'],
    ['a hidden turn of direction', { exp: '\u202e4600' }, String.raw`Its exp is "\u202e4600"`],
  ])('that has %s is a fault, and stands nowhere on the bar', (_what, times, words) => {
    const seen = lifetimeAt(times, 1000, 60);
    expect(seen).toMatchObject({ phase: 'no time', words: expect.stringContaining(words) });
    expect(seen).not.toHaveProperty('position');
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
