import { SessionsUnavailable } from '@tokenwright/auth/sessions';
import { inspect } from '@tokenwright/jwt';
import { describe, expect, it } from 'vitest';
import { accessToken, builder, NOW, OTHER_SECRET, SECRET, service } from './service.js';
import { SessionsOfTest } from './sessions-of-test.js';

const SCOPES = ['reports:read', 'reports:write'];

const refresh = (refreshToken: string, more: Record<string, string> = {}) => ({
  grant_type: 'refresh_token',
  refresh_token: refreshToken,
  ...more,
});

describe('a refresh', () => {
  it('gives a fresh access token and the next refresh token', async () => {
    const { post, sessions, validator } = await service();
    const first = await sessions.signIn('ada', 'report', SCOPES);
    const answer = await post('/oauth/token', refresh(first.refreshToken));
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 300,
      expires: expect.any(String),
      refresh_token: expect.any(String),
    });
    expect((answer.json as { refresh_token: string }).refresh_token).not.toBe(first.refreshToken);
    const { claims } = await validator.verify(accessToken(answer));
    expect(claims).toMatchObject({ sub: 'ada', client_id: 'report', scope: SCOPES.join(' ') });
  });

  it('is for a public client too, which names itself', async () => {
    const { post, sessions } = await service();
    const { refreshToken } = await sessions.signIn('ada', 'app', SCOPES);
    const answer = await post('/oauth/token', refresh(refreshToken, { client_id: 'app' }), null);
    expect(answer.status).toBe(200);
  });

  it('narrows the scope, and says so', async () => {
    const { post, sessions } = await service();
    const { refreshToken } = await sessions.signIn('ada', 'report', SCOPES);
    const answer = await post('/oauth/token', refresh(refreshToken, { scope: 'reports:read' }));
    expect(answer.json).toMatchObject({ scope: 'reports:read' });
    expect(inspect(accessToken(answer)).claims).toMatchObject({ scope: 'reports:read' });
  });

  it.each([
    ['a scope that the session has not', 'reports:read admin'],
    ['a malformed scope', 'reports:read  reports:write'],
  ])('is refused as invalid_scope with %s, and spends nothing', async (_, scope) => {
    const { post, sessions } = await service();
    const { refreshToken } = await sessions.signIn('ada', 'report', SCOPES);
    const answer = await post('/oauth/token', refresh(refreshToken, { scope }));
    expect(answer).toMatchObject({ status: 400, json: { error: 'invalid_scope' } });
    expect(await post('/oauth/token', refresh(refreshToken))).toMatchObject({ status: 200 });
  });

  it.each([
    ['stolen', 'reused'],
    ['made up', 'unknown'],
    ['no refresh token', 'malformed'],
    ["another client's", 'other_client'],
  ])('is refused as invalid_grant when the token is %s, and the log says which: %s', async (kind, reason) => {
    const { post, sessions, log } = await service();
    const { refreshToken } = await sessions.signIn(
      'ada',
      kind === "another client's" ? 'app' : 'report',
      SCOPES,
    );
    if (kind === 'stolen') {
      const { json } = await post('/oauth/token', refresh(refreshToken));
      await post('/oauth/token', refresh((json as { refresh_token: string }).refresh_token));
    }
    const madeUp = `${refreshToken.split('.')[0]}.${'A'.repeat(68)}`;
    const presented = { 'made up': madeUp, 'no refresh token': 'x.y' }[kind] ?? refreshToken;
    const answer = await post('/oauth/token', refresh(presented));
    const json = { error: 'invalid_grant', error_description: 'The refresh token is not valid.' };
    expect([answer.status, answer.json]).toEqual([400, json]);
    expect(await log.line('refused: invalid_grant')).toMatchObject({
      subject: 'report',
      reasons: [{ code: `refresh_token_${reason}`, hint: expect.any(String) }],
    });
    expect(log.text()).not.toContain(refreshToken);
  });

  it('stands in the audit log with the subject and the id of the access token', async () => {
    const { post, sessions, log } = await service();
    const { refreshToken } = await sessions.signIn('ada', 'report', SCOPES);
    const answer = await post('/oauth/token', refresh(refreshToken));
    expect(await log.line('token.issued')).toMatchObject({
      subject: 'ada',
      tokenId: inspect(accessToken(answer)).claims?.jti,
    });
  });

  it('is the trouble of the server where its tokens are none that the validator takes', async () => {
    const sessions = new SessionsOfTest(builder.typ('JWT'), () => NOW);
    const { post, log } = await service({ sessions });
    const { refreshToken } = await sessions.signIn('ada', 'report', SCOPES);
    expect(await post('/oauth/token', refresh(refreshToken))).toMatchObject({ status: 500 });
    expect(JSON.stringify(await log.line('request failed'))).toContain('that of sessions() too');
  });

  it('is refused as invalid_request without its token', async () => {
    const { post } = await service();
    const answer = await post('/oauth/token', { grant_type: 'refresh_token' });
    expect(answer).toMatchObject({ status: 400, json: { error: 'invalid_request' } });
  });

  it('is refused to a client that has not the grant, before its token is looked at', async () => {
    const { post, sessions } = await service();
    const { refreshToken } = await sessions.signIn('ada', 'hashed', SCOPES);
    const answer = await post('/oauth/token', refresh(refreshToken), ['hashed', OTHER_SECRET]);
    expect(answer).toMatchObject({ status: 400, json: { error: 'unauthorized_client' } });
    expect(await sessions.find(refreshToken)).toBeDefined();
  });

  it('is refused without sessions, as unsupported_grant_type', async () => {
    const { post } = await service({ sessions: undefined });
    const answer = await post('/oauth/token', refresh('x.y'), ['report', SECRET]);
    expect(answer).toMatchObject({ status: 400, json: { error: 'unsupported_grant_type' } });
  });

  it('is 503 with Retry-After while the store is away, and the token is not spent', async () => {
    const { post, sessions } = await service();
    const { refreshToken } = await sessions.signIn('ada', 'report', SCOPES);
    sessions.trouble = new SessionsUnavailable('Redis is not connected.');
    const answer = await post('/oauth/token', refresh(refreshToken));
    expect(answer).toMatchObject({ status: 503, json: { error: 'temporarily_unavailable' } });
    expect(answer.headers.get('retry-after')).toBe('1');
    sessions.trouble = undefined;
    expect(await post('/oauth/token', refresh(refreshToken))).toMatchObject({ status: 200 });
  });
});
