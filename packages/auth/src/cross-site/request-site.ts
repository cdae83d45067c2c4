/** Does this site itself make the request, or does another make the browser send it (CSRF)? */
import type { Context } from 'koa';

/** RFC 9110 §9.2.1, without TRACE, which no browser sends. Whatever changes state must not be one of them. */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether the method promises to change nothing. */
export function isSafe(ctx: Context): boolean {
  return SAFE_METHODS.has(ctx.method);
}

/**
 * Where a request comes from, as the browser says, whose headers no page can set: `Sec-Fetch-Site` (W3C Fetch Metadata)
 * decides where it is there; else `Origin` (RFC 6454 §7), which every browser sends with a POST. `unknown` when neither
 * came.
 *
 * @param trusted other origins of one's own whose pages may send requests.
 */
export function siteOf(ctx: Context, trusted: ReadonlySet<string>): 'own' | 'other' | 'unknown' {
  const { origin, 'sec-fetch-site': site } = ctx.req.headers;
  if (origin !== undefined && trusted.has(origin)) return 'own';
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? 'own' : 'other';
  if (origin === undefined) return 'unknown';
  return origin === ownOrigin(ctx) ? 'own' : 'other';
}

/** Whether `Origin` is this server's own but for its scheme: the mark of a proxy that ends TLS and is not trusted. */
export function differsByScheme(ctx: Context): boolean {
  const own = ownOrigin(ctx);
  return own !== undefined && ctx.req.headers.origin === own.replace(/^http:/, 'https:');
}

/** Host has no userinfo (RFC 9110 §7.2); a URL parser would take `a:b@c` for the host c. */
const HOST = /^[A-Za-z0-9.\-_:[\]]+$/;

function ownOrigin(ctx: Context): string | undefined {
  const url = `${ctx.protocol}://${ctx.host}`;
  return HOST.test(ctx.host) && URL.canParse(url) ? new URL(url).origin : undefined;
}

/** @throws TypeError for what is no origin, or one without TLS, whose pages anybody on the way can write. */
export function checkedOrigins(origins: readonly string[]): ReadonlySet<string> {
  for (const origin of origins) {
    if (typeof origin !== 'string' || !URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new TypeError('trustedOrigins takes origins, as browsers write them: https://app.example.com');
    }
    if (!origin.startsWith('https://')) throw new TypeError('trustedOrigins takes https:// origins only');
  }
  return new Set(origins);
}
