import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type Koa from 'koa';
import { describe, expect, it, vi } from 'vitest';
import { alternativeNames } from '../src/certificates/alternative-names.js';
import {
  apiKey,
  authenticate,
  authorize,
  basic,
  bearer,
  type ClientCertificateOptions,
  clientCertificate,
  cookie,
  generateApiKey,
  hashPassword,
  hasRole,
  isSchemeError,
  type PasswordHasher,
  type Schemes,
  scrypt,
  TurnstileFull,
  withUser,
} from '../src/index.js';
import {
  authority,
  Extension,
  type Facts,
  type Identity,
  identity,
  nameConstraints,
} from './certificates.ts';
import { type Answer, ask, basicValue, problemOf, type RunningApp, serve } from './koa-app.ts';
import { askRaw } from './raw-request.ts';
import { expectNowhere, MARKER, printed, published, serveAudited } from './secrets.ts';
import { askWith, builderOf, NAME, own } from './session-app.ts';
import { askTls, serveTls, shown } from './tls-app.ts';
import { forge, GOOD_CLAIMS, jwt, NOON } from './tokens.ts';

vi.mock('../src/certificates/alternative-names.js', async (importOriginal) => {
  const real = await importOriginal<typeof import('../src/certificates/alternative-names.js')>();
  return { ...real, alternativeNames: vi.fn(real.alternativeNames) };
});

/** What is asked of whom, and which secrets are in it. */
interface Case {
  readonly configure: (koa: Koa) => void;
  readonly ask: (app: RunningApp) => Promise<Answer>;
  readonly secrets?: readonly string[];
}

const by = (schemes: Schemes<object>) => (koa: Koa) =>
  void koa.use(authenticate(schemes)).use((ctx) => {
    ctx.body = 'in';
  });
const raw =
  (...lines: string[]) =>
  (app: RunningApp) =>
    askRaw(app, lines);

// Basic
const cheap = scrypt({ ln: 10, p: 1 });
const full: PasswordHasher = {
  ...cheap,
  verify: () => Promise.reject(new TurnstileFull()),
};
const checked = basic({ realm: 'Init', check: (_name, password) => password === 'right' });
const hashed = new Map([['ada', await hashPassword(MARKER, cheap)]]);
const wrong = `Authorization: ${basicValue(`ada:${MARKER}`)}`;

// Bearer
const tokens = bearer(jwt.validator());
const secretClaims = { ...GOOD_CLAIMS, password: MARKER };
const good = forge(secretClaims);
const parts = [...good.split('.'), MARKER];

// API keys
const { key, record } = generateApiKey({ subject: 'billing' });
const keys = new Map([[record.id, record]]);
const over = { ...record, expiresAt: new Date(0) };
const unknown = generateApiKey({ subject: 'nobody' }).key;

// Sessions, at noon
const clock = (): number => NOON * 1000;
const session = cookie({ jwt: builderOf(clock), clock });
const sessionClaims = { sid: 'session-1', auth_time: NOON, password: MARKER };
async function sessionAt(claims: Record<string, unknown>, seconds = NOON, expires = seconds + 1800) {
  const { token } = await builderOf(() => seconds * 1000)
    .typ('session+jwt')
    .subject('ada')
    .claims(claims)
    .expiresAt(expires)
    .build();
  return token;
}
const live = await sessionAt(sessionClaims);
const withCookie =
  (value: string, question: { method?: string; headers?: Record<string, string> } = {}) =>
  (app: RunningApp) =>
    askWith(app, `${NAME}=${value}`, question);

// Certificates, through a proxy on this machine
const root = await authority('CN=Clients Root');
const marked = {
  subject: `CN=${MARKER}`,
  names: [{ type: 'dns', value: `${MARKER}.internal` }],
} as const;
const client = (facts: Partial<Facts> = {}): Promise<Identity> =>
  identity({ ...marked, names: [...marked.names], issuer: root, ...facts });
const billing = await client();
function machines(options: Partial<ClientCertificateOptions> = {}) {
  return clientCertificate({
    ca: root.cert,
    names: { 'DNS:billing.internal': { subject: 'billing' } },
    proxies: ['127.0.0.1'],
    ...options,
  } as ClientCertificateOptions);
}
const sent = ({ certificate }: Identity): string =>
  `:${Buffer.from(certificate.rawData).toString('base64')}:`;
const forwarding =
  (make: () => Promise<[Identity, ...Identity[]]>) =>
  async (app: RunningApp): Promise<Answer> => {
    const [leaf, ...chain] = await make();
    const between = chain.length === 0 ? [] : [`Client-Cert-Chain: ${chain.map(sent).join(', ')}`];
    return askRaw(app, [`Client-Cert: ${sent(leaf)}`, ...between]);
  };

const CASES: [code: string, what: Case][] = [
  ['other_scheme', { configure: by(tokens), ask: raw(`Authorization: Token ${MARKER}`) }],
  ['repeated_authorization', { configure: by(checked), ask: raw(wrong, wrong) }],
  ['invalid_credentials', { configure: by(checked), ask: raw(wrong) }],
  ['malformed_basic', { configure: by(checked), ask: raw(`Authorization: Basic ${MARKER}!`) }],
  [
    'password_too_long',
    {
      configure: by(basic({ realm: 'Init', users: hashed, hashers: [cheap] })),
      ask: raw(`Authorization: ${basicValue(`ada:${MARKER.repeat(60)}`)}`),
    },
  ],
  [
    'hashing_busy',
    { configure: by(basic({ realm: 'Init', users: hashed, hashers: [full] })), ask: raw(wrong) },
  ],
  [
    'throttled',
    {
      configure: by(basic({ realm: 'Init', check: () => false, throttle: { perPair: 1 } })),
      async ask(app) {
        await askRaw(app, [wrong]);
        return askRaw(app, [wrong]);
      },
    },
  ],
  [
    'cross_site_request',
    {
      configure: by(checked),
      ask: (app) =>
        ask(app, {
          method: 'POST',
          headers: { authorization: basicValue(`ada:${MARKER}`), origin: `https://${MARKER}.test` },
        }),
    },
  ],
  ['insecure_connection', { configure: by(checked), ask: raw(wrong, `X-Forwarded-For: ${MARKER}`) }],
  ['malformed_bearer', { configure: by(tokens), ask: raw(`Authorization: Bearer ${MARKER},${MARKER}`) }],
  [
    'two_bearer_transports',
    {
      configure: by(tokens),
      ask: (app) =>
        ask(app, { path: `/?access_token=${MARKER}`, headers: { authorization: `Bearer ${good}` } }),
      secrets: parts,
    },
  ],
  [
    'missing_subject',
    {
      configure: by(tokens),
      ask: raw(`Authorization: Bearer ${forge({ ...secretClaims, sub: undefined })}`),
    },
  ],
  [
    'policy',
    {
      configure: (koa) => void koa.use(authenticate(tokens)).use(authorize(hasRole('root'))),
      ask: raw(`Authorization: Bearer ${good}`),
      secrets: parts,
    },
  ],
  [
    'user_not_found',
    {
      configure: by(withUser(tokens, () => undefined)),
      ask: raw(`Authorization: Bearer ${good}`),
      secrets: parts,
    },
  ],
  [
    'repeated_api_key',
    {
      configure: by(apiKey({ keys })),
      ask: raw(`X-Api-Key: ${key}`, `X-Api-Key: ${MARKER}`),
      secrets: [key, MARKER],
    },
  ],
  ['malformed_api_key', { configure: by(apiKey({ keys })), ask: raw(`X-Api-Key: ${MARKER} ${MARKER}`) }],
  ['api_key_mistyped', { configure: by(apiKey({ keys })), ask: raw(`X-Api-Key: key_${MARKER}`) }],
  [
    'api_key_unknown',
    { configure: by(apiKey({ keys })), ask: raw(`X-Api-Key: ${unknown}`), secrets: [unknown, record.hash] },
  ],
  [
    'api_key_expired',
    {
      configure: by(apiKey({ keys: new Map([[over.id, over]]), query: 'k' })),
      ask: (app) => ask(app, { path: `/?k=${key}` }),
      secrets: [key, record.hash],
    },
  ],
  [
    'repeated_cookie',
    { configure: by(session), ask: withCookie(`${live}; ${NAME}=${MARKER}`), secrets: [live, MARKER] },
  ],
  ['malformed_cookie', { configure: by(session), ask: withCookie(`"${MARKER}"`) }],
  ['no_session', { configure: by(session), ask: withCookie(await sessionAt({ password: MARKER })) }],
  [
    'session_idle',
    // Within the validator's tolerance for clocks that differ.
    { configure: by(session), ask: withCookie(await sessionAt(sessionClaims, NOON - 1801, NOON - 1)) },
  ],
  [
    'session_too_old',
    {
      configure: by(session),
      ask: withCookie(await sessionAt({ ...sessionClaims, auth_time: NOON - 50_000 })),
    },
  ],
  [
    'session_ended',
    {
      configure: by(cookie({ jwt: builderOf(clock), clock, ended: { add: () => {}, has: () => true } })),
      ask: withCookie(live),
      secrets: [live, MARKER],
    },
  ],
  ['malformed_client_cert', { configure: by(machines()), ask: raw(`Client-Cert: ${MARKER}`) }],
  [
    'certificate_chain',
    {
      configure: by(machines()),
      ask: forwarding(async () => [await client({ issuer: await authority('CN=Other Root') })]),
    },
  ],
  [
    'certificate_dates',
    { configure: by(machines()), ask: forwarding(async () => [await client({ from: -10, until: -1 })]) },
  ],
  [
    'certificate_purpose',
    { configure: by(machines()), ask: forwarding(async () => [await client({ purposes: [] })]) },
  ],
  [
    'certificate_path',
    {
      configure: by(machines()),
      ask: forwarding(async () => {
        const upper = await authority('CN=Upper', { issuer: root, pathLength: 0 });
        const lower = await authority('CN=Lower', { issuer: upper });
        return [await client({ issuer: lower }), lower, upper];
      }),
    },
  ],
  [
    'certificate_extension',
    {
      configure: by(machines()),
      ask: forwarding(async () => [
        await client({ extensions: [new Extension('1.3.6.1.4.1.99999.1', true, Buffer.from(MARKER))] }),
      ]),
    },
  ],
  [
    'certificate_constraints',
    {
      configure: by(machines()),
      ask: forwarding(async () => {
        const bounded = await authority('CN=Bounded', {
          issuer: root,
          extensions: [nameConstraints([[0x82, 'example.test']])],
        });
        return [await client({ issuer: bounded }), bounded];
      }),
    },
  ],
  [
    'certificate_names',
    {
      configure: by(machines()),
      ask: forwarding(async () => {
        vi.mocked(alternativeNames).mockReturnValueOnce(undefined);
        return [await client()];
      }),
    },
  ],
  [
    'certificate_revoked',
    { configure: by(machines({ isRevoked: () => true })), ask: forwarding(async () => [await client()]) },
  ],
  ['certificate_unknown', { configure: by(machines()), ask: forwarding(async () => [await client()]) }],
];

describe('H17 the refusal of', () => {
  it.each(CASES)('%s holds no secret: not for the client, nor in an event', async (code, what) => {
    await using app = await serveAudited(what.configure);
    const answer = await what.ask(app);
    const last = app.refusals.at(-1);
    expect([last?.reasons[0]?.code, last?.trace]).toEqual([code, problemOf(answer)['trace']]);
    expectNowhere(what.secrets ?? [MARKER], published(app, answer));
    expectNowhere(what.secrets ?? [MARKER], app.errors.map(printed).join('\n'));
    expect(app.events.at(-1)).toMatchObject({ outcome: 'refused', code });
  });

  it('certificate_refused holds no secret: not for the client, nor in the event', async () => {
    const server = await identity({ subject: 'CN=localhost', issuer: root });
    const stranger = await client({ issuer: await authority('CN=Other Root') });
    const tls = {
      key: server.key,
      cert: server.cert,
      ca: [root.cert],
      requestCert: true,
      rejectUnauthorized: false,
    };
    await using app = await serveTls(by(machines({ proxies: [] })), tls);
    const answer = await askTls(app, shown(stranger));
    expect(app.refusals.map(({ reasons }) => reasons[0]?.code)).toEqual(['certificate_refused']);
    expectNowhere([MARKER], published(app, answer));
  });

  it.each([
    ['a page of another site', { origin: `https://${MARKER}.test` }],
    ['plain HTTP', { 'x-forwarded-proto': MARKER }],
  ])('a sign-in from %s holds no secret, nor does its error', async (_what, headers) => {
    await using app = await serveAudited((koa) =>
      koa.use(
        async (ctx) => void (await session.signIn(ctx, { subject: MARKER, claims: { password: MARKER } })),
      ),
    );
    const answer = await askWith(app, `${NAME}=${live}`, {
      method: 'POST',
      headers: { ...own(app), ...headers },
    });
    expect(answer.status).toBe(403);
    expect(app.errors).toHaveLength(1);
    expectNowhere([MARKER, live], published(app, answer) + app.errors.map(printed).join('\n'));
  });

  it.each<[string, Schemes<object>, string]>([
    [
      'the user cannot be loaded',
      withUser(tokens, () => Promise.reject(new Error(MARKER))),
      `Bearer ${good}`,
    ],
    [
      'the store of keys is down',
      apiKey({ keys: { find: () => Promise.reject(new Error(MARKER)) } }),
      `Bearer ${good}`,
    ],
    [
      'the store of passwords is down',
      basic({ realm: 'Init', users: () => Promise.reject(new Error(MARKER)), hashers: [cheap] }),
      basicValue(`ada:${MARKER}`),
    ],
  ])(
    'nobody, because %s, holds no secret, and its error is marked for the log',
    async (_what, scheme, value) => {
      await using app = await serveAudited(by(scheme));
      const answer = await askRaw(app, [`Authorization: ${value}`, `X-Api-Key: ${unknown}`]);
      expect([answer.status, app.refusals]).toEqual([500, []]);
      expect(app.errors.map(isSchemeError)).toEqual([true]);
      expectNowhere([MARKER, unknown, ...parts], published(app, answer));
    },
  );

  // The twin: all these schemes let somebody in.
  it.each<[string, Schemes<object>, string[]]>([
    ['Basic', checked, [`Authorization: ${basicValue('ada:right')}`]],
    ['Bearer', tokens, [`Authorization: Bearer ${good}`]],
    ['an API key', apiKey({ keys }), [`X-Api-Key: ${key}`]],
    ['a session', session, [`Cookie: ${NAME}=${live}`]],
    [
      'a certificate',
      machines({ names: { [`DNS:${MARKER}.internal`]: { subject: 'billing' } } }),
      [`Client-Cert: ${sent(billing)}`],
    ],
  ])('nobody is what good credentials come to: %s', async (_what, scheme, lines) => {
    await using app = await serve(by(scheme));
    expect([(await askRaw(app, lines)).body, app.refusals]).toEqual(['in', []]);
  });
});

describe('the codes of refusals', () => {
  it('are found in the source, and each is driven above', () => {
    expect(codesInSource().length).toBeGreaterThan(30);
    expect([...CASES.map(([code]) => code), 'certificate_refused'].sort()).toEqual(codesInSource());
  });
});

/** Every code that a failure of this package is made with. Codes of tokens are those of their verifier. */
function codesInSource(): string[] {
  const folder = join(import.meta.dirname, '../src');
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('sessions/'))
    .flatMap((file) => {
      const text = readFileSync(join(folder, file), 'utf8').replace(/^\s*\*.*$/gm, '');
      const made =
        /(?:\b(?:credentialsInvalid|failure|requestFailure|invalid|over)\(\s*|\bcode: )'([a-z_]+)'/g;
      return [...text.matchAll(made)].map(([, code]) => code as string);
    });
  return [...new Set(found)].sort();
}
