/** Text from bytes: UTF-8, or the UTF-16 that some Windows shells write when they redirect. */

/** The text in bytes, without a byte order mark; what is not text becomes U+FFFD, which no token may have. */
export function textOf(bytes: Buffer): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

/** The text in bytes; undefined where they are none. A key is never read approximately. */
export function exactTextOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function encodingOf(bytes: Buffer): 'utf-16le' | 'utf-8' {
  return bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
}
