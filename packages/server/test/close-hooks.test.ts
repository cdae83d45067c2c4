import { describe, expect, it } from 'vitest';
import { capturedLog } from './captured-log.js';
import { gate } from './gate.js';
import { loopback } from './running.js';

describe('onClose()', () => {
  it('is called after the last request was answered, the last added first, and waited for', async () => {
    const order: string[] = [];
    const [entered, answer] = [gate(), gate()];
    const server = loopback().enable();
    server.get('/', { auth: false }, async (ctx) => {
      entered.open();
      await answer.opened;
      order.push('answered');
      ctx.body = 'answered';
    });
    server.onClose(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push('first');
    });
    server.onClose(() => order.push('second'));
    const { url, close } = await server.start({ signals: false });
    const slow = fetch(url);
    await entered.opened;
    const closing = close();
    answer.open();
    expect(await (await slow).text()).toBe('answered');
    await closing;
    expect(order).toEqual(['answered', 'second', 'first']);
  });

  it('that fails is an error of close(), after the others were called', async () => {
    const log = capturedLog();
    const called: string[] = [];
    const server = loopback().logger(log.logger).enable();
    server.onClose(() => called.push('other'));
    server.onClose(() => Promise.reject(new Error('the store is gone')));
    const { close } = await server.start({ signals: false });
    await expect(close()).rejects.toMatchObject({
      name: 'AggregateError',
      errors: [expect.objectContaining({ message: 'the store is gone' })],
    });
    expect(called).toEqual(['other']);
    expect(await log.line('onClose')).toMatchObject({ level: 50, err: { message: 'the store is gone' } });
  });

  it('that hangs is given up after shutdownTimeout', async () => {
    const server = loopback().runtime({ shutdownTimeout: '50ms' }).enable();
    server.onClose(() => new Promise(() => {}));
    const { close } = await server.start({ signals: false });
    await expect(close()).rejects.toMatchObject({
      errors: [expect.objectContaining({ message: expect.stringContaining('shutdownTimeout') })],
    });
  });

  it('takes a function', () => {
    expect(() =>
      loopback()
        .enable()
        .onClose(undefined as never),
    ).toThrow(TypeError);
  });
});
