/** `Expect` (RFC 9110 §10.1.1): what Node would answer by itself, before there is a request the host has seen. */
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';

/**
 * Hands every request with an `Expect` to the host. `100 Continue` goes out when somebody reads the body, so that a
 * request that is refused for its header, its credentials or its length does not send it first.
 */
export function answerExpectations(server: HttpServer): void {
  server.on('checkExpectation', (req, res) => server.emit('request', req, res));
  server.on('checkContinue', (req, res) => {
    continueWhenRead(req, res);
    server.emit('request', req, res);
  });
}

function continueWhenRead(req: IncomingMessage, res: ServerResponse): void {
  const read = req._read.bind(req);
  const { shouldKeepAlive } = res;
  // Without a 100 the body may come or not, and what follows might be either (RFC 9110 §10.1.1).
  res.shouldKeepAlive = false;
  req._read = (size) => {
    req._read = read;
    if (!res.headersSent) {
      res.writeContinue();
      res.shouldKeepAlive = shouldKeepAlive;
    }
    read(size);
  };
}
