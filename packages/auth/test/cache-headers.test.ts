import { describe, expect, it } from 'vitest';
import {
  apiKey,
  authenticate,
  basic,
  bearer,
  cookie,
  generateApiKey,
  type Schemes,
  withUser,
} from '../src/index.js';
import { type Answer, ask, basicValue, type RunningApp, serve } from './koa-app.ts';
import { builderOf } from './session-app.ts';
import { jwt, NOON, tokenFor } from './tokens.ts';

const { key, record } = generateApiKey({ subject: 'billing' });
const keys = new Map([[record.id, record]]);
const session = cookie({ jwt: builderOf(() => NOON * 1000), clock: () => NOON * 1000 });
const users = basic({ realm: 'Init', users: { ada: 'right' } });
const token = await tokenFor('ada');

function serveWith(
  schemes: Schemes<object>,
  options: { optional?: boolean; cacheControl?: string } = {},
): Promise<RunningApp> {
  const { optional = false, cacheControl } = options;
  return serve((koa) => {
    koa.use(authenticate(schemes, { optional } as { optional: true }));
    koa.use((ctx) => {
      if (cacheControl !== undefined) ctx.set('Cache-Control', cacheControl);
      ctx.body = ctx.state['auth']?.subject ?? 'nobody';
    });
  });
}

/** What a cache goes by. */
function cached({ status, headers }: Answer): unknown[] {
  return [status, headers['cache-control'], headers['vary']];
}

describe('H24 an answer to an API key', () => {
  it('is private and varies by the header that may hold the key', async () => {
    await using app = await serveWith(apiKey({ keys }));
    expect(cached(await ask(app, { headers: { 'x-api-key': key } }))).toEqual([200, 'private', 'X-Api-Key']);
  });

  it('varies by each of several headers', async () => {
    await using app = await serveWith(apiKey({ keys, header: ['Orders-Key', 'X-Api-Key'] }));
    const answer = await ask(app, { headers: { 'x-api-key': key } });
    expect(cached(answer)).toEqual([200, 'private', 'Orders-Key, X-Api-Key']);
  });

  it('is not stored at all where the key stands in the URL', async () => {
    await using app = await serveWith(apiKey({ keys, query: 'k' }));
    expect(cached(await ask(app, { path: `/?k=${key}` }))).toEqual([200, 'private, no-store', 'X-Api-Key']);
  });

  it('is cached as the handler says, where it says so', async () => {
    await using app = await serveWith(apiKey({ keys }), { cacheControl: 'private, max-age=60' });
    const answer = await ask(app, { headers: { 'x-api-key': key } });
    expect(cached(answer)).toEqual([200, 'private, max-age=60', 'X-Api-Key']);
  });

  it.each([{}, { 'x-api-key': 'wrong' }])('that is refused is not stored: %j', async (headers) => {
    await using app = await serveWith(apiKey({ keys }));
    expect(cached(await ask(app, { headers }))).toEqual([401, 'no-store', 'X-Api-Key']);
  });
});

describe('H24 an answer where credentials are optional', () => {
  const authorized = { authorization: `Bearer ${token}` };

  it.each<[string, Schemes<object>, Record<string, string>]>([
    ['Bearer', bearer(jwt.validator()), authorized],
    ['Bearer with its user', withUser(bearer(jwt.validator()), () => ({})), authorized],
    ['Basic', users, { authorization: basicValue('ada:right') }],
  ])('varies by Authorization, with and without credentials: %s', async (_what, scheme, headers) => {
    await using app = await serveWith(scheme, { optional: true });
    const answers = [await ask(app), await ask(app, { headers })];
    expect(answers.map(({ body }) => body)).toEqual(['nobody', 'ada']);
    expect(answers.map(cached)).toEqual(Array(2).fill([200, undefined, 'Authorization']));
  });

  it('varies by what each of several schemes reads', async () => {
    await using app = await serveWith(
      [session, apiKey({ keys }), bearer(jwt.validator())] as Schemes<object>,
      {
        optional: true,
      },
    );
    expect(cached(await ask(app))).toEqual([200, undefined, 'Authorization, Cookie, X-Api-Key']);
  });

  it('does not vary by Authorization where no scheme reads that', async () => {
    await using app = await serveWith(session as Schemes<object>, { optional: true });
    expect(cached(await ask(app))).toEqual([200, undefined, 'Cookie']);
  });
});

describe('H24 an answer to Authorization where it is asked for', () => {
  it('stays out of shared caches by itself (RFC 9111 §3.5)', async () => {
    await using app = await serveWith(bearer(jwt.validator()));
    const answer = await ask(app, { headers: { authorization: `Bearer ${token}` } });
    expect(cached(answer)).toEqual([200, undefined, undefined]);
  });
});
