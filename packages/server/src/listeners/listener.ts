/** What a listener is: a port or a Unix socket, the addresses it binds, and what it speaks. */
import { isIPv4 } from 'node:net';
import { checkTls, developmentHosts, type TlsChoice } from '../certificates/tls-choice.js';
import { refuseUnknownOptions } from '../nearest-name.js';
import {
  type ClientCertificateOptions,
  type ClientCertificates,
  checkClientCertificates,
} from './client-certificates.js';

/** A listener on a TCP port. */
export interface PortListenerOptions {
  /** 0 to 65535; 0 takes a free one. */
  port: number;
  /** The address to bind. Default: loopback, which is 127.0.0.1 and, where the machine has it, ::1. */
  host?: string | undefined;
  /** HTTPS, with what certificate. Without it the listener speaks plain HTTP. */
  tls?: TlsChoice | undefined;
  /** Asks clients for a certificate (mutual TLS). Needs `tls`. */
  clientCertificates?: ClientCertificateOptions | undefined;
  /**
   * Plain HTTP beyond loopback although schemes or token endpoints carry secrets. Only where something in front of the
   * server does the TLS (RFC 6749 §2.3.1, RFC 6750 §5.3, RFC 7617 §4). Default: false.
   */
  allowInsecureHttp?: boolean | undefined;
}

/** A listener on a Unix socket. It speaks plain HTTP: the file's permissions say who may connect. */
export interface SocketListenerOptions {
  /** The file of the socket; it must not exist, and is removed by `close()`. */
  path: string;
  /** The permissions of the file, as `0o660` for a proxy in the same group. Default `0o600`: this user alone. */
  mode?: number | undefined;
}

/** Options of `.listener()`. */
export type ListenerOptions = PortListenerOptions | SocketListenerOptions;

/** A checked listener. The first of `hosts` has to open; those in `optional` may be missing on the machine. */
export interface Listener {
  /** The Unix socket; then the listener has neither port nor hosts. */
  readonly socket: { readonly path: string; readonly mode: number } | undefined;
  readonly port: number;
  readonly hosts: readonly string[];
  readonly optional: readonly string[];
  readonly loopback: boolean;
  readonly tls: TlsChoice | undefined;
  readonly clientCertificates: ClientCertificates | undefined;
  readonly allowInsecureHttp: boolean;
  /** The values of `Host` it answers for unless the server names its own; undefined for all. */
  readonly answersFor: readonly string[] | undefined;
  /** Those it answers for also where the server names its own: the address of a listener for tests. */
  readonly answersAlsoFor: readonly string[];
}

const PORT_OPTIONS = ['port', 'host', 'tls', 'clientCertificates', 'allowInsecureHttp'];
const SOCKET_OPTIONS = ['path', 'mode'];
/** What a browser on this machine calls it. */
const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]'];
/** `sun_path` (unix(7)) holds this many bytes on macOS, four more on Linux. */
const LONGEST_PATH = 103;

/**
 * Checks the options of a listener.
 *
 * @throws TypeError for an unknown option, a bad port or path, an empty host, or TLS material that does not fit together
 */
export function checkListener(options: ListenerOptions): Listener {
  if (typeof options === 'object' && options !== null && 'path' in options) return socketListener(options);
  refuseUnknownOptions(options, PORT_OPTIONS, '.listener()');
  const { port, host, tls, clientCertificates, allowInsecureHttp = false } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new TypeError(
      `.listener(): port ${JSON.stringify(port)} is no port. Give a whole number from 0 (any free port) to 65535.`,
    );
  }
  if (host !== undefined && (typeof host !== 'string' || host.trim() === '')) {
    throw new TypeError('.listener(): host is empty. Name an address, or leave it out for loopback.');
  }
  if (tls !== undefined) checkTls(tls);
  const both = host === undefined || host === 'localhost';
  const loopback = both || isLoopback(host);
  return Object.freeze({
    socket: undefined,
    port,
    hosts: both ? ['127.0.0.1'] : [host],
    optional: both ? ['::1'] : [],
    loopback,
    tls,
    clientCertificates: clientCertificates && checkClientCertificates(clientCertificates, tls !== undefined),
    allowInsecureHttp,
    answersFor: loopback ? localNames(host, tls) : undefined,
    answersAlsoFor: [],
  });
}

function socketListener(options: SocketListenerOptions): Listener {
  refuseUnknownOptions(options, SOCKET_OPTIONS, '.listener({ path })');
  const { path, mode = 0o600 } = options;
  if (typeof path !== 'string' || path === '' || Buffer.byteLength(path) > LONGEST_PATH) {
    throw new TypeError(
      `.listener(): path has to be the file of a Unix socket, 1 to ${LONGEST_PATH} bytes long.`,
    );
  }
  if (!Number.isInteger(mode) || mode < 0 || mode > 0o777) {
    throw new TypeError('.listener(): mode has to be file permissions, such as 0o600 or 0o660.');
  }
  return Object.freeze({
    socket: Object.freeze({ path, mode }),
    port: 0,
    hosts: [],
    optional: [],
    loopback: true,
    tls: undefined,
    clientCertificates: undefined,
    allowInsecureHttp: false,
    // No browser speaks over a Unix socket, and the proxy in front hands on the Host it was asked for.
    answersFor: undefined,
    answersAlsoFor: [],
  });
}

function isLoopback(host: string): boolean {
  return host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

function localNames(host: string | undefined, tls: TlsChoice | undefined): readonly string[] {
  const own = [...(host === undefined ? [] : [host]), ...developmentHosts(tls)];
  return [...LOCAL_NAMES, ...own.map((name) => (name.includes(':') ? `[${name}]` : name.toLowerCase()))];
}
