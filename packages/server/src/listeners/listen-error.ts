/** Why a listener could not be opened, in one line a person can act on. */

/** The codes of {@link ListenError}. */
export type ListenErrorCode =
  | 'ERR_LISTEN_ADDRESS_IN_USE'
  | 'ERR_LISTEN_PERMISSION'
  | 'ERR_LISTEN_ADDRESS_NOT_AVAILABLE'
  | 'ERR_LISTEN_FAILED';

/** What is known of a Unix socket that could not be opened. */
export interface SocketState {
  /** The file is there, and no process listens behind it. */
  readonly stale: boolean;
}

/**
 * A listener could not be opened. `message` is one line: which address, why, and what to do; `cause` is Node's error. So is
 * `stack`: where in the server it was thrown helps nobody, and a program that does not catch it shows the line.
 */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly code: ListenErrorCode;
  /** The address that was asked for; the path of a Unix socket. */
  readonly host: string;
  /** The port that was asked for; 0 with a Unix socket. */
  readonly port: number;

  constructor(cause: NodeJS.ErrnoException, host: string, port: number, socket?: SocketState) {
    const { code, message } =
      socket === undefined ? explain(cause, host, port) : explainPath(cause, host, socket);
    super(message, { cause });
    this.code = code;
    this.host = host;
    this.port = port;
    this.stack = `${this.name}: ${message}`;
    // Node prints causes too, and its own frames say no more.
    cause.stack = String(cause);
  }
}

interface Explained {
  readonly code: ListenErrorCode;
  readonly message: string;
}

function explain(cause: NodeJS.ErrnoException, host: string, port: number): Explained {
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  switch (cause.code) {
    case 'EADDRINUSE':
      return {
        code: 'ERR_LISTEN_ADDRESS_IN_USE',
        message: `${address} is already in use${usualSuspect(port)}: stop what listens there, or choose another port.`,
      };
    case 'EACCES':
      return {
        code: 'ERR_LISTEN_PERMISSION',
        message: `No permission to listen on ${address}: ports below 1024 usually need privileges; choose a higher port.`,
      };
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'ENOTFOUND':
      return {
        code: 'ERR_LISTEN_ADDRESS_NOT_AVAILABLE',
        message: `${address} is no address of this machine: leave host out for loopback, or name one of its own addresses.`,
      };
    default:
      return { code: 'ERR_LISTEN_FAILED', message: `Cannot listen on ${address}: ${cause.message}` };
  }
}

function explainPath(cause: NodeJS.ErrnoException, path: string, { stale }: SocketState): Explained {
  switch (cause.code) {
    case 'EADDRINUSE':
      return {
        code: 'ERR_LISTEN_ADDRESS_IN_USE',
        message: stale
          ? `${path} is left from a process that was killed, and nobody listens on it: delete it, for example with rm "${path}".`
          : `${path} is already in use: stop what listens there, or choose another path.`,
      };
    case 'EACCES':
    case 'EPERM':
      return {
        code: 'ERR_LISTEN_PERMISSION',
        message: `No permission to make the socket ${path}: choose a folder this user may write to.`,
      };
    case 'ENOENT':
    case 'ENOTDIR':
      return {
        code: 'ERR_LISTEN_ADDRESS_NOT_AVAILABLE',
        message: `The folder of the socket ${path} does not exist: make it, or choose another path.`,
      };
    default:
      return { code: 'ERR_LISTEN_FAILED', message: `Cannot listen on ${path}: ${cause.message}` };
  }
}

/** macOS 12 and later has its AirPlay Receiver on these two, which surprises everyone once. */
function usualSuspect(port: number): string {
  return port === 5000 || port === 7000 ? ` (on macOS the AirPlay Receiver uses port ${port})` : '';
}
