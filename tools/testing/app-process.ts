/** An app for tests: a process of its own over real HTTPS, ended by its process id. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** What a request may say beside its path. */
export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as a form. */
  readonly form?: Readonly<Record<string, string>>;
}

/** A process of an app that listens. */
export class AppProcess {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #agent: Agent;
  readonly #output: string[];

  private constructor(child: ChildProcess, url: string, authority: string, output: string[]) {
    this.#child = child;
    this.url = url;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 32, ca: readFileSync(authority) });
    this.#output = output;
  }

  /** Starts `main` on a free port and waits until it has said where it listens and whose certificate it has. */
  static async start(main: string, settings: Readonly<Record<string, string>>): Promise<AppProcess> {
    const port = await freePort();
    // Nothing of the machine's own settings reaches it.
    const env = { PATH: process.env['PATH'], HOME: tmpdir(), PORT: String(port), ...settings };
    const child = spawn(process.execPath, [main], { env });
    // A test that fails on its way must not leave it running.
    process.once('exit', () => child.kill('SIGKILL'));
    const output: string[] = [];
    const said = new Promise<string>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => {
          output.push(chunk.toString());
          const authority = /^curl trusts it with --cacert (\S+)/m.exec(output.join(''))?.[1];
          if (authority !== undefined) resolve(authority);
        });
      }
      child.once('exit', (code) => reject(new Error(`the app ended with ${code}: ${output.join('')}`)));
    });
    return new AppProcess(child, `https://localhost:${port}`, await said, output);
  }

  /** All it has printed so far. */
  get output(): string {
    return this.#output.join('');
  }

  /** @throws when there is no answer, as from a process that was killed */
  ask(path: string, { method = 'GET', headers = {}, form }: Ask = {}): Promise<Answer> {
    const body = form === undefined ? undefined : new URLSearchParams(form).toString();
    const type = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
    return new Promise((resolve, reject) => {
      const options = { method, headers: { ...headers, ...type }, agent: this.#agent };
      const call = request(this.url + path, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode = 0, headers: fields } = response;
          resolve({ status: statusCode, headers: fields, text: Buffer.concat(chunks).toString() });
        });
      });
      call.on('error', reject);
      call.end(body);
    });
  }

  /** Ends it with a signal; answers the exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.#agent.destroy();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#child.exitCode;
    this.#child.kill(signal);
    const [code] = (await once(this.#child, 'exit')) as [number | null];
    return code;
  }
}

/** A port of loopback that nobody listens on now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
