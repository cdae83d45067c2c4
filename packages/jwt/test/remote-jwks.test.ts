import { once } from 'node:events';
import { request as secureRequest } from 'node:https';
import { gzipSync } from 'node:zlib';
import { createCA, createCert } from 'mkcert';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  explain,
  InvalidOption,
  importKey,
  JOSEError,
  JwtBuilder,
  JwtValidator,
  KeyRing,
  KeysUnavailable,
} from '../src/index.ts';
import { Refreshed } from '../src/remote/refreshed.ts';
import { type Fetch, type RemoteJwks, type RemoteJwksOptions, remoteJwks } from '../src/remote.ts';
import {
  type Answer,
  type HandClock,
  handClock,
  type IssuerServer,
  issuerServer,
} from './fixtures/issuer-server.ts';
import { ec, ed25519, HEX, pairFor, rsa } from './fixtures/keys.ts';
import { AUDIENCE, CLAIMS, handmadeBy, ISSUER, NOW, refusalOf } from './fixtures/tokens.ts';

const NO_KEY = 'ERR_JWKS_NO_MATCHING_KEY';
const AWAY = 'ERR_KEYS_UNAVAILABLE';

const pair = ec('P-256');
const jwk = (kid: string, name = 'one'): Record<string, unknown> => ({
  ...ec('P-256', name).publicKey.export({ format: 'jwk' }),
  kid,
  alg: 'ES256',
  use: 'sig',
});
const GOOD = { keys: [jwk('k1')] };

function token(kid: string | undefined, name = 'one', claims: Record<string, unknown> = {}): string {
  const header = { alg: 'ES256', ...(kid === undefined ? {} : { kid }) };
  return handmadeBy(ec('P-256', name).privateKey, header, { ...CLAIMS, exp: NOW + 1e6, ...claims });
}

interface Remote {
  server: IssuerServer;
  keys: RemoteJwks;
  validator: JwtValidator;
  clock: HandClock;
  verdict(token: string): Promise<string>;
}

/** An issuer that answers so, and a validator that takes its keys. */
async function remote(answer: Answer, options: RemoteJwksOptions = {}): Promise<Remote> {
  const server = await issuerServer(answer);
  const clock = handClock(NOW);
  const keys = remoteJwks(`${server.origin}/jwks`, { clock, ...options });
  const validator = validatorOf(keys, clock);
  return { server, keys, validator, clock, verdict: (given) => verdictOf(validator, given) };
}

function validatorOf(keys: RemoteJwks, clock: () => number): JwtValidator {
  return new JwtValidator({ keys, issuer: ISSUER, audience: AUDIENCE, clock });
}

async function verdictOf(validator: JwtValidator, given: string): Promise<string> {
  const answer = await validator.safeVerify(given);
  return answer.ok ? 'accepted' : answer.code;
}

describe('a remote JWK Set', () => {
  it('is fetched when the first token needs it, once for all that come, and then only when it is old', async () => {
    const { server, verdict, clock, keys } = await remote(GOOD);
    expect(server.asked).toEqual([]);
    const verdicts = await Promise.all(Array.from({ length: 50 }, () => verdict(token('k1'))));
    expect(new Set(verdicts)).toEqual(new Set(['accepted']));
    clock.seconds += 599;
    expect(await verdict(token('k1'))).toBe('accepted');
    expect(server.asked).toEqual(['/jwks']);
    clock.seconds += 1;
    expect(await verdict(token('k1'))).toBe('accepted');
    await keys.load();
    expect(server.asked).toEqual(['/jwks', '/jwks']);
  });

  it('is not fetched for what is refused before any key matters', async () => {
    const { server, verdict } = await remote(GOOD);
    for (const given of ['', 'a.b.c', handmadeBy(pair.privateKey, { alg: 'ES256', crit: ['x'] })]) {
      expect(await verdict(given)).not.toBe('accepted');
    }
    const hmac = new JwtBuilder().signWith({ hex: HEX }).buildSync().token;
    expect(await verdict(hmac)).toBe('ERR_JOSE_ALG_NOT_ALLOWED');
    expect(server.asked).toEqual([]);
  });

  it('verifies every algorithm of public keys', async () => {
    const names = ['RS256', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;
    const { verdict } = await remote({
      keys: names.map((alg) => ({
        ...pairFor(alg, alg).publicKey.export({ format: 'jwk' }),
        alg,
        kid: alg,
      })),
    });
    for (const alg of names) {
      const { privateKey } = pairFor(alg, alg);
      expect(await verdict(handmadeBy(privateKey, { alg, kid: alg }))).toBe('accepted');
      expect(await verdict(handmadeBy(privateKey, { alg }))).toBe('accepted');
    }
  });

  it('takes the algorithm from the JWK, else the default of its type, and from no token', async () => {
    const bare = { ...rsa().publicKey.export({ format: 'jwk' }), kid: 'r' };
    const signed = (alg: string): string => handmadeBy(rsa().privateKey, { alg, kid: 'r' });
    const { verdict } = await remote({ keys: [bare] });
    expect(await verdict(signed('RS256'))).toBe('accepted');
    expect(await verdict(signed('PS256'))).toBe(NO_KEY);
    const listed = await remote({ keys: [bare] }, { algorithms: ['PS256'] });
    expect(await listed.verdict(signed('PS256'))).toBe('accepted');
    expect(await listed.verdict(signed('RS256'))).toBe('ERR_JOSE_ALG_NOT_ALLOWED');
    const said = await remote({ keys: [{ ...bare, alg: 'RS512' }] }, { algorithms: ['RS256'] });
    expect(await said.verdict(signed('RS256'))).toBe(NO_KEY);
  });

  it('names a key that has no kid by its thumbprint', async () => {
    const { kid: _kid, ...bare } = jwk('');
    const { verdict } = await remote({ keys: [bare] });
    expect(await verdict(token(importKey(pair.publicKey).thumbprint))).toBe('accepted');
    expect(await verdict(token(undefined))).toBe('accepted');
    expect(await verdict(token('another'))).toBe(NO_KEY);
  });

  it('leaves out keys that are not understood, of another use, too weak, or for an algorithm there is not', async () => {
    const { verdict } = await remote({
      keys: [
        { kty: 'XYZ', kid: 'unknown' },
        { ...jwk('encryption'), use: 'enc' },
        { ...jwk('sealing'), key_ops: ['encrypt'] },
        { ...jwk('none'), alg: 'none' },
        { ...rsa('weak', 1024).publicKey.export({ format: 'jwk' }), kid: 'weak' },
        { kty: 'EC', crv: 'P-256', kid: 'broken', x: 'AA', y: 'AA' },
        { ...ed25519().publicKey.export({ format: 'jwk' }), kid: 'ed' },
        jwk('k1'),
      ],
    });
    expect(await verdict(token('k1'))).toBe('accepted');
    expect(await verdict(handmadeBy(ed25519().privateKey, { alg: 'EdDSA', kid: 'ed' }))).toBe('accepted');
    for (const kid of ['encryption', 'sealing', 'none']) expect(await verdict(token(kid))).toBe(NO_KEY);
    const weak = handmadeBy(rsa('weak', 1024).privateKey, { alg: 'RS256', kid: 'weak' });
    expect(await verdict(weak)).toBe(NO_KEY);
  });

  it('lets verifySync answer once it is loaded, and says so before', async () => {
    const { keys, validator, server } = await remote(GOOD);
    expect(() => validator.verifySync(token('k1'))).toThrow(TypeError);
    expect(() => validator.verifySync(token('k1'))).toThrow(/keys that have to be fetched\. Use verify\(\)/);
    await keys.load();
    expect(validator.verifySync(token('k1')).claims.sub).toBe('alice');
    await keys.load();
    expect(server.asked).toHaveLength(1);
  });

  it('says where its keys are from, without the query of its URL', async () => {
    const { origin } = await issuerServer(GOOD);
    const keys = remoteJwks(new URL(`${origin}/jwks?code=MARKER`));
    const [asked] = validatorOf(keys, Date.now)
      .describe()
      .filter(({ check }) => check === 'key');
    expect(asked?.asks).toBe(`a key published at ${origin}/jwks`);
  });

  it('is asked for over TLS with the certificate checked, and through a fetch of one’s own', async () => {
    const ca = await createCA({
      organization: 'Tests',
      countryCode: 'XX',
      state: 'Tests',
      locality: 'Tests',
      validity: 1,
    });
    const tls = await createCert({ ca, domains: ['127.0.0.1', 'localhost'], validity: 1 });
    const server = await issuerServer(GOOD, tls);
    const clock = handClock(NOW);
    const trusting = remoteJwks(`${server.origin}/jwks`, { clock, fetch: fetchTrusting(ca.cert) });
    expect(await verdictOf(validatorOf(trusting, clock), token('k1'))).toBe('accepted');
    const strict = remoteJwks(`${server.origin}/jwks`, { clock });
    expect(await validatorOf(strict, clock).safeVerify(token('k1'))).toMatchObject({
      code: AWAY,
      hint: expect.stringMatching(
        /could not be fetched \([A-Z_]*(?:CERT|VERIFY|SIGNED)[A-Z_]*: its certificate .+ NODE_EXTRA_CA_CERTS/,
      ),
    });
    expect(server.asked).toEqual(['/jwks']);
  });
});

function fetchTrusting(ca: string): Fetch {
  return async (url, { signal }) => {
    const request = secureRequest(url, { ca, signal }).end();
    const [response] = (await once(request, 'response')) as [AsyncIterable<Buffer> & { statusCode: number }];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    return new Response(Buffer.concat(chunks), { status: response.statusCode });
  };
}

describe('keys that change at the issuer', () => {
  it('are accepted at once when no fetch was lately, and after at most one cool-down in any case', async () => {
    const { server, verdict, clock } = await remote(GOOD);
    expect(await verdict(token('k1'))).toBe('accepted');
    server.answer = { keys: [jwk('k1'), jwk('k2', 'two')] };
    clock.seconds += 29;
    expect(await verdict(token('k2', 'two'))).toBe(NO_KEY);
    clock.seconds += 1;
    expect(await verdict(token('k2', 'two'))).toBe('accepted');
    expect(server.asked).toHaveLength(2);
    server.answer = { keys: [jwk('k3', 'three')] };
    clock.seconds += 100;
    expect(await verdict(token('k3', 'three'))).toBe('accepted');
    expect(server.asked).toHaveLength(3);
  });

  it('L42 are refused when they are gone from the set, remembered tokens at once', async () => {
    const { server, verdict, clock, keys } = await remote({ keys: [jwk('k1'), jwk('k2', 'two')] });
    for (const given of [token('k1'), token('k2', 'two')]) expect(await verdict(given)).toBe('accepted');
    server.answer = { keys: [jwk('k2', 'two')] };
    clock.seconds += 600;
    await keys.load();
    expect(await verdict(token('k1'))).toBe(NO_KEY);
    expect(await verdict(token('k2', 'two'))).toBe('accepted');
  });

  it('L42 a remembered token is refused when another key has taken over its key ID', async () => {
    const { server, verdict, clock, keys } = await remote(GOOD);
    const remembered = token('k1');
    expect(await verdict(remembered)).toBe('accepted');
    server.answer = { keys: [jwk('k1', 'two')] };
    clock.seconds += 600;
    await keys.load();
    expect(await verdict(remembered)).toBe(NO_KEY);
    expect(await verdict(remembered)).toBe(NO_KEY);
  });

  it('L42 twin: a key that is published again stays the same, and its tokens stay remembered', async () => {
    const { verdict, clock, server, keys } = await remote(GOOD);
    const remembered = token('k1');
    expect(await verdict(remembered)).toBe('accepted');
    clock.seconds += 600;
    await keys.load();
    expect(await verdict(remembered)).toBe('accepted');
    expect(server.asked).toHaveLength(2);
  });

  it('in a ring that is rotated refuse not one valid token', async () => {
    const clock = handClock(NOW);
    const ring = await KeyRing.generate('ES256', { clock, validFor: '5m' });
    const server = await issuerServer((_request, response) => response.end(JSON.stringify(ring.jwks())));
    const keys = remoteJwks(`${server.origin}/jwks`, { clock, maxAge: 20, cooldown: 10 });
    const validator = validatorOf(keys, clock);
    const jwt = new JwtBuilder().issuer(ISSUER).audience(AUDIENCE).clock(clock).signWith(ring).validFor('5m');
    const live: { token: string; end: number }[] = [];
    const signers = new Set<string | undefined>();
    for (let step = 0; step < 120; step += 1) {
      clock.seconds += 5;
      const rotation = step % 5 === 4 ? ring.rotate() : undefined;
      const issued = await jwt.build();
      signers.add(issued.header.kid);
      live.push({ token: issued.token, end: clock.seconds + 360 });
      const valid = live.filter(({ end }) => clock.seconds < end);
      const verdicts = await Promise.all(valid.map((one) => verdictOf(validator, one.token)));
      expect(verdicts.filter((verdict) => verdict !== 'accepted')).toEqual([]);
      await rotation;
      // Whatever fetch the tokens have begun: this clock goes in leaps, and none may take as long as one of them.
      await keys.load();
    }
    expect(signers.size).toBeGreaterThan(20);
    expect(server.asked.length).toBeLessThanOrEqual(1 + 600 / 10);
  });
});

describe('L24 key IDs that do not exist', () => {
  it('L24 ten thousand tokens with random kids cause one request more per cool-down, and no more', async () => {
    const { server, verdict, clock } = await remote(GOOD, { cooldown: 30 });
    const random = token('k1').split('.').slice(1).join('.');
    const begun = clock.seconds;
    for (let index = 0; index < 10_000; index += 100) {
      const flood = Array.from({ length: 100 }, (_, offset) => {
        const header = { alg: 'ES256', kid: `random ${index + offset}` };
        return verdict(`${Buffer.from(JSON.stringify(header)).toString('base64url')}.${random}`);
      });
      expect(new Set(await Promise.all(flood))).toEqual(new Set([NO_KEY]));
      clock.seconds += 1;
    }
    expect(clock.seconds - begun).toBe(100);
    expect(server.asked).toHaveLength(1 + Math.floor(99 / 30));
    expect(await verdict(token('k1'))).toBe('accepted');
  });

  it('L24 as many while the issuer is down cause no more either', async () => {
    const { server, verdict, clock } = await remote((_request, response) => response.writeHead(500).end());
    for (let index = 0; index < 100; index += 1) {
      const flood = Array.from({ length: 100 }, (_, offset) =>
        verdict(token(`random ${index} ${offset % 2}`)),
      );
      expect(new Set(await Promise.all(flood))).toEqual(new Set([AWAY]));
      clock.seconds += 1;
    }
    expect(server.asked).toHaveLength(1 + Math.floor(99 / 30));
  });

  it.each([
    '../../../../dev/null',
    '/dev/null',
    "x' UNION SELECT '1';--",
    '|sleep 10',
    '__proto__',
    'constructor',
    'k'.repeat(10_000),
    'k1\n',
    'K1',
  ])('L24 %j is no key, and stands in no request', async (kid) => {
    const { server, verdict, clock } = await remote(GOOD);
    expect(await verdict(token(kid))).toBe(NO_KEY);
    clock.seconds += 30;
    expect(await verdict(token(kid))).toBe(NO_KEY);
    expect(server.asked).toEqual(['/jwks', '/jwks']);
    expect(await verdict(token('k1'))).toBe('accepted');
  });
});

describe('L23 sets that an issuer publishes', () => {
  it.each<[string, object, RegExp]>([
    [
      'oct and EC mixed',
      { keys: [jwk('k1'), { kty: 'oct', k: 'AAAA' }] },
      /publishes a secret or private key/,
    ],
    ['only oct', { keys: [{ kty: 'oct', k: HEX, kid: 'k1' }] }, /publishes a secret or private key/],
    [
      'a private key',
      { keys: [{ ...pair.privateKey.export({ format: 'jwk' }), kid: 'k1' }] },
      /publishes a secret or private key/,
    ],
    ['duplicate kid', { keys: [jwk('k1'), jwk('k1', 'two')] }, /two keys of one key ID/],
    [
      '10,000 keys',
      { keys: [jwk('k1'), ...Array.from({ length: 9_999 }, () => ({ kty: 'EC' }))] },
      /more than 100 keys/,
    ],
    ['what is no key', { keys: [jwk('k1'), null] }, /did not answer with a JWK Set/],
    ['no list of keys', { keys: {} }, /did not answer with a JWK Set/],
    ['no keys at all', {}, /did not answer with a JWK Set/],
  ])('L23 %s: none of it is used', async (_case, set, hint) => {
    const { validator } = await remote(set);
    expect(await validator.safeVerify(token('k1'))).toMatchObject({
      ok: false,
      code: AWAY,
      hint: expect.stringMatching(hint),
    });
  });

  it('L23 empty keys, an unknown kid: no key is found', async () => {
    const { verdict, server, clock } = await remote({ keys: [] });
    expect(await verdict(token('k1'))).toBe(NO_KEY);
    server.answer = GOOD;
    clock.seconds += 30;
    expect(await verdict(token('unknown'))).toBe(NO_KEY);
    expect(await verdict(token('k1'))).toBe('accepted');
  });

  it('L23 a token without kid is tried with no more than four keys', async () => {
    const names = ['one', 'two', 'three', 'four', 'five'];
    const { verdict } = await remote({ keys: names.map((name) => jwk(name, name)) });
    expect(await verdict(token(undefined, 'four'))).toBe('accepted');
    expect(await verdict(token(undefined, 'five'))).toBe('ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
    expect(await verdict(token('five', 'five'))).toBe('accepted');
  });
});

describe('L26 where keys are fetched from', () => {
  it.each([
    'http://issuer.example/jwks',
    'http://10.0.0.1/jwks',
    'http://127.0.0.1.example/jwks',
    'http://localhost.example/jwks',
    'http://[::2]/jwks',
    'ftp://issuer.example/jwks',
    'file:///etc/passwd',
    'data:application/json,{"keys":[]}',
    'https://user:secret@issuer.example/jwks',
    'https://issuer.example/jwks#keys',
    '/jwks',
    '',
    undefined,
    null,
  ])('L26 %s is refused at construction', (url) => {
    expect(() => remoteJwks(url as string)).toThrow(InvalidOption);
    expect(() => remoteJwks(url as string)).not.toThrow(/secret/);
  });

  it.each([
    'https://issuer.example/jwks',
    'http://localhost:8080/jwks',
    'http://127.0.0.1/jwks',
    'http://127.1.2.3/jwks',
    'http://[::1]/jwks',
  ])('L26 twin: %s is not', (url) => {
    expect(remoteJwks(url)).toBeInstanceOf(Object);
  });

  it.each(['jku', 'x5u', 'kid', 'iss', 'jwk'] as const)(
    'L26 %s of a token is never followed',
    async (name) => {
      const trap = await issuerServer({ keys: [jwk('k1', 'attacker')] });
      const url = `${trap.origin}/trap`;
      const { server, verdict } = await remote(GOOD);
      const header = {
        alg: 'ES256',
        kid: 'k1',
        ...(name === 'iss' ? {} : { [name]: name === 'jwk' ? jwk('k1', 'attacker') : url }),
      };
      const claims = { ...CLAIMS, ...(name === 'iss' ? { iss: url } : {}) };
      expect(await verdict(handmadeBy(ec('P-256', 'attacker').privateKey, header, claims))).not.toBe(
        'accepted',
      );
      expect(trap.asked).toEqual([]);
      expect(server.asked).toEqual(['/jwks']);
    },
  );

  it.each([301, 302, 303, 307, 308])(
    'L26 a redirect (%i) to this machine is not followed',
    async (status) => {
      const trap = await issuerServer(GOOD);
      const { validator } = await remote((_request, response) =>
        response.writeHead(status, { location: `${trap.origin}/trap` }).end(),
      );
      expect(await validator.safeVerify(token('k1'))).toMatchObject({
        code: AWAY,
        hint: expect.stringContaining('redirects are not followed'),
      });
      expect(trap.asked).toEqual([]);
    },
  );

  it('L26 nor is one that a fetch of one’s own has followed', async () => {
    const target = await issuerServer(GOOD);
    const { validator } = await remote(
      (_request, response) => response.writeHead(302, { location: target.origin }).end(),
      { fetch: (url, init) => fetch(url, { ...init, redirect: 'follow' }) },
    );
    expect(await validator.safeVerify(token('k1'))).toMatchObject({
      code: AWAY,
      hint: expect.stringContaining('redirects are not followed'),
    });
  });

  it('L26 a body of 10 MB is let go of as soon as it is too large', async () => {
    const closed: Promise<boolean>[] = [];
    const { validator } = await remote((_request, response) => {
      closed.push(once(response, 'close').then(() => response.writableFinished));
      const block = Buffer.alloc(65_536, ' ');
      let left = 160;
      const write = (): void => {
        while (left > 0) {
          left -= 1;
          if (!response.write(block)) return void response.once('drain', write);
        }
        response.end();
      };
      write();
    });
    expect(await validator.safeVerify(token('k1'))).toMatchObject({
      code: AWAY,
      hint: expect.stringContaining('more than 524288 bytes'),
    });
    expect(await Promise.all(closed)).toEqual([false]);
  });

  it('L26 a small body that unpacks to 10 MB is too large as well', async () => {
    const { validator } = await remote((_request, response) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(10_000_000, ' '))),
    );
    expect(await validator.safeVerify(token('k1'))).toMatchObject({
      code: AWAY,
      hint: expect.stringContaining('more than 524288 bytes'),
    });
  });

  it('L26 twin: one of exactly the size that is allowed is used', async () => {
    const body = JSON.stringify(GOOD);
    const exact = await remote(GOOD, { maxBytes: body.length });
    expect(await exact.verdict(token('k1'))).toBe('accepted');
    const short = await remote(GOOD, { maxBytes: body.length - 1 });
    expect(await short.verdict(token('k1'))).toBe(AWAY);
  });

  it.each<[string, Answer]>([
    ['a body that does not end', (_request, response) => response.write('{"keys":[')],
    ['an answer that does not begin', () => undefined],
  ])('L26 %s is waited for no longer than the timeout', async (_case, answer) => {
    const { validator } = await remote(answer, { timeout: 0.1 });
    expect(await validator.safeVerify(token('k1'))).toMatchObject({
      code: AWAY,
      hint: expect.stringContaining('did not answer within 0.1 seconds'),
    });
  });

  it.each<[string, string | Buffer, string]>([
    ['HTML', '<!doctype html><title>Sign in</title>', 'JSON object in UTF-8'],
    ['nothing', '', 'JSON object in UTF-8'],
    ['a JSON list', '[]', 'JSON object in UTF-8'],
    ['UTF-16', Buffer.from(JSON.stringify(GOOD), 'utf16le'), 'JSON object in UTF-8'],
    ['JSON too deep', `{"keys":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'JSON object in UTF-8'],
    ['a member twice', '{"keys":[],"keys":[]}', 'a member twice'],
  ])('L26 a body of %s is not used', async (_case, body, hint) => {
    const { validator } = await remote((_request, response) =>
      response.setHeader('content-type', 'text/html').end(body),
    );
    expect(await validator.safeVerify(token('k1'))).toMatchObject({
      code: AWAY,
      hint: expect.stringContaining(hint),
    });
  });

  it.each([204, 401, 404, 500, 503])('L26 status %i is not an answer', async (status) => {
    const { validator } = await remote((_request, response) => response.writeHead(status).end());
    expect(await validator.safeVerify(token('k1'))).toMatchObject({
      code: AWAY,
      hint: expect.stringContaining(`answered with status ${status}`),
    });
  });
});

describe('an issuer that is down', () => {
  it('is the fault of no token: the code is none that says a token is bad, and the status is 503', async () => {
    const { server, validator, keys } = await remote(GOOD);
    await server.close();
    const error = await refusalOf(() => validator.verify(token('k1')));
    expect(error).toBeInstanceOf(KeysUnavailable);
    expect(error).toBeInstanceOf(JOSEError);
    expect(error).toMatchObject({
      code: AWAY,
      status: 503,
      hint: expect.stringContaining('(ECONNREFUSED: nothing listens there)'),
    });
    expect(error['code']).not.toMatch(/^ERR_J/);
    expect(await refusalOf(() => keys.load())).toMatchObject({ code: AWAY });
    const report = await explain(token('k1'), validator);
    expect(report.decisive).toMatchObject({ check: 'key', reason: 'keys_unavailable', code: AWAY });
  });

  it('is asked again after the cool-down, and not before, though the last fetch failed', async () => {
    const { server, verdict, clock } = await remote((_request, response) => response.writeHead(503).end());
    expect(await verdict(token('k1'))).toBe(AWAY);
    server.answer = GOOD;
    clock.seconds += 29;
    expect(await verdict(token('k1'))).toBe(AWAY);
    expect(server.asked).toHaveLength(1);
    clock.seconds += 1;
    expect(await verdict(token('k1'))).toBe('accepted');
  });

  it('leaves its keys in use for maxStale, one attempt a cool-down, and not longer', async () => {
    const { server, verdict, clock, keys } = await remote(GOOD, { maxAge: '10m', maxStale: '1h' });
    const remembered = token('k1');
    expect(await verdict(remembered)).toBe('accepted');
    server.answer = (_request, response) => response.writeHead(500).end();
    clock.seconds += 600;
    for (let index = 0; index < 5; index += 1) expect(await verdict(remembered)).toBe('accepted');
    await keys.load();
    expect(server.asked).toHaveLength(2);
    clock.seconds = NOW + 600 + 3599;
    expect(await verdict(remembered)).toBe('accepted');
    expect(await verdict(token('k1', 'one', { sub: 'bob' }))).toBe('accepted');
    await keys.load();
    expect(server.asked).toHaveLength(3);
    clock.seconds += 1;
    expect(await verdict(remembered)).toBe(AWAY);
    expect(await verdict(token('k1', 'one', { sub: 'carol' }))).toBe(AWAY);
    server.answer = GOOD;
    clock.seconds += 30;
    expect(await verdict(remembered)).toBe('accepted');
  });

  it('makes unknown key IDs unavailable, not wrong: they may be new', async () => {
    const { server, verdict, clock } = await remote(GOOD);
    expect(await verdict(token('k1'))).toBe('accepted');
    server.answer = (_request, response) => response.writeHead(500).end();
    clock.seconds += 30;
    expect(await verdict(token('k2', 'two'))).toBe(AWAY);
    expect(await verdict(token('k1'))).toBe('accepted');
    server.answer = { keys: [jwk('k2', 'two')] };
    clock.seconds += 30;
    expect(await verdict(token('k2', 'two'))).toBe('accepted');
  });

  it('keeps the keys it had when it suddenly publishes a secret', async () => {
    const { server, verdict, clock } = await remote(GOOD);
    expect(await verdict(token('k1'))).toBe('accepted');
    server.answer = { keys: [{ kty: 'oct', k: 'AAAA' }] };
    clock.seconds += 600;
    expect(await verdict(token('k1'))).toBe('accepted');
    clock.seconds += 3600;
    expect(await verdict(token('k1'))).toBe(AWAY);
  });

  it('gives nothing more time when the clock is set back', async () => {
    const { server, verdict, clock } = await remote(GOOD);
    expect(await verdict(token('k1', 'one', { iat: 1 }))).toBe('accepted');
    server.answer = { keys: [] };
    clock.seconds -= 86_400;
    expect(await verdict(token('k1', 'one', { iat: 1 }))).toBe(NO_KEY);
    expect(server.asked).toHaveLength(2);
  });
});

describe('an issuer that answers no more', () => {
  /** Keys that were loaded from an issuer which then hangs; they are old already. */
  async function hanging(options: RemoteJwksOptions = {}) {
    const clock = handClock(NOW);
    const fetch = vi.fn<Fetch>(async () => Response.json(GOOD));
    const keys = remoteJwks('https://issuer.example/jwks', { clock, fetch, timeout: 0.05, ...options });
    const validator = validatorOf(keys, clock);
    const remembered = token('k1');
    await validator.verify(remembered);
    let answer: (response: Response) => void = () => undefined;
    const pending = new Promise<Response>((resolve) => {
      answer = resolve;
    });
    fetch.mockImplementation(() => pending);
    clock.seconds += 600;
    return { clock, fetch, keys, validator, remembered, answer };
  }

  it('stalls no valid token: the old keys verify at once, while one fetch is under way', async () => {
    const { fetch, validator, remembered } = await hanging({ timeout: '1m' });
    const renewals = vi.spyOn(Refreshed.prototype, 'renew');
    onTestFinished(() => renewals.mockRestore());
    for (let index = 0; index < 3; index += 1) {
      expect(await verdictOf(validator, remembered)).toBe('accepted');
      expect(await verdictOf(validator, token('k1', 'one', { sub: `user ${index}` }))).toBe('accepted');
    }
    expect(validator.verifySync(remembered).claims.sub).toBe('alice');
    expect(validator.verifySync(token('k1', 'one', { sub: 'bob' })).claims.sub).toBe('bob');
    expect(fetch).toHaveBeenCalledTimes(2);
    // The others leave nothing behind at the fetch, which may take as long as the timeout lets it.
    expect(renewals).toHaveBeenCalledTimes(1);
  });

  it('and answers after all, decides from then on', async () => {
    const { keys, validator, remembered, answer } = await hanging({ timeout: '1m' });
    expect(await verdictOf(validator, remembered)).toBe('accepted');
    answer(Response.json({ keys: [jwk('k2', 'two')] }));
    await keys.load();
    expect(await verdictOf(validator, token('k2', 'two'))).toBe('accepted');
    expect(await verdictOf(validator, remembered)).toBe(NO_KEY);
  });

  it('is waited for where old keys are not to be used (maxStale 0), and when they are too old', async () => {
    const strict = await hanging({ maxStale: 0 });
    expect(() => strict.validator.verifySync(strict.remembered)).toThrow(TypeError);
    expect(await verdictOf(strict.validator, strict.remembered)).toBe(AWAY);
    const old = await hanging();
    old.clock.seconds += 3600;
    expect(await verdictOf(old.validator, old.remembered)).toBe(AWAY);
    expect(old.fetch).toHaveBeenCalledTimes(2);
  });

  it('fails load() only when the old keys may not be used any more', async () => {
    const { clock, keys, fetch } = await hanging();
    await keys.load();
    expect(fetch).toHaveBeenCalledTimes(2);
    clock.seconds += 3600;
    expect(await refusalOf(() => keys.load())).toMatchObject({ code: AWAY });
  });
});

describe('L27 a fetch of one’s own', () => {
  const good = (): Promise<Response> => Promise.resolve(new Response(JSON.stringify(GOOD)));

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('MARKER');
      },
    ],
    ['rejects', () => Promise.reject(new Error('MARKER'))],
    ['rejects with nothing', () => Promise.reject(undefined)],
    ['never settles', () => new Promise(() => undefined)],
    ['answers nothing', () => undefined],
    ['answers text', () => Promise.resolve('{"keys":[]}')],
    ['answers an object', () => Promise.resolve({ status: '200' })],
    [
      'answers a body that breaks',
      () =>
        Promise.resolve(
          new Response(new ReadableStream({ pull: () => Promise.reject(new Error('MARKER')) })),
        ),
    ],
  ])(
    'L27 that %s makes keys unavailable, is not taken for an answer, and is asked again',
    async (_case, bad) => {
      const clock = handClock(NOW);
      const own = vi.fn<() => unknown>(bad);
      const keys = remoteJwks('https://issuer.example/jwks', {
        clock,
        timeout: 0.05,
        fetch: own as unknown as Fetch,
      });
      const validator = validatorOf(keys, clock);
      const answer = await validator.safeVerify(token('k1'));
      expect(answer).toMatchObject({ ok: false, code: AWAY });
      expect(JSON.stringify(answer)).not.toContain('MARKER');
      own.mockImplementation(good);
      expect(await verdictOf(validator, token('k1'))).toBe(AWAY);
      expect(own).toHaveBeenCalledTimes(1);
      clock.seconds += 30;
      expect(await verdictOf(validator, token('k1'))).toBe('accepted');
    },
  );

  it('L27 is given the configured URL and nothing of a token', async () => {
    const clock = handClock(NOW);
    const own = vi.fn<Fetch>(good);
    const keys = remoteJwks('https://issuer.example/jwks', { clock, fetch: own });
    expect(await verdictOf(validatorOf(keys, clock), token('k1'))).toBe('accepted');
    const [url, init] = own.mock.calls[0] ?? [];
    expect(url).toBe('https://issuer.example/jwks');
    expect(init).toMatchObject({ method: 'GET', redirect: 'manual' });
    expect([...(init?.headers.keys() ?? [])].sort()).toEqual(['accept', 'user-agent']);
  });

  it('L27 keys are asked with a frozen header, before the payload is looked at', async () => {
    const { keys, validator } = await remote(GOOD);
    const seen: unknown[] = [];
    const candidates = keys.candidates.bind(keys);
    vi.spyOn(keys, 'candidates').mockImplementation((...given) => {
      seen.push(given);
      return candidates(...given);
    });
    onTestFinished(() => void vi.restoreAllMocks());
    await validator.verify(token('k1'));
    expect(seen).toEqual([[{ alg: 'ES256', kid: 'k1' }]]);
    expect(Object.isFrozen((seen[0] as unknown[])[0])).toBe(true);
  });
});

describe('the options of a remote JWK Set', () => {
  it.each<[string, object]>([
    ['L14 no algorithm', { algorithms: [] }],
    ['L14 none', { algorithms: ['none'] }],
    ['L14 HMAC', { algorithms: ['HS256'] }],
    ['L14 HMAC beside another', { algorithms: ['ES256', 'HS256'] }],
    ['L14 any', { algorithms: ['*'] }],
    ['an algorithm as text', { algorithms: 'ES256' }],
    ['no cool-down', { cooldown: 0 }],
    ['a cool-down longer than maxAge', { cooldown: '11m' }],
    ['no maxAge', { maxAge: 0 }],
    ['an endless maxStale', { maxStale: Number.POSITIVE_INFINITY }],
    ['no timeout', { timeout: 0 }],
    ['an endless timeout', { timeout: Number.POSITIVE_INFINITY }],
    ['a long timeout', { timeout: '2m' }],
    ['no maxBytes', { maxBytes: 0 }],
    ['endless maxBytes', { maxBytes: Number.POSITIVE_INFINITY }],
    ['a fetch that is none', { fetch: 'https://proxy.example' }],
    ['a clock that is none', { clock: 5 }],
  ])('are refused: %s', (_case, options) => {
    expect(() => remoteJwks('https://issuer.example/jwks', options)).toThrow(InvalidOption);
  });

  it('a clock that answers no number fetches nothing', async () => {
    const { keys, server } = await remote(GOOD, { clock: () => Number.NaN });
    expect(await refusalOf(() => keys.load())).toBeInstanceOf(TypeError);
    expect(server.asked).toEqual([]);
  });
});
