/**
 * Whether a request comes from the lab's own page, opened on this machine. Three things have to agree: the peer's
 * address (no other machine), the Host it names (no name that was rebound to 127.0.0.1), and the Origin (no other page).
 */
import type { Context } from 'koa';

const LOOPBACK_ADDRESS = /^(?:127(?:\.\d{1,3}){3}|::1|::ffff:127(?:\.\d{1,3}){3})$/;
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;
/** A proxy on this machine is a loopback peer too, whoever stands behind it. */
const PROXY_FIELDS = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

/** A request that the page makes for itself: a POST, which a browser never sends without Origin. */
export function asksItself(ctx: Context): boolean {
  return isLocal(ctx) && ctx.get('Origin') === ownOrigin(ctx);
}

/**
 * A request that the page sends to the service: it names itself in `Token-Lab`, which no other origin's page may add
 * without a preflight, and none is answered. A GET to one's own origin has no Origin field.
 */
export function isLabRequest(ctx: Context): boolean {
  const origin = ctx.get('Origin');
  return ctx.get('Token-Lab') !== '' && isLocal(ctx) && (origin === '' || origin === ownOrigin(ctx));
}

function isLocal({ req }: Context): boolean {
  return (
    LOOPBACK_ADDRESS.test(req.socket.remoteAddress ?? '') &&
    LOOPBACK_HOST.test(req.headers.host ?? '') &&
    !PROXY_FIELDS.some((name) => req.headers[name] !== undefined)
  );
}

function ownOrigin({ req }: Context): string {
  const scheme = 'encrypted' in req.socket ? 'https' : 'http';
  return `${scheme}://${req.headers.host}`;
}
