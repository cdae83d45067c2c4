import { describe, expect, it } from 'vitest';
import { inexactNumbers, parseExactly, withExactNumbers } from '../src/input/exact-json.ts';
import { hasRepeatedMembers } from '../src/input/repeated-members.ts';

describe('a number in JSON', () => {
  it.each([
    '0',
    '-0',
    '0.0',
    '1.0',
    '10',
    '1e3',
    '100e-2',
    '9007199254740992',
    '0.1',
    '1e21',
    '1E+2',
    '5e-324',
  ])('%s is the same in JavaScript', (number) => {
    expect(inexactNumbers(`{"a":${number}}`)).toEqual([]);
  });

  it.each([
    ...['12345678901234567890', '9007199254740993', '-9007199254740993', '0.1234567890123456789'],
    ...['1e400', '-1e400', '1e-400', '1.7976931348623159e308'],
  ])('%s is not, and is written again as it stood', (number) => {
    const json = `{"a":[${number},"${number}"],"${number}":1}`;
    expect(inexactNumbers(json)).toEqual([number]);
    expect(withExactNumbers(JSON.stringify(parseExactly(json)))).toBe(json);
  });

  it('in a text is a text, whatever stands around it', () => {
    const json = JSON.stringify({ a: 'x 12345678901234567890', b: '"12345678901234567890', c: '\\' });
    expect(inexactNumbers(json)).toEqual([]);
    expect(withExactNumbers(JSON.stringify(parseExactly(json)))).toBe(json);
  });
});

describe('a member that stands twice', () => {
  it.each([
    ['at the top', '{"a":1,"a":2}', true],
    ['deep inside', '{"a":[{"b":{"c":1,"c":1}}]}', true],
    ['in a list at the top', '[{"a":1,"a":2}]', true],
    ['with an escape', '{"a":1,"\\u0061":2}', true],
    ['in two objects', '[{"a":1},{"a":2}]', false],
    ['as a text', '["a","a"]', false],
  ])('%s is seen for what it is', (_, json, expected) => {
    expect(hasRepeatedMembers(json)).toBe(expected);
  });
});
