/** An HTTPS client that trusts one CA and opens a connection for each request. */
import { readFileSync } from 'node:fs';
import { request } from 'node:https';

export interface HttpsAnswer {
  readonly status: number | undefined;
  readonly body: string;
  readonly issuer: string;
  readonly protocol: string | null;
}

export function httpsGet(url: string, certificateAuthority: string): Promise<HttpsAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ca: readFileSync(certificateAuthority), agent: false }, async (response) => {
      const socket = response.socket as import('node:tls').TLSSocket;
      const issuer = socket.getPeerCertificate().issuer.CN as string;
      const protocol = socket.getProtocol();
      let body = '';
      for await (const chunk of response) body += chunk;
      resolve({ status: response.statusCode, body, issuer, protocol });
    });
    sent.on('error', reject);
    sent.end();
  });
}
