/** What a server counts, in the text format of Prometheus, through prom-client: loaded only when it is asked for. */
import { createRequire } from 'node:module';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Refusal, Scheme } from '@tokenwright/auth';
import type Application from 'koa';
import type { Context } from 'koa';
import { RequestCounts } from './request-counts.js';

/** Methods that are counted by name; a client can make up any other. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** Upper bounds of the latency histogram, in seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Codes of schemes of one's own could be without end; each distinct value is a time series. */
const MOST_CODES = 100;
const NANOSECONDS = 1e9;

/** The counters of one server. */
export interface Metrics {
  /** Counts a request that has ended, and how long it took (seconds). */
  count(ctx: Context, seconds: number): void;
  /** Counts what `authenticate` reports, and begins to watch the event loop. */
  follow(app: Application): void;
  /** The current values. */
  text(): Promise<string>;
  /** The media type of {@link text}. */
  readonly contentType: string;
  /** Ends the watch on the event loop. */
  stop(): void;
}

/** What the counters have to know of a server. */
export interface MetricsFacts {
  /** The schemes by the names they were added under. */
  readonly schemes: ReadonlyMap<string, Scheme<object>>;
  /** The name of the scheme of a kind that decided about a request. */
  readonly nameOf: (ctx: Context, kind: string) => string;
}

/** Makes the counters of a server, in a registry of its own. */
export function createMetrics({ schemes, nameOf }: MetricsFacts): Metrics {
  const { Counter, Gauge, Registry } = prometheus();
  const registry = new Registry();
  const registers = [registry];
  const requests = new RequestCounts(BUCKETS);
  requests.registerIn(registry);
  const accepted = new Map<string, number>();
  const outcomes = new Counter({
    name: 'auth_outcomes_total',
    help: 'Authentications, by the name of the scheme and the code of the outcome ("ok" when accepted).',
    labelNames: ['scheme', 'code'],
    registers,
    collect() {
      for (const [scheme, count] of accepted) this.inc({ scheme, code: 'ok' }, count);
      accepted.clear();
    },
  });
  watchCaches({ Counter, registers, schemes });
  const delay = monitorEventLoopDelay({ resolution: 20 });
  watchProcess({ Gauge, registers, delay });
  const bounded = boundedCodes();
  return {
    count: (ctx, seconds) => {
      const { method, res } = ctx;
      const status = res.headersSent ? res.statusCode : 'aborted';
      requests.add(METHODS.has(method) ? method : 'other', routeOf(ctx), status, seconds);
      const kind = (ctx.state['auth'] as { scheme?: string } | undefined)?.scheme;
      if (kind === undefined) return;
      const scheme = nameOf(ctx, kind);
      accepted.set(scheme, (accepted.get(scheme) ?? 0) + 1);
    },
    follow: (app) => {
      delay.enable();
      app.on('refusal', ({ reasons, code }: Refusal, ctx: Context) => {
        const [reason] = reasons;
        const scheme = reason === undefined ? 'none' : nameOf(ctx, reason.scheme);
        outcomes.inc({ scheme, code: bounded(reason?.code ?? code) });
      });
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
    stop: () => delay.disable(),
  };
}

type Prometheus = typeof import('prom-client');

/** Synchronous, because `callback()` is; and only here, because loading it takes as long as all else of the server. */
function prometheus(): Prometheus {
  return createRequire(import.meta.url)('prom-client') as Prometheus;
}

/** The pattern of the route, never the path: that is the client's, and has no end of values. */
function routeOf(ctx: Context): string {
  const route: unknown = ctx['_matchedRoute'];
  return typeof route === 'string' ? route : 'unmatched';
}

function boundedCodes(): (code: string) => string {
  const seen = new Set<string>();
  return (code) => {
    if (seen.has(code)) return code;
    if (seen.size >= MOST_CODES) return 'other';
    seen.add(code);
    return code;
  };
}

interface Watch {
  readonly Gauge: Prometheus['Gauge'];
  readonly registers: InstanceType<Prometheus['Registry']>[];
  readonly delay: ReturnType<typeof monitorEventLoopDelay>;
}

/** Values that are read when somebody asks. */
function watchProcess({ Gauge, registers, delay }: Watch): void {
  new Gauge({
    name: 'nodejs_eventloop_delay_seconds',
    help: 'How late the event loop was since the last look.',
    labelNames: ['quantile'],
    registers,
    collect() {
      for (const quantile of [0.5, 0.99]) {
        const seconds = delay.percentile(quantile * 100) / NANOSECONDS;
        this.set({ quantile: String(quantile) }, seconds);
      }
      this.set({ quantile: '1' }, delay.max / NANOSECONDS);
      delay.reset();
    },
  });
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory of the process.',
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Gauge({
    name: 'nodejs_heap_used_bytes',
    help: 'Memory of the JavaScript heap in use.',
    registers,
    collect() {
      this.set(process.memoryUsage().heapUsed);
    },
  });
}

/** The caches of verified tokens, of the schemes that tell: they count by themselves, and are read when somebody asks. */
function watchCaches({
  Counter,
  registers,
  schemes,
}: Pick<Watch, 'registers'> &
  Pick<MetricsFacts, 'schemes'> & { readonly Counter: Prometheus['Counter'] }): void {
  const caches = [...schemes].filter(([, scheme]) => typeof scheme.cacheStatistics === 'function');
  if (caches.length === 0) return;
  new Counter({
    name: 'auth_token_cache_total',
    help: 'Tokens that were looked up in the cache of verified tokens, by the name of the scheme and whether they were there.',
    labelNames: ['scheme', 'result'],
    registers,
    collect() {
      this.reset();
      for (const [name, scheme] of caches) {
        const { hits = 0, misses = 0 } = scheme.cacheStatistics?.() ?? {};
        this.inc({ scheme: name, result: 'hit' }, hits);
        this.inc({ scheme: name, result: 'miss' }, misses);
      }
    },
  });
}
