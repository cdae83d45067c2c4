import { basic } from '@tokenwright/auth';
import { describe, expect, it } from 'vitest';
import { createServer } from '../src/index.js';

describe('a password over plain HTTP, through a proxy that is not named', () => {
  const way = { 'X-Forwarded-For': '192.0.2.1' };

  it.each([
    ['is refused', '127.0.0.1', false, 403],
    ['is taken where the listener was told that the proxy does the TLS', '0.0.0.0', true, 200],
  ])('%s', async (_what, host, allowInsecureHttp, status) => {
    const server = createServer('Test')
      .listener({ port: 0, host, allowInsecureHttp })
      .scheme('Init', basic({ realm: 'Init', users: { ada: 'right' } }))
      .enable();
    server.get('/', { auth: 'Init' }, (ctx) => {
      ctx.body = ctx.state.auth.subject;
    });
    await using client = await server.test();
    expect((await client.get('/', { basic: ['ada', 'right'], headers: way })).status).toBe(status);
    expect((await client.get('/', { basic: ['ada', 'right'] })).status).toBe(200);
  });
});
