import { describe, expect, it } from 'vitest';
import { authenticate, basic, writeProblem } from '../src/index.js';
import { ask, problemOf, serve } from './koa-app.ts';

describe('a problem document', () => {
  it('has the members of RFC 9457, a code and a trace', async () => {
    await using app = await serve((koa) =>
      koa.use((ctx) =>
        writeProblem(ctx, { status: 404, code: 'not_found', detail: 'There is nothing here', trace: 't-1' }),
      ),
    );
    const answer = await ask(app);
    expect(answer.status).toBe(404);
    expect(problemOf(answer)).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      code: 'not_found',
      detail: 'There is nothing here',
      trace: 't-1',
    });
  });

  it('leaves out what is not known', async () => {
    await using app = await serve((koa) =>
      koa.use((ctx) => writeProblem(ctx, { status: 405, code: 'nope' })),
    );
    expect(Object.keys(problemOf(await ask(app)))).toEqual(['type', 'title', 'status', 'code']);
  });

  it('H24 is never stored by a cache, whatever was said before', async () => {
    await using app = await serve((koa) =>
      koa.use((ctx) => {
        ctx.set('Cache-Control', 'public, max-age=600');
        writeProblem(ctx, { status: 401, code: 'nope' });
      }),
    );
    expect((await ask(app)).headers['cache-control']).toBe('no-store');
  });

  it('carries further headers, a line for each entry of a list', async () => {
    await using app = await serve((koa) =>
      koa.use((ctx) =>
        writeProblem(ctx, {
          status: 401,
          code: 'nope',
          headers: { Allow: 'GET', 'WWW-Authenticate': ['One', 'Two'] },
        }),
      ),
    );
    const answer = await ask(app);
    expect(answer.headers['allow']).toBe('GET');
    expect(answer.challenges).toEqual(['One', 'Two']);
  });

  it('replaces a body that was already there', async () => {
    await using app = await serve((koa) =>
      koa.use((ctx) => {
        ctx.body = '<h1>Welcome</h1>';
        writeProblem(ctx, { status: 403, code: 'nope' });
      }),
    );
    const answer = await ask(app);
    expect(problemOf(answer)['code']).toBe('nope');
    expect(answer.headers['content-length']).toBe(String(answer.body.length));
  });

  it('is announced without a body to HEAD', async () => {
    await using app = await serve((koa) =>
      koa.use(authenticate(basic({ realm: 'Init', users: { admin: 'password' } }))),
    );
    const answer = await ask(app, { method: 'HEAD' });
    expect(answer.status).toBe(401);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toBe('');
  });
});

describe('H24 a refusal', () => {
  it('is not stored; what passes keeps the cache headers of its handler', async () => {
    await using app = await serve((koa) => {
      koa.use(authenticate(basic({ realm: 'Init', users: { admin: 'password' } })));
      koa.use((ctx) => {
        ctx.set('Cache-Control', 'private');
        ctx.body = 'in';
      });
    });
    expect((await ask(app)).headers['cache-control']).toBe('no-store');
    const passed = await ask(app, { headers: { authorization: `Basic ${btoa('admin:password')}` } });
    expect([passed.status, passed.headers['cache-control']]).toEqual([200, 'private']);
  });
});
