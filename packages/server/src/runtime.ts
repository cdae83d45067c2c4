/** The limits of the Koa runtime, with their defaults. */
import { type ByteSize, bytes } from './byte-size.js';
import { type Duration, milliseconds } from './duration.js';
import { refuseUnknownOptions } from './nearest-name.js';

/** Options of `.runtime()`. */
export interface RuntimeOptions {
  /** The largest request body, also after it was unpacked. Default `'1mb'`. */
  bodyLimit?: ByteSize | undefined;
  /** How long a client may take to send a whole request. Default `'30s'`. */
  requestTimeout?: Duration | undefined;
  /** How long a client may take to send the header. Default `'10s'`, and never more than `requestTimeout`. */
  headersTimeout?: Duration | undefined;
  /** How long a client may take for its TLS handshake. Default `'10s'`. */
  handshakeTimeout?: Duration | undefined;
  /** How long an idle connection stays open. Default `'5s'`. */
  keepAliveTimeout?: Duration | undefined;
  /** How long an answer may wait for a client that reads nothing of it. Default `'30s'`. */
  writeTimeout?: Duration | undefined;
  /** How long `close()` waits for requests in flight before it cuts them. Default `'10s'`. */
  shutdownTimeout?: Duration | undefined;
  /**
   * How long `close()` goes on taking connections after `/readyz` has turned to 503, so that a load balancer sees it
   * before it meets a closed port. Default 0.
   */
  drainDelay?: Duration | 0 | undefined;
  /** The most header fields a request may have, 1 to 999 (Node drops those beyond 1,000). Default 100. */
  maxHeaderCount?: number | undefined;
  /** The largest header, with the request line. Default `'16kb'`, 1 KB to 1 MB. */
  maxHeaderSize?: ByteSize | undefined;
  /** The longest path with query, in bytes. Default 8,192; beyond `maxHeaderSize` it has no effect. */
  maxUrlLength?: number | undefined;
  /** The most connections each address has at one time; more are turned away. Default 10,000. */
  maxConnections?: number | undefined;
}

/** The limits as they are enforced: bytes and milliseconds. */
export interface Limits {
  readonly bodyLimit: number;
  readonly requestTimeout: number;
  readonly headersTimeout: number;
  readonly handshakeTimeout: number;
  readonly keepAliveTimeout: number;
  readonly writeTimeout: number;
  readonly shutdownTimeout: number;
  readonly drainDelay: number;
  readonly maxHeaderCount: number;
  readonly maxHeaderSize: number;
  readonly maxUrlLength: number;
  readonly maxConnections: number;
}

/** The limits of a server without `.runtime()`. */
export const DEFAULT_LIMITS: Limits = Object.freeze({
  bodyLimit: 1024 * 1024,
  requestTimeout: 30_000,
  headersTimeout: 10_000,
  handshakeTimeout: 10_000,
  keepAliveTimeout: 5_000,
  writeTimeout: 30_000,
  shutdownTimeout: 10_000,
  drainDelay: 0,
  maxHeaderCount: 100,
  maxHeaderSize: 16 * 1024,
  maxUrlLength: 8_192,
  maxConnections: 10_000,
});

type Times =
  | 'requestTimeout'
  | 'headersTimeout'
  | 'handshakeTimeout'
  | 'keepAliveTimeout'
  | 'writeTimeout'
  | 'shutdownTimeout'
  | 'drainDelay';
type Sizes = 'bodyLimit' | 'maxHeaderSize';
type Counts = 'maxHeaderCount' | 'maxUrlLength' | 'maxConnections';

/**
 * Reads the options of `.runtime()`; what they leave out stays as it is in `before`.
 *
 * @throws TypeError for an unknown option, or a value that is no size, no duration, or out of range
 */
export function readLimits(options: RuntimeOptions, before: Limits): Limits {
  refuseUnknownOptions(options, Object.keys(DEFAULT_LIMITS), '.runtime()');
  const time = (name: Times) => {
    const given = options[name];
    return given === undefined ? before[name] : milliseconds(given as Duration, `.runtime(): ${name}`);
  };
  const size = (name: Sizes, least: number, most: number) => {
    const given = options[name];
    const value = given === undefined ? before[name] : bytes(given, `.runtime(): ${name}`);
    return inRange(value, name, least, most);
  };
  const count = (name: Counts, least: number, most: number) =>
    inRange(options[name] ?? before[name], name, least, most);
  const requestTimeout = time('requestTimeout');
  const { drainDelay } = options;
  return Object.freeze({
    bodyLimit: size('bodyLimit', 0, Number.MAX_SAFE_INTEGER),
    requestTimeout,
    headersTimeout: Math.min(time('headersTimeout'), requestTimeout),
    handshakeTimeout: time('handshakeTimeout'),
    keepAliveTimeout: time('keepAliveTimeout'),
    writeTimeout: time('writeTimeout'),
    shutdownTimeout: time('shutdownTimeout'),
    drainDelay: drainDelay === 0 ? 0 : time('drainDelay'),
    maxHeaderCount: count('maxHeaderCount', 1, 999),
    maxHeaderSize: size('maxHeaderSize', 1024, 1024 * 1024),
    maxUrlLength: count('maxUrlLength', 1, 1024 * 1024),
    maxConnections: count('maxConnections', 1, 10_000_000),
  });
}

function inRange(value: number, name: string, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new TypeError(`.runtime(): ${name} has to be a whole number from ${least} to ${most}.`);
}
