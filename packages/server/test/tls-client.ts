/** A TLS connection that a test holds open, and speaks HTTP over by hand. */
import { once } from 'node:events';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';

export interface TlsConnection {
  readonly socket: TLSSocket;
  /** The serial number of the server's certificate. */
  readonly serial: string;
  /** Asks for a path and gives the whole answer, over the same connection. */
  ask(path: string, host?: string): Promise<string>;
}

export async function tlsConnection(port: number, options: ConnectionOptions = {}): Promise<TlsConnection> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
  await once(socket, 'secureConnect');
  const ask = async (path: string, host = 'localhost') => {
    let text = '';
    const read = (chunk: Buffer) => {
      text += chunk;
    };
    socket.on('data', read);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    while (!complete(text)) await once(socket, 'data');
    socket.off('data', read);
    return text;
  };
  return { socket, serial: socket.getPeerCertificate().serialNumber, ask };
}

function complete(text: string): boolean {
  const [head, body] = text.split('\r\n\r\n');
  const length = /content-length: (\d+)/i.exec(head ?? '')?.[1];
  return body !== undefined && body.length >= Number(length ?? 0);
}
