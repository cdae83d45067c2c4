import { basic, createPrincipal, hasRole, hasScope, type Scheme } from '@tokenwright/auth';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loopback, start } from './running.js';

/** `X-Who: name role role` is all the proof this scheme asks for. */
const who: Scheme = {
  kind: 'Who',
  authenticate: (ctx) => {
    const [subject = '', ...roles] = ctx.get('x-who').split(' ');
    const scopes = roles;
    return subject === '' ? undefined : createPrincipal({ scheme: 'Who', subject, roles, scopes });
  },
  challenge: () => 'Who',
};
const builder = loopback()
  .scheme('Who', who)
  .scheme('Basic', basic({ realm: 'x', users: { a: 'password' } }));

async function status(url: string, identity?: string, method = 'GET') {
  const headers = identity === undefined ? {} : { 'x-who': identity };
  return (await fetch(url, { method, headers })).status;
}

describe('a group', () => {
  async function admin() {
    const server = builder.enable();
    const group = server.group('/admin', { auth: 'Who', policy: hasRole('admin'), tags: ['admin'] });
    group.get('/users', {}, (ctx) => {
      ctx.body = ctx.state.auth.subject;
    });
    group.post('', { tags: ['root'] }, (ctx) => {
      ctx.body = 'prefix itself';
    });
    group.get('/keys', { policy: hasScope('keys') }, (ctx) => {
      ctx.body = 'keys';
    });
    const tenants = group.group('/tenants/:tenant', { policy: hasRole('root') });
    tenants.get('/files/:file', { params: z.object({ tenant: z.string(), file: z.string() }) }, (ctx) => {
      ctx.body = ctx.state.input.params;
    });
    return { ...(await start(server)), server };
  }

  it('puts its prefix before the paths, and asks for its scheme', async () => {
    const { url } = await admin();
    expect(await status(`${url}/admin/users`)).toBe(401);
    expect(await status(`${url}/admin/users`, 'ann admin')).toBe(200);
    expect(await status(`${url}/users`, 'ann admin')).toBe(404);
  });

  it('has a route at the prefix itself', async () => {
    const { url } = await admin();
    expect(await status(`${url}/admin`, 'ann admin', 'POST')).toBe(200);
    expect(await status(`${url}/admin/`, 'ann admin', 'POST')).toBe(404);
  });

  it("asks for its policy on top of the route's, never instead of it", async () => {
    const { url } = await admin();
    expect(await status(`${url}/admin/users`, 'ann')).toBe(403);
    expect(await status(`${url}/admin/keys`, 'ann admin')).toBe(403);
    expect(await status(`${url}/admin/keys`, 'ann keys')).toBe(403);
    expect(await status(`${url}/admin/keys`, 'ann admin keys')).toBe(200);
  });

  it('nests: prefixes and policies add up, and the path parameters of both are seen', async () => {
    const { url } = await admin();
    const path = `${url}/admin/tenants/t1/files/f2`;
    expect(await status(path)).toBe(401);
    expect(await status(path, 'ann root')).toBe(403);
    expect(await status(path, 'ann admin')).toBe(403);
    const answer = await fetch(path, { headers: { 'x-who': 'ann admin root' } });
    expect(await answer.json()).toEqual({ tenant: 't1', file: 'f2' });
  });

  it('adds its tags to those of the routes', async () => {
    const { server } = await admin();
    const { paths } = server.openApiDocument();
    expect(paths['/admin']?.['post']).toMatchObject({ tags: ['admin', 'root'] });
    expect(paths['/admin/tenants/{tenant}/files/{file}']?.['get']).toMatchObject({ tags: ['admin'] });
  });
});

describe('a route in a group', () => {
  it('may name another scheme, or be open, where it says so itself', async () => {
    const server = builder.enable();
    const group = server.group('/account', { auth: 'Who' });
    group.get('/other', { auth: 'Basic' }, (ctx) => {
      ctx.body = ctx.state.auth.subject;
    });
    group.get('/login', { auth: false }, (ctx) => {
      ctx.body = 'open';
    });
    const { url } = await start(server);
    expect(await status(`${url}/account/other`, 'ann')).toBe(401);
    expect(await status(`${url}/account/login`)).toBe(200);
  });

  it.each([
    ['says nothing of auth, and neither does the group', {}, {}, '/x', 'does not say who may call it'],
    ['says auth: undefined', { auth: 'Who' }, { auth: undefined }, '/x', 'does not say who may call it'],
    [
      'is open where the group has a policy',
      { auth: 'Who', policy: hasRole('a') },
      { auth: false },
      '/x',
      'a policy judges',
    ],
    ['has an unknown option', { auth: 'Who' }, { pollicy: 1 }, '/x', "Did you mean 'policy'?"],
    ['has no options', { auth: 'Who' }, undefined, '/x', 'does not say who may call it'],
    ['has no path', { auth: 'Who' }, {}, 'x', "starts with '/'"],
    ['has an unknown scheme from its group', { auth: 'Whoo' }, {}, '/x', "Did you mean 'Who'?"],
  ])('is refused when it %s', (_, shared, options, path, message) => {
    const group = builder.enable().group('/g', shared as never);
    expect(() => group.get(path, options as never, () => {})).toThrow(message);
  });

  it('is refused when its path is taken or reserved, prefix included', () => {
    const server = builder.enable();
    server.get('/g/x', { auth: false }, () => {});
    expect(() => server.group('/g', { auth: 'Who' }).get('/x', {}, () => {})).toThrow('registered twice');
    expect(() => server.group('/.well-known', { auth: false }).get('/jwks.json', {}, () => {})).toThrow(
      'the server answers',
    );
  });

  it('is refused after callback()', () => {
    const server = builder.enable();
    const group = server.group('/g', { auth: false });
    server.callback();
    expect(() => group.get('/x', {}, () => {})).toThrow('before start() or callback()');
    expect(() => server.group('/h', {})).toThrow('before start() or callback()');
  });
});

describe('a group itself', () => {
  it.each(['', '/', 'admin', '/admin/', undefined, 7])('is refused with the prefix %j', (prefix) => {
    expect(() => builder.enable().group(prefix as string, {})).toThrow(TypeError);
  });

  it('is refused with an option it does not know', () => {
    expect(() => builder.enable().group('/g', { body: z.string() } as never)).toThrow("has no option 'body'");
  });
});

describe('the schemas of a route', () => {
  const server = builder.enable();
  const add = (method: 'GET' | 'POST' | 'DELETE', options: object) => () =>
    server.route([method], '/x', { auth: false, ...options } as never, () => {});

  it.each([
    ['is no schema', add('POST', { body: { type: 'object' } }), 'body is no schema'],
    [
      'is a schema for another version',
      add('POST', { query: { '~standard': { version: 2 } } }),
      'query is no schema',
    ],
    ['is a body for GET', add('GET', { body: z.string() }), 'a body has no meaning in GET'],
    ['is a body for DELETE', add('DELETE', { body: z.string() }), 'a body has no meaning in DELETE'],
    ['has body types without a body', add('POST', { bodyTypes: ['json'] }), 'bodyTypes but no body'],
    ['has unknown body types', add('POST', { body: z.string(), bodyTypes: ['xml'] }), 'json, form'],
    ['has no body types', add('POST', { body: z.string(), bodyTypes: [] }), 'json, form'],
    ['is misspelt', add('POST', { bdoy: z.string() }), "Did you mean 'body'?"],
  ])('are refused at registration when one %s', (_, register, message) => {
    expect(register).toThrow(message);
    expect(register).toThrow(TypeError);
  });
});
