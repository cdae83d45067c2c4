/** Requests that no HTTP client would send: bytes on a socket, and all that comes back. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Answer, RunningApp } from './koa-app.ts';

/** Sends header lines as they are, a string each, and reads one answer. Characters are bytes (latin1). */
export async function askRaw(
  app: RunningApp,
  lines: readonly string[],
  requestLine = 'GET / HTTP/1.1',
): Promise<Answer> {
  const host = lines.some((line) => /^host:/i.test(line)) ? [] : ['Host: localhost'];
  const received = await exchange(
    app.port,
    [requestLine, ...host, 'Connection: close', ...lines, '', ''].join('\r\n'),
  );
  const [answer] = parseAnswers(received);
  if (answer === undefined) throw new Error(`no HTTP answer: ${JSON.stringify(received)}`);
  return answer;
}

/** Writes everything at once, waits for the other side to close, and gives back what it said. */
export async function exchange(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    received += chunk;
  });
  socket.write(Buffer.from(bytes, 'latin1'));
  await once(socket, 'close');
  return received;
}

/** The answers on one connection, in order; bodies by their Content-Length. */
export function parseAnswers(received: string): Answer[] {
  const answers: Answer[] = [];
  let rest = received;
  while (rest.startsWith('HTTP/1.1 ')) {
    const end = rest.indexOf('\r\n\r\n');
    const [statusLine = '', ...lines] = rest.slice(0, end).split('\r\n');
    const fields = lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    });
    const headers = Object.fromEntries(fields);
    const length = Number(headers['content-length'] ?? 0);
    answers.push({
      status: Number(statusLine.split(' ')[1]),
      headers,
      challenges: fields.filter(([name]) => name === 'www-authenticate').map(([, value]) => value),
      body: Buffer.from(rest.slice(end + 4, end + 4 + length), 'latin1').toString('utf8'),
    });
    rest = rest.slice(end + 4 + length);
  }
  return answers;
}
