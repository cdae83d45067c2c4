import { runInNewContext } from 'node:vm';
import * as v from 'valibot';
import { describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { type ClaimsSchema, InvalidOption, JwtValidator } from '../src/index.ts';
import { HEX, OTHER_HEX } from './fixtures/keys.ts';
import {
  AUDIENCE,
  builder,
  CLAIMS,
  clock,
  handmade,
  ISSUER,
  refusalOf,
  tokenWith,
  validatorOf,
} from './fixtures/tokens.ts';

const zod = z.object({
  sub: z.string(),
  tier: z.number(),
  lines: z.array(z.object({ city: z.string() })).optional(),
});
const valibot = v.object({
  sub: v.string(),
  tier: v.number(),
  lines: v.optional(v.array(v.object({ city: v.string() }))),
});
const later = <T>(value: T): Promise<T> => Promise.resolve(value);

const schemas: [string, ClaimsSchema<object>][] = [
  ['Zod', zod],
  ['Zod, asynchronous', zod.refine(() => later(true))],
  ['Valibot', valibot],
  [
    'Valibot, asynchronous',
    v.pipeAsync(
      valibot,
      v.checkAsync(() => later(true)),
    ),
  ],
];

describe.each(schemas)('a schema of claims, %s', (_library, claims) => {
  const validator = validatorOf({ claims: claims as ClaimsSchema });

  it('lets a token pass that satisfies it, again and again', async () => {
    const token = tokenWith({ tier: 3, lines: [{ city: 'Rome' }] });
    for (let use = 0; use < 3; use += 1) {
      const verified = await validator.verify(token);
      expect(verified.claims).toEqual({ ...CLAIMS, tier: 3, lines: [{ city: 'Rome' }] });
      expect(Object.isFrozen(verified.claims)).toBe(true);
    }
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ['a missing claim', {}, 'tier', 'The claim tier'],
    ['a wrong one', { tier: 'SECRET' }, 'tier', 'The claim tier'],
    [
      'a wrong one inside another',
      { tier: 3, lines: [{ city: 'Rome' }, { city: ['SECRET'] }] },
      'lines',
      'Something in the claim lines',
    ],
  ])('refuses %s, and says where, but never what', async (_case, given, claim, subject) => {
    const error = await refusalOf(() => validator.verify(tokenWith(given)));
    expect(error).toMatchObject({
      code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
      claim,
      reason: 'invalid',
      hint: `${subject} is not what the schema of this validator asks for.`,
    });
    const report = await validator.explain(tokenWith(given));
    expect(report.decisive).toMatchObject({
      check: 'own claims',
      reason: 'own_claim_invalid',
      claim,
      trusted: true,
    });
    expect(JSON.stringify([error, report, error.message, error.stack])).not.toContain('SECRET');
  });
});

describe('a schema of claims', () => {
  it('comes after everything else but revocation', async () => {
    const isRevoked = vi.fn(() => true);
    const validator = validatorOf({
      claims: zod as unknown as ClaimsSchema,
      requiredClaims: ['own'],
      isRevoked,
    });
    const names = validator.describe().map(({ check }) => check);
    expect(names.slice(-3)).toEqual(['required claims', 'own claims', 'revocation']);
    expect(validator.describe().at(-2)?.asks).toBe('what the "zod" schema asks for');
    expect(await validator.safeVerify(tokenWith())).toMatchObject({ claim: 'own' });
    expect(await validator.safeVerify(tokenWith({ own: 1 }))).toMatchObject({ claim: 'tier' });
    expect(isRevoked).not.toHaveBeenCalled();
    expect(await validator.safeVerify(tokenWith({ own: 1, tier: 1 }))).toMatchObject({
      code: 'ERR_JWT_REVOKED',
    });
  });

  it('decides and changes nothing: claims stay what the token holds', async () => {
    const claims = z.object({
      tier: z.string().default('none'),
      sub: z.string().transform((sub) => sub.length),
    });
    const verified = await new JwtValidator({
      keys: { hex: HEX },
      issuer: ISSUER,
      audience: AUDIENCE,
      clock,
      claims,
    }).verify(tokenWith({ extra: [1] }));
    expect(verified.claims).toEqual({ ...CLAIMS, extra: [1] });
  });

  it('never sees claims that nobody signed', async () => {
    const validate = vi.fn(() => ({ value: {} }));
    const claims = schemaOf(validate);
    const forged = handmade({ alg: 'HS256' }, CLAIMS, Buffer.from(OTHER_HEX, 'hex'));
    const report = await validatorOf({ claims }).explain(forged);
    expect(report.checks.find(({ check }) => check === 'own claims')).toMatchObject({
      outcome: 'skipped',
      cause: 'Asked for verified tokens only.',
    });
    expect(validate).not.toHaveBeenCalled();
  });

  it('is asked anew for a token that is remembered', async () => {
    let good = true;
    const validator = validatorOf({
      claims: schemaOf(() => (good ? { value: {} } : { issues: [{ message: '' }] })),
    });
    expect((await validator.safeVerify(tokenWith())).ok).toBe(true);
    good = false;
    expect(await validator.safeVerify(tokenWith())).toMatchObject({
      ok: false,
      hint: 'The claims are not what the schema of this validator asks for.',
    });
  });

  it('is answered without waiting, unless it is asynchronous', async () => {
    expect(
      validatorOf({ claims: zod as unknown as ClaimsSchema }).verifySync(tokenWith({ tier: 1 })).claims[
        'tier'
      ],
    ).toBe(1);
    const slow = validatorOf({ claims: schemaOf(() => later({ value: {} })) });
    expect(() => slow.verifySync(tokenWith())).toThrow(TypeError);
    await slow.verify(tokenWith());
    expect(() => slow.verifySync(tokenWith())).toThrow(/nor for such a schema/);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['an object without value and issues', {}],
    ['an empty list of issues', { issues: [] }],
    ['issues that are no list', { value: {}, issues: true }],
    ['an issue that is none', { issues: [null] }],
    ['a promise of another realm that has issues', runInNewContext('Promise.resolve({ issues: [{}] })')],
  ])('refuses when it answers %s', async (_case, answer) => {
    const claims = schemaOf(() => answer as never);
    expect(await validatorOf({ claims }).safeVerify(tokenWith())).toMatchObject({
      ok: false,
      code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
    });
  });

  it('waits for a promise of another realm', async () => {
    const answer: unknown = runInNewContext('Promise.resolve({ value: {} })');
    const validator = validatorOf({ claims: schemaOf(() => answer as never) });
    expect((await validator.safeVerify(tokenWith())).ok).toBe(true);
  });

  it.each<[string, ClaimsSchema<object>]>([
    ['a record, Zod', z.looseObject({ people: z.record(z.string(), z.number()) })],
    ['a record, Valibot', v.looseObject({ people: v.record(v.string(), v.number()) })],
    ['a rest of any name, Zod', z.object({}).catchall(z.union([z.string(), z.number()]))],
    ['a rest of any name, Valibot', v.objectWithRest({}, v.union([v.string(), v.number()]))],
    ['no rest at all, Zod', z.strictObject({ ...known(z.unknown()) })],
    ['no rest at all, Valibot', v.strictObject({ ...known(v.unknown()) })],
  ])('tells no name that it met in the token: %s', async (_case, claims) => {
    const validator = validatorOf({ claims: claims as ClaimsSchema });
    const token = tokenWith({ people: { 'SECRET@example.com': 'x' }, SECRET: { a: 1 } });
    const error = await refusalOf(() => validator.verify(token));
    expect(error).toMatchObject({ code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', reason: 'invalid' });
    const answers = [error, error.message, error.stack, await validator.safeVerify(token)];
    expect(JSON.stringify(answers)).not.toContain('SECRET');
    expect(JSON.stringify((await validator.explain(token)).decisive)).not.toContain('SECRET');
  });

  it.each<[string, unknown, string | undefined]>([
    ['in keys', ['tier'], 'tier'],
    ['in objects', [{ key: 'tier' }], 'tier'],
    ['of a registered claim', ['sub', 'a'], 'sub'],
    ['that is long', ['x'.repeat(500)], 'x'.repeat(118)],
    ['of the whole', [], undefined],
    ['of another claim', ['own'], undefined],
    ['that is text', 'tier', undefined],
    ['of null', [null], undefined],
    ['of numbers', [0, 'tier'], undefined],
    ['of symbols', [Symbol('tier')], undefined],
    ['of objects without keys', [{}], undefined],
  ])('takes a path %s for what it is worth', async (_case, path, claim) => {
    const claims = schemaOf(() => ({ issues: [{ message: '', path }] }) as never);
    const answer = await validatorOf({ claims }).safeVerify(tokenWith({ own: 1 }));
    expect(answer).toMatchObject({ ok: false, code: 'ERR_JWT_CLAIM_VALIDATION_FAILED' });
    expect('claim' in answer ? answer.claim : undefined).toBe(claim);
  });

  it('throws on what it throws', async () => {
    const failure = new Error('the store is down');
    const claims = schemaOf(() => {
      throw failure;
    });
    expect(await refusalOf(() => validatorOf({ claims }).verify(tokenWith()))).toBe(failure);
  });

  it('counts for each of several issuers, and in a renewal', async () => {
    const entry = { issuer: ISSUER, keys: { hex: HEX }, audience: AUDIENCE };
    const several = new JwtValidator({ issuers: [entry, { ...entry, issuer: 'other' }], claims: zod, clock });
    expect(await several.safeVerify(tokenWith())).toMatchObject({ ok: false, claim: 'tier' });
    expect((await several.verify(tokenWith({ tier: 1 }))).claims.tier).toBe(1);
    const { token } = await builder.subject('alice').build();
    const validator = builder.validator({ claims: zod });
    expect(await refusalOf(() => builder.renew(token, { validator }))).toMatchObject({ claim: 'tier' });
  });

  it.each([
    null,
    {},
    () => true,
    { '~standard': { version: 2, validate: () => ({ value: 1 }) } },
    { '~standard': { version: 1 } },
  ])('is refused by the factory when it is none: %j', (claims) => {
    expect(() => validatorOf({ claims: claims as never })).toThrow(InvalidOption);
  });
});

/** One schema for each claim of a good token. */
function known<S>(schema: S): Record<string, S> {
  return Object.fromEntries(Object.keys(CLAIMS).map((name) => [name, schema]));
}

function schemaOf(validate: ClaimsSchema['~standard']['validate']): ClaimsSchema {
  return { '~standard': { version: 1, vendor: 'test', validate } };
}
