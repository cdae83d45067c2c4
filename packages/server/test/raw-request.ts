/** Sends bytes over a plain socket and gives what came back until the server closed the connection. */
import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly text: string;
  /** How many responses came. */
  readonly responses: number;
  readonly problem: Record<string, unknown>;
}

export function rawRequest(port: number, ...parts: (string | Buffer)[]): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(parse(Buffer.concat(chunks).toString('latin1'))));
    for (const part of parts) socket.write(part);
  });
}

function parse(text: string): RawAnswer {
  const body = text.split('\r\n\r\n')[1] ?? '';
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]),
    text,
    responses: text.match(/HTTP\/1\.1 \d{3} /g)?.length ?? 0,
    problem: body.startsWith('{') ? JSON.parse(body) : {},
  };
}
