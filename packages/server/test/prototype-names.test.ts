import { basic } from '@tokenwright/auth';
import { describe, expect, it } from 'vitest';
import { loopback, start } from './running.js';

const basicOf = (name: string, password: string) => `Basic ${btoa(`${name}:${password}`)}`;

async function served() {
  const users = new Map([['__proto__', 'own password']]);
  const server = loopback()
    .scheme('Basic', basic({ realm: 'x', check: (name, password) => users.get(name) === password }))
    .enable();
  server.get('/me', { auth: 'Basic' }, (ctx) => {
    ctx.body = ctx.state.auth.name;
  });
  server.get('/query', { auth: false }, (ctx) => {
    ctx.body = { role: (ctx.query as { role?: string }).role ?? null, names: Object.keys(ctx.query) };
  });
  return start(server);
}

describe('H27 a name of Object.prototype', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'is a header like any other: %s',
    async (name) => {
      const { url } = await served();
      const refused = await fetch(`${url}/me`, { headers: { [name]: 'x' } });
      expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
        401,
        'credentials_required',
      ]);
      const good = { [name]: 'x', authorization: basicOf('__proto__', 'own password') };
      expect((await fetch(`${url}/me`, { headers: good })).status).toBe(200);
    },
  );

  it.each([
    '__proto__[role]=admin',
    '__proto__.role=admin',
    'constructor[prototype][role]=admin',
    '__proto__=x',
  ])('in a query changes nothing: %s', async (query) => {
    const { url } = await served();
    expect(await (await fetch(`${url}/query?${query}`)).json()).toMatchObject({ role: null });
    expect(({} as { role?: string }).role).toBeUndefined();
  });

  it.each(['constructor', 'toString', 'valueOf', 'hasOwnProperty'])('is no user: %s', async (name) => {
    const { url } = await served();
    for (const password of ['', 'undefined', 'x']) {
      const response = await fetch(`${url}/me`, { headers: { authorization: basicOf(name, password) } });
      expect(response.status).toBe(401);
    }
  });

  it('is a user where there is one of that name', async () => {
    const { url } = await served();
    const ask = (password: string) =>
      fetch(`${url}/me`, { headers: { authorization: basicOf('__proto__', password) } });
    expect(await (await ask('own password')).text()).toBe('__proto__');
    expect((await ask('other')).status).toBe(401);
  });
});
