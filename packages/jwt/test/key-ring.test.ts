import { inspect as print } from 'node:util';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  explain,
  InvalidKey,
  InvalidOption,
  importKey,
  inspect,
  JwtBuilder,
  JwtValidator,
  KeyRing,
  type KeyRingState,
  type KeyRingTiming,
  signCompact,
  verifyCompact,
} from '../src/index.ts';
import { type HandClock, handClock } from './fixtures/issuer-server.ts';
import { ec, ed25519, HEX, OTHER_HEX, rsa } from './fixtures/keys.ts';
import { AUDIENCE, ISSUER, NOW, refusalOf } from './fixtures/tokens.ts';

const NO_KEY = 'ERR_JWKS_NO_MATCHING_KEY';

function ringAt(clock: HandClock, timing: KeyRingTiming = {}): Promise<KeyRing> {
  return KeyRing.generate('ES256', { validFor: '5m', ...timing, clock });
}

function jwtOf(ring: KeyRing, clock: HandClock): JwtBuilder {
  return new JwtBuilder().issuer(ISSUER).audience(AUDIENCE).clock(clock).signWith(ring).validFor('5m');
}

async function verdict(validator: JwtValidator, token: string): Promise<string> {
  const answer = await validator.safeVerify(token);
  return answer.ok ? 'accepted' : answer.code;
}

describe('a key ring', () => {
  it('signs with the current key, names it, and changes it at once when it is rotated', async () => {
    const clock = handClock(NOW);
    const ring = await ringAt(clock);
    const jwt = jwtOf(ring, clock);
    const [first, second] = [ring.current.kid, ring.next.kid];
    expect(inspect((await jwt.build()).token).header).toEqual({ alg: 'ES256', typ: 'JWT', kid: first });
    await ring.rotate();
    expect(jwt.buildSync().header).toEqual({ alg: 'ES256', typ: 'JWT', kid: second });
    expect(ring.previous.map((key) => key.kid)).toEqual([first]);
    expect(new Set([first, second, ring.next.kid]).size).toBe(3);
  });

  it('encodes the header once for each key, also after typ or a parameter was set', async () => {
    const clock = handClock(NOW);
    const ring = await ringAt(clock);
    const jwt = jwtOf(ring, clock).typ('at+jwt').protectedHeader('x', 1);
    expect(jwt.buildSync().header).toBe(jwt.buildSync().header);
    const before = jwt.buildSync().header;
    await ring.rotate();
    expect(jwt.buildSync().header).toEqual({ ...before, kid: ring.current.kid });
  });

  it('publishes next, current and previous, public parts only, as jose can use them', async () => {
    const clock = handClock(NOW);
    const ring = await ringAt(clock);
    const jwt = jwtOf(ring, clock);
    const before = jwt.buildSync().token;
    await ring.rotate();
    const { keys } = ring.jwks();
    expect(keys.map((jwk) => jwk['kid']).sort()).toEqual(
      [ring.current.kid, ring.next.kid, ring.previous[0]?.kid].sort(),
    );
    for (const jwk of keys)
      expect(Object.keys(jwk).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    expect(jwt.jwks()).toEqual(ring.jwks());
    const jwks = createLocalJWKSet({ keys } as unknown as JSONWebKeySet);
    for (const token of [before, jwt.buildSync().token]) {
      const { payload } = await jwtVerify(token, jwks, { currentDate: new Date(clock()) });
      expect(payload.iss).toBe(ISSUER);
    }
  });

  it('says what a ring is made of when one of its keys is missing', () => {
    const alone = { current: { hex: HEX } } as unknown as { current: { hex: string }; next: { hex: string } };
    expect(() => new KeyRing(alone)).toThrow(/^next is missing\. .*KeyRing\.generate/);
  });

  it('publishes nothing of secrets, and gives those without a key ID a random one', async () => {
    const clock = handClock(NOW);
    const ring = new KeyRing({ current: { hex: HEX }, next: { hex: OTHER_HEX }, clock });
    expect(ring.jwks()).toEqual({ keys: [] });
    expect(ring.current.kid).toMatch(/^[0-9a-f-]{36}$/);
    expect(ring.next.kid).not.toBe(ring.current.kid);
    const jwt = jwtOf(ring, clock);
    const { token } = jwt.buildSync();
    await ring.rotate();
    await ring.rotate();
    expect(await verdict(jwt.validator(), token)).toBe('accepted');
    expect(ring.next.algorithm).toBe('HS256');
  });

  it.each(['HS512', 'RS256', 'PS384', 'ES384', 'ES512', 'EdDSA'] as const)(
    'of %s makes next keys of that kind',
    async (algorithm) => {
      const ring = await KeyRing.generate(algorithm);
      await ring.rotate();
      expect([ring.current, ring.next, ...ring.previous].map((key) => key.algorithm)).toEqual(
        Array(3).fill(algorithm),
      );
    },
  );

  it('makes next keys of the size that the last one has', async () => {
    const ring = new KeyRing({ current: rsa().privateKey, next: rsa('large', 3072).privateKey });
    await ring.rotate();
    expect(ring.next.material().asymmetricKeyDetails?.modulusLength).toBe(3072);
  });

  it('can go from one algorithm to another', async () => {
    const clock = handClock(NOW);
    const ring = new KeyRing({ current: rsa().privateKey, next: ed25519().privateKey, clock });
    const jwt = jwtOf(ring, clock);
    const validator = jwt.validator();
    const before = jwt.buildSync().token;
    await ring.rotate();
    const after = jwt.buildSync();
    expect(after.header.alg).toBe('EdDSA');
    for (const token of [before, after.token]) expect(await verdict(validator, token)).toBe('accepted');
    clock.seconds += 7200;
    expect([...ring.algorithms]).toEqual(['EdDSA']);
    expect(await verdict(validator, before)).toBe(NO_KEY);
    expect(await verdict(jwt.validator(), before)).toBe('ERR_JOSE_ALG_NOT_ALLOWED');
  });

  it('prints as its keys do, and never as JSON', async () => {
    const ring = new KeyRing({ current: { hex: HEX }, next: { hex: OTHER_HEX } });
    const text = '[KeyRing [Key HS256] or [Key HS256]]';
    expect(JSON.stringify({ ring })).toBe(JSON.stringify({ ring: text }));
    expect(print({ ring })).toBe(`{ ring: ${text} }`);
  });
});

describe('the keys of a ring', () => {
  const one = (): { hex: string; kid: string } => ({ hex: HEX, kid: 'one' });

  it.each<[string, () => unknown, RegExp]>([
    [
      'L23 mixed',
      () => new KeyRing({ current: { hex: HEX }, next: ec('P-256').privateKey }),
      /mixes shared secrets with public keys/,
    ],
    [
      'L23 of one key ID',
      () => new KeyRing({ current: one(), next: { hex: OTHER_HEX, kid: 'one' } }),
      /two keys of one key ID/,
    ],
    [
      'the same key twice',
      () => new KeyRing({ current: rsa().privateKey, next: rsa().privateKey }),
      /two keys of one key ID/,
    ],
    ['public', () => new KeyRing({ current: rsa().privateKey, next: rsa('two').publicKey }), /cannot sign/],
  ])('are refused when they are %s', (_case, make, message) => {
    expect(make).toThrow(InvalidOption);
    expect(make).toThrow(message);
  });

  it('are refused at a rotation for the same reasons, and the ring stays as it was', async () => {
    const ring = new KeyRing({ current: one(), next: { hex: OTHER_HEX, kid: 'two' } });
    const state = ring.exportState();
    for (const next of [{ hex: HEX, kid: 'one' }, ec('P-256').privateKey, rsa().publicKey]) {
      expect(await refusalOf(() => ring.rotate(next))).toBeInstanceOf(InvalidOption);
    }
    expect(await refusalOf(() => ring.rotate({ hex: 'ff' }))).toBeInstanceOf(InvalidKey);
    expect(ring.exportState()).toEqual(state);
    await ring.rotate({ hex: HEX.replaceAll('1', '2'), kid: 'three' });
    expect([ring.current.kid, ring.next.kid]).toEqual(['two', 'three']);
  });

  it('are not given an algorithm by signWith, nor put into a list by a validator', () => {
    const ring = new KeyRing({ current: one(), next: { hex: OTHER_HEX, kid: 'two' } });
    const sign = new JwtBuilder().signWith.bind(new JwtBuilder()) as (...given: unknown[]) => unknown;
    expect(() => sign(ring, 'HS256')).toThrow(/an algorithm beside a KeyRing/);
    const keys = [ring, { hex: HEX }] as unknown as { hex: string };
    expect(() => new JwtValidator({ keys, issuer: null, audience: null })).toThrow(/set of keys in a list/);
  });
});

describe('a rotation', () => {
  it('keeps a key until the last token signed with it has ended, tolerance included, and no longer', async () => {
    const clock = handClock(NOW);
    const ring = await ringAt(clock, { validFor: '1m' });
    const jwt = jwtOf(ring, clock);
    const validator = jwt.validator();
    const { token } = jwt.validFor('30m').buildSync();
    jwt.validFor('1m').buildSync();
    await ring.rotate();
    clock.seconds = NOW + 1800 + 59;
    expect(await verdict(validator, token)).toBe('accepted');
    expect(ring.previous).toHaveLength(1);
    clock.seconds += 1;
    expect(ring.previous).toHaveLength(0);
    expect(ring.jwks().keys).toHaveLength(2);
    expect(await verdict(validator, token)).not.toBe('accepted');
  });

  it('keeps a key for tokens that were signed elsewhere: for validFor after the rotation', async () => {
    const clock = handClock(NOW);
    const ring = await ringAt(clock, { validFor: '1h' });
    const elsewhere = new JwtBuilder()
      .issuer(ISSUER)
      .audience(AUDIENCE)
      .clock(clock)
      .signWith(ring.current)
      .validFor('1h');
    clock.seconds += 100;
    const { token } = elsewhere.buildSync();
    await ring.rotate();
    clock.seconds += 3600 + 59;
    expect(await verdict(jwtOf(ring, clock).validator(), token)).toBe('accepted');
    clock.seconds += 1;
    expect(ring.previous).toHaveLength(0);
  });

  it('refuses a validator that would accept tokens for longer than it keeps their keys', async () => {
    const clock = handClock(NOW);
    const ring = await ringAt(clock, { clockTolerance: 30 });
    const jwt = jwtOf(ring, clock);
    const entry = { issuer: ISSUER, audience: AUDIENCE, keys: ring };
    for (const call of [
      () => jwt.validator(),
      () => jwt.validator({ clockTolerance: 31 }),
      () => new JwtValidator({ ...entry, clockTolerance: '5m' }),
      () => new JwtValidator({ issuers: [entry], clockTolerance: '5m' }),
    ]) {
      expect(call).toThrow(InvalidOption);
      expect(call).toThrow(/clockTolerance is \d+ seconds, and the KeyRing keeps its keys for 30/);
    }
  });

  it('keeps every key as long as the most tolerant validator accepts its tokens', async () => {
    const clock = handClock(NOW);
    const ring = await ringAt(clock, { clockTolerance: '5m' });
    const jwt = jwtOf(ring, clock);
    const validator = jwt.validator({ clockTolerance: '5m' });
    const { token } = jwt.buildSync();
    await ring.rotate();
    clock.seconds += 300 + 299;
    expect(await verdict(validator, token)).toBe('accepted');
    clock.seconds += 1;
    expect(await verdict(validator, token)).not.toBe('accepted');
  });

  it('serves verifyCompact, which looks at no time, whatever its tolerance', async () => {
    const ring = await ringAt(handClock(NOW), { clockTolerance: 0 });
    const jws = await signCompact('hello', ring.current);
    expect(Buffer.from((await verifyCompact(jws, ring)).payload).toString()).toBe('hello');
  });

  it('keeps a key that signed a token without an end until it is removed', async () => {
    const clock = handClock(NOW);
    const ring = await ringAt(clock);
    const jwt = jwtOf(ring, clock).neverExpires();
    const { token, header } = jwt.buildSync();
    await ring.rotate();
    clock.seconds += 1e9;
    const validator = jwt.validator();
    expect(await verdict(validator, token)).toBe('accepted');
    ring.remove(header.kid ?? '');
    expect(await verdict(validator, token)).toBe(NO_KEY);
  });

  it('under load refuses not one valid token, whoever verifies, and lets every old key go', async () => {
    const clock = handClock(NOW);
    const ring = await ringAt(clock);
    const jwt = jwtOf(ring, clock);
    const validators = [jwt.validator(), jwt.validator({ cache: false })];
    const live: { token: string; end: number }[] = [];
    const rotations: Promise<void>[] = [];
    const signers = new Set<string | undefined>();
    let verified = 0;
    for (let step = 0; step < 200; step += 1) {
      clock.seconds += 7;
      const lifetime = 30 + ((step * 97) % 600);
      const builds = Array.from({ length: 4 }, () => jwt.validFor(lifetime).build());
      if (step % 5 === 0) rotations.push(ring.rotate());
      for (const { token, header } of await Promise.all(builds)) {
        signers.add(header.kid);
        live.push({ token, end: clock.seconds + lifetime + 60 });
      }
      const valid = live.filter(({ end }) => clock.seconds < end);
      const checks = valid.flatMap(({ token }) => validators.map((validator) => verdict(validator, token)));
      if (step % 5 === 1) rotations.push(ring.rotate(ec('P-256', `load ${step}`).privateKey));
      const verdicts = await Promise.all(checks);
      verified += verdicts.length;
      expect(verdicts.filter((answer) => answer !== 'accepted')).toEqual([]);
      // A key is made outside of this thread, so the loop has to let go for its rotation to happen.
      if (step % 5 === 3) await Promise.all(rotations);
    }
    await Promise.all(rotations);
    expect(rotations).toHaveLength(80);
    expect(signers.size).toBeGreaterThan(40);
    expect(verified).toBeGreaterThan(20_000);
    clock.seconds += 700;
    expect(ring.previous).toEqual([]);
    expect(ring.jwks().keys).toHaveLength(2);
  });
});

describe('a key that left the ring', () => {
  it('L42 refuses a token that was remembered, at once', async () => {
    const clock = handClock(NOW);
    const ring = await ringAt(clock);
    const jwt = jwtOf(ring, clock);
    const validator = jwt.validator();
    const { token, header } = jwt.buildSync();
    await ring.rotate();
    expect(await verdict(validator, token)).toBe('accepted');
    expect(await verdict(validator, token)).toBe('accepted');
    ring.remove(header.kid ?? '');
    expect(await verdict(validator, token)).toBe(NO_KEY);
    const report = await explain(token, validator);
    expect(report.decisive).toMatchObject({ check: 'key', reason: 'key_not_found' });
  });

  it('L42 twin: one that was rotated, and stays, does not', async () => {
    const clock = handClock(NOW);
    const ring = await ringAt(clock);
    const jwt = jwtOf(ring, clock);
    const validator = jwt.validator();
    const { token } = jwt.buildSync();
    expect(await verdict(validator, token)).toBe('accepted');
    await ring.rotate();
    await ring.rotate();
    expect(await verdict(validator, token)).toBe('accepted');
    expect(validator.verifySync(token).token).toBe(token);
  });

  it('is not taken out while it signs or is next', async () => {
    const ring = await ringAt(handClock(NOW));
    for (const kid of [ring.current.kid, ring.next.kid, 'nobody']) {
      expect(() => ring.remove(kid ?? '')).toThrow(/names no previous key/);
    }
  });
});

describe('L24 key IDs from strangers, asked of a ring', () => {
  it.each([
    '../../../../dev/null',
    '/dev/null',
    "x' UNION SELECT '1';--",
    '|sleep 10',
    '__proto__',
    'constructor',
    'k'.repeat(10_240),
    'one\n',
    'ONE',
    '',
  ])('L24 %j is no key of it', async (kid) => {
    const clock = handClock(NOW);
    const ring = new KeyRing({
      current: { hex: HEX, kid: 'one' },
      next: { hex: OTHER_HEX, kid: 'two' },
      clock,
    });
    const validator = jwtOf(ring, clock).validator();
    const forge = (id: string): string =>
      new JwtBuilder()
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .clock(clock)
        .signWith(importKey({ hex: HEX }).withKid(id))
        .buildSync().token;
    expect(await verdict(validator, forge(kid))).toBe(NO_KEY);
    expect(await verdict(validator, forge('one'))).toBe('accepted');
  });

  it('L23 a token without a kid is tried with each key of its algorithm', async () => {
    const clock = handClock(NOW);
    const ring = new KeyRing({ current: { hex: HEX }, next: { hex: OTHER_HEX }, clock });
    const validator = jwtOf(ring, clock).validator();
    for (const hex of [HEX, OTHER_HEX]) {
      const { token } = new JwtBuilder()
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .clock(clock)
        .signWith({ hex })
        .buildSync();
      expect(await verdict(validator, token)).toBe('accepted');
    }
  });
});

describe('the state of a ring', () => {
  it('goes through JSON and gives a ring that verifies and signs as the first did', async () => {
    const clock = handClock(NOW);
    const ring = await ringAt(clock);
    const jwt = jwtOf(ring, clock);
    const tokens = [jwt.buildSync().token];
    await ring.rotate();
    tokens.push(jwt.validFor('2h').buildSync().token);
    const stored = JSON.stringify(ring.exportState());
    const again = KeyRing.from(JSON.parse(stored) as KeyRingState, { validFor: '5m', clock });
    expect(again.exportState()).toEqual(ring.exportState());
    expect([again.current.kid, again.next.kid]).toEqual([ring.current.kid, ring.next.kid]);
    const validator = jwtOf(again, clock).validator();
    for (const token of tokens) expect(await verdict(validator, token)).toBe('accepted');
    expect(await verdict(jwt.validator(), jwtOf(again, clock).buildSync().token)).toBe('accepted');
    await again.rotate();
    clock.seconds += 7200 + 59;
    expect(await verdict(validator, tokens[1] ?? '')).toBe('accepted');
  });

  it('holds of previous keys the public part only', async () => {
    const ring = await ringAt(handClock(NOW));
    await ring.rotate();
    const { next, current, previous } = ring.exportState();
    expect([next, current].map((key) => 'd' in key)).toEqual([true, true]);
    expect(previous.map(({ key }) => 'd' in key)).toEqual([false]);
  });

  it('keeps what has no end', async () => {
    const clock = handClock(NOW);
    const ring = await ringAt(clock);
    jwtOf(ring, clock).neverExpires().buildSync();
    expect(ring.exportState().signedUntil).toBe('never');
    await ring.rotate();
    const state = JSON.parse(JSON.stringify(ring.exportState())) as KeyRingState;
    expect(state.previous[0]?.until).toBe('never');
    const again = KeyRing.from(state, { clock });
    clock.seconds += 1e9;
    expect(again.previous).toHaveLength(1);
  });

  it('brings a rotation to a ring in use, whose tokens, remembered ones too, stay valid', async () => {
    const clock = handClock(NOW);
    const here = await ringAt(clock);
    const jwt = jwtOf(here, clock);
    const validator = jwt.validator();
    const there = KeyRing.from(here.exportState(), { validFor: '1m', clock });
    const { token } = jwt.validFor('1h').buildSync();
    expect(await verdict(validator, token)).toBe('accepted');
    await there.rotate();
    here.restore(there.exportState());
    expect(here.current.kid).toBe(there.current.kid);
    expect(await verdict(validator, token)).toBe('accepted');
    // The other process could not know of this token, and would have let its key go after a minute.
    clock.seconds += 3600 + 59;
    expect(await verdict(validator, token)).toBe('accepted');
    expect(there.previous).toHaveLength(0);
  });

  it('takes away a key that it does not have', async () => {
    const clock = handClock(NOW);
    const here = await ringAt(clock);
    const jwt = jwtOf(here, clock);
    const validator = jwt.validator();
    const { token } = jwt.buildSync();
    expect(await verdict(validator, token)).toBe('accepted');
    const there = KeyRing.from(here.exportState(), { clock });
    await there.rotate();
    there.remove(here.current.kid ?? '');
    here.restore(there.exportState());
    expect(await verdict(validator, token)).toBe(NO_KEY);
  });

  it.each<[string, (state: KeyRingState) => unknown]>([
    ['nothing', () => undefined],
    ['a list', () => []],
    ['without previous', ({ next, current }) => ({ next, current, signedUntil: 0 })],
    ['with a key without kid', (state) => ({ ...state, next: { ...state.next, kid: undefined } })],
    ['with a key without alg', (state) => ({ ...state, current: { ...state.current, alg: undefined } })],
    ['with a time that is none', (state) => ({ ...state, signedUntil: null })],
    ['with a previous that is none', (state) => ({ ...state, previous: [null] })],
    ['with one key twice', (state) => ({ ...state, next: state.current })],
    ['that is only public', (state) => ({ ...state, next: { ...state.next, d: undefined } })],
  ])('is refused when it is %s, and nothing changes', async (_case, spoil) => {
    const ring = await ringAt(handClock(NOW));
    const state = ring.exportState();
    const spoilt = JSON.parse(JSON.stringify(spoil(state) ?? null)) as KeyRingState;
    expect(() => ring.restore(spoilt)).toThrow(InvalidOption);
    expect(() => KeyRing.from(spoilt)).toThrow(InvalidOption);
    expect(ring.exportState()).toEqual(state);
  });
});
