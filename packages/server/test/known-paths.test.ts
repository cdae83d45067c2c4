import Router from '@koa/router';
import Koa, { type Context } from 'koa';
import { describe, expect, it } from 'vitest';
import { knownPaths } from '../src/routes/known-paths.js';

/** What the router leaves on the context, and the routes that ran. */
function seenBy(ctx: Context): object {
  const { _matchedRoute, matched, params, captures, routerPath, routerName, routeMatched, router } =
    ctx as Context & Record<string, unknown>;
  const patterns = (matched as { path: string }[] | undefined)?.map(({ path }) => path);
  return {
    _matchedRoute,
    patterns,
    params,
    captures,
    routerPath,
    routerName,
    routeMatched,
    known: router !== undefined,
  };
}

async function answerOf(short: boolean, method: string, target: string): Promise<unknown> {
  const router = new Router({ sensitive: true, strict: true });
  const ran: string[] = [];
  const handler = (name: string) => async (_: unknown, next: () => Promise<unknown>) => {
    ran.push(name);
    await next();
  };
  router.register('/plain', ['GET'], [handler('guard'), handler('plain')] as never);
  router.register('/plain', ['POST'], [handler('posted')] as never);
  router.register('/users/:id', ['GET'], [handler('user')] as never);
  router.register('/users/me', ['GET'], [handler('me')] as never);
  router.register('/files/*rest', ['GET'], [handler('file')] as never);
  const app = new Koa();
  let seen: object = {};
  app.use(short ? knownPaths(router) : (router.routes() as never));
  app.use((ctx) => {
    ran.push('behind');
    seen = seenBy(ctx);
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await (await fetch(`http://127.0.0.1:${port}${target}`, { method })).text();
  await new Promise((resolve) => server.close(resolve));
  return { ran, seen };
}

describe('the short way to a path', () => {
  it.each([
    ['GET', '/plain'],
    ['HEAD', '/plain'],
    ['POST', '/plain?x=1'],
    ['PUT', '/plain'],
    ['GET', '/plain/'],
    ['GET', '/PLAIN'],
    ['GET', '/%70lain'],
    ['GET', '/users/7'],
    ['GET', '/users/me'],
    ['GET', '/users/:id'],
    ['GET', '/files/*rest'],
    ['GET', '/nothing'],
    ['GET', '/__proto__'],
  ])('ends where the router would: %s %s', async (method, target) => {
    expect(await answerOf(true, method, target)).toEqual(await answerOf(false, method, target));
  });
});
