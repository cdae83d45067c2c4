/** Replaces the certificate of servers that listen, without closing a connection. */
import type { Logger } from 'pino';
import type { Renewal, TlsContext } from './tls-material.js';

/** Whatever can take another certificate. */
export interface Renewable {
  renew(context: TlsContext): void;
}

/**
 * Looks for a new certificate again and again and hands it to the servers. One that cannot be used is an error in the log,
 * and the old one stays. Connections that are open keep the certificate they began with.
 *
 * @returns ends it
 */
export function keepRenewed(
  renewal: Renewal | undefined,
  servers: readonly Renewable[],
  log: Logger,
): () => void {
  if (renewal === undefined) return () => {};
  let looking = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    try {
      const context = await renewal.next();
      if (context === undefined) return;
      for (const server of servers) server.renew(context);
      log.info('The certificate has changed: new connections get the new one.');
    } catch (error) {
      log.error({ err: error }, 'The changed certificate cannot be used: the old one stays.');
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(look, renewal.every);
  timer.unref();
  return () => clearInterval(timer);
}
