import Koa from 'koa';
import { describe, expectTypeOf, it } from 'vitest';
import { authenticate, basic, bearer, type Principal, type PrincipalClaims, withUser } from '../src/index.js';

interface OwnClaims {
  readonly sub: string;
}

const own = { verify: async (_token: string) => ({ claims: { sub: 'ada' } as OwnClaims }) };

describe('withUser', () => {
  it('adds the loaded claims to those of the token', () => {
    const scheme = withUser(bearer(own), async ({ claims }) => {
      expectTypeOf(claims).toEqualTypeOf<OwnClaims>();
      return { claims: { tenant: 'blue' } };
    });
    new Koa().use(authenticate(scheme)).use((ctx) => {
      expectTypeOf(ctx.state.auth.claims.sub).toEqualTypeOf<string>();
      expectTypeOf(ctx.state.auth.claims.tenant).toEqualTypeOf<string>();
      // @ts-expect-error: there is no such claim
      ctx.state.auth.claims.level;
    });
  });

  it('may answer that there is nobody', () => {
    withUser(bearer(own), async () => undefined);
    withUser(bearer(own), (principal) => {
      expectTypeOf(principal).toEqualTypeOf<Principal<OwnClaims>>();
      return principal.subject === 'ada' ? { roles: ['admin'] } : undefined;
    });
  });

  it('takes every scheme', () => {
    withUser(basic({ realm: 'Init', users: { ada: 'engine' } }), ({ claims }) => {
      expectTypeOf(claims).toEqualTypeOf<PrincipalClaims>();
      return {};
    });
  });

  it('can’t make somebody else of a principal', () => {
    // @ts-expect-error: the subject is the credential's
    withUser(bearer(own), () => ({ subject: 'root' }));
  });
});

describe('basic', () => {
  it('takes one source of users', () => {
    basic({ realm: 'Init', users: new Map([['ada', 'hash']]) });
    basic({ realm: 'Init', users: new Map([['ada', { hash: 'hash', roles: ['admin'] }]]) });
    basic({ realm: 'Init', users: async (name) => (name === 'ada' ? 'hash' : undefined) });
    // @ts-expect-error: not both
    basic({ realm: 'Init', users: { ada: 'engine' }, check: () => true });
  });
});
