/** One server for `host.ts`, in a process of its own: `node host-server.ts <which> <http|https> <folder>`. */
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import fastifyJwt from '@fastify/jwt';
import Router, { type RouterMiddleware } from '@koa/router';
import { authenticate, bearer } from '@tokenwright/auth';
import { JwtBuilder } from '@tokenwright/jwt';
import { createLogger, createServer, developmentCertificate } from '@tokenwright/server';
import Fastify from 'fastify';
import Koa, { type Context, type Middleware, type Next } from 'koa';
import koaJwt from 'koa-jwt';

const SECRET = Buffer.alloc(32, 0xa7);
const KEY = createSecretKey(SECRET);
const [which = '', transport, folder = '.'] = process.argv.slice(2);
const jwt = new JwtBuilder()
  .issuer('Bench')
  .audience('Bench')
  .signWith({ hex: SECRET.toString('hex') }, 'HS256');
const validator = jwt.validator();
const { token } = await jwt.subject('admin').build();
const port = await (which.startsWith('host')
  ? host(which.slice('host-without-'.length))
  : which === 'fastify-jwt'
    ? fastify()
    : bareKoa());
process.send?.({ port, token });

/** What `createServer` gives, with metrics, and a log at info on standard output, which is a file here; `host-without-x` is without x. */
async function host(without: string): Promise<number> {
  const tls = transport === 'https' ? { tls: { selfSigned: { directory: folder } } } : {};
  let builder = createServer('Bench').listener({ port: 0, host: '127.0.0.1', ...tls });
  if (without !== 'log') builder = builder.logger();
  if (without !== 'metrics') builder = builder.metrics({ listener: { port: 0 } });
  if (without === 'headers') builder = builder.security({ headers: false });
  const server = builder.scheme('Bearer', bearer(validator)).enable();
  if (without === 'auth') {
    server.get('/hello', { auth: false }, (ctx) => {
      ctx.body = 'Hello admin';
    });
  } else {
    server.get('/hello', { auth: 'Bearer' }, (ctx) => {
      ctx.body = `Hello ${ctx.state.auth.name}`;
    });
  }
  return (await server.start()).port;
}

/** Koa and @koa/router with nothing else, or with the same authentication. */
async function bareKoa(): Promise<number> {
  const router = new Router();
  const guard = guardOf(which);
  const guards = guard === undefined ? [] : [guard as RouterMiddleware];
  router.get('/hello', ...guards, (ctx) => {
    ctx.body = 'Hello admin';
  });
  const handler = new Koa().use(router.routes()).callback();
  const server = transport === 'https' ? createHttps(await certificate(), handler) : createHttp(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function guardOf(name: string): Middleware | undefined {
  switch (name) {
    case 'koa-auth':
      return authenticate(bearer(validator)) as Middleware;
    case 'koa-auth-uncached':
      return authenticate(bearer(jwt.validator({ cache: false }))) as Middleware;
    case 'koa-hmac':
      return bareHmac;
    case 'koa-jwt':
      return koaJwt({
        secret: SECRET,
        issuer: 'Bench',
        audience: 'Bench',
        algorithms: ['HS256'],
      } as koaJwt.Options);
    default:
      return undefined;
  }
}

/** The least that whoever verifies each token has to do. It is no way to verify tokens: nothing is checked beyond the MAC. */
async function bareHmac(ctx: Context, next: Next): Promise<void> {
  const given = ctx.req.headers.authorization?.slice('Bearer '.length) ?? '';
  const [header, payload = '', signature = ''] = given.split('.');
  const mac = createHmac('sha256', KEY).update(`${header}.${payload}`).digest();
  if (!timingSafeEqual(mac, Buffer.from(signature, 'base64url'))) throw new Error('another key');
  ctx.state['claims'] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as unknown;
  await next();
}

/** fastify with @fastify/jwt, as its readme has it, with its cache on. */
async function fastify(): Promise<number> {
  const app = Fastify();
  const verify = { allowedIss: 'Bench', allowedAud: 'Bench', cache: true };
  await app.register(fastifyJwt, { secret: SECRET, verify });
  app.get('/hello', { onRequest: (request) => request.jwtVerify() }, async () => 'Hello admin');
  await app.listen({ port: 0, host: '127.0.0.1' });
  return (app.server.address() as AddressInfo).port;
}

/** The certificate that the host has as well: whoever comes first makes it. */
async function certificate(): Promise<{ key: Buffer; cert: Buffer }> {
  await developmentCertificate({ directory: folder }, createLogger('Bench', { level: 'silent' }));
  const [key, cert] = await Promise.all(
    ['server.key.pem', 'server.pem'].map((name) => readFile(join(folder, name))),
  );
  return { key: key as Buffer, cert: cert as Buffer };
}
