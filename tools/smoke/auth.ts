/** A program of somebody who has a Koa application and installed `@tokenwright/auth` for it. */
import { strictEqual } from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type AuthState, authenticate, authorize, basic, hasRole } from '@tokenwright/auth';
import Koa from 'koa';

const app = new Koa<AuthState>();
app.use(authenticate(basic({ realm: 'smoke', users: { admin: 'password' } })));
app.use(async (ctx, next) => {
  if (ctx.path === '/boss') return authorize(hasRole('boss'))(ctx, next);
  ctx.body = `Hello ${ctx.state.auth.name}`;
});

const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const headers = { authorization: `Basic ${btoa('admin:password')}` };

const hello = await fetch(url, { headers });
strictEqual(await hello.text(), 'Hello admin');
const refused = await fetch(url);
strictEqual(refused.status, 401);
strictEqual(refused.headers.get('www-authenticate'), 'Basic realm="smoke", charset="UTF-8"');
strictEqual((await fetch(`${url}/boss`, { headers })).status, 403);
server.close();
server.closeAllConnections();
console.log('auth: let in, refused and forbade');
