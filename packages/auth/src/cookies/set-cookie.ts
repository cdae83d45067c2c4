/** Writes the session's cookie (RFC 6265bis): `__Host-`, `Secure`, `HttpOnly`, `SameSite`, and no way to leave one out. */
import type { Context } from 'koa';
import { MAX_COOKIE_BYTES } from './cookie-header.js';

/** Whether links from other sites bring the cookie along (`Lax`) or not (`Strict`). `None` does not exist here. */
export type SameSite = 'Lax' | 'Strict';

const HOST_NAME = /^__Host-[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** The name of the cookie. @throws TypeError for one without the prefix, or with what is no token (RFC 9110 §5.6.2). */
export function checkedCookieName(name: string): string {
  if (typeof name === 'string' && HOST_NAME.test(name) && name.length <= 128) return name;
  throw new TypeError(
    'the option name of cookie() must be __Host- and letters, digits or hyphens: browsers then keep it from subdomains',
  );
}

/** @throws TypeError for anything but `Lax` and `Strict`. */
export function checkedSameSite(sameSite: SameSite): SameSite {
  if (sameSite === 'Lax' || sameSite === 'Strict') return sameSite;
  throw new TypeError(
    "the option sameSite of cookie() must be 'Lax' or 'Strict'; a session that other sites may send is not offered",
  );
}

/**
 * Sets the cookie, in place of one that this answer already sets. It has no `Max-Age`: the browser forgets it when it is
 * closed, and its end stands in the token.
 *
 * @throws RangeError when name and value are longer than 4,096 bytes, for a browser would drop it without a word.
 */
export function setCookie(ctx: Context, name: string, value: string, sameSite: SameSite): void {
  const bytes = name.length + Buffer.byteLength(value);
  if (bytes > MAX_COOKIE_BYTES) {
    throw new RangeError(
      `the session needs a cookie of ${bytes} bytes, and browsers store ${MAX_COOKIE_BYTES}; keep less in its claims and look the rest up by subject`,
    );
  }
  replaceCookie(ctx, name, `${name}=${value}; Path=/; Secure; HttpOnly; SameSite=${sameSite}`);
}

/** Takes the cookie from the browser. */
export function clearCookie(ctx: Context, name: string, sameSite: SameSite): void {
  replaceCookie(ctx, name, `${name}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=${sameSite}`);
}

/** RFC 6265 §4.1.1: one answer sets a cookie once. */
function replaceCookie(ctx: Context, name: string, line: string): void {
  const set: unknown = ctx.res.getHeader('Set-Cookie') ?? [];
  const lines = (Array.isArray(set) ? set : [set]).map(String);
  ctx.set('Set-Cookie', [...lines.filter((other) => !other.startsWith(`${name}=`)), line]);
}
