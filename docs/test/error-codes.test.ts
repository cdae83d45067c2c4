/** The page of errors has every code that the packages can say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../blocks/pages.ts';
import { codesIn, codesOfSources } from '../generate/source-codes.ts';

const page = readFileSync(join(root, 'docs/guide/errors.md'), 'utf8');
const codes = [...new Set(codesOfSources().map(({ code }) => code))].sort();

it('the sources have codes of all kinds', () => {
  for (const code of ['ERR_JWT_EXPIRED', 'ERR_LISTEN_FAILED', 'ERR_REFRESH_REFUSED', 'throttled', 'policy'])
    expect(codes).toContain(code);
});

it.each(codes)('%s stands on the page of errors', (code) => {
  expect(page).toMatch(new RegExp(`^### ${code}$|\`${code}\``, 'm'));
});

describe('a code is found', () => {
  it.each([
    ['in an object, with its words', `const A = { code: 'a', hint: 'h', fix: 'f' };`, ['a', 'h', 'f']],
    [
      'with words in a constant',
      `const F = 'f'; const A = { code: 'a', hint: 'h', fix: F };`,
      ['a', 'h', 'f'],
    ],
    [
      'with words that are partly computed',
      `const A = { code: 'a', hint: \`h \${1} i\`, fix: 'f' };`,
      ['a', 'h … i', 'f'],
    ],
    ['in a class', `class A { readonly code = 'a'; }`, ['a', undefined, undefined]],
    [
      'given to a function',
      `function f(x: number, code: string, w: W) {} f(1, 'a', { hint: 'h', fix: 'f' });`,
      ['a', 'h', 'f'],
    ],
    ['by its form', `if (error.code === 'ERR_A') throw error;`, ['ERR_A', undefined, undefined]],
  ])('%s', (_how, source, [code, hint, fix]) => {
    expect(codesIn(source)).toEqual([{ code, hint, fix }]);
  });

  it('and nothing else is', () => {
    expect(codesIn(`const a = { name: 'a' }; f('ERR_STREAM_PREMATURE_CLOSE'); g({ code });`)).toEqual([]);
  });
});
