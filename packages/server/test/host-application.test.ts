import { Readable } from 'node:stream';
import Koa, { type Context } from 'koa';
import { describe, expect, it } from 'vitest';
import { HostApplication } from '../src/host-application.js';

/** What a client gets from an application, as far as two answers can be the same. */
async function answerOf(app: Koa, method: string): Promise<unknown> {
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const answer = await fetch(`http://127.0.0.1:${port}/`, { method });
  const text = await answer.text();
  await new Promise((resolve) => server.close(resolve));
  const { date: _, ...headers } = Object.fromEntries(answer.headers);
  return { status: answer.status, statusText: answer.statusText, headers, text };
}

function koa(handler: (ctx: Context) => void): Koa {
  return new Koa().use(handler as never);
}

function host(handler: (ctx: Context) => void): Koa {
  const app = new HostApplication();
  app.way = { go: async (ctx) => handler(ctx), ended: () => undefined };
  return app;
}

const HANDLERS: readonly (readonly [what: string, handler: (ctx: Context) => void])[] = [
  ['a text', (ctx) => Object.assign(ctx, { body: 'Grüße' })],
  ['a page', (ctx) => Object.assign(ctx, { body: '<p>hello</p>' })],
  ['bytes', (ctx) => Object.assign(ctx, { body: Buffer.from([0, 1, 2]) })],
  ['JSON', (ctx) => Object.assign(ctx, { body: { hello: 'you' } })],
  ['a stream', (ctx) => Object.assign(ctx, { body: Readable.from(['one', 'two']) })],
  ['a text with a status', (ctx) => Object.assign(ctx, { status: 418, body: 'teapot' })],
  ['no content', (ctx) => Object.assign(ctx, { status: 204 })],
  ['a text that must not be sent', (ctx) => Object.assign(ctx, { body: 'text', status: 304 })],
  ['null', (ctx) => Object.assign(ctx, { body: null })],
  ['a status alone', (ctx) => Object.assign(ctx, { status: 202 })],
  ['nothing', () => undefined],
];

describe('the application of the host', () => {
  it.each(
    HANDLERS.flatMap(([what, handler]) => ['GET', 'HEAD'].map((method) => [method, what, handler] as const)),
  )('answers as Koa does: %s, %s', async (method, _, handler) => {
    expect(await answerOf(host(handler), method)).toEqual(await answerOf(koa(handler), method));
  });

  it('hears once of each request that it is over, also of one that failed', async () => {
    const ended: string[] = [];
    const app = new HostApplication();
    app.silent = true;
    app.way = {
      go: async (ctx) => {
        if (ctx.method === 'DELETE') throw new Error('it broke');
        ctx.body = 'done';
      },
      ended: ({ method, res }) => ended.push(`${method} ${res.statusCode}`),
    };
    await answerOf(app, 'GET');
    await answerOf(app, 'DELETE');
    expect(ended).toEqual(['GET 200', 'DELETE 500']);
  });
});
