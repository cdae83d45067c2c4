import { describe, expect, it } from 'vitest';
import { bytes } from '../src/byte-size.js';
import { milliseconds } from '../src/duration.js';

describe('a duration', () => {
  it.each([
    [30, 30_000],
    [0.25, 250],
    ['250ms', 250],
    ['30s', 30_000],
    ['1.5s', 1_500],
    ['5m', 300_000],
    ['1h', 3_600_000],
  ] as const)('%s is %i milliseconds', (written, expected) => {
    expect(milliseconds(written, 'requestTimeout')).toBe(expected);
  });

  it.each(['30', '30 s', '1d', '', 's', '-1s', '1e3s', Number.NaN, Number.POSITIVE_INFINITY, null])(
    '%j is refused with the name of the option and the forms there are',
    (wrong) => {
      expect(() => milliseconds(wrong as never, 'requestTimeout')).toThrow(TypeError);
      expect(() => milliseconds(wrong as never, 'requestTimeout')).toThrow(/requestTimeout.*'30s'/);
    },
  );

  it.each([0, -5, '0s', '600h'] as const)('%j is out of range', (wrong) => {
    expect(() => milliseconds(wrong, 'x')).toThrow(/between 1 ms and 24 days/);
  });
});

describe('a size', () => {
  it.each([
    [0, 0],
    [65_536, 65_536],
    ['10b', 10],
    ['64kb', 65_536],
    ['1mb', 1_048_576],
    ['1.5kb', 1_536],
  ] as const)('%s is %i bytes', (written, expected) => {
    expect(bytes(written, 'bodyLimit')).toBe(expected);
  });

  it.each(['1024', '1 mb', '1gb', '', -1, 1.5, Number.NaN, undefined])('%j is refused', (wrong) => {
    expect(() => bytes(wrong as never, 'bodyLimit')).toThrow(/bodyLimit.*'1mb'/);
  });
});
