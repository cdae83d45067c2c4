/** A thread that runs one program after the other and tells which line printed what. Programs share the modules they import. */
import { Server } from 'node:net';
import { formatWithOptions } from 'node:util';
import { parentPort } from 'node:worker_threads';

/** Something that was printed. */
export interface Printed {
  /** The line of the program; 0 where a library printed it. */
  readonly line: number;
  readonly text: string;
}

/** What became of a program. */
export interface Run {
  readonly printed: readonly Printed[];
  /** What it threw. */
  readonly error?: string;
}

let current = { url: '', printed: [] as Printed[] };

console.log = (...values: unknown[]) => {
  const place = new Error().stack?.split('\n').find((line) => line.includes(current.url));
  current.printed.push({
    line: Number(/:(\d+):\d+\)?$/.exec(place ?? '')?.[1] ?? 0),
    text: formatWithOptions({ colors: false }, ...values),
  });
};

// Pages show the ports that people use; here every listener takes a free one, whatever else runs on the machine.
const listen = Server.prototype.listen;
Server.prototype.listen = function (this: Server, ...given: unknown[]): Server {
  const [first] = given;
  if (typeof first === 'number') given[0] = 0;
  else if (typeof first === 'object' && first !== null && 'port' in first) given[0] = { ...first, port: 0 };
  return Reflect.apply(listen, this, given) as Server;
} as typeof listen;

parentPort?.on('message', async (url: string) => {
  current = { url, printed: [] };
  parentPort?.postMessage(await run(url));
});

async function run(url: string): Promise<Run> {
  const { printed } = current;
  try {
    await import(url);
    // What the last statement started and did not wait for may still print.
    await new Promise((resolve) => setImmediate(resolve));
    return { printed };
  } catch (error) {
    return { printed, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
