/** A service with planted faults, each at a route of its own, and routes that answer in odd ways. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Knowledge } from './careless-reading.ts';
import { FAULTS } from './weak-faults.ts';

/** A service that listens; `at` gives the address of a route with a fault, or of one with an odd answer. */
export interface WeakService {
  readonly at: (route: string) => string;
  readonly close: () => void;
}

/** Starts a service with all the faults, each at a route of its own. */
export async function weakService(knowledge: Knowledge): Promise<WeakService> {
  const server: Server = createServer(
    // What Node.js itself refuses finds nothing: here it comes through.
    { maxHeaderSize: 131_072 },
    (request, response) => void respond(request, response, knowledge),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    at: (route) => `http://127.0.0.1:${port}/${encodeURIComponent(route)}`,
    close: () => server.close(),
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  knowledge: Knowledge,
): Promise<void> {
  const route = decodeURIComponent(new URL(request.url ?? '', 'http://x').pathname.slice(1));
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  const single = request.rawHeaders.filter((name) => name === 'Authorization').length === 1;
  const good = single && (await knowledge.validator.safeVerify(token)).ok;
  const open = route === 'is open' || (await FAULTS[route]?.accepts(request, knowledge));
  if (good || open) return void response.end('hello');
  const sent = request.headers.authorization?.startsWith('Bearer') ?? false;
  answerBadly(route, response, sent, request.headers.authorization ?? '');
}

/** The refusals, of which some are faults of their own. */
function answerBadly(route: string, response: ServerResponse, sent: boolean, credentials: string): void {
  const challenge = `Bearer realm="weak"${sent ? ', error="invalid_token"' : ''}`;
  switch (route) {
    case 'breaks':
      return void response.writeHead(500).end();
    case 'hangs up':
      return void response.destroy();
    case 'tells nothing':
      return void response.writeHead(401).end();
    case 'repeats':
      return void response.writeHead(401, { 'www-authenticate': challenge }).end(`bad: ${credentials}`);
    case 'shows its stack':
      return void response.writeHead(401, { 'www-authenticate': challenge }).end(new Error('bad').stack);
    case 'throttles':
      return void response.writeHead(429).end();
    case 'redirects':
      return void response.writeHead(302, { location: '/login' }).end();
    default:
      return void response.writeHead(401, { 'www-authenticate': challenge }).end();
  }
}
