import { readFileSync } from 'node:fs';
import type { ServerOptions } from 'node:https';
import { createRequire } from 'node:module';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import {
  authenticate,
  basic,
  type ClientCertificateOptions,
  clientCertificate,
  type Scheme,
} from '../src/index.js';
import {
  authority,
  CLIENT_AUTH,
  der,
  Extension,
  type Facts,
  type Identity,
  identity,
  KeyUsageFlags,
  nameConstraints,
  revocationList,
  SERVER_AUTH,
  serverIdentity,
} from './certificates.ts';
import { problemOf, type RunningApp, serve } from './koa-app.ts';
import { askRaw } from './raw-request.ts';
import { askTls, serveTls, shown } from './tls-app.ts';

const root = await authority('CN=Clients Root,O=Kestrun');
const middle = await identity({ subject: 'CN=Clients Issuing,O=Kestrun', issuer: root, ca: true });
const otherRoot = await authority('CN=Other Root');
/** The name of the real one, and the key of somebody else. */
const twinRoot = await authority('CN=Clients Root,O=Kestrun');
const server = await serverIdentity(await authority('CN=Servers Root'));

const BILLING = [{ type: 'dns', value: 'billing.internal' }] as const;
const billing = await identity({ subject: 'CN=billing', issuer: root, names: [...BILLING] });
const behindMiddle = await identity({ subject: 'CN=billing', issuer: middle, names: [...BILLING] });

const names = { 'DNS:billing.internal': { subject: 'billing', roles: ['service'] } } as const;

/** Asks for a certificate and leaves the decision to the scheme. */
const ASKING: ServerOptions = {
  key: server.key,
  cert: server.cert,
  ca: [root.cert],
  requestCert: true,
  rejectUnauthorized: false,
};

function machines(options: Partial<ClientCertificateOptions> = {}): Scheme {
  return clientCertificate({ ca: root.cert, names, ...options } as ClientCertificateOptions);
}

function serveMachines(scheme: Scheme = machines(), tls: ServerOptions = {}): Promise<RunningApp> {
  return serveTls(
    (koa) =>
      koa.use(authenticate(scheme)).use((ctx) => {
        ctx.body = ctx.state.auth.subject;
      }),
    { ...ASKING, ...tls },
  );
}

/** Everything that is not good about a certificate. The second value: the code in the log. */
const BAD: [string, string, () => Promise<[Identity, ...Identity[]]>][] = [
  [
    'is self-signed',
    'certificate_refused',
    async () => [await identity({ subject: 'CN=billing', names: [...BILLING] })],
  ],
  [
    'is of another authority',
    'certificate_refused',
    async () => [
      await identity({ subject: 'CN=billing', issuer: otherRoot, names: [...BILLING] }),
      otherRoot,
    ],
  ],
  [
    'is of an authority with the same name and another key',
    'certificate_refused',
    async () => [await identity({ subject: 'CN=billing', issuer: twinRoot, names: [...BILLING] }), twinRoot],
  ],
  [
    'is of an authority with the same name and another key, and does not say which',
    'certificate_refused',
    async () => [
      await identity({ subject: 'CN=billing', issuer: twinRoot, names: [...BILLING], keyIdentifier: false }),
    ],
  ],
  [
    'names the authority as its own subject',
    'certificate_refused',
    async () => [await identity({ subject: 'CN=Clients Root,O=Kestrun', names: [...BILLING] })],
  ],
  [
    'says another issuer than the one who signed it',
    'certificate_refused',
    async () => [
      await identity({
        subject: 'CN=billing',
        issuer: otherRoot,
        issuerName: root.certificate.subject,
        names: [...BILLING],
      }),
    ],
  ],
  [
    'has expired',
    'certificate_refused',
    async () => [
      await identity({ subject: 'CN=billing', issuer: root, names: [...BILLING], from: -10, until: -1 }),
    ],
  ],
  [
    'is not valid yet',
    'certificate_refused',
    async () => [await identity({ subject: 'CN=billing', issuer: root, names: [...BILLING], from: 1 })],
  ],
  [
    'is made for servers',
    'certificate_refused',
    async () => [
      await identity({ subject: 'CN=billing', issuer: root, names: [...BILLING], purposes: [SERVER_AUTH] }),
    ],
  ],
  [
    'is made for nothing in particular',
    'certificate_purpose',
    async () => [await identity({ subject: 'CN=billing', issuer: root, names: [...BILLING], purposes: [] })],
  ],
  ['comes without its intermediate', 'certificate_refused', async () => [behindMiddle]],
  [
    'comes by a client’s certificate that is no authority',
    'certificate_refused',
    async () => [await identity({ subject: 'CN=billing', issuer: billing, names: [...BILLING] }), billing],
  ],
  [
    'comes by an intermediate that has expired',
    'certificate_refused',
    async () => {
      const old = await identity({ subject: 'CN=Old Issuing', issuer: root, ca: true, from: -10, until: -1 });
      return [await identity({ subject: 'CN=billing', issuer: old, names: [...BILLING] }), old];
    },
  ],
  [
    'has the right name in its subject only',
    'certificate_unknown',
    async () => [await identity({ subject: 'CN=billing.internal', issuer: root })],
  ],
  [
    'has a comma and another name in its subject',
    'certificate_unknown',
    async () => [await identity({ subject: 'CN=x\\,DNS:billing.internal\\,CN\\=billing', issuer: root })],
  ],
  [
    'has a NUL in its subject',
    'certificate_unknown',
    async () => [await identity({ subject: 'CN=billing.internal\u0000.evil.test', issuer: root })],
  ],
  [
    'has a comma and another name in its DNS name',
    'certificate_unknown',
    async () => [
      await identity({
        subject: 'CN=x',
        issuer: root,
        names: [{ type: 'dns', value: 'evil.test, DNS:billing.internal' }],
      }),
    ],
  ],
  [
    'has a NUL in its DNS name',
    'certificate_unknown',
    async () => [
      await identity({
        subject: 'CN=x',
        issuer: root,
        names: [{ type: 'dns', value: 'billing.internal\u0000.evil.test' }],
      }),
    ],
  ],
  [
    'has quotes in its DNS name',
    'certificate_unknown',
    async () => [
      await identity({
        subject: 'CN=x',
        issuer: root,
        names: [{ type: 'dns', value: '", DNS:billing.internal, DNS:"' }],
      }),
    ],
  ],
  [
    'has the right name as an e-mail address',
    'certificate_unknown',
    async () => [
      await identity({
        subject: 'CN=x',
        issuer: root,
        names: [{ type: 'email', value: 'billing.internal' }],
      }),
    ],
  ],
  [
    'is known under another name only',
    'certificate_unknown',
    async () => [
      await identity({
        subject: 'CN=x',
        issuer: root,
        names: [{ type: 'dns', value: 'x.billing.internal' }],
      }),
    ],
  ],
];

/** A certificate below an authority that says more about what may be below it. */
async function below(
  issuing: Partial<Facts>,
  client: Partial<Facts> = {},
): Promise<[Identity, ...Identity[]]> {
  const issuer = await identity({ subject: 'CN=Bounded Issuing', issuer: root, ca: true, ...issuing });
  return [await identity({ subject: 'CN=billing', issuer, names: [...BILLING], ...client }), issuer];
}

/** As {@link below}, with one more authority in between. */
async function twoBelow(
  issuing: Partial<Facts>,
  between: Partial<Facts> = {},
): Promise<[Identity, ...Identity[]]> {
  const upper = await identity({ subject: 'CN=Bounded Issuing', issuer: root, ca: true, ...issuing });
  const lower = await identity({ subject: 'CN=Lower Issuing', issuer: upper, ca: true, ...between });
  return [await identity({ subject: 'CN=billing', issuer: lower, names: [...BILLING] }), lower, upper];
}

const UNHEARD_OF = '1.3.6.1.4.1.99999.1';
const unheardOf = (isCritical: boolean): Extension =>
  new Extension(UNHEARD_OF, isCritical, new Uint8Array([5, 0]));
const extended = (...extensions: Extension[]): Partial<Facts> => ({ extensions });
const DNS = 0x82;
const EMAIL = 0x81;
const URI = 0x86;
const IP = 0x87;
const DIRECTORY = 0xa4;
/** A name of one organization, in a string type. */
const organization = (name: string, type = 0x0c): Buffer => {
  const text = type === 0x1e ? Buffer.from(name, 'utf16le').swap16() : name;
  const attribute = der(0x30, der(0x06, Buffer.from('55040a', 'hex')), der(type, text));
  return der(0x30, der(0x31, attribute));
};
const ofKestrun = { subject: 'O=Kestrun,CN=billing' };

/** What RFC 5280 §6.1 forbids on the way to the authority: what is wrong, the code in the log, with its good twin. */
const PATHS: [
  what: string,
  code: string,
  bad: () => Promise<[Identity, ...Identity[]]>,
  good: () => Promise<[Identity, ...Identity[]]>,
][] = [
  [
    'goes through one authority more than pathLen of its issuer allows',
    'certificate_path',
    () => twoBelow({ pathLength: 0 }),
    () => twoBelow({ pathLength: 1 }),
  ],
  [
    'comes by an intermediate that is made for servers alone',
    'certificate_purpose',
    () => below({ purposes: [SERVER_AUTH] }),
    () => below({ purposes: [SERVER_AUTH, CLIENT_AUTH] }),
  ],
  [
    'has a critical extension that nobody knows',
    'certificate_extension',
    () => below({}, extended(unheardOf(true))),
    () => below({}, extended(unheardOf(false))),
  ],
  [
    'comes by an intermediate that has a critical extension that nobody knows',
    'certificate_extension',
    () => below(extended(unheardOf(true))),
    () => below(extended(unheardOf(false))),
  ],
  [
    'may not sign, by its key usage',
    'certificate_purpose',
    () => below({}, { keyUsage: KeyUsageFlags.keyEncipherment }),
    () => below({}, { keyUsage: KeyUsageFlags.digitalSignature }),
  ],
  [
    'has a DNS name outside of what its authority may give',
    'certificate_constraints',
    () => below(extended(nameConstraints([[DNS, 'shop.internal']]))),
    () => below(extended(nameConstraints([[DNS, 'internal']]))),
  ],
  [
    'has a DNS name that only ends like what its authority may give',
    'certificate_constraints',
    () => below(extended(nameConstraints([[DNS, 'ing.internal']]))),
    () => below(extended(nameConstraints([[DNS, 'BILLING.Internal']]))),
  ],
  [
    'has a DNS name outside of constraints that are not critical',
    'certificate_constraints',
    () => below(extended(nameConstraints([[DNS, 'shop.internal']], [], false))),
    () => below(extended(nameConstraints([[DNS, 'internal']], [], false))),
  ],
  [
    'has a DNS name that is excluded',
    'certificate_constraints',
    () => below(extended(nameConstraints([[DNS, 'internal']], [[DNS, 'billing.internal']]))),
    () => below(extended(nameConstraints([[DNS, 'internal']], [[DNS, 'shop.internal']]))),
  ],
  [
    'has a DNS name outside of what the upper of two authorities may give',
    'certificate_constraints',
    () =>
      twoBelow(
        extended(nameConstraints([[DNS, 'shop.internal']])),
        extended(nameConstraints([[DNS, 'internal']])),
      ),
    () =>
      twoBelow(
        extended(nameConstraints([[DNS, 'internal']])),
        extended(nameConstraints([[DNS, 'internal']])),
      ),
  ],
  [
    'has an e-mail address outside of what its authority may give',
    'certificate_constraints',
    () =>
      below(extended(nameConstraints([[EMAIL, 'kestrun.test']])), {
        names: [...BILLING, { type: 'email', value: 'a@mail.kestrun.test' }],
      }),
    () =>
      below(extended(nameConstraints([[EMAIL, '.kestrun.test']])), {
        names: [...BILLING, { type: 'email', value: 'a@mail.kestrun.test' }],
      }),
  ],
  [
    'has a URI outside of what its authority may give',
    'certificate_constraints',
    () =>
      below(extended(nameConstraints([[URI, 'kestrun.test']])), {
        names: [...BILLING, { type: 'url', value: 'spiffe://evil.test/kestrun.test' }],
      }),
    () =>
      below(extended(nameConstraints([[URI, 'kestrun.test']])), {
        names: [...BILLING, { type: 'url', value: 'spiffe://kestrun.test/billing' }],
      }),
  ],
  [
    'has an address outside of what its authority may give',
    'certificate_constraints',
    () =>
      below(extended(nameConstraints([[IP, Buffer.from([10, 0, 0, 0, 255, 0, 0, 0])]])), {
        names: [...BILLING, { type: 'ip', value: '11.0.0.7' }],
      }),
    () =>
      below(extended(nameConstraints([[IP, Buffer.from([10, 0, 0, 0, 255, 0, 0, 0])]])), {
        names: [...BILLING, { type: 'ip', value: '10.9.9.7' }],
      }),
  ],
  [
    'has a subject outside of what its authority may give',
    'certificate_constraints',
    () => below(extended(nameConstraints([[DIRECTORY, organization('Kestrun Two')]])), ofKestrun),
    () => below(extended(nameConstraints([[DIRECTORY, organization('kestrun', 0x13)]])), ofKestrun),
  ],
  [
    'has a subject that is excluded in letters of another kind',
    'certificate_constraints',
    () => below(extended(nameConstraints([], [[DIRECTORY, organization('KESTRUN', 0x1e)]])), ofKestrun),
    () => below(extended(nameConstraints([], [[DIRECTORY, organization('Other', 0x1e)]])), ofKestrun),
  ],
];

describe('H28 a client certificate', () => {
  it('is accepted for who its name stands for', async () => {
    await using app = await serveMachines();
    const answer = await askTls(app, shown(billing));
    expect([answer.status, answer.body]).toEqual([200, 'billing']);
    expect(answer.headers['cache-control']).toBe('private');
  });

  it('is accepted with its intermediate, which is known here', async () => {
    await using app = await serveMachines(machines({ intermediates: middle.cert }));
    expect((await askTls(app, shown(behindMiddle, middle))).body).toBe('billing');
    expect((await askTls(app, shown(behindMiddle))).status).toBe(401);
  });

  it('is accepted with its intermediate, which the client sends, where Node.js hands it on', async () => {
    let handedOn: unknown;
    await using app = await serveTls(
      (koa) =>
        koa
          .use((ctx, next) => {
            const socket = ctx.req.socket as TLSSocket;
            handedOn = socket.getPeerCertificate(true).issuerCertificate?.raw;
            return next();
          })
          .use(authenticate(machines()))
          .use((ctx) => {
            ctx.body = ctx.state.auth.subject;
          }),
      ASKING,
    );
    const answer = await askTls(app, shown(behindMiddle, middle));
    expect(answer.status).toBe(handedOn === undefined ? 401 : 200);
    const fixes = app.refusals.map(({ reasons }) => reasons[0]?.fix);
    expect(fixes).toEqual(handedOn === undefined ? [expect.stringContaining('`intermediates`')] : []);
  });

  it('is asked for where there is none', async () => {
    await using app = await serveMachines();
    const answer = await askTls(app);
    expect([answer.status, problemOf(answer)['code']]).toEqual([401, 'credentials_required']);
    expect(answer.challenges).toEqual(['ClientCertificate realm="api"']);
  });

  it.each(BAD)('is a 401 when it %s', async (_what, code, make) => {
    await using app = await serveMachines();
    const answer = await askTls(app, shown(...(await make())));
    expect([answer.status, problemOf(answer)['code'], problemOf(answer)['detail']]).toEqual([
      401,
      'invalid_credentials',
      'The credentials are not valid',
    ]);
    expect(app.refusals.map(({ reasons }) => reasons[0]?.code)).toEqual([code]);
    expect(app.errors).toEqual([]);
  });

  it.each(PATHS)('is a 401, which the TLS layer says already, when it %s', async (_what, _code, bad) => {
    await using app = await serveMachines();
    expect((await askTls(app, shown(...(await bad())))).status).toBe(401);
    expect(app.refusals.map(({ reasons }) => reasons[0]?.code)).toEqual(['certificate_refused']);
  });

  it.each(PATHS)(
    'is accepted by the TLS layer, too, when it is the good twin of one that %s',
    async (...row) => {
      const [client, ...between] = await row[3]();
      await using app = await serveMachines(machines({ intermediates: between.map(({ cert }) => cert) }));
      expect((await askTls(app, shown(client, ...between))).body).toBe('billing');
    },
  );

  it.each(BAD.filter(([, code]) => code === 'certificate_refused'))(
    'does not even reach the application when it %s and the listener insists',
    async (_what, _code, make) => {
      await using app = await serveMachines(machines(), { rejectUnauthorized: true });
      const answer = askTls(app, shown(...(await make())));
      await expect(answer).rejects.toThrow();
      expect((await askTls(app, shown(billing))).status).toBe(200);
    },
  );

  it.each(BAD.filter(([what]) => /another|self-signed|same name|no authority|without its/.test(what)))(
    'is a 401 also where the TLS layer trusts more than the scheme, when it %s',
    async (_what, _code, make) => {
      const [client, ...rest] = await make();
      // A listener that trusts everybody's authority: only the scheme's own `ca` is left.
      const ca = [root.cert, otherRoot.cert, twinRoot.cert, client.cert];
      await using app = await serveMachines(machines({ ca: middle.cert }), {
        ca: [...ca, middle.cert],
      });
      expect((await askTls(app, shown(client, ...rest))).status).toBe(client === behindMiddle ? 200 : 401);
    },
  );

  it('is a 401 when the listener’s revocation list (CRL) has it', async () => {
    await using app = await serveMachines(machines(), { crl: await revocationList(root, [billing]) });
    expect((await askTls(app, shown(billing))).status).toBe(401);
    expect(app.refusals[0]?.reasons[0]?.hint).toContain('CERT_REVOKED');
    const other = await identity({ subject: 'CN=x', issuer: root, names: [...BILLING] });
    expect((await askTls(app, shown(other))).status).toBe(200);
  });

  it.each([true, undefined, 'no', 0])('is a 401 when isRevoked answers %s', async (answer) => {
    await using app = await serveMachines(machines({ isRevoked: () => answer as boolean }));
    expect((await askTls(app, shown(billing))).status).toBe(401);
  });

  it('is a 500 when isRevoked fails', async () => {
    await using app = await serveMachines(machines({ isRevoked: () => Promise.reject(new Error('down')) }));
    expect((await askTls(app, shown(billing))).status).toBe(500);
  });

  it('is a 401 on a connection that has outlived it', async () => {
    let now = Date.now();
    await using app = await serveMachines(machines({ clock: () => now }));
    expect((await askTls(app, shown(billing))).status).toBe(200);
    now += 31 * 86_400_000;
    expect((await askTls(app, shown(billing))).status).toBe(401);
    expect(app.refusals[0]?.reasons[0]?.code).toBe('certificate_dates');
  });

  it('stands beside other schemes, and a bad one is not covered by them', async () => {
    const users = basic({ realm: 'Init', users: { admin: 'password' } });
    await using app = await serveTls(
      (koa) =>
        koa.use(authenticate([machines(), users])).use((ctx) => {
          ctx.body = ctx.state.auth.subject;
        }),
      ASKING,
    );
    const headers = { authorization: `Basic ${Buffer.from('admin:password').toString('base64')}` };
    expect((await askTls(app, {}, { headers })).body).toBe('admin');
    expect((await askTls(app, shown(billing), { headers })).body).toBe('billing');
    const foreign = await identity({ subject: 'CN=billing', issuer: otherRoot, names: [...BILLING] });
    expect((await askTls(app, shown(foreign), { headers })).status).toBe(401);
  });
});

describe('the principal of a certificate', () => {
  const thumbprint = Buffer.from(billing.certificate.rawData);
  const hex = async (): Promise<string> =>
    Buffer.from(await crypto.subtle.digest('SHA-256', thumbprint)).toString('hex');

  it.each([
    ['in lower case', (text: string) => text],
    ['with colons, in upper case', (text: string) => (text.toUpperCase().match(/../g) ?? []).join(':')],
  ])('is found by its thumbprint %s', async (_what, write) => {
    const known = clientCertificate({
      ca: root.cert,
      thumbprints: { [write(await hex())]: { subject: 'billing' } },
    });
    await using app = await serveMachines(known);
    expect((await askTls(app, shown(billing))).body).toBe('billing');
    const same = await identity({ subject: 'CN=billing', issuer: root, names: [...BILLING] });
    expect((await askTls(app, shown(same))).status).toBe(401);
  });

  it('is found by a function, and has the certificate’s confirmation', async () => {
    const seen: unknown[] = [];
    const own = clientCertificate({
      ca: root.cert,
      principal: async (certificate) => {
        seen.push(certificate.names, certificate.thumbprint);
        return { subject: 'billing', claims: { tier: 3 } };
      },
    });
    await using app = await serveTls(
      (koa) =>
        koa.use(authenticate(own)).use((ctx) => {
          ctx.body = ctx.state.auth;
        }),
      ASKING,
    );
    const principal = JSON.parse((await askTls(app, shown(billing))).body);
    const confirmation = Buffer.from(await hex(), 'hex').toString('base64url');
    expect(principal).toMatchObject({
      scheme: 'ClientCertificate',
      subject: 'billing',
      claims: { tier: 3, cnf: { 'x5t#S256': confirmation } },
    });
    expect(seen).toEqual([['DNS:billing.internal'], await hex()]);
  });

  it.each([undefined, {}, { subject: '' }, true])(
    'is nobody when the function answers %j',
    async (answer) => {
      const own = clientCertificate({ ca: root.cert, principal: () => answer as never });
      await using app = await serveMachines(own);
      expect((await askTls(app, shown(billing))).status).toBe(401);
    },
  );

  it('is nobody when its names are those of two', async () => {
    const both = await identity({
      subject: 'CN=x',
      issuer: root,
      names: [...BILLING, { type: 'url', value: 'spiffe://k/shop' }],
    });
    const shop = { 'URI:spiffe://k/shop': { subject: 'shop' } } as const;
    await using one = await serveMachines(machines({ names: shop }));
    await using two = await serveMachines(machines({ names: { ...names, ...shop } }));
    expect((await askTls(one, shown(both))).body).toBe('shop');
    expect((await askTls(two, shown(both))).status).toBe(401);
  });
});

describe('H29 a certificate in a header', () => {
  const bytes = ({ certificate }: Identity) => `:${Buffer.from(certificate.rawData).toString('base64')}:`;
  /** RFC 9440: the client's certificate, and what lies between it and the authority. */
  const forwarded = ([client, ...rest]: readonly [Identity, ...Identity[]]): string[] => [
    `Client-Cert: ${bytes(client)}`,
    ...(rest.length === 0 ? [] : [`Client-Cert-Chain: ${rest.map(bytes).join(', ')}`]),
  ];
  const der = Buffer.from(billing.certificate.rawData).toString('base64');
  const chain = Buffer.from(middle.certificate.rawData).toString('base64');
  const leaf = Buffer.from(behindMiddle.certificate.rawData).toString('base64');
  const serveBehind = (options: Partial<ClientCertificateOptions>): Promise<RunningApp> =>
    serve((koa) =>
      koa.use(authenticate(machines(options))).use((ctx) => {
        ctx.body = ctx.state.auth.subject;
      }),
    );

  it.each([
    ['Client-Cert (RFC 9440)', `Client-Cert: :${der}:`],
    ['X-Client-Cert', `X-Client-Cert: ${der}`],
    ['X-SSL-Client-Verify', 'X-SSL-Client-Verify: SUCCESS'],
    ['X-SSL-Client-S-DN', 'X-SSL-Client-S-DN: CN=billing'],
    [
      'X-Forwarded-Client-Cert',
      'X-Forwarded-Client-Cert: Hash=x;Subject="CN=billing";URI=spiffe://k/billing',
    ],
  ])('is ignored from whoever is no trusted proxy: %s', async (_what, line) => {
    for (const options of [{}, { proxies: ['10.0.0.0/8'] }, { proxies: ['127.0.0.2', '::1'] }]) {
      await using app = await serveBehind(options);
      const answer = await askRaw(app, [line, 'X-Forwarded-For: 10.0.0.7']);
      expect([answer.status, problemOf(answer)['code']]).toEqual([401, 'credentials_required']);
    }
  });

  it.each(['127.0.0.1', '127.0.0.0/8'])('is taken from the trusted proxy %s', async (proxy) => {
    await using app = await serveBehind({ proxies: [proxy] });
    const answer = await askRaw(app, [`Client-Cert: :${der}:`]);
    expect([answer.status, answer.body]).toEqual([200, 'billing']);
    expect([answer.headers['vary'], answer.headers['cache-control']]).toEqual(['Client-Cert', 'private']);
    expect((await askRaw(app, [])).status).toBe(401);
  });

  it('is taken from a trusted proxy with its chain', async () => {
    await using app = await serveBehind({ proxies: ['127.0.0.1'] });
    expect((await askRaw(app, [`Client-Cert: :${leaf}:`])).status).toBe(401);
    expect(
      (await askRaw(app, [`Client-Cert: :${leaf}:`, `Client-Cert-Chain: :${der}:, :${chain}:`])).status,
    ).toBe(200);
  });

  it.each<[string, string[]]>([
    ['base64 without colons', [`Client-Cert: ${der}`]],
    ['PEM', [`Client-Cert: ${encodeURIComponent(billing.cert)}`]],
    ['nothing', ['Client-Cert: ']],
    ['bytes that are no certificate', ['Client-Cert: :AAAA:']],
    ['two certificates', [`Client-Cert: :${der}:, :${der}:`]],
    ['a second line', [`Client-Cert: :${der}:`, `Client-Cert: :${der}:`]],
    ['a chain that is none', [`Client-Cert: :${der}:`, 'Client-Cert-Chain: x']],
  ])('is a 401 from a trusted proxy that sends %s', async (_what, lines) => {
    await using app = await serveBehind({ proxies: ['127.0.0.1'] });
    expect((await askRaw(app, lines)).status).toBe(401);
    expect(app.refusals[0]?.reasons[0]?.code).toBe('malformed_client_cert');
  });

  it.each(BAD.filter(([what]) => !what.includes('without its')))(
    'is a 401 from a trusted proxy when it %s',
    async (_what, _code, make) => {
      await using app = await serveBehind({ proxies: ['127.0.0.1'] });
      const answer = await askRaw(app, forwarded(await make()));
      expect([answer.status, problemOf(answer)['code']]).toEqual([401, 'invalid_credentials']);
    },
  );

  it.each(PATHS)('is a 401 from a trusted proxy when it %s', async (_what, code, bad, good) => {
    await using app = await serveBehind({ proxies: ['127.0.0.1'] });
    expect((await askRaw(app, forwarded(await bad()))).status).toBe(401);
    expect(app.refusals.map(({ reasons }) => reasons[0]?.code)).toEqual([code]);
    expect((await askRaw(app, forwarded(await good()))).body).toBe('billing');
  });

  it('is a 401 from a trusted proxy when an extension comes twice', async () => {
    await using app = await serveBehind({ proxies: ['127.0.0.1'] });
    const twice = await below({}, extended(unheardOf(false), unheardOf(false)));
    expect((await askRaw(app, forwarded(twice))).status).toBe(401);
    expect(app.refusals.map(({ reasons }) => reasons[0]?.code)).toEqual(['certificate_extension']);
  });

  it('counts alone where the proxy shows a certificate of its own', async () => {
    await using app = await serveMachines(machines({ proxies: ['127.0.0.1'] }));
    expect((await askTls(app, shown(billing))).status).toBe(401);
    expect((await askTls(app, shown(billing), { headers: { 'client-cert': `:${der}:` } })).status).toBe(200);
  });
});

describe('H30 a resumed connection', () => {
  const isRevoked = { value: false };
  const revocable = machines({ isRevoked: () => isRevoked.value });

  it.each(['TLSv1.3', 'TLSv1.2'] as const)(
    'of %s is accepted for the same certificate',
    async (maxVersion) => {
      await using app = await serveMachines(machines({ intermediates: middle.cert }));
      const first = await askTls(app, { ...shown(behindMiddle, middle), maxVersion });
      const again = await askTls(app, {
        ...shown(behindMiddle, middle),
        maxVersion,
        session: first.session!,
      });
      expect([first.resumed, again.resumed]).toEqual([false, true]);
      expect([first.body, again.body]).toEqual(['billing', 'billing']);
    },
  );

  it.each(['TLSv1.3', 'TLSv1.2'] as const)(
    'of %s is a 401 once the certificate was revoked',
    async (maxVersion) => {
      await using app = await serveMachines(revocable);
      isRevoked.value = false;
      const first = await askTls(app, { ...shown(billing), maxVersion });
      isRevoked.value = true;
      const again = await askTls(app, { ...shown(billing), maxVersion, session: first.session! });
      expect([first.status, again.status, again.resumed]).toEqual([200, 401, true]);
    },
  );

  it.each(['TLSv1.3', 'TLSv1.2'] as const)(
    'of %s is a 401 once the certificate has ended',
    async (maxVersion) => {
      let now = Date.now();
      await using app = await serveMachines(machines({ clock: () => now }));
      const first = await askTls(app, { ...shown(billing), maxVersion });
      now += 31 * 86_400_000;
      const again = await askTls(app, { ...shown(billing), maxVersion, session: first.session! });
      expect([first.status, again.status, again.resumed]).toEqual([200, 401, true]);
    },
  );

  it.each(['TLSv1.3', 'TLSv1.2'] as const)(
    'of %s without a certificate is a 401 again',
    async (maxVersion) => {
      await using app = await serveMachines();
      const first = await askTls(app, { maxVersion });
      const again = await askTls(app, { maxVersion, session: first.session! });
      expect([first.status, again.status, again.resumed]).toEqual([401, 401, true]);
    },
  );

  it.each([
    ['TLSv1.3', 'without a certificate', undefined],
    ['TLSv1.3', 'with the certificate of the other host’s clients', 'other'],
    ['TLSv1.2', 'without a certificate', undefined],
    ['TLSv1.2', 'with the certificate of the other host’s clients', 'other'],
  ] as const)('of %s that began at another host %s is a 401', async (maxVersion, _what, client) => {
    const ticketKeys = Buffer.alloc(48, 7);
    const other = await identity({ subject: 'CN=billing', issuer: otherRoot, names: [...BILLING] });
    const open = clientCertificate({ ca: otherRoot.cert, names });
    // Two listeners that share their ticket keys, as virtual hosts of one process do.
    await using first = await serveMachines(open, { ca: [otherRoot.cert], ticketKeys });
    await using second = await serveMachines(machines(), { ticketKeys });
    const identityOf = client === undefined ? {} : shown(other);
    const began = await askTls(first, { ...identityOf, maxVersion });
    expect(began.status).toBe(client === undefined ? 401 : 200);
    const resumed = await askTls(second, { ...identityOf, maxVersion, session: began.session! });
    expect([began.resumed, resumed.resumed, resumed.status]).toEqual([false, true, 401]);
    const twin = await askTls(second, { ...shown(billing), maxVersion });
    expect([twin.resumed, twin.status]).toEqual([false, 200]);
  });
});

describe('wrong options of clientCertificate()', () => {
  const good = { ca: root.cert, names };

  it.each<[string, object]>([
    ['no authority', { ca: undefined }],
    ['an empty list of authorities', { ca: [] }],
    ['the name of a file', { ca: '/etc/ssl/ca.pem' }],
    ['a certificate that is no authority', { ca: billing.cert }],
    ['an authority beside one that is none', { ca: [root.cert, billing.cert] }],
    ['a certificate that is cut off', { ca: root.cert.replace(/(.{40}\n).*\n/, '$1') }],
    ['no way to a principal', { names: undefined }],
    ['two ways to a principal', { thumbprints: { ['a'.repeat(64)]: { subject: 'a' } } }],
    ['nobody', { names: {} }],
    ['a SHA-1 thumbprint', { names: undefined, thumbprints: { ['a'.repeat(40)]: { subject: 'a' } } }],
    [
      'a thumbprint twice',
      {
        names: undefined,
        thumbprints: { ['a'.repeat(64)]: { subject: 'a' }, ['A'.repeat(64)]: { subject: 'b' } },
      },
    ],
    ['a name without its type', { names: { 'billing.internal': { subject: 'a' } } }],
    ['a name of the subject', { names: { 'CN:billing': { subject: 'a' } } }],
    ['a principal that is no function', { names: undefined, principal: 'billing' }],
    ['a proxy that is no address', { proxies: ['proxy.internal'] }],
    ['everybody as a proxy', { proxies: ['0.0.0.0/0'] }],
    ['everybody as a proxy, in IPv6', { proxies: ['::/0'] }],
    ['a network that is too small to be', { proxies: ['10.0.0.0/33'] }],
    ['a realm with CRLF', { realm: 'a\r\nb' }],
  ])('are refused at once: %s', (_what, options) => {
    expect(() => clientCertificate({ ...good, ...options } as never)).toThrow(TypeError);
    expect(() => clientCertificate(good)).not.toThrow();
  });

  it('are refused at once: the development CA of the host', async () => {
    const development = await authority('O=Tokenwright development CA 12ab34cd,CN=x');
    expect(() => clientCertificate({ ...good, ca: [root.cert, development.cert] })).toThrow(/development CA/);
    // The name by which it is known is the one that the host writes.
    const require = createRequire(import.meta.url);
    const source = require.resolve('../../server/src/certificates/development-certificate.ts');
    expect(readFileSync(source, 'utf8')).toContain('organization: `Tokenwright development CA ');
  });
});
