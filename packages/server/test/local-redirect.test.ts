import { describe, expect, it } from 'vitest';
import { localPath } from '../src/index.js';

describe('H23 a target that leaves this server', () => {
  it.each([
    '//evil',
    '///evil',
    '/\\evil',
    '\\\\evil',
    '/\\/evil',
    'https:evil',
    'https://evil',
    'HTTPS://evil/',
    'https:/evil',
    '%2f%2fevil',
    '/%2fevil',
    '/%2Fevil',
    '/%5cevil',
    '/%252fevil',
    '/%09/evil',
    '/\t/evil',
    '/\n/evil',
    '/%0d%0aSet-Cookie:x=y',
    '/\r\nSet-Cookie: x=y',
    ' //evil',
    'javascript:alert(1)',
    'data:text/html,x',
    '/.//evil',
    '/a/..//evil',
    'evil',
    '?next=//evil',
    '',
  ])('is replaced by the fallback: %j', (target) => {
    expect(localPath(target, '/account')).toBe('/account');
  });

  it.each([[undefined], [null], [42], [['/a', '//evil']], [{ toString: () => '/a' }]])(
    'is replaced when it is no string: %j',
    (target) => {
      expect(localPath(target)).toBe('/');
    },
  );
});

describe('H23 a local path', () => {
  it.each([
    '/',
    '/account',
    '/a/b?c=d&e=f#g',
    '/search?q=a%20b',
    '/a%20b',
    '/a%2Fb',
    '/caf%C3%A9',
    '/100%',
    '/login?next=https://elsewhere.example/',
    '/a/../b',
  ])('stays as it is: %j', (target) => {
    expect(localPath(target, '/account')).toBe(target);
  });

  it('is what the fallback has to be', () => {
    expect(() => localPath('/a', 'https://evil')).toThrow(TypeError);
  });
});
