import type { Server } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createServer } from '../src/index.js';
import { capturedLog } from './captured-log.js';
import { loopback, start } from './running.js';

const MESSAGE = 'connections cannot be taken';

/** What Node emits when the system refuses to hand over a connection. */
const outOfFiles = () =>
  Object.assign(new Error('accept ENFILE'), { code: 'ENFILE', errno: -23, syscall: 'accept' });

describe('a connection that the system does not hand over', () => {
  it('is in the log once, however many follow, and the server goes on', async () => {
    const log = capturedLog();
    const server = loopback().logger(log.logger).enable();
    let node: Server | undefined;
    server.get('/', { auth: false }, (ctx) => {
      node = (ctx.req.socket as unknown as { server: Server }).server;
      ctx.body = 'alive';
    });
    const { url } = await start(server);
    await fetch(url);
    for (let time = 1; time <= 3; time++) node?.emit('error', outOfFiles());
    expect(await (await fetch(url)).text()).toBe('alive');
    const lines = log.lines.filter(({ msg }) => String(msg).includes(MESSAGE));
    expect(lines).toMatchObject([{ level: 50, err: { message: 'accept ENFILE', code: 'ENFILE' } }]);
  });

  it('is another matter than a port that is in use, which start() alone tells', async () => {
    const { port } = await start(loopback().enable());
    const log = capturedLog();
    const second = createServer('Second').logger(log.logger).listener({ port }).enable();
    await expect(second.start({ signals: false })).rejects.toMatchObject({
      code: 'ERR_LISTEN_ADDRESS_IN_USE',
    });
    expect(log.lines).toEqual([]);
  });
});
