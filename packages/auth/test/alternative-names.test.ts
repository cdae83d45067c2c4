import { describe, expect, it } from 'vitest';
import { alternativeNames } from '../src/certificates/alternative-names.js';

describe('subject alternative names', () => {
  it.each([
    [undefined, []],
    ['', []],
    ['DNS:a.test', ['DNS:a.test']],
    [
      'DNS:a.test, URI:spiffe://k/x, IP Address:10.0.0.1, email:a@b',
      ['DNS:a.test', 'URI:spiffe://k/x', 'IP Address:10.0.0.1', 'email:a@b'],
    ],
    ['DNS:"evil\\u002c DNS:a.test", DNS:b', ['DNS:evil, DNS:a.test', 'DNS:b']],
    ['IP Address:FE80:0:0:0:0:0:0:1', ['IP Address:FE80:0:0:0:0:0:0:1']],
  ])('are read one by one: %j', (text, names) => {
    expect(alternativeNames(text)).toEqual(names);
  });

  it.each(['a.test', 'DNS:"a', 'DNS:a"b', 'DNS:"a" b', 'DNS:a,DNS:b', 'DNS:"\\x"', 'DNS:"\t\u0000"'])(
    'are none at all when one cannot be read: %j',
    (text) => {
      expect(alternativeNames(text)).toBeUndefined();
    },
  );
});
