import { describe, expect, it } from 'vitest';
import { readCookie } from '../src/cookies/cookie-header.js';

const NAME = '__Host-session';

/** Milliseconds of a few readings. */
function timeOf(field: string): number {
  const began = performance.now();
  for (let i = 0; i < 3; i++) readCookie(field, NAME);
  return performance.now() - began;
}

/** Two of three runs: hostile text costs no more than twenty times what other text of the same length does. */
function isBounded(hostile: string, plain: string): boolean {
  const runs = [1, 2, 3].map(() => timeOf(hostile) <= 20 * Math.max(timeOf(plain), 0.1));
  return runs.filter(Boolean).length >= 2;
}

describe('H9 reading a cookie costs no more than the length of the field', () => {
  const blanks = ' '.repeat(15_500);
  const letters = 'a'.repeat(15_500);

  it.each([
    ['blanks inside the value', `${NAME}=a${blanks}b`, `${NAME}=a${letters}b`],
    ['tabs inside the value', `${NAME}=a${'\t'.repeat(15_500)}b`, `${NAME}=a${letters}b`],
    ['blanks inside a name', `${NAME}=a; x${blanks}y=b`, `${NAME}=a; x${letters}y=b`],
    ['blanks before the value', `${NAME}=${blanks}b`, `${NAME}=${letters}b`],
    ['blanks alone', `${NAME}=${blanks}`, `${NAME}=${letters}`],
  ])('of %s', (_what, hostile, plain) => {
    expect(isBounded(hostile, plain)).toBe(true);
  });
});

describe('the blanks around a cookie', () => {
  it.each([
    ['blanks and tabs around name and value', `a=b;\t ${NAME} \t=\t good \t;c=d`, { value: 'good' }],
    ['none', `${NAME}=good`, { value: 'good' }],
    ['one inside the value', `${NAME}=go od`, 'malformed'],
    ['nothing but blanks', `${NAME}= \t `, 'malformed'],
    ['a no-break space before the name', `\u00a0${NAME}=good`, undefined],
    ['a line feed behind the value', `${NAME}=good\n`, 'malformed'],
  ])('are read with %s', (_what, field, reading) => {
    expect(readCookie(field, NAME)).toEqual(reading);
  });
});
