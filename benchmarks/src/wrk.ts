/** As many requests as a server can answer, sent by wrk: a client in C, so that the server is what is measured. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface Target {
  readonly url: string;
  readonly token: string;
}

const MISSING =
  'This benchmark needs wrk, the HTTP load generator: `apt-get install wrk` on Debian, `brew install wrk` on macOS.';

/**
 * Requests a second over connections that are kept alive.
 *
 * @param seconds a whole number.
 */
export async function requestsPerSecond(
  { url, token }: Target,
  connections: number,
  seconds: number,
): Promise<number> {
  const load = ['--threads', '1', '--connections', `${connections}`, '--duration', `${seconds}s`];
  const report = await wrk([...load, '--header', `Authorization: Bearer ${token}`, url]);
  const refused = /Non-2xx or 3xx responses: .*|Socket errors: .*/.exec(report);
  if (refused !== null) throw new Error(`${url}: ${refused[0]}`);
  return Number(/^Requests\/sec:\s+([\d.]+)$/m.exec(report)?.[1]);
}

async function wrk(args: readonly string[]): Promise<string> {
  try {
    return (await promisify(execFile)('wrk', args)).stdout;
  } catch (error) {
    throw (error as { code?: unknown }).code === 'ENOENT' ? new Error(MISSING) : error;
  }
}
