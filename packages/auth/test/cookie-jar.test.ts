import { CookieJar } from 'tough-cookie';
import { expect, it } from 'vitest';
import { authenticate, basic, cookie } from '../src/index.js';
import { authority, serverIdentity } from './certificates.ts';
import { basicValue } from './koa-app.ts';
import { builderOf } from './session-app.ts';
import { askTls, serveTls, type TlsAnswer } from './tls-app.ts';
import { NOON } from './tokens.ts';

it('a browser’s cookie jar keeps the session over HTTPS, from login to log-out', async () => {
  let now = NOON * 1000;
  const clock = () => now;
  const session = cookie({ jwt: builderOf(clock), clock, sameSite: 'Strict' });
  const users = authenticate(basic({ realm: 'Login', users: { ada: 'engine' } }));
  const server = await serverIdentity(await authority('CN=Servers Root'));
  await using app = await serveTls(
    (koa) =>
      koa
        .use(async (ctx, next) => {
          if (ctx.path === '/login') {
            await users(ctx, async () => {
              await session.signIn(ctx, { subject: ctx.state['auth'].subject });
              ctx.body = 'in';
            });
          } else if (ctx.path === '/logout') {
            await session.signOut(ctx);
            ctx.body = 'out';
          } else await next();
        })
        .use(authenticate(session))
        .use((ctx) => {
          ctx.body = ctx.state.auth.name;
        }),
    { key: server.key, cert: server.cert },
  );
  // The jar knows the prefixes and refuses what a browser would: `__Host-` without Secure, with Domain, over HTTP.
  const jar = new CookieJar(undefined, { prefixSecurity: 'strict' });
  const site = `https://shop.test:${app.port}`;

  async function browse(method: string, path: string, more: Record<string, string> = {}): Promise<TlsAnswer> {
    const kept = await jar.getCookieString(site + path);
    const headers = {
      host: `shop.test:${app.port}`,
      ...(method === 'GET' ? {} : { origin: site }),
      ...(kept === '' ? {} : { cookie: kept }),
      ...more,
    };
    const answer = await askTls(app, {}, { method, path, headers });
    const line = answer.headers['set-cookie'];
    if (line !== undefined) await jar.setCookie(String(line), site + path);
    return answer;
  }
  const kept = async (): Promise<string[]> => (await jar.getCookies(site)).map(({ key }) => key);

  expect((await browse('GET', '/')).status).toBe(401);
  expect((await browse('POST', '/login', { authorization: basicValue('ada:engine') })).status).toBe(200);
  expect(await kept()).toEqual(['__Host-session']);
  const stolen = await jar.getCookieString(site);

  for (let minutes = 0; minutes < 60; minutes += 20) {
    now += 20 * 60_000;
    expect((await browse('GET', '/')).body).toBe('ada');
  }
  expect(await jar.getCookieString(site)).not.toBe(stolen);
  expect(await jar.getCookieString(`http://shop.test:${app.port}`)).toBe('');
  expect(await jar.getCookieString(`https://sub.shop.test:${app.port}`)).toBe('');
  expect((await browse('POST', '/', { origin: 'https://evil.test' })).status).toBe(403);
  expect((await browse('POST', '/')).body).toBe('ada');

  expect((await browse('POST', '/logout')).status).toBe(200);
  expect(await kept()).toEqual([]);
  expect((await browse('GET', '/')).status).toBe(401);
  expect((await browse('GET', '/', { cookie: stolen })).status).toBe(401);
});
