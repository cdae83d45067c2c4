import { describe, expect, it } from 'vitest';
import { inWords } from '../src/index.ts';

describe('a duration in words', () => {
  it.each([
    [0, '0 seconds'],
    [1, '1 second'],
    [-1, '1 second'],
    [1.6, '2 seconds'],
    [119, '119 seconds'],
    [120, '2 minutes'],
    [7199, '120 minutes'],
    [7200, '2 hours'],
    [172_799, '48 hours'],
    [172_800, '2 days'],
    [315_360_000, '3650 days'],
  ])('has the largest unit that keeps it readable: %d', (duration, words) => {
    expect(inWords(duration)).toBe(words);
  });
});
