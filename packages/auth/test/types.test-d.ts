import Router from '@koa/router';
import type { Claims, Verified } from '@tokenwright/jwt';
import Koa from 'koa';
import { describe, expectTypeOf, it } from 'vitest';
import {
  allOf,
  authenticate,
  authorize,
  basic,
  bearer,
  clientCertificate,
  cookie,
  hasClaim,
  hasRole,
  hasScope,
  namedPolicies,
  type Principal,
  policy,
  type Scheme,
  type SessionScheme,
} from '../src/index.js';
import { jwt } from './tokens.ts';

interface OwnClaims {
  readonly sub: string;
  readonly tier: number;
}

const own = { verify: async (_token: string) => ({ claims: { sub: 'admin', tier: 3 } as OwnClaims }) };

describe('ctx.state.auth', () => {
  it('is a principal after authenticate in a plain Koa chain', () => {
    new Koa().use(authenticate(bearer(jwt.validator()))).use((ctx) => {
      expectTypeOf(ctx.state.auth).toEqualTypeOf<Principal<Verified<Claims>>>();
      expectTypeOf(ctx.state.auth.name).toEqualTypeOf<string>();
      expectTypeOf(ctx.state.auth.roles).toEqualTypeOf<readonly string[]>();
      expectTypeOf(ctx.state.auth.token).toEqualTypeOf<string | undefined>();
    });
  });

  it('is a principal after authenticate and authorize on a route of @koa/router', () => {
    new Router().get('/', authenticate(bearer(own)), authorize(hasRole('admin')), (ctx) => {
      expectTypeOf(ctx.state.auth).toEqualTypeOf<Principal<OwnClaims>>();
    });
    new Koa()
      .use(authenticate(bearer(own)))
      .use(authorize(hasRole('admin')))
      .use((ctx) => {
        expectTypeOf(ctx.state.auth).toEqualTypeOf<Principal<OwnClaims>>();
      });
  });

  it('has the claims that the verifier answers', () => {
    new Koa().use(authenticate(bearer(own))).use((ctx) => {
      expectTypeOf(ctx.state.auth.claims).toEqualTypeOf<OwnClaims>();
      // @ts-expect-error: there is no such claim
      ctx.state.auth.claims.level;
    });
    new Router().get('/', authenticate(bearer(own)), (ctx) => {
      expectTypeOf(ctx.state.auth.claims.tier).toEqualTypeOf<number>();
    });
  });

  it('may be undefined where authentication is optional', () => {
    new Koa().use(authenticate(bearer(own), { optional: true })).use((ctx) => {
      expectTypeOf(ctx.state.auth).toEqualTypeOf<Principal<OwnClaims> | undefined>();
      // @ts-expect-error: nobody may be known
      ctx.state.auth.name;
    });
  });

  it('cannot be written to', () => {
    new Koa().use(authenticate(bearer(own))).use((ctx) => {
      // @ts-expect-error: read-only
      ctx.state.auth.subject = 'root';
      // @ts-expect-error: read-only
      ctx.state.auth.roles.push('admin');
    });
  });

  it('is there after several schemes', () => {
    const login = basic({ realm: 'Init', check: () => true });
    new Koa().use(authenticate([login, login])).use((ctx) => {
      expectTypeOf(ctx.state.auth.scheme).toEqualTypeOf<string>();
    });
  });
});

describe('policies', () => {
  it('may read the claims that the verifier answers', () => {
    const gold = policy<OwnClaims>('gold', ({ claims }) => claims.tier > 2);
    new Router().get('/', authenticate(bearer(own)), authorize(allOf(gold, hasRole('admin'))), (ctx) => {
      expectTypeOf(ctx.state.auth).toEqualTypeOf<Principal<OwnClaims>>();
    });
  });
});

describe('schemes', () => {
  it('carry the type of their claims', () => {
    expectTypeOf(bearer(own)).toEqualTypeOf<Scheme<OwnClaims>>();
    expectTypeOf(bearer(jwt.validator())).toEqualTypeOf<Scheme<Verified<Claims>>>();
  });
});

describe('wrong options', () => {
  it('of basic do not compile', () => {
    // @ts-expect-error: a realm is needed
    basic({ users: { admin: 'password' } });
    // @ts-expect-error: users or check
    basic({ realm: 'Init' });
    // @ts-expect-error: not both
    basic({ realm: 'Init', users: { admin: 'password' }, check: () => true });
    // @ts-expect-error: a password is a string
    basic({ realm: 'Init', users: { admin: 7 } });
    // @ts-expect-error: a check answers a boolean or a principal
    basic({ realm: 'Init', check: () => 'yes' });
    // @ts-expect-error: a principal has a subject
    basic({ realm: 'Init', check: () => ({ name: 'Ada' }) });
  });

  it('of bearer do not compile', () => {
    // @ts-expect-error: a verifier is needed
    bearer();
    // @ts-expect-error: a key is no verifier
    bearer({ hex: '00' });
    // @ts-expect-error: a verifier answers claims
    bearer({ verify: () => true });
    // @ts-expect-error: misspelt
    bearer(own, { relm: 'api' });
  });

  it('of authenticate do not compile', () => {
    // @ts-expect-error: at least one scheme
    authenticate([]);
    // @ts-expect-error: a validator is no scheme
    authenticate(jwt.validator());
    // @ts-expect-error: misspelt
    authenticate(bearer(own), { optinal: true });
  });

  it('of policies do not compile', () => {
    // @ts-expect-error: a name is no policy
    authorize('admin');
    // @ts-expect-error: one role
    hasRole(['admin']);
    // @ts-expect-error: one scope
    hasScope('read', 'write');
    // @ts-expect-error: a value that may be missing would ask for less than was meant
    hasClaim('tenant', undefined);
    // @ts-expect-error: a predicate answers a boolean
    policy('odd', () => 'yes');
  });
});

describe('a session', () => {
  it('has the claims of its builder’s validator', () => {
    expectTypeOf(cookie({ jwt })).toEqualTypeOf<SessionScheme<Verified<Claims>>>();
    new Router().post('/', authenticate(cookie({ jwt })), async (ctx) => {
      expectTypeOf(ctx.state.auth).toEqualTypeOf<Principal<Verified<Claims>>>();
      await cookie({ jwt }).signOut(ctx);
    });
  });

  it('takes the options of the builder’s validator', () => {
    cookie({ jwt, validator: { isRevoked: ({ sub }) => sub === 'ada' } });
    // @ts-expect-error: misspelt
    cookie({ jwt, validator: { isRevoked: () => false, isser: 'a' } });
  });

  it('with wrong options does not compile', () => {
    // @ts-expect-error: a builder is needed
    cookie({});
    // @ts-expect-error: other sites may not send it
    cookie({ jwt, sameSite: 'None' });
    // @ts-expect-error: a number has a unit
    cookie({ jwt, idle: '30' });
    // @ts-expect-error: the cookie stays with its host
    cookie({ jwt, domain: 'example.com' });
  });
});

describe('a client certificate', () => {
  it('with wrong options does not compile', () => {
    // @ts-expect-error: one way to a principal
    clientCertificate({ ca: '' });
    // @ts-expect-error: not two
    clientCertificate({ ca: '', names: {}, principal: () => undefined });
    // @ts-expect-error: a name has a type
    clientCertificate({ ca: '', names: { billing: { subject: 'billing' } } });
    // @ts-expect-error: a principal has a subject
    clientCertificate({ ca: '', principal: () => ({ name: 'Ada' }) });
  });
});

describe('named policies', () => {
  it('with a name that is not there do not compile', () => {
    const may = namedPolicies({ staff: hasRole('staff') });
    new Router().get('/', authenticate(bearer(own)), authorize(may('staff')), (ctx) => {
      expectTypeOf(ctx.state.auth).toEqualTypeOf<Principal<OwnClaims>>();
    });
    // @ts-expect-error: misspelt
    may('stafff');
  });
});
