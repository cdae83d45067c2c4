import { describe, expect, it } from 'vitest';
import { InvalidOption, JwtValidator, KeysUnavailable } from '../src/index.ts';
import { type DiscoveryOptions, discover, type Fetch } from '../src/remote.ts';
import { type Answer, type IssuerServer, issuerServer } from './fixtures/issuer-server.ts';
import { ec } from './fixtures/keys.ts';
import { AUDIENCE, CLAIMS, clock, handmadeBy, refusalOf } from './fixtures/tokens.ts';

const JWKS = { keys: [{ ...ec('P-256').publicKey.export({ format: 'jwk' }), kid: 'k1' }] };

/** An issuer whose metadata are made from its own origin, with its keys at /keys. */
async function issuerOf(metadata: (origin: string) => unknown, path = ''): Promise<IssuerServer> {
  const issuer = await issuerServer((request, response) => {
    const answer = request.url === '/keys' ? JWKS : metadata(`${issuer.origin}${path}`);
    response.end(JSON.stringify(answer));
  });
  return issuer;
}

const honest = (issuer: string): object => ({ issuer, jwks_uri: `${new URL(issuer).origin}/keys` });
const signed = (iss: string): string =>
  handmadeBy(ec('P-256').privateKey, { alg: 'ES256', kid: 'k1' }, { ...CLAIMS, iss });

describe('discovery', () => {
  it.each<[string, 'openid' | 'oauth2' | undefined, string]>([
    ['', undefined, '/.well-known/openid-configuration'],
    ['/', 'openid', '/.well-known/openid-configuration'],
    ['/tenant', 'openid', '/tenant/.well-known/openid-configuration'],
    ['/tenant/', 'openid', '/tenant/.well-known/openid-configuration'],
    ['', 'oauth2', '/.well-known/oauth-authorization-server'],
    ['/tenant', 'oauth2', '/.well-known/oauth-authorization-server/tenant'],
  ])('finds the keys of an issuer at %j (%s)', async (path, kind, asked) => {
    const server = await issuerOf(honest, path);
    const name = `${server.origin}${path}`;
    const found = await discover(name, { clock, ...(kind === undefined ? {} : { kind }) });
    expect(found.issuer).toBe(name);
    expect(server.asked).toEqual([asked]);
    const validator = new JwtValidator({ ...found, audience: AUDIENCE, clock });
    expect((await validator.verify(signed(name))).claims.iss).toBe(name);
    expect(server.asked).toEqual([asked, '/keys']);
  });

  it('gives an entry for a validator of several issuers', async () => {
    const [one, two] = [await issuerOf(honest), await issuerOf(honest)];
    const validator = new JwtValidator({
      issuers: [
        { ...(await discover(one.origin, { clock })), audience: AUDIENCE },
        { ...(await discover(two.origin, { clock })), audience: 'another' },
      ],
      clock,
    });
    expect((await validator.safeVerify(signed(one.origin))).ok).toBe(true);
    expect(await validator.safeVerify(signed(two.origin))).toMatchObject({ ok: false, claim: 'aud' });
  });

  it.each<[string, (origin: string) => unknown, RegExp]>([
    [
      'name another issuer',
      (origin) => ({ ...honest(origin), issuer: 'https://a.example' }),
      /another issuer/,
    ],
    ['have a slash more', (origin) => ({ ...honest(origin), issuer: `${origin}/` }), /another issuer/],
    ['name none', (origin) => ({ ...honest(origin), issuer: undefined }), /another issuer/],
    ['name a list', (origin) => ({ ...honest(origin), issuer: [origin] }), /another issuer/],
    ['have no jwks_uri', (origin) => ({ issuer: origin }), /without the URL of its keys/],
    ['have a jwks_uri that is none', (origin) => ({ issuer: origin, jwks_uri: '/keys' }), /without the URL/],
    [
      'have one over http elsewhere',
      (origin) => ({ issuer: origin, jwks_uri: 'http://keys.example' }),
      /jwks_uri that is not https/,
    ],
    ['have one to a file', (origin) => ({ issuer: origin, jwks_uri: 'file:///etc/passwd' }), /is not https/],
    [
      'have one with a password',
      (origin) => ({ issuer: origin, jwks_uri: 'https://a:MARKER@keys.example' }),
      /name or password/,
    ],
    ['are no object', () => [], /JSON object/],
  ])('is refused when the metadata %s', async (_case, metadata, hint) => {
    const server = await issuerOf(metadata);
    const error = await refusalOf(() => discover(server.origin));
    expect(error).toBeInstanceOf(KeysUnavailable);
    expect(error['hint']).toMatch(hint);
    expect(JSON.stringify(error)).not.toContain('MARKER');
    expect(server.asked).toHaveLength(1);
  });

  it.each<[string, Answer, DiscoveryOptions, RegExp]>([
    [
      'redirects',
      (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      {},
      /redirects are not followed/,
    ],
    ['are HTML', (_request, response) => response.end('<html>'), {}, /JSON object/],
    ['are missing', (_request, response) => response.writeHead(404).end(), {}, /status 404/],
    ['are too large', { padding: 'x'.repeat(1000) }, { maxBytes: 999 }, /more than 999 bytes/],
    ['are slow', () => undefined, { timeout: 0.1 }, /within 0.1 seconds/],
  ])('L26 metadata that %s are refused', async (_case, answer, options, hint) => {
    const { origin } = await issuerServer(answer);
    expect((await refusalOf(() => discover(origin, options)))['hint']).toMatch(hint);
  });

  it('L26 does not let an issuer elsewhere lead to this machine', async () => {
    const trap = await issuerServer(JWKS);
    for (const jwks_uri of [`${trap.origin}/keys`, 'https://localhost/keys', 'https://[::1]/keys']) {
      const issuer = 'https://issuer.example';
      const own: Fetch = () => Promise.resolve(new Response(JSON.stringify({ issuer, jwks_uri })));
      const error = await refusalOf(() => discover(issuer, { fetch: own }));
      expect(error['hint']).toMatch(/leads to this machine/);
    }
    expect(trap.asked).toEqual([]);
  });

  it('asks no other host for a path that looks like one', async () => {
    const asked: string[] = [];
    const own: Fetch = (url) => {
      asked.push(new URL(url).host);
      return Promise.resolve(new Response('{}'));
    };
    for (const kind of ['openid', 'oauth2'] as const)
      await refusalOf(() => discover('https://issuer.example//evil.example', { kind, fetch: own }));
    expect(asked).toEqual(['issuer.example', 'issuer.example']);
  });

  it.each<[string, unknown, object]>([
    ['http elsewhere', 'http://issuer.example', {}],
    ['no URL', 'issuer', {}],
    ['a query', 'https://issuer.example?tenant=1', {}],
    ['an empty query', 'https://issuer.example?', {}],
    ['a fragment', 'https://issuer.example#', {}],
    ['a URL object, which may be spelled otherwise', new URL('https://issuer.example'), {}],
    ['another kind', 'https://issuer.example', { kind: 'saml' }],
    ['wrong options for its keys', 'https://issuer.example', { algorithms: ['HS256'] }],
  ])('is refused before anything is fetched for %s', async (_case, issuer, options) => {
    let fetched = 0;
    const own = (): Promise<Response> => {
      fetched += 1;
      return Promise.resolve(new Response('{}'));
    };
    const error = await refusalOf(() => discover(issuer as string, { fetch: own, ...options }));
    expect(error).toBeInstanceOf(InvalidOption);
    expect(fetched).toBe(0);
  });
});
