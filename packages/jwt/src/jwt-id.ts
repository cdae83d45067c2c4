/** IDs of tokens (`jti`, RFC 7519 §4.1.7). */
import { randomFillSync } from 'node:crypto';

const BYTES = 16;

/** Random bytes for many IDs: drawing them for each alone takes a quarter as long as signing the token. */
const drawn = Buffer.allocUnsafeSlow(256 * BYTES);
let used = drawn.length;

/** A new ID: 128 random bits as base64url. */
export function newJwtId(): string {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  const start = used;
  used += BYTES;
  return drawn.toString('base64url', start, used);
}
