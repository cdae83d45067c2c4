import { describe, expect, it } from 'vitest';
import {
  decryptCompact,
  encryptCompact,
  generateKey,
  importEncryptionKey,
  importKey,
  JwtValidator,
  KeyRing,
  signCompact,
  verifyCompact,
} from '../src/index.ts';
import { discover, remoteJwks } from '../src/remote.ts';
import { ed25519, HEX, rsa } from './fixtures/keys.ts';
import { AUDIENCE, builder, ISSUER, refusalOf } from './fixtures/tokens.ts';

const good = { keys: { hex: HEX }, issuer: ISSUER, audience: AUDIENCE };
const entry = { ...good };
const key = { hex: HEX };
const shared = { hex: HEX.slice(0, 64) };
const url = 'https://issuer.example';

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
      'of another library',
      () => new JwtValidator({ ...good, leeway: 5 } as never),
      'leeway',
      /Did you mean clockTolerance\?/,
    ],
    [
      'unlike any',
      () => new JwtValidator({ ...good, algorithms: ['none'] } as never),
      'algorithms',
      /The options are issuer, keys, audience, /,
    ],
    [
      'inherited by every object',
      () => new JwtValidator({ ...good, constructor: 1 } as never),
      'constructor',
      /The options are /,
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
      'of signCompact()',
      () => signCompact('a', key, { algorithm: 'HS512' } as never),
      'algorithm',
      /The options are alg, header\./,
    ],
    [
      'of verifyCompact()',
      () => verifyCompact('', key, { algorithm: ['HS512'] } as never),
      'algorithm',
      /Did you mean algorithms\?/,
    ],
    [
      'of encryptCompact()',
      () => encryptCompact('a', shared, { headers: {} } as never),
      'headers',
      /Did you mean header\?/,
    ],
    [
      'of decryptCompact()',
      () => decryptCompact('', shared, { keyManagementAlgorithm: ['dir'] } as never),
      'keyManagementAlgorithm',
      /Did you mean keyManagementAlgorithms\?/,
    ],
    [
      'of encryptWith()',
      () => builder.encryptWith(shared, { end: 'A128GCM' } as never),
      'end',
      /Did you mean enc\?/,
    ],
    [
      'of importEncryptionKey()',
      () => importEncryptionKey(shared, { iteration: 1 } as never),
      'iteration',
      /Did you mean iterations\?/,
    ],
    [
      'of remoteJwks()',
      () => remoteJwks(url, { algorithm: ['ES256'] } as never),
      'algorithm',
      /Did you mean algorithms\?/,
    ],
    ['of discover()', () => discover(url, { timeOut: 1 } as never), 'timeOut', /Did you mean timeout\?/],
    ['of generateKey()', () => generateKey('ES256', { kit: 'a' } as never), 'kit', /Did you mean kid\?/],
    [
      'of KeyRing.generate()',
      () => KeyRing.generate('ES256', { clockTolerence: 5 } as never),
      'clockTolerence',
      /Did you mean clockTolerance\?/,
    ],
    [
      'of a KeyRing',
      () => new KeyRing({ current: ed25519('a').privateKey, nxt: ed25519('b').privateKey } as never),
      'nxt',
      /Did you mean next\?/,
    ],
    [
      'of KeyRing.from()',
      async () => KeyRing.from((await KeyRing.generate('ES256')).exportState(), { validfor: 1 } as never),
      'validfor',
      /Did you mean validFor\?/,
    ],
    [
      'of exportPrivatePem()',
      () => importKey(rsa().privateKey).exportPrivatePem({ passPhrase: 'open sesame' } as never),
      'passPhrase',
      /Did you mean passphrase\?/,
    ],
    [
      'of scrypt',
      () =>
        importKey({
          passphrase: 'correct horse battery staple',
          salt: { hex: HEX },
          scrypt: { blocksize: 16 } as never,
        }),
      'blocksize',
      /Did you mean blockSize\?/,
    ],
    [
      'very long',
      () => new JwtValidator({ ...good, ['x'.repeat(1e6)]: 1 } as never),
      'x'.repeat(40),
      /The options are /,
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
