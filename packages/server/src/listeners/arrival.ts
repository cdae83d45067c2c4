/** Where a request came in: what its connection's listener knows and the request itself does not say. */
import type { Duplex } from 'node:stream';

/** What is known of a connection from its listener. */
export interface Arrival {
  /** The listener has a development certificate. */
  readonly development: boolean;
  /** It is a Unix socket. */
  readonly socket: boolean;
  /** The values of `Host` the listener answers for by default; undefined for all. */
  readonly answersFor: readonly string[] | undefined;
  /** Those it answers for also where the server names its own. */
  readonly answersAlsoFor: readonly string[];
}

/** A request through `callback()`: the Node server is somebody else's. */
const UNKNOWN: Arrival = Object.freeze({
  development: false,
  socket: false,
  answersFor: undefined,
  answersAlsoFor: Object.freeze([]),
});

const arrivals = new WeakMap<Duplex, Arrival>();

/** Notes where a connection came in. */
export function noteArrival(socket: Duplex, arrival: Arrival): void {
  arrivals.set(socket, arrival);
}

/** Where the connection of a request came in. */
export function arrivalOf(socket: Duplex): Arrival {
  return arrivals.get(socket) ?? UNKNOWN;
}
