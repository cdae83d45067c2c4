/** What is the application's own stays its own: a principal is made of copies. */
import { describe, expect, it } from 'vitest';
import { copied } from '../src/frozen.js';
import {
  apiKey,
  authenticate,
  basic,
  bearer,
  clientCertificate,
  createPrincipal,
  generateApiKey,
  hashPassword,
  type Principal,
  type PrincipalClaims,
  type Scheme,
  scrypt,
  type UserMap,
  withUser,
} from '../src/index.js';
import { authority, identity } from './certificates.ts';
import { ask, basicValue, serve } from './koa-app.ts';
import { jwt, tokenFor } from './tokens.ts';

class Entity {
  logins = 0;
  readonly #secret = 'kept';

  get secret(): string {
    return this.#secret;
  }
}

const cheap = scrypt({ ln: 10, p: 1 });
const { key, record } = generateApiKey({ subject: 'billing' });
const root = await authority('CN=Clients Root');
const client = await identity({
  subject: 'CN=billing',
  issuer: root,
  names: [{ type: 'dns', value: 'billing.internal' }],
});
const hash = await hashPassword('engine', cheap);

/** Each scheme that takes claims from the application, and a request that it lets in. */
const SCHEMES: [string, (claims: PrincipalClaims) => Scheme<object>, Record<string, string>][] = [
  [
    'basic(), of a Map',
    (claims) => {
      const users: UserMap = new Map([['ada', { hash, claims }]]);
      return basic({ realm: 'Init', users, hashers: [cheap] });
    },
    { authorization: basicValue('ada:engine') },
  ],
  [
    'basic(), of a check',
    (claims) => basic({ realm: 'Init', check: () => ({ subject: 'ada', claims }) }),
    { authorization: basicValue('ada:engine') },
  ],
  [
    'apiKey()',
    (claims) => apiKey({ keys: new Map([[record.id, { ...record, claims }]]) }),
    { 'x-api-key': key },
  ],
  [
    'clientCertificate()',
    (claims) =>
      clientCertificate({
        ca: root.cert,
        proxies: ['127.0.0.1'],
        names: { 'DNS:billing.internal': { subject: 'billing', claims } },
      }),
    { 'client-cert': `:${Buffer.from(client.certificate.rawData).toString('base64')}:` },
  ],
  [
    'withUser()',
    (claims) => withUser(bearer(jwt.validator()), () => ({ claims })),
    { authorization: `Bearer ${await tokenFor('ada')}` },
  ],
];

async function principalOf(scheme: Scheme<object>, headers: Record<string, string>): Promise<Principal> {
  let found: Principal | undefined;
  await using app = await serve((koa) =>
    koa.use(authenticate(scheme as Scheme)).use((ctx) => {
      found = ctx.state.auth;
      ctx.body = 'in';
    }),
  );
  expect((await ask(app, { headers })).body).toBe('in');
  return found as Principal;
}

describe('the application’s own claims', () => {
  it.each(SCHEMES)(
    'can be changed after a login, which changes no principal: %s',
    async (_what, make, headers) => {
      const claims = { tenant: { id: 7, plans: ['free'] } };
      const { claims: shown } = await principalOf(make(claims), headers);
      claims.tenant.id = 8;
      claims.tenant.plans.push('paid');
      Object.assign(claims, { more: true });
      expect(shown).toMatchObject({ tenant: { id: 7, plans: ['free'] } });
      expect(shown).not.toHaveProperty('more');
      const tenant = shown['tenant'] as typeof claims.tenant;
      for (const value of [shown, tenant, tenant.plans]) expect(Object.isFrozen(value)).toBe(true);
    },
  );

  it.each(SCHEMES)('hold what no copy can be made of, as it is: %s', async (_what, make, headers) => {
    const claims = { user: new Entity(), at: new Date(0), call: () => 'called' };
    const { claims: shown } = await principalOf(make(claims), headers);
    const { user, at, call } = shown as typeof claims;
    expect([user, at, call]).toEqual([claims.user, claims.at, claims.call]);
    for (const [one, other] of [
      [user, claims.user],
      [at, claims.at],
      [call, claims.call],
    ])
      expect(one).toBe(other);
    user.logins += 1;
    expect([user.logins, user.secret]).toEqual([1, 'kept']);
  });
});

describe('a copy of claims', () => {
  it('ends at cycles, and has each of its objects once', () => {
    const claims: Record<string, unknown> = { list: [] };
    claims['self'] = claims;
    (claims['list'] as unknown[]).push(claims, claims['list']);
    const copy = copied(claims);
    expect(copy).not.toBe(claims);
    expect([copy['self'], (copy['list'] as unknown[])[0]]).toEqual([copy, copy]);
    expect((copy['list'] as unknown[])[1]).toBe(copy['list']);
  });

  it('has __proto__ as a member like any other', () => {
    const copy = copied(
      JSON.parse('{ "__proto__": { "admin": true }, "a": [{ "__proto__": 1 }] }') as object,
    );
    expect(JSON.stringify(copy)).toBe('{"__proto__":{"admin":true},"a":[{"__proto__":1}]}');
    expect('admin' in copy).toBe(false);
  });

  it('is plain where the claims are an entity’s, with its members', () => {
    expect(copied(new Entity())).toStrictEqual({ logins: 0 });
  });
});

it('a principal of one’s own scheme has the application’s entity, unfrozen', () => {
  const user = new Entity();
  const { claims } = createPrincipal({ scheme: 'Own', subject: 'ada', claims: { user, of: [user] } });
  expect([Object.isFrozen(claims), Object.isFrozen(claims.of), Object.isFrozen(user)]).toEqual([
    true,
    true,
    false,
  ]);
});
