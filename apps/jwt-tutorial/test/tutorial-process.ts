/** The real tutorial: a process of its own, on a free port, with certificates in a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { ClientRequest } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '..', 'dist', 'main.js');

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  json(): Record<string, unknown>;
}

/** What a request may say beside its path. */
export interface Ask {
  readonly method?: string;
  readonly host?: '127.0.0.1' | 'localhost';
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

/** A folder for certificates that several tutorials can share. */
export function certificateFolder(): string {
  return mkdtempSync(join(tmpdir(), 'jwt-tutorial-'));
}

/** The environment of a tutorial: nothing of the machine's own settings reaches it. */
function environment(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: tmpdir(), PORT: '0', ...settings };
}

/** Runs a tutorial that is expected to end by itself. */
export async function runToEnd(
  settings: Record<string, string>,
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [MAIN], { env: environment(settings) });
  const [out, err] = [collect(child.stdout), collect(child.stderr)];
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out: out(), err: err() };
}

/** A tutorial that listens. */
export class Tutorial {
  readonly #child: ChildProcess;
  readonly #output: () => string;
  readonly port: number;
  readonly authority: string;

  private constructor(child: ChildProcess, output: () => string) {
    this.#child = child;
    this.#output = output;
    this.port = Number(/Listening on https:\/\/\S+:(\d+)/.exec(output())?.[1]);
    this.authority = /^TOKEN=.*?--cacert (\S+)/m.exec(output())?.[1] ?? '';
  }

  /** Starts one and waits until it has said where it listens. */
  static async start(settings: Record<string, string>): Promise<Tutorial> {
    const child = spawn(process.execPath, [MAIN], { env: environment(settings) });
    // A test that fails on its way must not leave it running.
    process.once('exit', () => child.kill('SIGKILL'));
    const output = collect(child.stdout);
    const errors = collect(child.stderr);
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', () => {
        if (output().includes('Ctrl+C')) resolve();
      });
      child.once('exit', (code) => reject(new Error(`the tutorial ended with ${code}: ${errors()}`)));
    });
    return new Tutorial(child, output);
  }

  /** All it has printed so far, log included. */
  get output(): string {
    return this.#output();
  }

  /** Sends a request over HTTPS, trusting the tutorial's own authority and no other. */
  ask(path: string, { body, ...options }: Ask = {}): Promise<Answer> {
    const call = this.#request(path, options);
    call.end(body);
    return answerTo(call);
  }

  /**
   * Sends the head of a POST and waits until the server, by `100 Continue`, has said that it reads the body. What comes
   * back sends the body and gives the answer.
   */
  async begin(
    path: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<(body: string) => Promise<Answer>> {
    const call = this.#request(path, { method: 'POST', headers: { ...headers, expect: '100-continue' } });
    const answer = answerTo(call);
    call.flushHeaders();
    await Promise.race([
      once(call, 'continue'),
      answer.then(({ status }) => Promise.reject(new Error(`${status}`))),
    ]);
    return (body) => {
      call.end(body);
      return answer;
    };
  }

  /** Sends it a signal. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Asks again and again, until it takes no connection any more. */
  async closed(): Promise<void> {
    for (;;) {
      const refused = await this.ask('/healthz').then(
        () => false,
        (error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED',
      );
      if (refused) return;
    }
  }

  /** Waits for its end; answers the exit code. */
  async ended(): Promise<number | null> {
    if (this.#child.exitCode !== null) return this.#child.exitCode;
    const [code] = (await once(this.#child, 'exit')) as [number | null];
    return code;
  }

  /** Ends it with a signal; answers the exit code. */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.signal(signal);
    return this.ended();
  }

  #request(path: string, { method = 'GET', host = '127.0.0.1', headers = {} }: Ask): ClientRequest {
    const ca = readFileSync(this.authority);
    return request({ host, port: this.port, path, method, headers, ca, agent: false });
  }
}

/** The answer to a request, read to its end. */
function answerTo(call: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    call.on('error', reject);
    call.on('response', (response) => {
      const text = collect(response);
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: text(),
          json: () => JSON.parse(text()) as Record<string, unknown>,
        });
      });
    });
  });
}

/** Removes a certificate folder. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}
