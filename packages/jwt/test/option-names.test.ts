import { describe, expect, it } from 'vitest';
import { JwtValidator } from '../src/index.ts';
import { HEX } from './fixtures/keys.ts';
import { AUDIENCE, builder, ISSUER, refusalOf } from './fixtures/tokens.ts';

const good = { keys: { hex: HEX }, issuer: ISSUER, audience: AUDIENCE };
const entry = { ...good };

describe('an option that there is not', () => {
  it.each<[string, () => unknown, string, RegExp]>([
    [
      'of JwtValidator',
      () => new JwtValidator({ ...good, clockTolerence: 5 } as never),
      'clockTolerence',
      /Did you mean clockTolerance\?/,
    ],
    [
      'by its case',
      () => new JwtValidator({ ...good, maxage: 5 } as never),
      'maxage',
      /Did you mean maxAge\?/,
    ],
    [
      'by one letter',
      () => new JwtValidator({ ...good, requiredClaim: ['sub'] } as never),
      'requiredClaim',
      /Did you mean requiredClaims\?/,
    ],
    [
      'that is undefined',
      () => new JwtValidator({ ...good, isrevokd: undefined } as never),
      'isrevokd',
      /Did you mean isRevoked\?/,
    ],
    [
      'near to two',
      () => new JwtValidator({ ...good, isuer: 'a' } as never),
      'isuer',
      /Did you mean issuer\?/,
    ],
    [
      'unlike any',
      () => new JwtValidator({ ...good, algorithms: ['none'] } as never),
      'algorithms',
      /a validator takes issuer, keys, audience, /,
    ],
    [
      'inherited by every object',
      () => new JwtValidator({ ...good, constructor: 1 } as never),
      'constructor',
      /takes/,
    ],
    [
      'of validator()',
      () => builder.validator({ isRevokd: () => false } as never),
      'isRevokd',
      /Did you mean isRevoked\?/,
    ],
    [
      'of one of several issuers',
      () => new JwtValidator({ issuers: [{ ...entry, audiences: 'b' }] } as never),
      'audiences',
      /Did you mean audience\?/,
    ],
    [
      'of renew()',
      () => builder.renew('', { maxSesion: 5 } as never),
      'maxSesion',
      /Did you mean maxSession\?/,
    ],
    [
      'very long',
      () => new JwtValidator({ ...good, ['x'.repeat(1e6)]: 1 } as never),
      'x'.repeat(40),
      /takes/,
    ],
  ])('is refused with the nearest name: %s', async (_case, call, option, fix) => {
    const error = await refusalOf(call);
    expect(error).toMatchObject({ name: 'InvalidOption', option });
    expect(error['fix']).toMatch(fix);
  });

  it.each([undefined, null, 'keys', [good]])('is refused where options are %j', async (options) => {
    expect(await refusalOf(() => new JwtValidator(options as never))).toMatchObject({ option: 'options' });
  });

  it('is none that may be left undefined', () => {
    expect(() => new JwtValidator({ ...good, issuers: undefined } as never)).not.toThrow();
  });
});
