import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type ClientOptions,
  createServer,
  type ListenerOptions,
  type SecurityOptions,
  tokenEndpoints,
} from '../../src/index.js';
import { capturedLog } from '../captured-log.js';
import { builder, CLIENTS, clientBasic, ISSUER, NOW, SECRET } from './service.js';
import { SessionsOfTest } from './sessions-of-test.js';

const OPEN = { port: 0, host: '0.0.0.0' };
const PATHS = ['/oauth/token', '/oauth/introspect', '/oauth/revoke'];
const AUTHENTICATED = {
  'content-type': 'application/x-www-form-urlencoded',
  ...clientBasic('report', SECRET),
};

function configured(listener: ListenerOptions) {
  const server = createServer('x').listener(listener).enable();
  const validator = builder.validator();
  return () => tokenEndpoints(server, { issuer: ISSUER, tokens: builder, validator, clients: CLIENTS });
}

describe('H16 token endpoints on a listener that speaks plain HTTP beyond loopback', () => {
  it('are refused, also where the server has no scheme', () => {
    expect(configured(OPEN)).toThrow(TypeError);
    expect(configured(OPEN)).toThrow(
      /^tokenEndpoints\(\): 0\.0\.0\.0:0 .* plain HTTP.*allowInsecureHttp: true/,
    );
  });

  it.each<[ListenerOptions]>([
    [{ ...OPEN, allowInsecureHttp: true }],
    [{ ...OPEN, tls: 'self-signed' }],
    [{ port: 0 }],
    [{ path: '/run/own.sock' }],
  ])('are accepted with %j', (listener) => {
    expect(configured(listener)).not.toThrow();
  });
});

interface Way {
  readonly peer?: string;
  readonly listener?: ListenerOptions;
  readonly security?: SecurityOptions;
  readonly headers?: Record<string, string>;
}

/** A service whose requests come that way. It notes which clients were looked for. */
async function serviceOn({ peer, listener = { port: 0 }, security = {}, headers = {} }: Way) {
  const log = capturedLog();
  const server = createServer('x').logger(log.logger).listener(listener).security(security).enable();
  server.use((ctx, next) => {
    if (peer !== undefined) Object.defineProperty(ctx.req.socket, 'remoteAddress', { value: peer });
    return next();
  });
  const sought: string[] = [];
  const clients = (id: string): ClientOptions | undefined => {
    sought.push(id);
    return CLIENTS.find((client) => client.id === id);
  };
  const sessions = new SessionsOfTest(builder, () => NOW);
  const validator = builder.validator();
  tokenEndpoints(server, { issuer: ISSUER, tokens: builder, validator, clients, sessions });
  const client = await server.test();
  onTestFinished(() => client.close());
  const post = (path: string, body: string) =>
    client.post(path, { body, headers: { ...AUTHENTICATED, ...headers } });
  return { post, sought, log };
}

const PROXY = { 'x-forwarded-for': '192.0.2.1' };
const TRUSTED = { trustedProxies: ['127.0.0.1'] };

describe('H16 a client secret over plain HTTP', () => {
  const refused: [string, Way][] = [
    ['from another machine', { peer: '192.0.2.1' }],
    ['from another machine, by IPv6', { peer: '2001:db8::1' }],
    [
      'from another machine that says X-Forwarded-Proto: https',
      { peer: '192.0.2.1', headers: { 'x-forwarded-proto': 'https' } },
    ],
    [
      'from another machine that says Forwarded: proto=https',
      { peer: '192.0.2.1', headers: { forwarded: 'for=127.0.0.1;proto=https' } },
    ],
    ['from a proxy that is not trusted', { headers: { ...PROXY, 'x-forwarded-proto': 'https' } }],
    [
      'from a trusted proxy that says http',
      { security: TRUSTED, headers: { ...PROXY, 'x-forwarded-proto': 'http' } },
    ],
    ['from a trusted proxy that says nothing of it', { security: TRUSTED, headers: PROXY }],
  ];

  it.each(refused)('is refused at every endpoint %s, whose client is not looked for', async (_, way) => {
    const { post, sought, log } = await serviceOn(way);
    const json = {
      error: 'invalid_request',
      error_description: 'Credentials are accepted over HTTPS only.',
    };
    for (const path of PATHS) {
      const answer = await post(path, 'grant_type=client_credentials&token=x');
      expect([answer.status, answer.json]).toEqual([403, json]);
      expect(answer.headers.get('www-authenticate')).toBeNull();
    }
    expect(sought).toEqual([]);
    expect(await log.line('refused: invalid_request')).toMatchObject({
      reasons: [{ code: 'insecure_connection', hint: expect.stringContaining('trustedProxies') }],
    });
    expect(log.text()).not.toContain(SECRET);
  });

  it('is refused before the form is read, which may be malformed', async () => {
    const { post } = await serviceOn({ peer: '192.0.2.1' });
    for (const path of PATHS) expect(await post(path, 'a=%zz&a=%zz')).toMatchObject({ status: 403 });
  });

  it.each<[string, Way]>([
    ['from this machine', {}],
    ['from this machine, by IPv4 within IPv6', { peer: '::ffff:127.0.0.1' }],
    [
      'from a trusted proxy that says https',
      { security: TRUSTED, headers: { 'x-forwarded-proto': 'https' } },
    ],
    [
      'where a listener says allowInsecureHttp',
      { listener: { ...OPEN, allowInsecureHttp: true }, headers: PROXY },
    ],
  ])('is taken %s', async (_, way) => {
    const { post, sought } = await serviceOn(way);
    expect(await post('/oauth/token', 'grant_type=client_credentials')).toMatchObject({ status: 200 });
    expect(sought).toEqual(['report']);
  });
});
