import { createHmac } from 'node:crypto';
import { basic, bearer, cookie } from '@tokenwright/auth';
import { JwtBuilder } from '@tokenwright/jwt';
import { describe, expect, it } from 'vitest';
import { tokenResponse } from '../src/index.js';
import { capturedLog } from './captured-log.js';
import { rawRequest } from './raw-request.js';
import { loopback, start } from './running.js';

const MARK = 'xyzzy-secret';
const KEY = 'a7'.repeat(32);
const jwt = new JwtBuilder().issuer('I').audience('A').signWith({ hex: KEY }, 'HS256');
const admin = { authorization: `Basic ${btoa(`admin:${MARK}`)}` };

async function audited(own: boolean) {
  const log = capturedLog();
  const audit = capturedLog();
  let builder = loopback()
    .logger(log.logger)
    .scheme('Basic', basic({ realm: 'x', users: { admin: MARK } }))
    .scheme('Bearer', bearer(jwt.validator()));
  if (own) builder = builder.audit(audit.logger);
  const server = builder.enable();
  server.post('/token', { auth: 'Basic' }, async (ctx) => {
    tokenResponse(ctx, await jwt.subject(ctx.state.auth.name).build());
  });
  server.get('/me', { auth: 'Bearer' }, (ctx) => {
    ctx.app.emit('audit', { event: 'profile.read', subject: ctx.state.auth.subject }, ctx);
    ctx.body = 'me';
  });
  return { ...(await start(server)), log, audit };
}

describe('the audit log', () => {
  it('has who was let in, who was refused and why, and who got which token, in a stream of its own', async () => {
    const { url, log, audit } = await audited(true);
    const issued = await fetch(`${url}/token`, { method: 'POST', headers: admin });
    const { access_token: token } = (await issued.json()) as { access_token: string };
    const id = issued.headers.get('x-request-id');
    expect(await audit.line('token.issued')).toMatchObject({
      event: 'token.issued',
      requestId: id,
      address: '127.0.0.1',
      subject: 'admin',
      tokenId: expect.any(String),
      expiresAt: expect.any(String),
    });
    expect(await audit.line('auth.accepted')).toMatchObject({
      event: 'auth.accepted',
      requestId: id,
      scheme: 'Basic',
      subject: 'admin',
      status: 200,
    });
    await fetch(`${url}/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(await audit.line('profile.read')).toMatchObject({ subject: 'admin' });
    await fetch(`${url}/me`, { headers: { authorization: `Bearer ${token}x` } });
    expect(await audit.line('refused')).toMatchObject({
      event: 'auth.refused',
      level: 40,
      status: 401,
      reasons: [{ scheme: 'Bearer', code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' }],
    });
    await log.line('GET /me 401');
    expect(log.lines.filter(({ event }) => event !== undefined)).toEqual([]);
  });

  it('has who signed in and out by cookie, each once', async () => {
    const audit = capturedLog();
    const session = cookie({ jwt: jwt.audience('cookies'), idle: '30m', absolute: '12h' });
    const server = loopback().audit(audit.logger).scheme('Session', session).enable();
    server.post('/sign-in', { auth: false }, async (ctx) => {
      await session.signIn(ctx, { subject: 'ada' });
      ctx.status = 204;
    });
    server.post('/sign-out', { auth: false }, async (ctx) => {
      await session.signOut(ctx);
      ctx.status = 204;
    });
    const { url } = await start(server);
    const own = { 'sec-fetch-site': 'same-origin' };
    const post = (path: string, headers = {}) =>
      fetch(`${url}${path}`, { method: 'POST', headers: { ...own, ...headers } });
    const signedIn = await post('/sign-in');
    expect(signedIn.status).toBe(204);
    const [crumb = ''] = signedIn.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
    expect((await post('/sign-out', { cookie: crumb })).status).toBe(204);
    expect((await post('/sign-out')).status).toBe(204);
    expect((await post('/sign-in', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect(audit.lines.map(({ event, subject }) => [event, subject])).toEqual([
      ['session.begun', 'ada'],
      ['session.ended', 'ada'],
      ['auth.refused', undefined],
    ]);
    expect(audit.lines[0]).toMatchObject({
      scheme: 'Cookie',
      requestId: signedIn.headers.get('x-request-id'),
    });
    expect(audit.text()).not.toContain(crumb.split('=')[1]);
  });

  it('is a channel of the log without a stream of its own', async () => {
    const { url, log } = await audited(false);
    await fetch(`${url}/token`, { method: 'POST', headers: admin });
    expect(await log.line('token.issued')).toMatchObject({ channel: 'audit', subject: 'admin' });
    await fetch(`${url}/me`);
    expect(await log.line('refused')).toMatchObject({ channel: 'audit', event: 'auth.refused' });
  });
});

describe('H17 the whole log', () => {
  it.each([true, false])(
    'has no password, key, token, cookie, query or body (audit apart: %s)',
    async (own) => {
      const { url, port, log, audit } = await audited(own);
      const answer = await fetch(`${url}/token?access_token=${MARK}`, { method: 'POST', headers: admin });
      const { access_token: token } = (await answer.json()) as { access_token: string };
      const [head, claims, signature] = token.split('.') as [string, string, string];
      const forged = createHmac('sha256', MARK).update(`${head}.${claims}`).digest('base64url');
      const attempts: Record<string, string>[] = [
        { authorization: `Bearer ${token}` },
        { authorization: `Bearer ${head}.${claims}.${forged}` },
        { authorization: `Bearer ${MARK}` },
        { authorization: `Basic ${btoa(`${MARK}:${MARK}`)}` },
        { authorization: `Digest ${MARK}`, cookie: `session=${MARK}`, 'x-api-key': MARK, referer: MARK },
      ];
      for (const headers of attempts) await (await fetch(`${url}/me?code=${MARK}`, { headers })).text();
      await fetch(`${url}/token`, { method: 'POST', body: MARK, headers: { 'content-type': 'text/plain' } });
      await rawRequest(port, `GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization : ${MARK}\r\n\r\n`);
      await rawRequest(port, `GET / HTTP/1.1\r\nHost: ${MARK}\r\nConnection: close\r\n\r\n`);
      await log.line('GET / 421');
      const text = log.text() + audit.text();
      expect(text.length).toBeGreaterThan(1_000);
      for (const secret of [MARK, btoa(MARK).slice(0, -2), KEY, token, signature, forged, claims])
        expect(text).not.toContain(secret);
    },
  );
});
