import { describe, expectTypeOf, it } from 'vitest';
import {
  type Claims,
  type ClaimsSchema,
  type Duration,
  importKey,
  inspect,
  JwtBuilder,
  JwtValidator,
  type RefusalCode,
  type SafeVerification,
  type SignatureAlgorithmName,
  type Unverified,
  type ValidatorOptions,
  type Verified,
  type VerifiedToken,
} from '../src/index.ts';

declare const jwt: JwtBuilder;
declare const validator: JwtValidator;
declare const keys: { hex: string };
declare function grant(claims: Verified): void;
declare function read(claims: Claims): void;

describe('the marks on claims', () => {
  it('let through what was verified', async () => {
    const { claims } = await validator.verify('token');
    expectTypeOf(claims).toEqualTypeOf<Verified<Claims>>();
    grant(claims);
    read(claims);
  });

  it('stop what was only read, or made by hand', () => {
    const { claims } = inspect('token');
    expectTypeOf(claims).toEqualTypeOf<Unverified<Claims> | undefined>();
    if (claims === undefined) return;
    read(claims);
    // @ts-expect-error: unverified claims are no verified ones
    grant(claims);
    // @ts-expect-error: nor is a plain object
    grant({ sub: 'alice' });
    // @ts-expect-error: nor is what a builder issued
    grant(jwt.buildSync().claims);
  });

  it('cannot be taken for one another', () => {
    expectTypeOf<Unverified>().not.toExtend<Verified>();
    expectTypeOf<Verified>().not.toExtend<Unverified>();
  });
});

describe('claims', () => {
  it('have types where they are registered, and are unknown elsewhere', () => {
    expectTypeOf<Claims['aud']>().toEqualTypeOf<string | readonly string[] | undefined>();
    expectTypeOf<Claims['exp']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<Claims['tier']>().toEqualTypeOf<unknown>();
  });

  it('of a verified token cannot be written', async () => {
    const { claims } = await validator.verify('token');
    // @ts-expect-error: read-only
    claims.sub = 'root';
  });
});

describe('durations', () => {
  it('are numbers of seconds or numbers with a unit', () => {
    jwt.validFor(900);
    jwt.validFor('15m');
    expectTypeOf<'1.5h'>().toExtend<Duration>();
    // @ts-expect-error: a bare numeric string could mean anything
    jwt.validFor('900');
    // @ts-expect-error: no such unit
    jwt.validFor('2w');
    // @ts-expect-error: a point in time is no duration
    jwt.validFor(new Date());
  });
});

describe('a builder', () => {
  it('takes the algorithms there are', () => {
    jwt.signWith(keys, 'HS256');
    expectTypeOf<'none'>().not.toExtend<SignatureAlgorithmName>();
    // @ts-expect-error: none does not exist
    jwt.signWith(keys, 'none');
    // @ts-expect-error: names are case-sensitive
    jwt.signWith(keys, 'hs256');
    // @ts-expect-error: nor does this one exist
    jwt.signWith({ hex: 'aa', alg: 'RSA1_5' });
  });

  it('takes keys in a form that is named', () => {
    // @ts-expect-error: text does not say in which form it is
    jwt.signWith('secret');
    // @ts-expect-error: no such form
    importKey({ secret: 'aa' });
  });

  it('needs at least one audience', () => {
    // @ts-expect-error: none is given
    jwt.audience();
    jwt.audience('a', 'b');
  });
});

describe('a validator', () => {
  it('needs keys, issuer and audience', () => {
    // @ts-expect-error: nothing is accepted by default
    new JwtValidator({});
    // @ts-expect-error: the audience is missing
    new JwtValidator({ keys, issuer: 'a' });
    // @ts-expect-error: undefined says nothing
    new JwtValidator({ keys, issuer: undefined, audience: 'b' });
    new JwtValidator({ keys, issuer: null, audience: null });
  });

  it('takes no empty list, no pattern and no option that it does not have', () => {
    // @ts-expect-error: an empty list would accept nobody
    new JwtValidator({ keys, issuer: [], audience: 'b' });
    // @ts-expect-error: no keys
    new JwtValidator({ keys: [], issuer: 'a', audience: 'b' });
    // @ts-expect-error: strings are compared exactly
    new JwtValidator({ keys, issuer: /a/, audience: 'b' });
    // @ts-expect-error: algorithms come from keys
    new JwtValidator({ keys, issuer: 'a', audience: 'b', algorithms: ['none'] });
    expectTypeOf<ValidatorOptions['cache']>().toEqualTypeOf<number | false | undefined>();
  });

  it('gives claims in a type of one’s own only where a schema checks them', async () => {
    const claims = {} as ClaimsSchema<{ tier: number }>;
    const typed = new JwtValidator<{ tier: number }>({ keys, issuer: null, audience: null, claims });
    expectTypeOf((await typed.verify('token')).claims.tier).toEqualTypeOf<number>();
    expectTypeOf(typed.verifySync).returns.toEqualTypeOf<VerifiedToken<{ tier: number }>>();
    // @ts-expect-error: nobody would have looked
    new JwtValidator<{ tier: number }>({ keys, issuer: null, audience: null });
    // @ts-expect-error: nor here
    const unchecked: JwtValidator<{ tier: number }> = new JwtBuilder().validator();
    expectTypeOf(unchecked).not.toBeAny();
  });

  it('answers safeVerify with claims only where the token is good', async () => {
    const answer: SafeVerification = await validator.safeVerify('token');
    // @ts-expect-error: not known to be good yet
    answer.claims;
    if (answer.ok) expectTypeOf(answer.claims).toEqualTypeOf<Verified<Claims>>();
    else expectTypeOf(answer.code).toEqualTypeOf<RefusalCode>();
  });
});
