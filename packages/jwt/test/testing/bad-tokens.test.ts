import { createSecretKey, type KeyObject } from 'node:crypto';
import { importJWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { accessToken, InvalidOption, importKey, JwtBuilder, JwtValidator } from '../../src/index.ts';
import { remoteJwks } from '../../src/remote.ts';
import { type BadToken, badTokens, type TestIssuer, testClock, testIssuer } from '../../src/testing.ts';
import { HEX } from '../fixtures/keys.ts';
import { refusalOf } from '../fixtures/tokens.ts';

const clock = testClock();
const catalogues: [string, TestIssuer, readonly BadToken[]][] = [];
for (const algorithm of ['HS256', 'HS384', 'RS256', 'PS512', 'ES256', 'ES384', 'EdDSA'] as const) {
  const issuer = await testIssuer({ algorithm, clock });
  catalogues.push([algorithm, issuer, await badTokens(issuer)]);
}

/** What jose accepts, and why it may. */
const ACCEPTED_BY_JOSE = new Map([
  ['signature-padded', 'it decodes base64url leniently'],
  ['payload-padded', 'it decodes base64url leniently'],
  ['payload-blank', 'it decodes base64url leniently'],
  ['signature-blank', 'it decodes base64url leniently'],
  ['header-second-spelling', 'it does not look at unused bits'],
  ['payload-second-spelling', 'it does not look at unused bits'],
  ['too-long', 'it has no limit for signed tokens'],
  ['header-alg-twice', 'it takes the last of several members, as RFC 7515 §4 allows'],
  ['header-alg-twice-escaped', 'it takes the last of several members, as RFC 7515 §4 allows'],
  ['header-byte-order-mark', 'TextDecoder takes a byte order mark away'],
  ['header-deep', 'it has no limit for depth'],
  ['payload-deep', 'it has no limit for depth'],
  ['kid-number', 'it leaves the key ID to the caller'],
  ['kid-null', 'it leaves the key ID to the caller'],
  ['kid-list', 'it leaves the key ID to the caller'],
  ['kid-object', 'it leaves the key ID to the caller'],
  ['b64-not-critical', 'it leaves b64 aside unless it is critical'],
  ['zip', 'it leaves zip aside in signed tokens'],
  ['issued-in-future', 'it looks at iat with maxTokenAge only'],
  ['exp-infinite', 'it takes what is a number in JavaScript'],
  ['exp-beyond-dates', 'it takes what is a number in JavaScript'],
  ['sub-number', 'it looks at sub only when one is asked for'],
  ['sub-list', 'it looks at sub only when one is asked for'],
  ['sub-empty', 'it looks at sub only when one is asked for'],
  ['jti-object', 'it does not look at jti'],
]);

async function acceptedByJose({ key, issuer, audience }: TestIssuer, token: string): Promise<boolean> {
  const imported = key.isSecret
    ? createSecretKey(Buffer.from(String(key.exportPrivateJwk()['k']), 'base64url'))
    : await importJWK(key.publicJwk() ?? {});
  try {
    await jwtVerify(token, imported as KeyObject, {
      algorithms: [key.algorithm],
      issuer,
      audience,
      typ: 'JWT',
      clockTolerance: 60,
      currentDate: new Date(clock()),
      requiredClaims: ['exp'],
    });
    return true;
  } catch {
    return false;
  }
}

describe.each(catalogues)('the catalogue of bad tokens, %s', (_algorithm, issuer, catalogue) => {
  it.each(catalogue.map((bad) => [`${bad.row} ${bad.name}`, bad] as const))(
    '%s is refused, and its twin is not',
    async (_name, { token, twin, expected }) => {
      const validator = issuer.validator();
      expect((await refusalOf(() => validator.verify(token)))['code']).toBe(expected.code);
      expect((await validator.explain(token)).decisive?.code).toBe(expected.code);
      expect((await validator.verify(twin)).token).toBe(twin);
      expect(token).not.toBe(twin);
    },
  );

  it('is refused by jose, too, but for what stands in a list with its reason', async () => {
    const accepted: string[] = [];
    for (const { name, token } of catalogue) if (await acceptedByJose(issuer, token)) accepted.push(name);
    expect(accepted.filter((name) => !ACCEPTED_BY_JOSE.has(name))).toEqual([]);
  });

  it('has twins that jose accepts', async () => {
    const refused: string[] = [];
    for (const { name, twin } of catalogue) if (!(await acceptedByJose(issuer, twin))) refused.push(name);
    expect(refused).toEqual([]);
  });

  it('has more than a hundred tokens, each with a name and words of its own', () => {
    expect(catalogue.length).toBeGreaterThan(100);
    expect(new Set(catalogue.map(({ name }) => name)).size).toBe(catalogue.length);
    expect(new Set(catalogue.map(({ token }) => token)).size).toBe(catalogue.length);
    for (const { name, description, row } of catalogue) {
      expect(name).toMatch(/^[a-z0-9]+(-[A-Za-z0-9]+)*$/);
      expect(description).toMatch(/^[A-Z].*\.$/);
      expect(row).toMatch(/^L\d+$/);
    }
  });

  it('has tokens that can be sent, with the status that they get', () => {
    for (const { token, expected } of catalogue) {
      const sent = new Headers({ authorization: `Bearer ${token}` }).get('authorization')?.slice(7);
      expect(sent).toBe(token);
      const isBearer = /^[A-Za-z0-9._~+/-]+=*$/.test(token);
      expect(expected.status).toBe(token.length >= 16_384 ? 431 : isBearer ? 401 : 400);
    }
    expect(new Set(catalogue.map(({ expected }) => expected.status))).toEqual(new Set([400, 401, 431]));
  });
});

describe('the list of what jose accepts', () => {
  it('has nothing that jose refuses', async () => {
    const accepted = new Set<string>();
    for (const [, issuer, catalogue] of catalogues) {
      for (const { name, token } of catalogue) if (await acceptedByJose(issuer, token)) accepted.add(name);
    }
    expect([...ACCEPTED_BY_JOSE.keys()].filter((name) => !accepted.has(name))).toEqual([]);
  });
});

describe('a catalogue', () => {
  it('is refused in the same way where keys are fetched', async () => {
    const issuer = await testIssuer({ clock });
    const keys = remoteJwks(String(issuer.metadata['jwks_uri']), { fetch: issuer.fetch, clock });
    const validator = issuer.validator({ keys });
    for (const { name, token, twin, expected } of await badTokens(issuer)) {
      const answer = await validator.safeVerify(token);
      expect([name, answer.ok ? 'accepted' : answer.code]).toEqual([name, expected.code]);
      expect((await validator.safeVerify(twin)).ok).toBe(true);
    }
  });

  it('is made from the tokens that a service takes', async () => {
    const issuer = await testIssuer({ clock });
    const builder = issuer.builder
      .typ('at+jwt')
      .subject('alice')
      .claim('client_id', 'shop')
      .audience('a', 'b');
    const validator = issuer.validator({ ...accessToken, audience: 'a' });
    for (const { token, twin, expected } of await badTokens(issuer, { builder })) {
      expect(await validator.safeVerify(token)).toMatchObject({ ok: false, code: expected.code });
      expect((await validator.safeVerify(twin)).ok).toBe(true);
    }
  });

  it('is made for a service with a key, names and a clock of its own', async () => {
    const issuer = await testIssuer({
      key: { hex: HEX },
      algorithm: 'HS256',
      issuer: 'KestrunApi',
      audience: 'KestrunClients',
    });
    const validator = new JwtValidator({
      keys: { hex: HEX },
      issuer: 'KestrunApi',
      audience: 'KestrunClients',
      typ: 'JWT',
    });
    for (const { token, twin, expected } of await badTokens(issuer)) {
      expect(await validator.safeVerify(token)).toMatchObject({ ok: false, code: expected.code });
      expect((await validator.safeVerify(twin)).ok).toBe(true);
    }
  });

  it('points where it is told to', async () => {
    const url = 'http://127.0.0.1:4711/keys';
    const catalogue = await badTokens(await testIssuer({ clock }), { url });
    const jku = catalogue.find(({ name }) => name === 'jku');
    expect(JSON.parse(Buffer.from(jku?.token.split('.')[0] ?? '', 'base64url').toString()).jku).toBe(url);
  });

  it('has what public keys and secrets have of their own', () => {
    const namesOf = (algorithm: string) =>
      (catalogues.find(([name]) => name === algorithm)?.[2] ?? []).map(({ name }) => name);
    expect(namesOf('HS256')).toEqual(expect.arrayContaining(['secret-empty', 'alg-hs384-same-key']));
    expect(namesOf('RS256')).toEqual(expect.arrayContaining(['confusion-pem', 'alg-ps256-same-key']));
    expect(namesOf('ES256')).toEqual(expect.arrayContaining(['confusion-jwks', 'signature-der']));
    expect(namesOf('HS256').filter((name) => name.startsWith('confusion'))).toEqual([]);
  });

  it('is refused for a builder of another key, one that encrypts, and an option that there is not', async () => {
    const issuer = await testIssuer({ clock });
    const encrypting = issuer.builder.encryptWith(
      { base64url: 'A'.repeat(43) },
      { alg: 'dir', enc: 'A256GCM' },
    );
    for (const builder of [encrypting, new JwtBuilder().signWith(importKey({ hex: HEX }))])
      expect(await refusalOf(() => badTokens(issuer, { builder }))).toMatchObject({ option: 'builder' });
    expect(await refusalOf(() => badTokens(issuer, { urls: 'x' } as never))).toBeInstanceOf(InvalidOption);
  });
});
