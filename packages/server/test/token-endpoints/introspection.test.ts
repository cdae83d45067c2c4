import { describe, expect, it } from 'vitest';
import { AUDIENCE, accessToken, builder, ISSUER, NOW, OTHER_SECRET, SECRET, service } from './service.js';

const API = ['api', OTHER_SECRET] as const;
const OWN = ['report', SECRET] as const;
const HASHED = ['hashed', OTHER_SECRET] as const;
const GRANT = { grant_type: 'client_credentials' };
const reporting = () => builder.subject('report').claim('client_id', 'report');

describe('introspection', () => {
  it.each([
    ['a resource server', API],
    ['the client it was issued to', OWN],
  ])('tells %s what an access token is worth (RFC 7662 §2.2)', async (_, as) => {
    const { post } = await service();
    const token = accessToken(await post('/oauth/token', GRANT));
    const answer = await post('/oauth/introspect', { token, token_type_hint: 'refresh_token' }, as);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.json).toEqual({
      active: true,
      token_type: 'Bearer',
      client_id: 'report',
      sub: 'report',
      scope: 'reports:read reports:write',
      iss: ISSUER,
      aud: AUDIENCE,
      iat: NOW / 1000,
      exp: NOW / 1000 + 3600,
      jti: expect.any(String),
    });
  });

  it('tells no claim beyond those of RFC 7662 §2.2', async () => {
    const { post } = await service();
    const { token } = await reporting().claim('salary', 100).name('Ada').build();
    const answer = await post('/oauth/introspect', { token }, API);
    expect(Object.keys(answer.json as object).toSorted()).toEqual([
      'active',
      'aud',
      'client_id',
      'exp',
      'iat',
      'iss',
      'jti',
      'sub',
      'token_type',
    ]);
  });

  it.each([
    ['random text', async () => 'nonsense'],
    ['two dots', async () => '..'],
    ['__proto__', async () => '__proto__'],
    [
      'a token with another key',
      async () =>
        (
          await reporting()
            .signWith({ hex: 'cd'.repeat(32) }, 'HS256')
            .build()
        ).token,
    ],
    ['a token for another audience', async () => (await reporting().audience('elsewhere').build()).token],
    [
      'a token of another issuer',
      async () => (await reporting().issuer('https://else.example').build()).token,
    ],
    ['a token of another type', async () => (await reporting().typ('JWT').build()).token],
    [
      'an expired token',
      async () =>
        (
          await reporting()
            .clock(() => NOW - 7_200_000)
            .build()
        ).token,
    ],
    [
      'a token of the future',
      async () =>
        (
          await reporting()
            .notBefore(NOW / 1000 + 600)
            .build()
        ).token,
    ],
    ['a token that was cut off', async () => (await reporting().build()).token.slice(0, -1)],
    [
      'a token that is too long',
      async () => (await reporting().maxTokenLength(40_000).claim('x', 'x'.repeat(20_000)).build()).token,
    ],
  ])('answers { active: false } and nothing else for %s', async (_, make) => {
    const { post } = await service();
    const answer = await post('/oauth/introspect', { token: await make() }, API);
    expect([answer.status, answer.text]).toEqual([200, '{"active":false}']);
  });

  it('answers { active: false } for a token that was revoked', async () => {
    const { post } = await service();
    const token = accessToken(await post('/oauth/token', GRANT));
    await post('/oauth/revoke', { token });
    expect((await post('/oauth/introspect', { token }, API)).text).toBe('{"active":false}');
  });

  it('answers { active: false } to a client about a token that was issued to another', async () => {
    const { post } = await service();
    const token = accessToken(await post('/oauth/token', GRANT));
    expect((await post('/oauth/introspect', { token }, HASHED)).text).toBe('{"active":false}');
  });

  it('shows a refresh token to its own client, and does not spend it', async () => {
    const { post, sessions } = await service();
    const { refreshToken } = await sessions.signIn('ada', 'report', []);
    const json = { active: true, client_id: 'report', sub: 'ada', iat: NOW / 1000, exp: NOW / 1000 + 1800 };
    for (let i = 0; i < 2; i++)
      expect((await post('/oauth/introspect', { token: refreshToken })).json).toEqual(json);
  });

  it('shows a refresh token to no resource server, which could take it for an access token', async () => {
    const { post, sessions } = await service();
    const { refreshToken } = await sessions.signIn('ada', 'report', []);
    for (const as of [API, HASHED])
      expect((await post('/oauth/introspect', { token: refreshToken }, as)).text).toBe('{"active":false}');
  });

  it.each([
    ['without a client', {}, null],
    ['to a public client', { client_id: 'app' }, null],
    ['with another secret', {}, ['api', SECRET]],
  ] as const)('is refused %s', async (_, form, as) => {
    const { post } = await service();
    const { token } = await reporting().build();
    const answer = await post('/oauth/introspect', { token, ...form }, as);
    expect(answer).toMatchObject({ status: 401, json: { error: 'invalid_client' } });
  });

  it('is refused as invalid_request without a token', async () => {
    const { post } = await service();
    expect(await post('/oauth/introspect', {}, API)).toMatchObject({
      status: 400,
      json: { error: 'invalid_request' },
    });
  });

  it('is 503, and not inactive, when it cannot be known whether the token was revoked', async () => {
    const away = Object.assign(new Error('away'), { status: 503 });
    const validator = builder.validator({ isRevoked: () => Promise.reject(away) });
    const { post } = await service({ validator });
    const { token } = await reporting().build();
    expect(await post('/oauth/introspect', { token }, API)).toMatchObject({
      status: 503,
      json: { error: 'temporarily_unavailable' },
    });
  });
});
