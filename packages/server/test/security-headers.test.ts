import { describe, expect, it } from 'vitest';
import { createServer, type SecurityOptions } from '../src/index.js';
import { authority, issue } from './certificates-of-test.js';
import { loopback, start, temporaryFolder } from './running.js';
import { tlsConnection } from './tls-client.js';

const HSTS = /^strict-transport-security: max-age=(\d+)/im;

async function served(security?: SecurityOptions) {
  let builder = loopback();
  if (security !== undefined) builder = builder.security(security);
  const server = builder.enable();
  server.get('/', { auth: false }, (ctx) => {
    ctx.body = 'served';
  });
  server.get('/own', { auth: false }, (ctx) => {
    ctx.set('Content-Security-Policy', "default-src 'none'");
    ctx.body = 'served';
  });
  server.get('/boom', { auth: false }, () => {
    throw new Error('it broke');
  });
  return start(server);
}

describe('security headers', () => {
  it.each(['/', '/boom', '/nothing', '/healthz'])('stand on every answer: %s', async (path) => {
    const { url } = await served();
    const { headers } = await fetch(url + path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'self'/);
    expect(headers.has('x-powered-by')).toBe(false);
  });

  it('do not send a page over plain HTTP to an HTTPS that is not there', async () => {
    const { url } = await served();
    expect((await fetch(url)).headers.get('content-security-policy')).not.toContain('upgrade-insecure');
  });

  it('leave the last word to the handler', async () => {
    const { url } = await served();
    expect((await fetch(`${url}/own`)).headers.get('content-security-policy')).toBe("default-src 'none'");
  });

  it('are those of helmet with the options given, or none', async () => {
    const own = await served({
      headers: { xFrameOptions: { action: 'deny' }, contentSecurityPolicy: false },
    });
    const { headers } = await fetch(own.url);
    expect([headers.get('x-frame-options'), headers.get('content-security-policy')]).toEqual(['DENY', null]);
    const none = await served({ headers: false });
    expect((await fetch(none.url)).headers.has('x-content-type-options')).toBe(false);
  });

  it.each([
    [{ headers: { xFrameOptions: { action: 'sometimes' } } }, /x-frame-options/i],
    [{ headers: { contentSecurityPolicy: { directives: { 'default-src': [() => 'x'] } } } }, /is a function/],
    [{ headers: { contentSecurityPolicy: { directives: { scriptSrc: ["'self'; x"] } } } }, /directive/i],
    [{ headers: null }, /options of helmet/],
  ])('are refused at once: %j', (security, message) => {
    expect(() => createServer('x').security(security as never)).toThrow(TypeError);
    expect(() => createServer('x').security(security as never)).toThrow(message);
  });
});

describe('H31 Strict-Transport-Security', () => {
  async function over(tls: Parameters<ReturnType<typeof createServer>['listener']>[0]) {
    const server = createServer('Hsts').listener(tls).enable();
    const { port } = await start(server);
    const { ask, socket } = await tlsConnection(port);
    const answers = [await ask('/healthz'), await ask('/nothing')];
    socket.destroy();
    return answers;
  }

  it('is a year or more on every answer over HTTPS, errors too', async () => {
    const tls = await issue(await authority('Own'));
    for (const answer of await over({ port: 0, tls }))
      expect(Number(HSTS.exec(answer)?.[1])).toBeGreaterThanOrEqual(31_536_000);
  });

  it('is never sent with a development certificate', async () => {
    const directory = await temporaryFolder();
    for (const answer of await over({ port: 0, tls: { selfSigned: { directory } } }))
      expect(answer).not.toMatch(HSTS);
  });

  it('is never sent over plain HTTP, unless a trusted proxy speaks HTTPS for it', async () => {
    const https = { headers: { 'x-forwarded-proto': 'https' } };
    const alone = await served();
    expect((await fetch(alone.url, https)).headers.has('strict-transport-security')).toBe(false);
    const proxied = await served({ trustedProxies: ['loopback'] });
    expect((await fetch(proxied.url)).headers.has('strict-transport-security')).toBe(false);
    expect((await fetch(proxied.url, https)).headers.get('strict-transport-security')).toMatch(/max-age/);
  });
});
