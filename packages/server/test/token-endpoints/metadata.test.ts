import { describe, expect, it } from 'vitest';
import { createServer, type ResourceMetadataOptions, resourceMetadata } from '../../src/index.js';
import { builder, ISSUER, SECRET, service } from './service.js';

const AS = '/.well-known/oauth-authorization-server';
const RESOURCE = '/.well-known/oauth-protected-resource';

describe('the metadata of the authorization server (RFC 8414)', () => {
  it('says where everything is and what it takes', async () => {
    const { client } = await service();
    const answer = await client.get(AS);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
    expect(answer.json).toEqual({
      issuer: ISSUER,
      token_endpoint: `${ISSUER}/oauth/token`,
      jwks_uri: `${ISSUER}/.well-known/jwks.json`,
      scopes_supported: ['reports:read', 'reports:write'],
      response_types_supported: [],
      grant_types_supported: ['client_credentials', 'refresh_token'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
      revocation_endpoint: `${ISSUER}/oauth/revoke`,
      revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
      introspection_endpoint: `${ISSUER}/oauth/introspect`,
      introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    });
  });

  it('names only what is served', async () => {
    const clients = [{ id: 'one', secret: SECRET }];
    const { client } = await service({ sessions: undefined, clients });
    const { json } = await client.get(AS);
    expect(json).toMatchObject({
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['client_secret_basic'],
    });
    expect(json).not.toHaveProperty('revocation_endpoint');
    expect(json).not.toHaveProperty('scopes_supported');
  });

  it('has no list without an element but the one that is required (§3.2)', async () => {
    for (const clients of [[], [{ id: 'app', authentication: 'none', grants: ['refresh_token'] }]] as const) {
      const { client } = await service({ clients });
      const { json } = await client.get(AS);
      const empty = Object.entries(json as object).filter(
        ([, value]) => Array.isArray(value) && value.length === 0,
      );
      expect(empty.map(([name]) => name)).toEqual(['response_types_supported']);
    }
  });

  it('stands between the host and the path of the issuer (§3.1)', async () => {
    const issuer = 'https://auth.example.com/tenants/one/';
    const tokens = builder.issuer(issuer);
    const paths = { token: '/tenants/one/token' };
    const { client } = await service({ issuer, tokens, validator: tokens.validator(), paths });
    const answer = await client.get(`${AS}/tenants/one`);
    expect(answer.json).toMatchObject({
      issuer,
      token_endpoint: 'https://auth.example.com/tenants/one/token',
    });
    const form = { grant_type: 'client_credentials' };
    expect(await client.post('/tenants/one/token', { form })).toMatchObject({ status: 401 });
  });
});

describe('the metadata of a resource (RFC 9728)', () => {
  it.each([
    ['https://api.example.com', RESOURCE],
    ['https://api.example.com/', RESOURCE],
    ['https://api.example.com/v1', `${RESOURCE}/v1`],
    ['https://api.example.com/v1/', `${RESOURCE}/v1/`],
  ])('of %s is at %s', async (resource, path) => {
    const server = createServer('API').enable();
    const scopes = ['reports:read'];
    resourceMetadata(server, { resource, authorizationServers: [ISSUER], scopes, name: 'Reports' });
    await using client = await server.test();
    expect((await client.get(path)).json).toEqual({
      resource,
      authorization_servers: [ISSUER],
      scopes_supported: scopes,
      bearer_methods_supported: ['header'],
      resource_name: 'Reports',
    });
  });

  it.each([
    ['an identifier with a fragment', { resource: 'https://api.example.com/#x' }, /resource has to be/],
    ['plain http beyond loopback', { resource: 'http://api.example.com' }, /resource has to be/],
    ['no authorization server', { authorizationServers: [] }, /at least one issuer/],
    ['an issuer that is no URL', { authorizationServers: ['auth'] }, /authorizationServers has to be/],
    ['a malformed scope', { scopes: ['a b'] }, /scopes/],
    ['an option that it does not know', { scope: ['a'] }, /Did you mean 'scopes'/],
  ])('is not served with %s', (_, options, why) => {
    const good = { resource: 'https://api.example.com', authorizationServers: [ISSUER] };
    const given = { ...good, ...options } as unknown as ResourceMetadataOptions;
    expect(() => resourceMetadata(createServer('API').enable(), given)).toThrow(why);
  });
});
