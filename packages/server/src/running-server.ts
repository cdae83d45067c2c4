/** A server that listens: its addresses, and its one way to end. */
import type { RequestListener } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { keepRenewed } from './certificates/certificate-renewal.js';
import { tlsMaterial } from './certificates/tls-choice.js';
import { type CloseHook, runCloseHooks } from './close-hooks.js';
import type { Configuration } from './configuration.js';
import type { Listener } from './listeners/listener.js';
import { createNodeServer, type NodeServer } from './listeners/node-server.js';
import { type BoundAddress, openListener } from './listeners/open-listener.js';
import type { Metrics } from './observability/metrics.js';
import { METRICS_PATH, metricsHandler } from './observability/metrics-endpoint.js';
import type { Readiness } from './readiness.js';
import { closeOnSignals } from './signals.js';

/** What `start()` gives. `await using` closes it. */
export interface RunningServer extends AsyncDisposable {
  /** The first address, as `https://127.0.0.1:5000`, or `unix:/run/auth.sock` for a Unix socket. */
  readonly url: string;
  /** Every address. */
  readonly urls: readonly string[];
  /** The port of the first address: the free one that was found for port 0. A Unix socket has 0. */
  readonly port: number;
  /** Where the development CA lies, for `curl --cacert`; only with a self-signed listener. */
  readonly certificate?: { readonly certificateAuthority: string };
  /** Where the metrics are served, when they have a listener of their own. */
  readonly metrics?: { readonly url: string };
  /**
   * Ends the server: `/readyz` says so, after `drainDelay` there are no new connections, requests in flight are answered,
   * what is left after `shutdownTimeout` is cut, and then the hooks of `onClose()` are called. Called again, it gives the
   * same promise, which rejects with an AggregateError when a hook failed.
   */
  close(): Promise<void>;
}

/** Options of `start()`. */
export interface StartOptions {
  /** Close on SIGTERM and SIGINT; a second signal ends the process. Default true. */
  signals?: boolean | undefined;
}

/** What a server brings to its start. */
export interface ServerParts {
  readonly handler: RequestListener;
  readonly readiness: Readiness;
  readonly metrics: Metrics | undefined;
  readonly closeHooks: readonly CloseHook[];
}

/** One bound address of the running server. */
interface Address extends NodeServer {
  readonly url: string;
  readonly port: number;
  readonly certificateAuthority: string | undefined;
}

/** The addresses of one listener, and what ends the renewal of their certificate. */
interface Opened {
  readonly addresses: readonly Address[];
  readonly stop: () => void;
}

/**
 * Opens every listener of a configuration.
 *
 * @throws ListenError or CertificateError; whatever was open by then is closed
 */
export async function startServer(
  configuration: Configuration,
  parts: ServerParts,
  { signals = true }: StartOptions,
): Promise<RunningServer> {
  const { name, log, listeners, metrics } = configuration;
  const openings = listeners.map((listener) => ({ listener, handler: parts.handler }));
  if (parts.metrics !== undefined && metrics !== undefined && 'listener' in metrics)
    openings.push({ listener: metrics.listener, handler: metricsHandler(parts.metrics) });
  parts.readiness.state = 'starting';
  const opened = await openAll(configuration, openings);
  parts.readiness.state = 'ready';
  let ending: Promise<void> | undefined;
  const close = () => (ending ??= end(configuration, parts, opened).finally(() => removeSignals()));
  const removeSignals = signals ? closeOnSignals(close, log) : () => {};
  const running = describe(opened, listeners.length, close);
  log.info({ urls: running.urls }, `${name} listens on ${running.urls.join(' and ')}`);
  return running;
}

async function end(
  { log, limits }: Configuration,
  { readiness, metrics, closeHooks }: ServerParts,
  opened: readonly Opened[],
): Promise<void> {
  readiness.state = 'closing';
  // Not unref'd: the process has to live until the last request is answered.
  if (limits.drainDelay > 0) await delay(limits.drainDelay);
  const addresses = opened.flatMap((one) => one.addresses);
  const cut = await Promise.all(
    addresses.map(({ connections }) => connections.close(limits.shutdownTimeout)),
  );
  for (const { stop } of opened) stop();
  metrics?.stop();
  const lost = cut.reduce((sum, count) => sum + count, 0);
  if (lost > 0) log.warn({ cut: lost }, `${lost} requests were cut after ${limits.shutdownTimeout} ms`);
  await runCloseHooks(closeHooks, limits.shutdownTimeout, log);
  log.info('closed');
}

/** The first `own` of the opened listeners are the server's; one more is that of the metrics. */
function describe(opened: readonly Opened[], own: number, close: () => Promise<void>): RunningServer {
  const addresses = opened.slice(0, own).flatMap((one) => one.addresses);
  const [first] = addresses;
  if (first === undefined) throw new Error('no address was bound');
  const metrics = opened[own]?.addresses[0];
  const certificateAuthority = addresses.find(
    (address) => address.certificateAuthority,
  )?.certificateAuthority;
  return Object.freeze({
    url: first.url,
    urls: Object.freeze(addresses.map(({ url }) => url)),
    port: first.port,
    ...(certificateAuthority === undefined ? {} : { certificate: Object.freeze({ certificateAuthority }) }),
    ...(metrics === undefined ? {} : { metrics: Object.freeze({ url: `${metrics.url}${METRICS_PATH}` }) }),
    close,
    [Symbol.asyncDispose]: close,
  });
}

interface Opening {
  readonly listener: Listener;
  readonly handler: RequestListener;
}

async function openAll(configuration: Configuration, openings: readonly Opening[]): Promise<Opened[]> {
  const opened: Opened[] = [];
  try {
    for (const opening of openings) opened.push(await openOne(configuration, opening));
    return opened;
  } catch (error) {
    for (const { stop } of opened) stop();
    await Promise.all(
      opened.flatMap(({ addresses }) => addresses.map(({ connections }) => connections.abandon())),
    );
    throw error;
  }
}

async function openOne({ limits, log }: Configuration, { listener, handler }: Opening): Promise<Opened> {
  const material = listener.tls === undefined ? undefined : await tlsMaterial(listener.tls, log);
  const arrival = Object.freeze({
    development: material?.certificateAuthority !== undefined,
    socket: listener.socket !== undefined,
    answersFor: listener.answersFor,
    answersAlsoFor: listener.answersAlsoFor,
  });
  const { clientCertificates } = listener;
  const tls = material?.context;
  const bound = await openListener(listener, () =>
    createNodeServer({ handler, limits, log, arrival, tls, clientCertificates }),
  );
  const addresses = bound.map((address) => ({
    ...address.node,
    url: urlOf(address, material !== undefined),
    port: address.port,
    certificateAuthority: material?.certificateAuthority,
  }));
  return { addresses, stop: keepRenewed(material?.renewal, addresses, log) };
}

function urlOf({ host, port }: BoundAddress, secure: boolean): string {
  if (port === 0) return `unix:${host}`;
  return `${secure ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
