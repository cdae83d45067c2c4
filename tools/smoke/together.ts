/** A program of somebody who installed them all: a token for a password, and an answer for the token. */
import { match, strictEqual } from 'node:assert/strict';
import { basic, bearer } from '@tokenwright/auth';
import { JwtBuilder } from '@tokenwright/jwt';
import { createServer, tokenResponse } from '@tokenwright/server';
import { tokenLab } from '@tokenwright/server/lab';

const jwt = new JwtBuilder()
  .issuer('KestrunApi')
  .audience('KestrunClients')
  .signWith({ hex: '6f1a'.repeat(16) });
const validator = jwt.validator();
const server = createServer('smoke')
  .logger({ level: 'silent' })
  .listener({ port: 0 })
  .scheme('Password', basic({ realm: 'smoke', users: { admin: 'password' } }))
  .scheme('Token', bearer(validator, { realm: 'smoke' }))
  .enable();
server.get('/token/new', { auth: 'Password' }, async (ctx) => {
  tokenResponse(ctx, await jwt.subject(ctx.state.auth.name).name(ctx.state.auth.name).build());
});
server.get('/hello', { auth: 'Token' }, (ctx) => {
  ctx.body = `Hello ${ctx.state.auth.name}`;
});
tokenLab(server, { jwt, validator });
const running = await server.start();

const credentials = { authorization: `Basic ${btoa('admin:password')}` };
const issued = await fetch(`${running.url}/token/new`, { headers: credentials });
const { access_token: token } = (await issued.json()) as { access_token: string };
const hello = await fetch(`${running.url}/hello`, { headers: { authorization: `Bearer ${token}` } });
strictEqual(await hello.text(), 'Hello admin');
strictEqual((await fetch(`${running.url}/hello`)).status, 401);
const page = await fetch(running.url);
match(await page.text(), /<!doctype html>/i);
await running.close();
console.log('together: a token for a password, an answer for a token, and the page of the lab');
