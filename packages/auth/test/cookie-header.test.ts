import { afterEach, describe, expect, it, vi } from 'vitest';
import { MAX_COOKIE_BYTES, readCookie } from '../src/cookies/cookie-header.js';

const NAME = '__Host-session';

afterEach(() => vi.restoreAllMocks());

describe('H9 reading a cookie costs no more than the length of the field', () => {
  const blanks = ' '.repeat(15_500);

  it.each([
    ['blanks inside the value', `${NAME}=a${blanks}b`],
    ['tabs inside the value', `${NAME}=a${'\t'.repeat(15_500)}b`],
    ['blanks inside a name', `${NAME}=a; x${blanks}y=b`],
    ['blanks before the value', `${NAME}=${blanks}b`],
    ['blanks alone', `${NAME}=${blanks}`],
    ['letters', `${NAME}=${'a'.repeat(15_500)}`],
    ['many cookies', `${NAME}=a${';b= c '.repeat(2600)}`],
  ])('of %s', (_what, field) => {
    // Everything that applies a regular expression calls exec once it is replaced: test, match, replace and split too.
    const searched = vi.spyOn(RegExp.prototype, 'exec');
    const looked = vi.spyOn(String.prototype, 'charCodeAt');
    readCookie(field, NAME);
    const texts = searched.mock.calls.map(([text]) => text);
    const looks = looked.mock.calls.length;
    vi.restoreAllMocks();
    expect(texts.filter((text) => text.length > MAX_COOKIE_BYTES)).toEqual([]);
    expect(looks).toBeLessThanOrEqual(2 * field.length);
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
