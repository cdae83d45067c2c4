/** The servers that are measured, each in a process of its own, and the client that fires at them. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Order, Outcome } from './http-client.ts';

export type Transport = 'http' | 'https';

/** A server that runs. */
export interface Contestant {
  readonly name: string;
  readonly process: ChildProcess;
  readonly url: string;
  readonly token: string;
}

/** What a server did while it was fired at. */
export interface Rates {
  /** Requests for a second of the server's processor time. */
  readonly processor: number;
  /** Requests for a second on the clock. */
  readonly wall: number;
}

export const CONNECTIONS = 32;

/** The processes of one comparison; `await using` ends them. */
export class Contest implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'tokenwright-bench-'));
  readonly #client = fork(join(import.meta.dirname, 'http-client.ts'));
  readonly #processes: ChildProcess[] = [this.#client];

  /** Starts servers. The host comes first: it makes the certificate. */
  async start(names: readonly string[], transport: Transport): Promise<Contestant[]> {
    const inOrder = [...names].sort((a, b) => Number(b.startsWith('host')) - Number(a.startsWith('host')));
    const started = new Map<string, Contestant>();
    for (const name of inOrder) started.set(name, await this.#launch(name, transport));
    return names.flatMap((name) => started.get(name) ?? []);
  }

  /** Requests as many as there can be, or at a steady rate. */
  async fire(contestant: Contestant, duration: number, rate?: number): Promise<Outcome> {
    await this.#connect(contestant, duration, rate);
    this.#client.send('begin');
    if (rate === undefined) await once(this.#client, 'message');
    return this.#outcome(contestant);
  }

  /** What connecting and warming up take is not counted. */
  async rates(contestant: Contestant, duration: number): Promise<Rates> {
    await this.#connect(contestant, duration);
    this.#client.send('begin');
    await once(this.#client, 'message');
    const outcome = this.#outcome(contestant);
    const before = await processorTime(contestant);
    const { answers } = await outcome;
    const seconds = (await processorTime(contestant)) - before;
    return { processor: answers / seconds, wall: (answers * 1000) / duration };
  }

  async #connect({ url, token }: Contestant, duration: number, rate?: number): Promise<void> {
    const steady = rate === undefined ? {} : { rate };
    this.#client.send({ url, token, duration, connections: CONNECTIONS, ...steady } satisfies Order);
    await once(this.#client, 'message');
  }

  async #outcome({ url }: Contestant): Promise<Outcome> {
    const [outcome] = (await once(this.#client, 'message')) as [Outcome];
    if (outcome.refused > 0 || outcome.answers === 0)
      throw new Error(`${url}: ${outcome.refused} of ${outcome.answers} answers were no 200`);
    return outcome;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = this.#processes.map((child) => once(child, 'exit'));
    for (const child of this.#processes) {
      // A process that waits for messages does not end by itself.
      child.disconnect();
      child.kill();
    }
    await Promise.all(ended);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #launch(name: string, transport: Transport): Promise<Contestant> {
    // The log of the host goes to standard output, as it does where somebody runs it: here a file.
    const output = openSync(join(this.#folder, `${name}.log`), 'w');
    const child = fork(join(import.meta.dirname, 'host-server.ts'), [name, transport, this.#folder], {
      stdio: ['ignore', output, 'inherit', 'ipc'],
    });
    this.#processes.push(child);
    const [{ port, token }] = (await once(child, 'message')) as [{ port: number; token: string }];
    return { name, process: child, url: `${transport}://127.0.0.1:${port}/hello`, token };
  }
}

/** Seconds since the server began. */
async function processorTime({ process: child }: Contestant): Promise<number> {
  child.send('processor time');
  const [seconds] = (await once(child, 'message')) as [number];
  return seconds;
}
