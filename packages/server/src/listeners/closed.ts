/** The end of a Node server. */
import type { Server as HttpServer } from 'node:http';

/** Stops listening; resolves when the address is free again and its last connection has ended. */
export function closed(server: HttpServer): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
