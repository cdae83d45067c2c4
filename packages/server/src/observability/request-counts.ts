/**
 * Counts requests in plain numbers, which prom-client reads when somebody asks for the metrics: with labels it makes a
 * key out of them at each count.
 */
import type { Registry } from 'prom-client';

/** What is counted of one method on one route. */
interface Series {
  /** By status, or `aborted` where there was no answer. */
  readonly statuses: Map<number | string, number>;
  /** How many took at most so long, by upper bound, each alone; the last is for those beyond. */
  readonly buckets: number[];
  seconds: number;
  count: number;
}

type Labels = Readonly<Record<string, string | number>>;
interface Sample {
  readonly metricName?: string;
  readonly labels: Labels;
  readonly value: number;
}

/** The counts of the requests of one server. Routes and methods have to be few: each pair is kept. */
export class RequestCounts {
  readonly #bounds: readonly number[];
  readonly #routes = new Map<string, Map<string, Series>>();

  /** @param bounds - upper bounds of the histogram, ascending, in seconds */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
  }

  /** Counts one. */
  add(method: string, route: string, status: number | string, seconds: number): void {
    const series = this.#routes.get(route)?.get(method) ?? this.#begin(method, route);
    series.statuses.set(status, (series.statuses.get(status) ?? 0) + 1);
    series.count += 1;
    series.seconds += seconds;
    const bounds = this.#bounds;
    let index = 0;
    while (index < bounds.length && seconds > (bounds[index] as number)) index += 1;
    series.buckets[index] = (series.buckets[index] as number) + 1;
  }

  /** Puts both metrics into a registry. */
  registerIn(registry: Registry): void {
    register(registry, {
      name: 'http_requests_total',
      help: 'Requests that were answered, by method, route and status.',
      type: 'counter',
      values: () => [...this.#requests()],
    });
    register(registry, {
      name: LATENCY,
      help: 'Time from the header of a request to the end of its answer.',
      type: 'histogram',
      values: () => [...this.#latency()],
    });
  }

  #begin(method: string, route: string): Series {
    const buckets = new Array<number>(this.#bounds.length + 1).fill(0);
    const series: Series = { statuses: new Map(), buckets, seconds: 0, count: 0 };
    const methods = this.#routes.get(route) ?? new Map<string, Series>();
    this.#routes.set(route, methods.set(method, series));
    return series;
  }

  *#requests(): Iterable<Sample> {
    for (const { labels, series } of this.#all())
      for (const [status, value] of series.statuses) yield { labels: { ...labels, status }, value };
  }

  /** A bucket counts all that took at most its bound, so each has those before it. */
  *#latency(): Iterable<Sample> {
    for (const { labels, series } of this.#all()) {
      let value = 0;
      for (const [index, bound] of [...this.#bounds, '+Inf'].entries()) {
        value += series.buckets[index] as number;
        yield { metricName: `${LATENCY}_bucket`, labels: { le: bound, ...labels }, value };
      }
      yield { metricName: `${LATENCY}_sum`, labels, value: series.seconds };
      yield { metricName: `${LATENCY}_count`, labels, value: series.count };
    }
  }

  *#all(): Iterable<{ readonly labels: Labels; readonly series: Series }> {
    for (const [route, methods] of this.#routes)
      for (const [method, series] of methods) yield { labels: { method, route }, series };
  }
}

const LATENCY = 'http_request_duration_seconds';

/** What prom-client asks of a metric: `get()`. Its types know only its own classes. */
function register(
  registry: Registry,
  { values, ...metric }: { name: string; help: string; type: string; values: () => Sample[] },
): void {
  const get = async () => ({ ...metric, aggregator: 'sum', values: values() });
  registry.registerMetric({ ...metric, get } as unknown as Parameters<Registry['registerMetric']>[0]);
}
