import { bearer } from '@tokenwright/auth';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { tokenResponse } from '../src/index.js';
import { capturedLog } from './captured-log.js';
import { loopback, start } from './running.js';
import { builder, service } from './token-endpoints/service.js';

/** An audit log on a disk that is full. */
const down = pino(
  {},
  {
    write() {
      throw new Error('the disk is full');
    },
  },
);
const FAILED = { err: { message: 'the disk is full' } };

describe('an audit log that is down', () => {
  it('costs no session: the refreshed token reaches the client, and refreshes again', async () => {
    const { post, sessions, log } = await service({}, down);
    let { refreshToken } = await sessions.signIn('ada', 'report', []);
    for (let time = 1; time <= 2; time++) {
      const answer = await post('/oauth/token', { grant_type: 'refresh_token', refresh_token: refreshToken });
      expect(answer).toMatchObject({ status: 200, json: { refresh_token: expect.any(String) } });
      refreshToken = (answer.json as { refresh_token: string }).refresh_token;
    }
    expect(await log.line('request failed')).toMatchObject(FAILED);
  });

  it('makes no 500 of a revocation', async () => {
    const { post, log } = await service({}, down);
    const { token } = await builder.claim('client_id', 'report').build();
    expect(await post('/oauth/revoke', { token })).toMatchObject({ status: 200 });
    expect(await log.line('request failed')).toMatchObject(FAILED);
  });

  it('makes no 500 of a refused client', async () => {
    const { post, log } = await service({}, down);
    const answer = await post('/oauth/token', { grant_type: 'client_credentials' }, [
      'report',
      'a secret that is wrong',
    ]);
    expect(answer).toMatchObject({ status: 401, json: { error: 'invalid_client' } });
    expect(await log.line('request failed')).toMatchObject(FAILED);
  });

  it('makes no 500 of a route with tokenResponse, nor of one that lets somebody in', async () => {
    const log = capturedLog();
    const server = loopback()
      .logger(log.logger)
      .audit(down)
      .scheme('Bearer', bearer(builder.validator()))
      .enable();
    server.get('/new', { auth: false }, async (ctx) => {
      tokenResponse(ctx, await builder.subject('ada').build());
    });
    server.get('/me', { auth: 'Bearer' }, (ctx) => {
      ctx.body = ctx.state.auth.subject;
    });
    const { url } = await start(server);
    const issued = await fetch(`${url}/new`);
    expect(issued.status).toBe(200);
    const { access_token: token } = (await issued.json()) as { access_token: string };
    const me = await fetch(`${url}/me`, { headers: { authorization: `Bearer ${token}` } });
    expect([me.status, await me.text()]).toEqual([200, 'ada']);
    expect(await log.line('request failed')).toMatchObject(FAILED);
  });
});
