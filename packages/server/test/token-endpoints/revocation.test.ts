import { SessionsUnavailable } from '@tokenwright/auth/sessions';
import { describe, expect, it } from 'vitest';
import { accessToken, builder, OTHER_SECRET, service } from './service.js';

const HASHED = ['hashed', OTHER_SECRET] as const;
const GRANT = { grant_type: 'client_credentials' };

describe('revocation', () => {
  it('takes back an access token of the client: a bearer route refuses it from then on', async () => {
    const { client, post } = await service();
    const bearer = accessToken(await post('/oauth/token', GRANT));
    const other = accessToken(await post('/oauth/token', GRANT));
    expect(await client.get('/reports', { bearer })).toMatchObject({ status: 200 });
    const answer = await post('/oauth/revoke', { token: bearer, token_type_hint: 'refresh_token' });
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await client.get('/reports', { bearer })).toMatchObject({ status: 401 });
    expect(await client.get('/reports', { bearer: other })).toMatchObject({ status: 200 });
  });

  it.each(['good', 'spent'])('ends the session of a refresh token that is %s', async (kind) => {
    const { post, sessions } = await service();
    const { refreshToken } = await sessions.signIn('ada', 'report', []);
    let last = refreshToken;
    if (kind === 'spent') {
      const refreshed = await post('/oauth/token', {
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
      });
      last = (refreshed.json as { refresh_token: string }).refresh_token;
    }
    expect(await post('/oauth/revoke', { token: refreshToken })).toMatchObject({ status: 200 });
    const answer = await post('/oauth/token', { grant_type: 'refresh_token', refresh_token: last });
    expect(answer.json).toMatchObject({ error: 'invalid_grant' });
  });

  it('is for a public client too', async () => {
    const { post, sessions } = await service();
    const { refreshToken } = await sessions.signIn('ada', 'app', []);
    expect(await post('/oauth/revoke', { token: refreshToken, client_id: 'app' }, null)).toMatchObject({
      status: 200,
    });
    expect(await sessions.find(refreshToken)).toBeUndefined();
  });

  it.each([
    ['random text', async () => 'nonsense'],
    [
      'a token with another key',
      async () => (await builder.signWith({ hex: 'cd'.repeat(32) }, 'HS256').build()).token,
    ],
    ['an expired token', async () => (await builder.clock(() => 0).build()).token],
  ])('answers 200 for %s (RFC 7009 §2.2)', async (_, make) => {
    const { post } = await service();
    expect(await post('/oauth/revoke', { token: await make() })).toMatchObject({ status: 200, text: '' });
  });

  it('of a token that was issued to another client is refused, and leaves it good (RFC 7009 §2.1)', async () => {
    const { client, post, sessions } = await service();
    const bearer = accessToken(await post('/oauth/token', GRANT));
    const { refreshToken } = await sessions.signIn('ada', 'report', []);
    for (const token of [bearer, refreshToken]) {
      const answer = await post('/oauth/revoke', { token }, HASHED);
      expect(answer).toMatchObject({ status: 400, json: { error: 'unauthorized_client' } });
    }
    expect(await client.get('/reports', { bearer })).toMatchObject({ status: 200 });
    expect(await sessions.find(refreshToken)).toBeDefined();
  });

  it('of a token without a client is refused: it was issued to nobody who asks here', async () => {
    const { post } = await service();
    const { token } = await builder.subject('report').build();
    expect(await post('/oauth/revoke', { token })).toMatchObject({ json: { error: 'unauthorized_client' } });
  });

  it('of a token that never ends is unsupported_token_type: it would have to be remembered for ever', async () => {
    const tokens = builder.neverExpires();
    const { post } = await service({ validator: tokens.validator() });
    const { token } = await tokens.claim('client_id', 'report').build();
    const answer = await post('/oauth/revoke', { token });
    expect(answer).toMatchObject({ status: 400, json: { error: 'unsupported_token_type' } });
  });

  it('stands in the audit log with client and subject, and not when nothing was revoked', async () => {
    const { post, sessions, log } = await service();
    const { token, refreshToken } = await sessions.signIn('ada', 'report', []);
    await post('/oauth/revoke', { token: 'x' });
    await post('/oauth/revoke', { token });
    await post('/oauth/token', { grant_type: 'refresh_token', refresh_token: refreshToken });
    await post('/oauth/revoke', { token: refreshToken });
    await log.line('token.revoked');
    const lines = JSON.parse(log.text()) as { event?: string }[];
    expect(lines.filter(({ event }) => event === 'token.revoked')).toMatchObject([
      { client: 'report', subject: 'ada', tokenId: expect.any(String) },
      { client: 'report', subject: 'ada' },
    ]);
  });

  it('is refused without a client', async () => {
    const { post } = await service();
    expect(await post('/oauth/revoke', { token: 'x' }, null)).toMatchObject({ status: 401 });
  });

  it('is refused as invalid_request without a token', async () => {
    const { post } = await service();
    expect(await post('/oauth/revoke', {})).toMatchObject({
      status: 400,
      json: { error: 'invalid_request' },
    });
  });

  it('is not served without sessions', async () => {
    const { post } = await service({ sessions: undefined });
    expect(await post('/oauth/revoke', { token: 'x' })).toMatchObject({ status: 404 });
  });

  it('is 503 while the store is away (RFC 7009 §2.2.1)', async () => {
    const { post, sessions } = await service();
    const { refreshToken } = await sessions.signIn('ada', 'report', []);
    sessions.trouble = new SessionsUnavailable('Redis is not connected.');
    const answer = await post('/oauth/revoke', { token: refreshToken });
    expect(answer).toMatchObject({ status: 503, json: { error: 'temporarily_unavailable' } });
    expect(answer.headers.get('retry-after')).toBe('1');
  });
});
