/**
 * A client in a process of its own that sends requests at a steady rate, whether or not answers come: a request that finds
 * no free connection waits, and its wait counts.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** How long (ms) requests are sent before they count: a process that was idle has given up memory and compiled code. */
const WARM_UP = 1_500;

/** What a client is told. */
export interface Order {
  /** Over HTTP. */
  readonly url: string;
  readonly token: string;
  readonly connections: number;
  /** How long, in milliseconds. */
  readonly duration: number;
  /** Requests a second. */
  readonly rate: number;
}

/** What it tells. */
export interface Outcome {
  /** Answers that were no 200. */
  readonly refused: number;
  /** Milliseconds from when a request was due to its answer, ascending. */
  readonly latencies: readonly number[];
}

interface Connection {
  readonly socket: Socket;
  send(): void;
}

/** One connection: `answered` is called for each answer. */
function open({ url, token }: Order, answered: (ok: boolean) => void): Promise<Connection> {
  const { host, hostname, port, pathname } = new URL(url);
  const request = `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: keep-alive\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    socket.once('connect', () => resolve({ socket, send: () => socket.write(request) }));
    socket.once('error', reject);
    // An answer of a few hundred bytes to one request at a time comes in one piece: 'HTTP/1.1 200'.
    socket.on('data', (bytes: Buffer) => answered(bytes.subarray(9, 12).toString('latin1') === '200'));
  });
}

async function fire(order: Order): Promise<Outcome> {
  const latencies: number[] = [];
  const waiting: number[] = [];
  const free: ((due: number) => void)[] = [];
  const sockets: Socket[] = [];
  let refused = 0;
  let start = 0;
  for (let index = 0; index < order.connections; index += 1) {
    let due = 0;
    const connection = await open(order, (ok) => {
      if (due - start > WARM_UP) latencies.push(performance.now() - due);
      if (!ok) refused += 1;
      const next = waiting.shift();
      if (next === undefined) free.push(begin);
      else begin(next);
    });
    const begin = (at: number): void => {
      due = at;
      connection.send();
    };
    free.push(begin);
    sockets.push(connection.socket);
  }
  start = performance.now();
  let sent = 0;
  await new Promise<void>((resolve) => {
    // Never asleep: a client that has to be woken costs the server's processor time with each answer.
    const turn = (): void => {
      const now = performance.now();
      for (; start + (sent * 1000) / order.rate <= now; sent += 1) {
        const due = start + (sent * 1000) / order.rate;
        const begin = free.pop();
        if (begin === undefined) waiting.push(due);
        else begin(due);
      }
      if (now - start < WARM_UP + order.duration) setImmediate(turn);
      else resolve();
    };
    turn();
  });
  for (const socket of sockets) socket.destroy();
  return { refused, latencies: latencies.sort((a, b) => a - b) };
}

for (;;) {
  const [order] = (await once(process, 'message')) as [Order];
  process.send?.(await fire(order));
}
