/** Refuses to send a cookie that browsers throw away without a word: more than 4,096 bytes (RFC 6265 §6.1). */
import type { Context } from 'koa';

const LARGEST = 4_096;

/** A handler that sets such a cookie is an error (500) in the log, and no login that seems to work. */
export function checkCookies(ctx: Context): void {
  const cookies = ctx.res.getHeader('set-cookie');
  if (cookies === undefined || ctx.headerSent) return;
  for (const cookie of [cookies].flat()) {
    const length = Buffer.byteLength(String(cookie));
    if (length <= LARGEST) continue;
    const name = String(cookie).split('=', 1)[0]?.slice(0, 64);
    throw new Error(
      `The cookie ${name} has ${length} bytes with its attributes; browsers keep ${LARGEST} at most.`,
    );
  }
}
