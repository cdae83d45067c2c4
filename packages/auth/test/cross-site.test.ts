import { describe, expect, it } from 'vitest';
import {
  authenticate,
  type BasicOptions,
  basic,
  type CrossSiteOptions,
  clientCertificate,
} from '../src/index.js';
import { authority, identity, serverIdentity } from './certificates.ts';
import { type Answer, ask, basicValue, problemOf, type RunningApp, serve } from './koa-app.ts';
import { askTls, serveTls, shown } from './tls-app.ts';

type Headers = Record<string, string>;

/** An application behind a credential that browsers add by themselves, and a request that has it. */
interface Ambient extends AsyncDisposable {
  readonly app: RunningApp;
  readonly origin: string;
  send(method: string, headers?: Headers): Promise<Answer>;
}

const root = await authority('CN=Clients Root');
const client = await identity({
  subject: 'CN=ada',
  issuer: root,
  names: [{ type: 'dns', value: 'ada.test' }],
});
const server = await serverIdentity(await authority('CN=Servers Root'));

async function withBasic(options: CrossSiteOptions = {}): Promise<Ambient> {
  const scheme = basic({ realm: 'Init', users: { ada: 'engine' }, ...options } as BasicOptions);
  const app = await serve((koa) =>
    koa.use(authenticate(scheme)).use((ctx) => {
      ctx.body = 'in';
    }),
  );
  return {
    app,
    origin: `http://127.0.0.1:${app.port}`,
    send: (method, headers) =>
      ask(app, { method, headers: { authorization: basicValue('ada:engine'), ...headers } }),
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}

async function withCertificate(options: CrossSiteOptions = {}): Promise<Ambient> {
  const scheme = clientCertificate({
    ca: root.cert,
    names: { 'DNS:ada.test': { subject: 'ada' } },
    ...options,
  });
  const app = await serveTls(
    (koa) =>
      koa.use(authenticate(scheme)).use((ctx) => {
        ctx.body = 'in';
      }),
    { key: server.key, cert: server.cert, ca: [root.cert], requestCert: true, rejectUnauthorized: false },
  );
  return {
    app,
    origin: 'https://localhost',
    send: (method, headers = {}) => askTls(app, shown(client), { method, headers }),
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}

const evil = { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' };

describe.each([
  ['Basic', withBasic],
  ['ClientCertificate', withCertificate],
])('H21 with good credentials of %s', (_kind, start) => {
  it.each<[string, Headers]>([
    ['Sec-Fetch-Site and Origin of another site', evil],
    ['the Origin of another site', { origin: 'https://evil.test' }],
    ['the Origin null', { origin: 'null' }],
    ['Sec-Fetch-Site: cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['Sec-Fetch-Site: same-site', { 'sec-fetch-site': 'same-site' }],
    ['a form of another site', { ...evil, 'content-type': 'application/x-www-form-urlencoded' }],
  ])('a POST is refused that has %s', async (_what, headers) => {
    await using ambient = await start();
    const answer = await ambient.send('POST', headers);
    expect([answer.status, problemOf(answer)['code'], problemOf(answer)['detail']]).toEqual([
      403,
      'cross_site_request',
      'The request does not come from this site',
    ]);
    expect(ambient.app.refusals[0]?.reasons[0]?.fix).toContain('trustedOrigins');
  });

  it('a POST is accepted from this site, and from what is no browser', async () => {
    await using ambient = await start();
    const own = [
      {},
      { origin: ambient.origin },
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
    ];
    for (const headers of own) expect((await ambient.send('POST', headers as Headers)).status).toBe(200);
  });

  it('what changes nothing is accepted from other sites, and what may is not', async () => {
    await using ambient = await start();
    for (const method of ['GET', 'HEAD', 'OPTIONS'])
      expect((await ambient.send(method, evil)).status).toBe(200);
    for (const method of ['PUT', 'PATCH', 'DELETE'])
      expect((await ambient.send(method, evil)).status).toBe(403);
  });

  it('a POST is accepted from an origin that is trusted, and from that one only', async () => {
    await using ambient = await start({ trustedOrigins: ['https://app.test'] });
    const from = (origin: string) => ambient.send('POST', { origin, 'sec-fetch-site': 'cross-site' });
    expect((await from('https://app.test')).status).toBe(200);
    expect((await from('https://app.test.evil.test')).status).toBe(403);
  });

  it('a POST of another site is accepted where crossSite is allow', async () => {
    await using ambient = await start({ crossSite: 'allow' });
    expect((await ambient.send('POST', evil)).status).toBe(200);
  });

  it.each<[string, CrossSiteOptions]>([
    ['another word', { crossSite: 'sometimes' as 'allow' }],
    ['a boolean', { crossSite: true as unknown as 'allow' }],
    ['an origin without TLS', { trustedOrigins: ['http://app.test'] }],
    ['what is no origin', { trustedOrigins: ['app.test'] }],
  ])('the options are a TypeError with %s', async (_what, options) => {
    await expect(start(options)).rejects.toThrow(TypeError);
  });
});

it('H21 a wrong password from another site is no failed attempt of the user', async () => {
  await using ambient = await withBasic({ throttle: { perPair: 1 } } as CrossSiteOptions);
  const wrong = { ...evil, authorization: basicValue('ada:wrong') };
  for (let i = 0; i < 3; i++) expect((await ambient.send('POST', wrong)).status).toBe(403);
  expect((await ambient.send('POST')).status).toBe(200);
});
