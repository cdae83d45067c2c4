/** Reads DER (X.690 §8, §10) as far as certificates need it: tags of one byte, definite lengths. */

/** A tag, and what is in it. */
export interface Element {
  readonly tag: number;
  readonly content: Buffer;
}

/** The tags that are asked for by name (X.680 §8.4). */
export const BOOLEAN = 0x01;
export const OCTET_STRING = 0x04;
export const SEQUENCE = 0x30;

/**
 * The elements that stand one after another in the bytes.
 *
 * @throws RangeError for what is no DER: bytes missing, a length that is not written as short as it can be.
 */
export function elementsIn(bytes: Buffer): Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes.readUInt8(at);
    if ((tag & 0x1f) === 0x1f) throw new RangeError('a tag of more than one byte');
    const [length, start] = lengthAt(bytes, at + 1);
    const end = start + length;
    if (end > bytes.length) throw new RangeError('an element that is cut off');
    elements.push({ tag, content: bytes.subarray(start, end) });
    at = end;
  }
  return elements;
}

/** The elements of the one element that the bytes are, which must have this tag. @throws RangeError */
export function elementsOf(bytes: Buffer, tag: number = SEQUENCE): Element[] {
  const [only, ...others] = elementsIn(bytes);
  if (only?.tag !== tag || others.length > 0) throw new RangeError('not the one element that was expected');
  return elementsIn(only.content);
}

/** An object identifier (X.690 §8.19) with dots. Arcs of more than 53 bits do not come out exactly. */
export function objectIdentifier(content: Buffer): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    const top = Math.min(2, Math.floor(arc / 40));
    if (arcs.length === 0) arcs.push(top, arc - top * 40);
    else arcs.push(arc);
    arc = 0;
  }
  return arcs.join('.');
}

function lengthAt(bytes: Buffer, at: number): [length: number, start: number] {
  const first = bytes.readUInt8(at);
  if (first < 0x80) return [first, at + 1];
  const size = first & 0x7f;
  if (size === 0 || size > 4) throw new RangeError('a length that is indefinite, or too long');
  const length = bytes.readUIntBE(at + 1, size);
  if (length < 0x80 || length < 256 ** (size - 1)) throw new RangeError('a length that is too long');
  return [length, at + 1 + size];
}
