/** A program of somebody who installed `@tokenwright/server` alone: an HTTPS host with a certificate of its own. */
import { match, strictEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { createServer, type RunningServer } from '@tokenwright/server';

const server = createServer('smoke')
  .logger({ level: 'silent' })
  .listener({ port: 0, tls: { selfSigned: { directory: 'certificates' } } })
  .enable();
server.get('/hello', { auth: false }, (ctx) => {
  ctx.body = 'Hello';
});
const running: RunningServer = await server.start();
match(running.url, /^https:/);

const ca = readFileSync(running.certificate?.certificateAuthority ?? '');
const answer = await new Promise<string>((resolve, reject) => {
  get(`${running.url}/hello`, { ca, agent: false }, (response) => {
    response.setEncoding('utf8').on('data', (text: string) => resolve(`${response.statusCode} ${text}`));
  }).on('error', reject);
});
strictEqual(answer, '200 Hello');
await running.close();
console.log('server: started, answered over HTTPS and closed');
