import { describe, expect, it } from 'vitest';
import { elementsIn, elementsOf, objectIdentifier } from '../src/certificates/der.js';

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

describe('DER', () => {
  it('is read element by element, with lengths of one byte and of several', () => {
    const long = `3081${'80'}${'00'.repeat(128)}`;
    expect(elementsIn(bytes(`020105${long}`)).map(({ tag, content }) => [tag, content.length])).toEqual([
      [0x02, 1],
      [0x30, 128],
    ]);
    expect(elementsIn(Buffer.alloc(0))).toEqual([]);
  });

  it.each([
    ['a tag without a length', '30'],
    ['a length without its bytes', '3082'],
    ['content that is cut off', '30020100'.slice(0, 6)],
    ['a length without end (BER)', '30800000'],
    ['a length longer than it need be', '308101ff'],
    ['a length with a zero in front', `30820080${'00'.repeat(128)}`],
    ['a length of five bytes', '30850000000001ff'],
    ['a tag of two bytes', '1f8101'],
  ])('is not %s', (_what, hex) => {
    expect(() => elementsIn(bytes(hex))).toThrow(RangeError);
  });

  it('of one element is refused where there are two, or one of another tag', () => {
    expect(elementsOf(bytes('3003020105'))).toHaveLength(1);
    expect(() => elementsOf(bytes('30003000'))).toThrow(RangeError);
    expect(() => elementsOf(bytes('0400'))).toThrow(RangeError);
    expect(() => elementsOf(Buffer.alloc(0))).toThrow(RangeError);
  });

  it.each([
    ['551d13', '2.5.29.19'],
    ['2a864886f70d010901', '1.2.840.113549.1.9.1'],
    ['883703', '2.999.3'],
    ['2b06010505070302', '1.3.6.1.5.5.7.3.2'],
  ])('%s is the object identifier %s', (hex, text) => {
    expect(objectIdentifier(bytes(hex))).toBe(text);
  });
});
