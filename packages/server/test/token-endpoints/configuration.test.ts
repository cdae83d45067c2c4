import { describe, expect, it } from 'vitest';
import { createServer, type TokenEndpointsOptions, tokenEndpoints } from '../../src/index.js';
import { builder, ISSUER, SECRET } from './service.js';

const GOOD: TokenEndpointsOptions = {
  issuer: ISSUER,
  tokens: builder,
  validator: builder.validator(),
  clients: [],
};

function configure(options: object): () => void {
  return () => tokenEndpoints(createServer('x').enable(), { ...GOOD, ...options });
}

describe('token endpoints', () => {
  it('are configured by issuer, builder, validator and clients', () => {
    expect(configure({})).not.toThrow();
    expect(configure({ issuer: 'http://127.0.0.1:5000' })).not.toThrow();
  });

  it.each([
    ['an issuer that is no URL', { issuer: 'KestrunApi' }, /issuer has to be an https URL/],
    ['an issuer over http beyond loopback', { issuer: 'http://auth.example.com' }, /issuer has to be/],
    ['an issuer with a query', { issuer: `${ISSUER}/?a` }, /issuer has to be/],
    ['an issuer with a user', { issuer: 'https://me@auth.example.com' }, /issuer has to be/],
    ['an issuer whose path the router would read', { issuer: `${ISSUER}/:id` }, /issuer has to be/],
    ['no builder', { tokens: {} }, /tokens has to be/],
    ['no validator', { validator: undefined }, /validator has to be/],
    ['half of sessions', { sessions: { refresh: () => {} } }, /sessions has to be/],
    ['no clients', { clients: undefined }, /clients has to be a list/],
    ['a path the router would read', { paths: { token: '/token/:id' } }, /paths.token has to be/],
    ['an unknown path', { paths: { tokens: '/t' } }, /Did you mean 'token'/],
    ['an unknown option', { client: [] }, /Did you mean 'clients'/],
  ])('are refused with %s', (_, options, why) => {
    expect(configure(options)).toThrow(TypeError);
    expect(configure(options)).toThrow(why);
  });

  it.each([
    ['no id', { secret: SECRET }, /id of a client/],
    ['an id beyond ASCII', { id: 'caf\u00e9', secret: SECRET }, /id of a client/],
    ['no secret', { id: 'c' }, /has no secret/],
    ['a short secret', { id: 'c', secret: 'x'.repeat(21) }, /22 or more characters/],
    ['a secret beyond ASCII', { id: 'c', secret: '\u00e9'.repeat(22) }, /printable ASCII/],
    ['a hash that is none', { id: 'c', secret: { sha256: 'abc' } }, /64 hexadecimal digits/],
    [
      'an unknown method',
      { id: 'c', secret: SECRET, authentication: 'private_key_jwt' },
      /authentication is one of/,
    ],
    ['an unknown grant', { id: 'c', secret: SECRET, grants: ['password'] }, /grants is a list of/],
    ['grants as text', { id: 'c', secret: SECRET, grants: 'refresh_token' }, /grants is a list of/],
    ['a scope with a blank', { id: 'c', secret: SECRET, scopes: ['a b'] }, /scopes is a list/],
    ['an unknown introspection', { id: 'c', secret: SECRET, introspection: true }, /introspection is/],
    ['a secret although it is public', { id: 'c', secret: SECRET, authentication: 'none' }, /Leave one/],
    [
      'client credentials although it is public',
      { id: 'c', authentication: 'none', grants: ['client_credentials'] },
      /cannot have client_credentials/,
    ],
    [
      'introspection although it is public',
      { id: 'c', authentication: 'none', introspection: 'all' },
      /cannot introspect/,
    ],
    ['a misspelt option', { id: 'c', secret: SECRET, scope: ['a'] }, /Did you mean 'scopes'/],
  ])('refuse a client with %s, and do not show its secret', (_, client, why) => {
    expect(configure({ clients: [client] })).toThrow(why);
    expect(configure({ clients: [client] })).not.toThrow(SECRET);
  });

  it('refuse two clients with one id', () => {
    const client = { id: 'c', secret: SECRET };
    expect(configure({ clients: [client, client] })).toThrow(/registered twice/);
  });
});
