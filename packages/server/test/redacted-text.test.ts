import { afterEach, describe, expect, it, vi } from 'vitest';
import { redactedText } from '../src/observability/redacted-text.js';

/** A compact JWS or JWE in one expression. Each `eyJ` of a text without dots reads all that follows, so it is not used. */
const COMPACT = /\beyJ[\w-]{6,}\.[\w-]*\.[\w.-]*/g;

describe('a compact token in a text', () => {
  it.each([
    ['alone', 'eyJhbGciOiJIUzI1NiJ9.e30.sig-x', '[Redacted]'],
    ['without a payload', 'eyJhbGciOiJIUzI1NiJ9..sig-x', '[Redacted]'],
    ['without a signature', 'eyJhbGciOiJIUzI1NiJ9.e30.', '[Redacted]'],
    ['with five parts', 'eyJhbGciOiJkaXIifQ..aa.bb.cc, and more', '[Redacted], and more'],
    ['behind a hyphen', 'x-eyJhbGciOiJIUzI1NiJ9.e30.AA', 'x-[Redacted]'],
    ['behind a host name', 'a.example.eyJhbGciOiJIUzI1NiJ9.e30.AA', 'a.example.[Redacted]'],
    ['behind what begins as one', 'eyJ.eyJ-eyJhbGciOiJIUzI1NiJ9.e30.AA', 'eyJ.[Redacted]'],
    ['twice', 'eyJhbGciOiJIUzI1NiJ9.e30.AA eyJhbGciOiJIUzI1NiJ9.e30.AA', '[Redacted] [Redacted]'],
  ])('is redacted %s', (_where, text, redacted) => {
    expect(redactedText(text)).toBe(redacted);
  });

  it.each([
    ['a header alone', 'eyJhbGciOiJIUzI1NiJ9'],
    ['two parts', 'eyJhbGciOiJIUzI1NiJ9.e30'],
    ['a header that is too short', 'eyJhbGci.e30.AA'],
    ['letters within a word', 'greyJhbGciOiJIUzI1NiJ9.e30.AA'],
  ])('is not %s', (_what, text) => {
    expect(redactedText(text)).toBe(text);
  });

  it('is redacted wherever one expression would find it, in 20,000 texts of such pieces', () => {
    const pieces = ['eyJ', 'eyJhbGci', 'eyJhbGciOiJI', 'x', '_', '-', '.', '..', ' ', '"', '\n', '\u00e9'];
    const pick = numbers(1);
    for (let count = 0; count < 20_000; count++) {
      const text = Array.from({ length: 1 + pick(16) }, () => pieces[pick(pieces.length)]).join('');
      expect(redactedText(text), JSON.stringify(text)).toBe(text.replaceAll(COMPACT, '[Redacted]'));
    }
  });
});

describe('the search for tokens', () => {
  afterEach(() => vi.restoreAllMocks());

  it.each([
    ['eyJ without a dot', '-eyJ-eyJ'.repeat(8_000)],
    ['eyJ and dots', '-eyJ.eyJ'.repeat(8_000)],
    ['headers without a dot', '-eyJhbGciOiJI'.repeat(8_000)],
    ['headers and one dot', `${'-eyJhbGciOiJI'.repeat(8_000)}.${'-eyJhbGciOiJI'.repeat(8_000)}`],
  ])('looks at as many characters from each place as it names, and searches a run once: %s', (_, text) => {
    // Everything that applies a regular expression calls exec once it is replaced: test, replace and search too.
    const searched = vi.spyOn(RegExp.prototype, 'exec');
    redactedText(text);
    const calls = searched.mock.calls.map(([searchedText], index) => ({
      source: (searched.mock.contexts[index] as RegExp).source,
      length: searchedText.length,
    }));
    vi.restoreAllMocks();
    const forHeaders = calls.filter(({ source }) => source.includes('eyJ'));
    // A repetition without end behind `eyJ` would read the rest of the text again from each of them.
    expect(forHeaders.filter(({ source }) => /[*+]|\{\d+,\}/.test(source))).toEqual([]);
    const read = forHeaders.reduce((sum, { length }) => sum + length, 0);
    expect(read).toBeLessThanOrEqual(3 * text.length);
  });
});

/** Whole numbers below a limit, the same from every seed (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
