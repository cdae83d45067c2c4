import { inspect } from '@tokenwright/jwt';
import { describe, expect, it } from 'vitest';
import {
  AUDIENCE,
  accessToken,
  builder,
  clientBasic,
  ISSUER,
  NOW,
  OTHER_SECRET,
  SECRET,
  service,
} from './service.js';

const GRANT = { grant_type: 'client_credentials' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded', ...clientBasic('report', SECRET) };

describe('client credentials', () => {
  it('give an access token of RFC 9068 and no refresh token (RFC 6749 §4.4.3)', async () => {
    const { post, validator } = await service();
    const answer = await post('/oauth/token', { ...GRANT, scope: 'reports:read' });
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3600,
      expires: new Date(NOW + 3_600_000).toISOString(),
      scope: 'reports:read',
    });
    const { header, claims } = await validator.verify(accessToken(answer));
    expect(header).toMatchObject({ typ: 'at+jwt', alg: 'HS256' });
    expect(claims).toMatchObject({
      iss: ISSUER,
      aud: AUDIENCE,
      sub: 'report',
      client_id: 'report',
      scope: 'reports:read',
      iat: NOW / 1000,
      exp: NOW / 1000 + 3600,
      jti: expect.any(String),
    });
  });

  it('open a route that asks for a bearer token', async () => {
    const { client, post } = await service();
    const bearer = accessToken(await post('/oauth/token', GRANT));
    expect(await client.get('/reports', { bearer })).toMatchObject({
      status: 200,
      text: 'reports for report',
    });
  });

  it('H24: no cache keeps a token or a refusal', async () => {
    const { post } = await service();
    for (const answer of [await post('/oauth/token', GRANT), await post('/oauth/token', {})]) {
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('pragma')).toBe('no-cache');
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    }
  });

  it.each([
    ['all that the client may have when none is named', {}, 'reports:read reports:write'],
    ['all that the client may have when the parameter is empty', { scope: '' }, 'reports:read reports:write'],
    ['the one that is named', { scope: 'reports:write' }, 'reports:write'],
    ['each once', { scope: 'reports:read reports:read' }, 'reports:read'],
  ])('grant as scopes %s', async (_, form, scope) => {
    const { post } = await service();
    const answer = await post('/oauth/token', { ...GRANT, ...form });
    expect(answer.json).toMatchObject({ scope });
    expect(inspect(accessToken(answer)).claims).toMatchObject({ scope });
  });

  it('grant no scope to a client that has none', async () => {
    const { post } = await service();
    const answer = await post('/oauth/token', GRANT, ['hashed', OTHER_SECRET]);
    expect(answer.json).not.toHaveProperty('scope');
    expect(inspect(accessToken(answer)).claims).not.toHaveProperty('scope');
  });

  it.each([
    ['more than the client may have', 'reports:read admin'],
    ['a scope in another case', 'Reports:read'],
    ['a blank too many', 'reports:read  reports:write'],
    ['a blank at the end', 'reports:read '],
    ['a tab', 'reports:read\treports:write'],
    ['a quote', '"reports:read"'],
    ['a letter beyond ASCII', 'r\u00e9ports'],
  ])('are refused as invalid_scope with %s', async (_, scope) => {
    const { post } = await service();
    expect(await post('/oauth/token', { ...GRANT, scope })).toMatchObject({
      status: 400,
      json: { error: 'invalid_scope' },
    });
  });

  it('are refused to a client that has not the grant, as unauthorized_client', async () => {
    const { post } = await service();
    const answer = await post('/oauth/token', GRANT, ['api', OTHER_SECRET]);
    expect(answer).toMatchObject({ status: 400, json: { error: 'unauthorized_client' } });
  });

  it('are refused to a public client (RFC 6749 §4.4)', async () => {
    const { post } = await service();
    const answer = await post('/oauth/token', { ...GRANT, client_id: 'app' }, null);
    expect(answer).toMatchObject({ status: 400, json: { error: 'unauthorized_client' } });
  });

  it.each([
    ['another key', builder.signWith({ hex: 'cd'.repeat(32) }, 'HS256'), /validator refuses the tokens/],
    ['another audience', builder.audience('elsewhere'), /validator refuses the tokens/],
  ])('are the trouble of the server when the builder has %s than the validator', async (_, tokens, why) => {
    const { post, log } = await service({ tokens });
    expect(await post('/oauth/token', GRANT)).toMatchObject({ status: 500, json: { error: 'server_error' } });
    expect(await log.line('request failed')).toMatchObject({ err: { message: expect.stringMatching(why) } });
  });

  it('are the trouble of the server when tokens have no end, which RFC 9068 §2.2 requires', async () => {
    const tokens = builder.neverExpires();
    const { post, log } = await service({ tokens, validator: tokens.validator() });
    expect(await post('/oauth/token', GRANT)).toMatchObject({ status: 500 });
    expect(await log.line('request failed')).toMatchObject({
      err: { message: expect.stringContaining('no exp') },
    });
  });
});

describe('a token request', () => {
  it.each([
    ['without a grant type', '', 'invalid_request'],
    ['with an empty grant type', 'grant_type=', 'invalid_request'],
    [
      'with a repeated grant type',
      'grant_type=client_credentials&grant_type=client_credentials',
      'invalid_request',
    ],
    ['with any repeated parameter', 'grant_type=client_credentials&x=1&x=2', 'invalid_request'],
    [
      'with a repeated parameter, once escaped',
      'grant_type=client_credentials&scope=a&%73cope=b',
      'invalid_request',
    ],
    [
      'with a repeated parameter, once empty',
      'grant_type=client_credentials&scope=&scope=admin',
      'invalid_request',
    ],
    ['with a malformed escape', 'grant_type=client_credentials&x=%zz', 'invalid_request'],
    ['with bytes that are not UTF-8', 'grant_type=client_credentials&x=%ff', 'invalid_request'],
    ['with an unknown grant type', 'grant_type=password&username=a&password=b', 'unsupported_grant_type'],
    ['with a grant type named __proto__', 'grant_type=__proto__', 'unsupported_grant_type'],
    ['with a grant type in another case', 'grant_type=Client_Credentials', 'unsupported_grant_type'],
  ])('%s is refused as RFC 6749 §5.2 says', async (_, body, error) => {
    const { client } = await service();
    const answer = await client.post('/oauth/token', { body, headers: FORM });
    expect([answer.status, answer.json]).toEqual([400, { error, error_description: expect.any(String) }]);
  });

  it.each([
    ['an unknown parameter', 'grant_type=client_credentials&resource_hint=x'],
    ['a parameter named __proto__', 'grant_type=client_credentials&__proto__=x'],
    ['pairs without a name and pairs that are empty', '&grant_type=client_credentials&&'],
  ])('may have %s, which is ignored (RFC 6749 §3.2)', async (_, body) => {
    const { client } = await service();
    expect(await client.post('/oauth/token', { body, headers: FORM })).toMatchObject({ status: 200 });
  });

  it.each([
    [
      'JSON',
      {
        body: '{"grant_type":"client_credentials"}',
        headers: { ...FORM, 'content-type': 'application/json' },
      },
    ],
    ['of no type', { body: 'grant_type=client_credentials', headers: { ...FORM, 'content-type': '' } }],
    [
      'compressed',
      { body: 'grant_type=client_credentials', headers: { ...FORM, 'content-encoding': 'gzip' } },
    ],
    ['of bytes that are not UTF-8', { body: Buffer.from([0x61, 0x3d, 0xff]), headers: FORM }],
  ])('whose body is %s is refused as invalid_request', async (_, request) => {
    const { client } = await service();
    const answer = await client.post('/oauth/token', request);
    expect(answer).toMatchObject({ status: 400, json: { error: 'invalid_request' } });
  });

  it('with parameters in the URI is refused, whatever its body says', async () => {
    const { post } = await service();
    for (const query of ['grant_type=client_credentials', `client_id=report&client_secret=${SECRET}`, 'x']) {
      const answer = await post(`/oauth/token?${query}`, GRANT);
      expect(answer).toMatchObject({ status: 400, json: { error: 'invalid_request' } });
    }
  });

  it('whose body is over the limit of the server is 413', async () => {
    const { post } = await service();
    expect(await post('/oauth/token', { ...GRANT, x: 'x'.repeat(1_100_000) })).toMatchObject({ status: 413 });
  });

  it('is a POST: anything else is 405', async () => {
    const { client } = await service();
    expect(await client.get('/oauth/token')).toMatchObject({ status: 405 });
  });
});
