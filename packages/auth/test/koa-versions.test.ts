import { createRequire } from 'node:module';
import Koa from 'koa';
import { describe, expect, it } from 'vitest';
import { authenticate, authorize, basic, bearer, hasRole } from '../src/index.js';
import { ask, askAs, basicValue, problemOf, serve } from './koa-app.ts';
import { jwt, tokenFor } from './tokens.ts';

const require = createRequire(import.meta.url);

const versions: [string, typeof Koa][] = [
  [require('koa2/package.json').version, require('koa2')],
  [require('koa/package.json').version, Koa],
];

it('are two major versions of Koa', () => {
  expect(versions.map(([version]) => version.split('.')[0])).toEqual(['2', '3']);
});

describe.each(versions)('with Koa %s', (_version, Application) => {
  const token = tokenFor('admin');

  function application(koa: Koa): void {
    koa.use(
      authenticate([bearer(jwt.validator()), basic({ realm: 'Init', users: { bob: 'password' } })] as const),
    );
    koa.use(authorize(hasRole('admin')));
    koa.use((ctx) => {
      ctx.body = `Hello ${ctx.state['auth'].name}`;
    });
  }

  it('a good token passes', async () => {
    await using app = await serve(application, Application);
    const answer = await askAs(app, `Bearer ${await token}`);
    expect([answer.status, answer.body]).toEqual([200, 'Hello admin']);
  });

  it('no credentials are a 401 with both challenges', async () => {
    await using app = await serve(application, Application);
    const answer = await ask(app);
    expect(answer.status).toBe(401);
    expect(problemOf(answer)['code']).toBe('credentials_required');
    expect(answer.challenges).toEqual(['Bearer realm="api"', 'Basic realm="Init", charset="UTF-8"']);
    expect(app.refusals).toHaveLength(1);
  });

  it('a bad token is a 401 with its error', async () => {
    await using app = await serve(application, Application);
    const answer = await askAs(app, 'Bearer bad');
    expect(answer.challenges[0]).toContain('error="invalid_token"');
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('one without the role is a 403', async () => {
    await using app = await serve(application, Application);
    const answer = await askAs(app, basicValue('bob:password'));
    expect([answer.status, problemOf(answer)['code']]).toEqual([403, 'insufficient_scope']);
  });

  it('a verifier that fails is a 500 that tells nothing', async () => {
    const broken = { verify: () => Promise.reject(new Error('marker')) };
    await using app = await serve((koa) => koa.use(authenticate(bearer(broken))), Application);
    const answer = await askAs(app, 'Bearer abc');
    expect([answer.status, answer.body]).toEqual([500, 'Internal Server Error']);
  });
});
