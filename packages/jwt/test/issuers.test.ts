import { describe, expect, it } from 'vitest';
import {
  explain,
  InvalidOption,
  JwtValidator,
  type KeySource,
  type SeveralIssuersOptions,
} from '../src/index.ts';
import { Key } from '../src/keys/key.ts';
import { ec, HEX, OTHER_HEX } from './fixtures/keys.ts';
import { CLAIMS, clock, handmade, handmadeBy, refusalOf } from './fixtures/tokens.ts';

const A = 'https://a.example';
const B = 'https://b.example';
const SIGNATURE = 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED';
const CLAIM = 'ERR_JWT_CLAIM_VALIDATION_FAILED';

const entryA = { issuer: A, keys: { hex: HEX, kid: 'a' }, audience: 'api' } as const;
const entryB = { issuer: B, keys: { hex: OTHER_HEX, kid: 'b' }, audience: 'other' } as const;

function several(options: Partial<SeveralIssuersOptions> = {}): JwtValidator {
  return new JwtValidator({ issuers: [entryA, entryB], clock, ...options });
}

function signed(hex: string, claims: Record<string, unknown>, header: Record<string, unknown> = {}): string {
  return handmade({ alg: 'HS256', ...header }, { ...CLAIMS, ...claims }, Buffer.from(hex, 'hex'));
}

const fromA = (header = {}): string => signed(HEX, { iss: A, aud: 'api' }, header);
const fromB = (header = {}): string => signed(OTHER_HEX, { iss: B, aud: 'other' }, header);

async function verdict(token: string, validator = several()): Promise<string> {
  const answer = await validator.safeVerify(token);
  return answer.ok ? 'accepted' : answer.code;
}

describe('L35 several issuers in one validator', () => {
  it.each(['verify', 'safeVerify', 'explain'] as const)(
    'refuse an issuer that is deeper than the stack: %s',
    async (call) => {
      const deep = '['.repeat(7000) + ']'.repeat(7000);
      const [header, , signature] = fromA().split('.');
      const token = `${header}.${Buffer.from(`{"iss":${deep}}`).toString('base64url')}.${signature}`;
      const validator = several({ maxTokenLength: 100_000 });
      const answer = await validator[call](token).catch((error: unknown) => error);
      expect(answer).toMatchObject(call === 'explain' ? { accepted: false } : { code: CLAIM });
    },
  );

  it.each<[string, string | undefined, string]>([
    ['kid of A', 'a', 'ERR_JWKS_NO_MATCHING_KEY'],
    ['kid of B', 'b', SIGNATURE],
    ['no kid', undefined, SIGNATURE],
  ])('L35 a token of B signed with the key of A is refused: %s', async (_case, kid, code) => {
    expect(await verdict(signed(HEX, { iss: B, aud: 'other' }, { kid }))).toBe(code);
  });

  it.each<[string, Record<string, unknown>]>([
    ['kid', {}],
    ['no kid', { kid: undefined }],
  ])('L35 twin: each issuer’s own are accepted: %s', async (_case, header) => {
    expect(await verdict(fromA({ kid: 'a', ...header }))).toBe('accepted');
    expect(await verdict(fromB({ kid: 'b', ...header }))).toBe('accepted');
  });

  it('refuses the audience of one issuer for the tokens of another', async () => {
    expect(await several().safeVerify(signed(HEX, { iss: A, aud: 'other' }))).toMatchObject({
      ok: false,
      code: CLAIM,
      claim: 'aud',
      expected: '"api"',
    });
  });

  it('takes any audience from the one issuer for which that was said aloud', async () => {
    const validator = several({ issuers: [{ ...entryA, audience: null }, entryB] });
    expect(await verdict(signed(HEX, { iss: A, aud: 'anything' }), validator)).toBe('accepted');
    expect(await verdict(signed(OTHER_HEX, { iss: B, aud: 'anything' }), validator)).toBe(CLAIM);
  });

  it.each<[string, unknown]>([
    ['another', 'https://c.example'],
    ['a slash more', `${A}/`],
    ['another case', A.toUpperCase()],
    ['none', undefined],
    ['a list', [A]],
    ['a number', 1],
    ['__proto__', '__proto__'],
  ])('refuses a token that names %s, before any key is tried', async (_case, iss) => {
    const answer = await several().safeVerify(signed(HEX, { iss, aud: 'api' }));
    expect(answer).toMatchObject({ ok: false, code: CLAIM, claim: 'iss' });
  });

  it.each(['', 'bm90IGpzb24', Buffer.from('[]').toString('base64url')])(
    'refuses a payload that names no issuer because it is no object: %j',
    async (payload) => {
      const [header = ''] = fromA().split('.');
      expect(await several().safeVerify(`${header}.${payload}.AAAA`)).toMatchObject({ claim: 'iss' });
    },
  );

  it('refuses an algorithm that another issuer’s keys are for', async () => {
    const validator = several({ issuers: [entryA, { ...entryB, keys: ec('P-256').publicKey }] });
    const claims = { ...CLAIMS, iss: B, aud: 'other' };
    const key = ec('P-256').privateKey;
    expect(await verdict(handmadeBy(key, { alg: 'ES256' }, claims), validator)).toBe('accepted');
    expect(await verdict(handmadeBy(key, { alg: 'ES256' }, { ...claims, iss: A }), validator)).toBe(
      'ERR_JWKS_NO_MATCHING_KEY',
    );
    expect(await verdict(handmadeBy(key, { alg: 'ES384' }, claims), validator)).toBe(
      'ERR_JOSE_ALG_NOT_ALLOWED',
    );
  });

  it('judges remembered tokens by the rules of their own issuer', async () => {
    const validator = several();
    for (const token of [fromA(), fromB(), fromA(), fromB()]) {
      expect(await verdict(token, validator)).toBe('accepted');
      expect(validator.verifySync(token).token).toBe(token);
    }
  });
});

describe('what several issuers say about themselves', () => {
  it('describe: each with its keys', () => {
    const asks = Object.fromEntries(
      several()
        .describe()
        .map(({ check, asks }) => [check, asks]),
    );
    expect(asks).toMatchObject({
      'known issuer': `"${A}" or "${B}"`,
      key: `"${A}": [Key HS256]; "${B}": [Key HS256]`,
      audience: 'one that is accepted from its issuer',
    });
    expect(Object.keys(asks).indexOf('known issuer')).toBe(Object.keys(asks).indexOf('key') - 1);
  });

  it('explain: what the issuer that the token names asks for', async () => {
    const report = await explain(signed(HEX, { iss: B, aud: 'api' }, { kid: 'b' }), several());
    const of = (name: string): unknown => report.checks.find(({ check }) => check === name);
    expect(report.decisive?.check).toBe('signature');
    expect(of('known issuer')).toMatchObject({ outcome: 'pass', trusted: false, actual: `"${B}"` });
    expect(of('key')).toMatchObject({ outcome: 'pass', expected: '[Key HS256]' });
    expect(of('issuer')).toMatchObject({ outcome: 'pass', expected: `"${B}"` });
    expect(of('audience')).toMatchObject({ outcome: 'fail', expected: '"other"', actual: '"api"' });
  });

  it('explain: that nothing can be said of keys and audience when the issuer is nobody known', async () => {
    const report = await explain(signed(HEX, { iss: 'https://c.example' }), several());
    const outcomes = Object.fromEntries(report.checks.map(({ check, outcome }) => [check, outcome]));
    expect(report.decisive).toMatchObject({ check: 'known issuer', reason: 'issuer_mismatch' });
    expect(outcomes).toMatchObject({
      key: 'skipped',
      signature: 'skipped',
      audience: 'skipped',
      issuer: 'fail',
    });
  });

  it('explain: agrees with verify under other circumstances', async () => {
    const token = signed(HEX, { iss: B, aud: 'api' });
    const report = await explain(token, several(), { key: { hex: HEX }, audience: 'api' });
    expect(report.accepted).toBe(true);
    expect((await explain(fromA(), several())).accepted).toBe(true);
    expect((await explain(fromA(), several(), { audience: 'nobody' })).decisive?.check).toBe('audience');
  });
});

describe('the options of several issuers', () => {
  it.each<[string, unknown]>([
    ['keys beside them', { issuers: [entryA], keys: { hex: HEX } }],
    ['an issuer beside them', { issuers: [entryA], issuer: A }],
    ['an audience beside them', { issuers: [entryA], audience: null }],
    ['none of them', { issuers: [] }],
    ['no list', { issuers: entryA }],
    ['null', { issuers: null }],
    ['one twice', { issuers: [entryA, { ...entryB, issuer: A }] }],
    ['one without a name', { issuers: [{ ...entryA, issuer: null }] }],
    ['one with two names', { issuers: [{ ...entryA, issuer: [A, B] }] }],
    ['one without keys', { issuers: [{ ...entryA, keys: undefined }] }],
    ['one without audience', { issuers: [{ ...entryA, audience: undefined }] }],
    ['one that is nothing', { issuers: [undefined] }],
  ])('are refused: %s', async (_case, options) => {
    const error = await refusalOf(() => new JwtValidator(options as SeveralIssuersOptions));
    expect(error).toBeInstanceOf(InvalidOption);
  });

  it('are one issuer, too', async () => {
    expect(await verdict(fromA(), new JwtValidator({ issuers: [entryA], clock }))).toBe('accepted');
  });
});

describe('L23 sets of keys that are given', () => {
  const make = (keys: unknown): JwtValidator =>
    new JwtValidator({ keys: keys as KeySource, issuer: null, audience: null, clock });

  it.each<[string, unknown]>([
    ['oct and EC mixed', [{ hex: HEX }, ec('P-256').publicKey]],
    [
      'duplicate kid',
      [
        { hex: HEX, kid: 'a' },
        { hex: OTHER_HEX, kid: 'a' },
      ],
    ],
    ['empty', []],
  ])('L23 %s is refused at construction', (_case, keys) => {
    expect(() => make(keys)).toThrow(InvalidOption);
  });

  it('L23 10,000 keys, of which no more than four are tried for a token without kid', async () => {
    const secrets = Array.from({ length: 10_000 }, (_, index) => ({
      hex: index.toString(16).padStart(64, '0'),
      kid: `key ${index}`,
    }));
    const validator = make(secrets);
    const tried = new Set<string>();
    const verify = Key.prototype.verify;
    Key.prototype.verify = function counted(this: Key, input: string, signature: string): boolean {
      tried.add(this.kid ?? '');
      return verify.call(this, input, signature);
    };
    try {
      expect(await verdict(signed(secrets[9]?.hex ?? '', {}), validator)).toBe(SIGNATURE);
      expect(tried.size).toBe(4);
      expect(await verdict(signed(secrets[3]?.hex ?? '', {}), validator)).toBe('accepted');
      expect(await verdict(signed(secrets[9_999]?.hex ?? '', {}, { kid: 'key 9999' }), validator)).toBe(
        'accepted',
      );
      expect(tried.size).toBe(5);
    } finally {
      Key.prototype.verify = verify;
    }
  });

  it('L23 twin: without a kid, two usable keys are both tried; with an unknown one, none', async () => {
    const validator = make([
      { hex: HEX, kid: 'a' },
      { hex: OTHER_HEX, kid: 'b' },
    ]);
    expect(await verdict(signed(OTHER_HEX, {}), validator)).toBe('accepted');
    expect(await verdict(signed(OTHER_HEX, {}, { kid: 'c' }), validator)).toBe('ERR_JWKS_NO_MATCHING_KEY');
  });
});
