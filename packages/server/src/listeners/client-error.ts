/** Answers what Node's parser could not read: the raw twin of `requests/refusals.ts`, for there is no request yet. */
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { refusalCode } from '../requests/refusals.js';

/** Statuses of the parser's errors; any other is a malformed request. */
const STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};
/** How long (ms) the client may take to read the answer before the connection is cut. */
const PATIENCE = 1_000;

/**
 * Makes the listener of Node's `clientError`.
 *
 * @param answered - tells whether a response has begun on this connection, so that another would mix with it
 */
export function clientErrorListener(
  log: Logger,
  answered: (socket: Duplex) => boolean,
): (error: NodeJS.ErrnoException, socket: Duplex) => void {
  const refused = new WeakSet<Duplex>();
  return (error, socket) => {
    // The parser complains again about every further byte.
    if (refused.has(socket)) return;
    refused.add(socket);
    if (!socket.writable || !parserError(error) || answered(socket)) {
      socket.destroy();
      return;
    }
    const requestId = randomUUID();
    const status = STATUS[error.code ?? ''] ?? 400;
    // A client that hangs up in the middle is everyday noise; one that sends nonsense is worth a line.
    const level = error.code === 'HPE_INVALID_EOF_STATE' ? 'debug' : 'warn';
    log[level]({ requestId, status, code: error.code }, `refused: ${refusalCode(status)}`);
    socket.end(rawProblem(status, requestId));
    setTimeout(() => socket.destroy(), PATIENCE).unref();
  };
}

function parserError({ code = '' }: NodeJS.ErrnoException): boolean {
  return code.startsWith('HPE_') || code in STATUS;
}

function rawProblem(status: number, requestId: string): string {
  const title = STATUS_CODES[status] ?? 'Error';
  const body = JSON.stringify({
    type: 'about:blank',
    title,
    status,
    code: refusalCode(status),
    request_id: requestId,
  });
  return [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    `X-Request-Id: ${requestId}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
