import { format, inspect as print } from 'node:util';
import { errors as jose } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  InvalidKey,
  InvalidOption,
  importKey,
  JOSEError,
  JWTRevoked,
  JWTSessionOver,
  type KeySource,
  KeysUnavailable,
  REASONS,
  type ReasonName,
  RevocationTimeout,
} from '../src/index.ts';
import { refusalError } from '../src/refusal.ts';
import { rsa } from './fixtures/keys.ts';
import {
  AUDIENCE,
  builder,
  encoded,
  handmade,
  hmac,
  ISSUER,
  NOW,
  refusalOf,
  validatorOf,
} from './fixtures/tokens.ts';

/** Stands in every claim, header parameter and key of these tests, and must stand in no error. */
const MARKER = 'MARKER-7f3a9c';
const KEY = `${MARKER}-a-secret-of-more-than-thirty-two-bytes`;

const claims = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: MARKER,
  exp: NOW + 600,
  iat: NOW,
  jti: MARKER,
  own: MARKER,
};
const header = { alg: 'HS256', typ: 'JWT', x: MARKER };
const good = handmade(header, claims, KEY);
const withClaims = (change: object): string => handmade(header, { ...claims, ...change }, KEY);
const withHeader = (change: object): string => handmade({ ...header, ...change }, claims, KEY);

const strict = validatorOf({ keys: { text: KEY }, typ: 'JWT', requiredClaims: ['own'] });

/** All the ways an error is written to a log. */
function written(error: Error): string {
  const entries = Object.entries(error).map(
    ([name, value]) => `${name}: ${print(value, { depth: Infinity })}`,
  );
  return [
    error.message,
    String(error),
    error.stack,
    JSON.stringify(error),
    JSON.stringify({ ...error }),
    JSON.stringify({ ...error, message: error.message, stack: error.stack, cause: error.cause }),
    print(error, { depth: Infinity }),
    format('%o %O', { ...error }, error.cause),
    ...entries,
  ].join('\n');
}

function expectSilence(error: Error, ...secrets: string[]): void {
  const text = written(error);
  for (const secret of [MARKER, Buffer.from(MARKER).toString('base64url').slice(0, 12), ...secrets]) {
    expect(text).not.toContain(secret);
  }
}

const refusals: [ReasonName, string][] = [
  ['token_malformed', `${good}.${MARKER}`],
  ['token_malformed', good.replace('.', `.${MARKER}+`)],
  ['token_unsigned', `${good.slice(0, good.lastIndexOf('.'))}.`],
  ['token_too_long', `${good}${MARKER.repeat(2000)}`],
  ['token_encrypted', `${good}.${MARKER}.AA`],
  ['header_malformed', `${encoded(`{"alg":"HS256","${MARKER}"`)}.${encoded(claims)}.AAAA`],
  ['header_malformed', handmade(`{"alg":"HS256","${MARKER}":1,"${MARKER}":2}`, claims, KEY)],
  ['header_malformed', withHeader({ kid: [MARKER] })],
  ['algorithm_not_allowed', withHeader({ alg: MARKER })],
  ['crit_not_understood', withHeader({ crit: [MARKER] })],
  ['signature_mismatch', `${good.slice(0, good.lastIndexOf('.'))}.${hmac(good, MARKER)}`],
  ['claims_malformed', handmade(header, `"${MARKER}"`, KEY)],
  ['typ_mismatch', withHeader({ typ: MARKER })],
  ['expiry_missing', withClaims({ exp: undefined })],
  ['expired', withClaims({ exp: NOW - 100 })],
  ['claim_invalid', withClaims({ exp: MARKER })],
  ['not_yet_valid', withClaims({ nbf: NOW + 100 })],
  ['claim_invalid', withClaims({ nbf: { [MARKER]: MARKER } })],
  ['issued_in_future', withClaims({ iat: NOW + 100 })],
  ['issuer_mismatch', withClaims({ iss: MARKER })],
  ['audience_mismatch', withClaims({ aud: [MARKER] })],
  ['claim_missing', withClaims({ own: undefined })],
  ['claim_invalid', withClaims({ jti: [MARKER] })],
];

describe('the error of a refused token', () => {
  it.each(refusals)('holds nothing of token, key or claims: %s', async (reason, token) => {
    const { decisive } = await strict.explain(token);
    expect(decisive?.reason).toBe(reason);
    const error = await refusalOf(() => strict.verify(token));
    expect(error).toBeInstanceOf(JOSEError);
    expect(error).toMatchObject({
      code: REASONS[reason].code,
      message: REASONS[reason].cause,
      fix: REASONS[reason].fix,
    });
    expect(error).not.toHaveProperty('payload');
    expect(error.cause).toBeUndefined();
    expectSilence(error, token, ...token.split('.').filter((part) => part.length > 20));
  });

  it.each<[ReasonName, object]>([
    ['key_not_found', { keys: { text: KEY, kid: 'k1' } }],
    ['too_old', { maxAge: 0, clockTolerance: 0, clock: () => (NOW + 1) * 1000 }],
    ['revoked', { isRevoked: () => true }],
    ['revocation_timeout', { isRevoked: () => new Promise(() => undefined), revocationTimeout: 0.001 }],
  ])('holds nothing of token, key or claims: %s', async (reason, options) => {
    const validator = validatorOf({ keys: { text: KEY }, ...options });
    const token = withHeader({ kid: MARKER });
    const error = await refusalOf(() => validator.verify(token));
    expect(error).toMatchObject({ code: REASONS[reason].code, message: REASONS[reason].cause });
    expectSilence(error, token);
  });

  it('holds nothing of token, key or claims: session_over', async () => {
    const token = withClaims({ auth_time: NOW - 86_400 });
    const error = await refusalOf(() => builder.signWith({ text: KEY }).renew(token));
    expect(error).toBeInstanceOf(JWTSessionOver);
    expectSilence(error, token);
  });

  it('tells what the token has only to those who ask for it by name', async () => {
    const error = await refusalOf(() => strict.verify(withClaims({ iss: 'someone' })));
    expect(error['actual']).toBe('"someone"');
    expect(Object.keys(error)).not.toContain('actual');
    expect(written(error)).not.toContain('someone');
  });

  it.each(Object.entries(REASONS) as [ReasonName, (typeof REASONS)[ReasonName]][])(
    'of %s is of jose’s class for its code, with sentences for cause and fix',
    (reason, { code, cause, fix }) => {
      const error = refusalError({ reason });
      expect(error).toBeInstanceOf(JOSEError);
      expect(error).toMatchObject({ code, message: cause, hint: cause, fix });
      const own: Record<string, unknown> = {
        ERR_JWT_REVOKED: JWTRevoked,
        ERR_REVOCATION_TIMEOUT: RevocationTimeout,
        ERR_JWT_SESSION_OVER: JWTSessionOver,
        ERR_KEYS_UNAVAILABLE: KeysUnavailable,
      };
      const known = Object.values(jose).find((one) => 'code' in one && one.code === code);
      expect(error.constructor).toBe(own[code] ?? known);
      expect(cause).toMatch(/^[A-Z].*\.$/s);
      expect(fix).toMatch(/^[A-Z].*\.$/s);
    },
  );
});

describe('the words of a reason', () => {
  it('fit any service: they name no route of one', () => {
    const words = Object.values(REASONS).flatMap(({ cause, fix }) => [cause, fix]);
    expect(words.filter((text) => /(?:^|\s)\/[a-z]/.test(text))).toEqual([]);
  });
});

describe('the error of a key', () => {
  const pem = rsa().privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const encrypted = rsa()
    .privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'another' })
    .toString();
  const secretPart = pem.split('\n')[3] ?? 'absent';

  it.each<[string, KeySource | object]>([
    ['hex with another character', { hex: `${MARKER}${'0'.repeat(65)}` }],
    ['base64url with another character', { base64url: `${MARKER}+` }],
    ['a text that is too short', { text: MARKER }],
    ['a passphrase that does not open', { pem: encrypted, passphrase: MARKER }],
    ['PEM that is damaged', { pem: pem.replace(/\n.{20}/, `\n${'A'.repeat(20)}`) }],
    ['PEM without an end', { pem: pem.slice(0, -20) }],
    ['PEM as a secret', { text: pem }],
    ['a JWK that cannot be read', { jwk: { kty: 'RSA', n: MARKER, e: 'AQAB', d: MARKER } }],
    ['an oct JWK that is too short', { jwk: { kty: 'oct', k: Buffer.from(MARKER).toString('base64url') } }],
    ['an unknown algorithm', { text: KEY, alg: MARKER }],
    ['an unknown form', { [MARKER]: MARKER }],
    ['a bare string', MARKER as unknown as KeySource],
  ])('holds nothing of it: %s', async (_case, source) => {
    const error = await refusalOf(() => importKey(source as KeySource));
    expect(error).toBeInstanceOf(InvalidKey);
    expectSilence(error, secretPart);
  });
});

describe('the error of an option', () => {
  it('names the option, says what it is and how to mend it', () => {
    const error = new InvalidOption('issuer', 'is missing', 'Give it.');
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({
      name: 'InvalidOption',
      code: 'ERR_OPTION_INVALID',
      option: 'issuer',
      message: 'issuer is missing. Give it.',
      hint: 'issuer is missing.',
      fix: 'Give it.',
    });
  });

  it('does not show the value of a claim', () => {
    for (const value of [{ [MARKER]: undefined, list: [MARKER, 1n] }]) {
      expect(() => builder.claim('own', { list: value.list })).toThrow(/^claim own\.list\[1\] is a bigint/);
    }
  });
});
