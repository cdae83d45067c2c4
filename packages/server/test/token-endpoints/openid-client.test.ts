import { readFileSync } from 'node:fs';
import { createServer as createNetServer } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { bearer } from '@tokenwright/auth';
import { generateKey, JwtBuilder } from '@tokenwright/jwt';
import * as client from 'openid-client';
import { describe, expect, it } from 'vitest';
import { createServer, type RunningServer, tokenEndpoints } from '../../src/index.js';
import { start, temporaryFolder } from '../running.js';
import { CLIENTS, OTHER_SECRET, SECRET } from './service.js';
import { SessionsOfTest } from './sessions-of-test.js';

/** The client library as it is: its own fetch, over HTTPS, with no option but what RFC 8414 asks it for. */
const OAUTH2 = { algorithm: 'oauth2' } as const;

async function freePort(): Promise<number> {
  const server = createNetServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function service() {
  const port = await freePort();
  const issuer = `https://127.0.0.1:${port}`;
  const jwt = new JwtBuilder()
    .issuer(issuer)
    .audience('https://api.example.com')
    .typ('at+jwt')
    .signWith(await generateKey('ES256'));
  const sessions = new SessionsOfTest(jwt, Date.now);
  const validator = jwt.validator({ isRevoked: sessions.isRevoked });
  const tls = { selfSigned: { directory: await temporaryFolder() } };
  const server = createServer('Token service')
    .listener({ port, tls })
    .scheme('Bearer', bearer(validator))
    .jwks(jwt)
    .enable();
  tokenEndpoints(server, { issuer, tokens: jwt, validator, clients: CLIENTS, sessions });
  server.get('/reports', { auth: 'Bearer' }, (ctx) => {
    ctx.body = 'reports';
  });
  const running = await start(server);
  trust(running);
  return { issuer: new URL(issuer), sessions };
}

function trust({ certificate }: RunningServer): void {
  const file = certificate?.certificateAuthority ?? '';
  setDefaultCACertificates([...getCACertificates('bundled'), readFileSync(file, 'utf8')]);
}

describe('openid-client, unchanged and over HTTPS,', () => {
  it('discovers, takes a token, uses it, introspects and revokes it', async () => {
    const { issuer } = await service();
    const report = await client.discovery(
      issuer,
      'report',
      undefined,
      client.ClientSecretBasic(SECRET),
      OAUTH2,
    );
    const api = await client.discovery(
      issuer,
      'api',
      undefined,
      client.ClientSecretBasic(OTHER_SECRET),
      OAUTH2,
    );
    const { access_token, ...rest } = await client.clientCredentialsGrant(report, { scope: 'reports:read' });
    expect(rest).toMatchObject({ token_type: 'bearer', expires_in: 3600, scope: 'reports:read' });
    const reports = new URL('/reports', issuer);
    const used = await client.fetchProtectedResource(report, access_token, reports, 'GET');
    expect(await used.text()).toBe('reports');
    expect(await client.tokenIntrospection(api, access_token)).toMatchObject({
      active: true,
      client_id: 'report',
      scope: 'reports:read',
    });
    await client.tokenRevocation(report, access_token);
    expect(await client.tokenIntrospection(api, access_token)).toEqual({ active: false });
    await expect(client.fetchProtectedResource(report, access_token, reports, 'GET')).rejects.toMatchObject({
      cause: [{ scheme: 'bearer', parameters: { error: 'invalid_token' } }],
    });
  });

  it.each([
    ['client_secret_basic', 'report', client.ClientSecretBasic(SECRET)],
    ['none', 'app', client.None()],
  ])('refreshes with %s, narrows the scope, and gives the session back', async (_, id, authentication) => {
    const { issuer, sessions } = await service();
    const config = await client.discovery(issuer, id, undefined, authentication, OAUTH2);
    const { refreshToken } = await sessions.signIn('ada', id, ['reports:read', 'reports:write']);
    const second = await client.refreshTokenGrant(config, refreshToken);
    expect(second.refresh_token).not.toBe(refreshToken);
    const third = await client.refreshTokenGrant(config, String(second.refresh_token), {
      scope: 'reports:read',
    });
    expect(third.scope).toBe('reports:read');
    await client.tokenRevocation(config, String(third.refresh_token));
    await expect(client.refreshTokenGrant(config, String(third.refresh_token))).rejects.toMatchObject({
      status: 400,
      error: 'invalid_grant',
    });
  });

  it('authenticates with client_secret_post', async () => {
    const { issuer } = await service();
    const config = await client.discovery(issuer, 'post', undefined, client.ClientSecretPost(SECRET), OAUTH2);
    expect(await client.clientCredentialsGrant(config)).toMatchObject({ token_type: 'bearer' });
  });

  it.each([
    ['another secret', OTHER_SECRET, {}, /invalid_client|401|WWW-Authenticate/i],
    ['a scope it may not have', SECRET, { scope: 'admin' }, /invalid_scope/],
  ])('understands the refusal of %s', async (_, secret, parameters, why) => {
    const { issuer } = await service();
    const config = await client.discovery(
      issuer,
      'report',
      undefined,
      client.ClientSecretBasic(secret),
      OAUTH2,
    );
    const refusal = await client.clientCredentialsGrant(config, parameters).catch((error: unknown) => error);
    expect(JSON.stringify(refusal, ['code', 'error', 'status', 'cause', 'scheme'])).toMatch(why);
  });
});
