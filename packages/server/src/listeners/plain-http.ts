/** Listeners that speak plain HTTP beyond this machine: what would carry secrets there is refused where it is configured. */
import type { Listener } from './listener.js';

const listeners = new WeakMap<object, readonly Listener[]>();

/** Notes the listeners of a server, for what is added to it from outside. */
export function noteListeners(server: object, its: readonly Listener[]): void {
  listeners.set(server, its);
}

/** The listeners of a server. */
export function listenersOf(server: object): readonly Listener[] {
  return listeners.get(server) ?? [];
}

/**
 * Refuses listeners that nobody may send a secret to (RFC 6749 §2.3.1, RFC 6750 §5.3, RFC 7617 §4).
 *
 * @param call - who says so, as `.enable()`
 * @throws TypeError for plain HTTP beyond loopback without `allowInsecureHttp`
 */
export function refusePlainHttp(its: readonly Listener[], call: string): void {
  const open = its.find(({ tls, loopback, allowInsecureHttp }) => !(tls || loopback || allowInsecureHttp));
  if (open === undefined) return;
  throw new TypeError(
    `${call}: ${open.hosts[0]}:${open.port} would carry passwords or tokens over plain HTTP. Add tls, listen on loopback, or say allowInsecureHttp: true when a proxy in front does the TLS.`,
  );
}
