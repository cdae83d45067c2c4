/** The servers that are measured, each in a process of its own, and the clients that fire at them. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Order, Outcome } from './steady-client.ts';
import { requestsPerSecond } from './wrk.ts';

export type Transport = 'http' | 'https';

/** A server that runs. */
export interface Contestant {
  readonly name: string;
  readonly url: string;
  readonly token: string;
}

export const CONNECTIONS = 32;

/** The processes of one comparison; `await using` ends them. */
export class Contest implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'tokenwright-bench-'));
  readonly #processes: ChildProcess[] = [];
  /** Started when it is needed: a process that is only there makes the others slower on two cores. */
  #client: ChildProcess | undefined;

  /** Starts servers. The host comes first: it makes the certificate. */
  async start(names: readonly string[], transport: Transport): Promise<Contestant[]> {
    const inOrder = [...names].sort((a, b) => Number(b.startsWith('host')) - Number(a.startsWith('host')));
    const started = new Map<string, Contestant>();
    for (const name of inOrder) started.set(name, await this.#launch(name, transport));
    return names.flatMap((name) => started.get(name) ?? []);
  }

  /** Requests a second, as many as it can answer. */
  rate(contestant: Contestant, seconds: number): Promise<number> {
    return requestsPerSecond(contestant, CONNECTIONS, seconds);
  }

  /** What requests that come at a steady rate meet; `duration` in milliseconds. */
  async steadily({ url, token }: Contestant, rate: number, duration: number): Promise<Outcome> {
    this.#client ??= this.#run('steady-client.ts');
    this.#client.send({ url, token, duration, rate, connections: CONNECTIONS } satisfies Order);
    const [outcome] = (await once(this.#client, 'message')) as [Outcome];
    if (outcome.refused > 0 || outcome.latencies.length === 0)
      throw new Error(`${url}: ${outcome.refused} answers were no 200`);
    return outcome;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const running = this.#processes.filter((child) => child.exitCode === null && child.signalCode === null);
    const ended = running.map((child) => once(child, 'exit'));
    for (const child of running) {
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
    const child = this.#run('host-server.ts', [name, transport, this.#folder], output);
    closeSync(output);
    const failed = once(child, 'exit').then(() =>
      Promise.reject(new Error(`the server ${name} did not start`)),
    );
    const started = Promise.race([once(child, 'message'), failed]);
    const [{ port, token }] = (await started) as [{ port: number; token: string }];
    return { name, url: `${transport}://127.0.0.1:${port}/hello`, token };
  }

  #run(program: string, args: readonly string[] = [], output: number | 'inherit' = 'inherit'): ChildProcess {
    const stdio = ['ignore', output, 'inherit', 'ipc'] as const;
    const child = fork(join(import.meta.dirname, program), args, { stdio: [...stdio] });
    this.#processes.push(child);
    return child;
  }
}
