/**
 * A client in a process of its own, which does little else than write requests and count answers, so that the server is
 * what is measured. Two ways: as fast as the connections allow, or at a steady rate, whether or not answers come.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** How long (ms) requests are sent before they count: a process that was idle has given up memory and compiled code. */
const WARM_UP = 1_500;

/** What a client is told. */
export interface Order {
  readonly url: string;
  readonly token: string;
  readonly connections: number;
  /** How long, in milliseconds. */
  readonly duration: number;
  /** Requests a second; as many as possible without it. */
  readonly rate?: number;
}

/** What it tells. */
export interface Outcome {
  readonly answers: number;
  /** Answers that were no 200. */
  readonly refused: number;
  /** Milliseconds from when a request was due to its answer, ascending; with a `rate` only. */
  readonly latencies: readonly number[];
}

/** One connection: `send` is called for each answer. */
function open(
  { url, token }: Order,
  answered: (ok: boolean) => void,
): Promise<{ socket: Socket; send(): void }> {
  const { protocol, host, hostname, port, pathname } = new URL(url);
  const request = `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: keep-alive\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  const isTls = protocol === 'https:';
  const place = { host: hostname, port: Number(port) };
  return new Promise((resolve, reject) => {
    const socket = isTls ? connectTls({ ...place, rejectUnauthorized: false }) : connect(place);
    socket.setNoDelay(true);
    socket.once(isTls ? 'secureConnect' : 'connect', () =>
      resolve({ socket, send: () => socket.write(request) }),
    );
    socket.once('error', reject);
    // An answer of a few hundred bytes to one request at a time comes in one piece: 'HTTP/1.1 200'.
    socket.on('data', (bytes: Buffer) => answered(bytes.subarray(9, 12).toString('latin1') === '200'));
  });
}

async function fire(order: Order): Promise<Outcome> {
  let answers = 0;
  let refused = 0;
  let isOver = false;
  const connections = await Promise.all(
    Array.from({ length: order.connections }, async () => {
      const connection = await open(order, (ok) => {
        answers += 1;
        if (!ok) refused += 1;
        if (!isOver) connection.send();
      });
      return connection;
    }),
  );
  await told();
  // A client that sleeps has to be woken with each answer, which the server's processor does, and pays the more for the
  // faster the client is done. So this one never sleeps.
  const stayAwake = (): void => {
    if (!isOver) setImmediate(stayAwake);
  };
  stayAwake();
  for (const { send } of connections) send();
  await new Promise((resolve) => setTimeout(resolve, WARM_UP));
  process.send?.('warm');
  answers = 0;
  await new Promise((resolve) => setTimeout(resolve, order.duration));
  isOver = true;
  for (const { socket } of connections) socket.destroy();
  return { answers, refused, latencies: [] };
}

/** Open loop: a request that finds no free connection waits, and its wait counts. */
async function fireSteadily(order: Order, rate: number): Promise<Outcome> {
  const latencies: number[] = [];
  let refused = 0;
  let start = 0;
  const waiting: number[] = [];
  const free: ((due: number) => void)[] = [];
  const sockets: Socket[] = [];
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
  await told();
  start = performance.now();
  let sent = 0;
  await new Promise<void>((resolve) => {
    const turn = (): void => {
      const now = performance.now();
      for (; start + (sent * 1000) / rate <= now; sent += 1) {
        const due = start + (sent * 1000) / rate;
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
  return { answers: latencies.length, refused, latencies: latencies.sort((a, b) => a - b) };
}

/** Says that the connections are there, and waits for the word to begin. */
async function told(): Promise<void> {
  process.send?.('connected');
  await once(process, 'message');
}

for (;;) {
  const [order] = (await once(process, 'message')) as [Order];
  const { rate } = order;
  process.send?.(await (rate === undefined ? fire(order) : fireSteadily(order, rate)));
}
