/** The token by which a page of this site shows that it is one: a second proof beside the origin (CSRF). */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Context } from 'koa';

/** The token that proves a page of this site: it follows from the session, so nothing has to be stored. */
export function csrfTokenOf(sessionId: string): string {
  return createHmac('sha256', sessionId).update('tokenwright csrf').digest('base64url');
}

/** Compares what came in `X-CSRF-Token`, without telling by the time how much of it is right. */
export function hasCsrfToken(ctx: Context, sessionId: string): boolean {
  const sent = ctx.req.headers['x-csrf-token'];
  return typeof sent === 'string' && timingSafeEqual(digest(sent), digest(csrfTokenOf(sessionId)));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
