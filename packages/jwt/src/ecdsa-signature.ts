/**
 * ECDSA signatures in their two forms: r and s side by side (RFC 7518 §3.4), and DER as OpenSSL has it (RFC 3279 §2.2.3).
 * node:crypto converts too, but verifying is slower on that path (Node.js 24: 120 against 70 microseconds).
 */

const SEQUENCE = 0x30;
const INTEGER = 0x02;

/** DER from r and s of fixed length; undefined when the length is wrong. */
export function ecdsaToDer(signature: Buffer, coordinateLength: number): Buffer | undefined {
  if (signature.length !== 2 * coordinateLength) return undefined;
  const r = unsigned(signature.subarray(0, coordinateLength));
  const s = unsigned(signature.subarray(coordinateLength));
  const body = Buffer.concat([header(INTEGER, r.length), r, header(INTEGER, s.length), s]);
  return Buffer.concat([header(SEQUENCE, body.length), body]);
}

/** r and s of fixed length from the DER that node:crypto has just made. */
export function ecdsaToJose(der: Buffer, coordinateLength: number): Buffer {
  const signature = Buffer.alloc(2 * coordinateLength);
  // A body of 128 bytes or more, which P-521 reaches, has its length in a second byte.
  let at = (der[1] ?? 0) & 0x80 ? 3 : 2;
  for (const end of [coordinateLength, 2 * coordinateLength]) {
    const length = der[at + 1] ?? 0;
    const integer = der.subarray(at + 2, at + 2 + length);
    const significant = integer[0] === 0 ? integer.subarray(1) : integer;
    significant.copy(signature, end - significant.length);
    at += 2 + length;
  }
  return signature;
}

/** An unsigned number as DER writes it: no needless zeros, but one where the first bit would read as a sign. */
function unsigned(bytes: Buffer): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const significant = bytes.subarray(start);
  return (significant[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), significant]) : significant;
}

function header(tag: number, length: number): Buffer {
  return length < 0x80 ? Buffer.of(tag, length) : Buffer.of(tag, 0x81, length);
}
