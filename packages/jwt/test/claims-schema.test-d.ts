import * as v from 'valibot';
import { describe, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { type Claims, type JwtBuilder, JwtValidator, type Verified } from '../src/index.ts';

declare const jwt: JwtBuilder;
declare function grant(claims: Verified): void;
const given = { keys: { hex: 'aa' }, issuer: 'a', audience: 'b' };

describe('a schema of claims', () => {
  it('gives verified claims their type', async () => {
    const zod = new JwtValidator({ ...given, claims: z.object({ sub: z.string(), tier: z.number() }) });
    const { claims } = await zod.verify('token');
    expectTypeOf(claims.tier).toEqualTypeOf<number>();
    expectTypeOf(claims.sub).toEqualTypeOf<string>();
    expectTypeOf(claims.exp).toEqualTypeOf<number | undefined>();
    grant(claims);
    const valibot = jwt.validator({ claims: v.object({ tier: v.picklist(['one', 'two']) }) });
    expectTypeOf((await valibot.verify('token')).claims.tier).toEqualTypeOf<'one' | 'two'>();
    const answer = await valibot.safeVerify('token');
    if (answer.ok) expectTypeOf(answer.claims.tier).toEqualTypeOf<'one' | 'two'>();
    expectTypeOf(valibot.verifySync('token').claims.name).toEqualTypeOf<string | undefined>();
  });

  it('gives the type of what it takes in, for claims stay what the token holds', () => {
    const claims = z.object({
      since: z.number().transform((at) => new Date(at)),
      tier: z.string().default('none'),
    });
    const verified = jwt.validator({ claims }).verifySync('token').claims;
    expectTypeOf(verified.since).toEqualTypeOf<number>();
    expectTypeOf(verified.tier).toEqualTypeOf<string | undefined>();
  });

  it('is one of objects', () => {
    // @ts-expect-error: claims are no text
    new JwtValidator({ ...given, claims: z.string() });
    // @ts-expect-error: this is no schema
    new JwtValidator({ ...given, claims: { tier: 'number' } });
  });

  it('is not needed', async () => {
    expectTypeOf(jwt.validator()).toEqualTypeOf<JwtValidator<Claims>>();
    expectTypeOf((await new JwtValidator(given).verify('token')).claims).toEqualTypeOf<Verified<Claims>>();
  });

  it('goes into a renewal', () => {
    jwt.renew('token', { validator: jwt.validator({ claims: z.object({ tier: z.number() }) }) });
  });
});
