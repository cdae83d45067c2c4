/** The little of DER (X.690 §8) that tells key formats apart: tags and lengths. Nothing is decoded. */

/** One element: its tag, and the bytes in it. */
export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
}

export const SEQUENCE = 0x30;
export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
export const OBJECT_IDENTIFIER = 0x06;
/** The tag [0], constructed: the version of an X.509 certificate (RFC 5280 §4.1). */
export const CONTEXT_0 = 0xa0;

/** The one element that these bytes are; undefined for anything else. Blanks may follow, as editors leave them. */
export function derElement(bytes: Buffer): DerElement | undefined {
  const read = elementAt(bytes, 0);
  if (read === undefined) return undefined;
  return bytes.subarray(read.end).every((byte) => byte === 0x0a || byte === 0x0d || byte === 0x20)
    ? read.element
    : undefined;
}

/** The elements in a constructed one; undefined when they do not fill it exactly. */
export function derElements(content: Buffer): readonly DerElement[] | undefined {
  const elements: DerElement[] = [];
  for (let at = 0; at < content.length; ) {
    const read = elementAt(content, at);
    if (read === undefined) return undefined;
    elements.push(read.element);
    at = read.end;
  }
  return elements;
}

function elementAt(bytes: Buffer, at: number): { element: DerElement; end: number } | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) return undefined;
  // Below 128 the byte is the length; above, it says how many bytes the length has (X.690 §8.1.3). No key needs four.
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const start = at + 2 + lengthBytes;
  if (first === 0x80 || lengthBytes > 3 || start > bytes.length) return undefined;
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes);
  const end = start + length;
  return end > bytes.length ? undefined : { element: { tag, content: bytes.subarray(start, end) }, end };
}
