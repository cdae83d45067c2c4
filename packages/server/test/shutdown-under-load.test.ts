import { connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { createServer } from '../src/index.js';
import { capturedLog } from './captured-log.js';
import { authority, issue } from './certificates-of-test.js';
import { gate } from './gate.js';
import { loopback, start } from './running.js';

type Outcome = 'answered' | 'never accepted' | 'lost';

/** One request over a connection of its own. It was accepted when its TLS handshake was done. */
function request(port: number): Promise<Outcome> {
  return new Promise((resolve) => {
    let accepted = false;
    let text = '';
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      accepted = true;
      // A client that thinks for a moment: the server must not take its connection for an idle one.
      setTimeout(() => socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'), 10);
    });
    socket.on('data', (chunk) => {
      text += chunk;
      if (text.endsWith('answered')) socket.end();
    });
    socket.on('error', () => {});
    socket.once('close', () => {
      if (text.startsWith('HTTP/1.1 200') && text.endsWith('answered')) resolve('answered');
      else resolve(accepted ? 'lost' : 'never accepted');
    });
  });
}

describe('close() under load', () => {
  it.each([false, true])(
    'answers every request whose TLS handshake was done (drain first: %s)',
    async (drain) => {
      const tls = await issue(await authority('Own'));
      const log = capturedLog();
      const server = createServer('Load')
        .logger(log.logger)
        .runtime(drain ? { drainDelay: '100ms' } : {})
        .listener({ port: 0, tls })
        .enable();
      let served = 0;
      const enough = gate();
      server.get('/', { auth: false }, async (ctx) => {
        served += 1;
        if (served === 100) enough.open();
        await new Promise((resolve) => setImmediate(resolve));
        ctx.body = 'answered';
      });
      const { port, close } = await start(server);
      const outcomes: Outcome[] = [];
      let going = true;
      const client = async () => {
        while (going) outcomes.push(await request(port));
      };
      const clients = Array.from({ length: 20 }, client);
      await enough.opened;
      const closing = close();
      await closing;
      going = false;
      await Promise.all(clients);
      expect(outcomes.filter((outcome) => outcome === 'answered').length).toBeGreaterThanOrEqual(100);
      expect(outcomes).not.toContain('lost');
      expect(log.lines.filter(({ msg }) => String(msg).includes('cut'))).toEqual([]);
    },
  );

  it('says 503 at /readyz before it takes no more connections, for as long as drainDelay', async () => {
    const { url, close } = await start(loopback().runtime({ drainDelay: '300ms' }).enable());
    const closing = close();
    const response = await fetch(`${url}/readyz`);
    expect([response.status, await response.json()]).toEqual([503, { status: 'closing' }]);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    await closing;
    await expect(fetch(`${url}/readyz`)).rejects.toThrow();
  });
});
