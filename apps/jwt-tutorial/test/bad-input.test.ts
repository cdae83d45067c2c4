import { JwtBuilder } from '@tokenwright/jwt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { forged, goodClaims, jwt, KEY } from './tokens.js';
import { type Answer, type Ask, certificateFolder, removeFolder, Tutorial } from './tutorial-process.js';

const folder = certificateFolder();
let tutorial: Tutorial;

beforeAll(async () => {
  tutorial = await Tutorial.start({ TOKENWRIGHT_CERTIFICATES: folder });
});

afterAll(async () => {
  await tutorial.stop();
  removeFolder(folder);
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });

/** Every refusal: problem+json with a stable code and a trace, not to be stored. */
function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.json()).toMatchObject({ status, code });
}

const NO_TOKEN = 'Bearer realm="api"';
const challengeFor = (sentence: string) =>
  `Bearer realm="api", error="invalid_token", error_description="${sentence}"`;
const NOT_VALID = 'The access token is not valid';
const hour = 3600_000;
const at = (milliseconds: number) => jwt.clock(() => Date.now() + milliseconds);

const BAD_TOKENS: readonly [what: string, make: () => string, sentence: string][] = [
  ['expired', () => at(-2 * hour).buildSync().token, 'The access token expired'],
  [
    'not valid yet',
    () =>
      jwt
        .notBefore(new Date(Date.now() + hour))
        .validFor('2h')
        .buildSync().token,
    'The access token is not valid yet',
  ],
  [
    'for another audience',
    () => jwt.audience('Others').buildSync().token,
    'The access token is for another audience',
  ],
  ['from another issuer', () => jwt.issuer('Others').buildSync().token, NOT_VALID],
  [
    'signed with another key',
    () => jwt.signWith({ hex: KEY.replace('6f', '70') }).buildSync().token,
    NOT_VALID,
  ],
  [
    'expired and signed with another key',
    () =>
      at(-2 * hour)
        .signWith({ hex: KEY.replace('6f', '70') })
        .buildSync().token,
    NOT_VALID,
  ],
  ['changed after signing', () => tampered(jwt.buildSync().token), NOT_VALID],
  ['cut', () => jwt.buildSync().token.slice(0, -4), NOT_VALID],
  ['without a signature', () => `${jwt.buildSync().token.split('.').slice(0, 2).join('.')}.`, NOT_VALID],
  ['alg none', () => forged({ alg: 'none' }, goodClaims()), NOT_VALID],
  [
    'of another algorithm with the same key',
    () => forged({ alg: 'HS512', typ: 'JWT' }, goodClaims(), 'sha512'),
    NOT_VALID,
  ],
  ['of an algorithm in lower case', () => forged({ alg: 'hs256', typ: 'JWT' }, goodClaims()), NOT_VALID],
  ['without exp', () => forged({ alg: 'HS256', typ: 'JWT' }, { ...goodClaims(), exp: undefined }), NOT_VALID],
  [
    'with an exp that is text',
    () => forged({ alg: 'HS256', typ: 'JWT' }, { ...goodClaims(), exp: '9999999999' }),
    NOT_VALID,
  ],
  [
    'with an unknown crit',
    () => forged({ alg: 'HS256', typ: 'JWT', crit: ['x'], x: 1 }, goodClaims()),
    NOT_VALID,
  ],
  [
    'without a subject',
    () => forged({ alg: 'HS256', typ: 'JWT' }, { ...goodClaims(), sub: undefined }),
    NOT_VALID,
  ],
  ['with a list for claims', () => forged({ alg: 'HS256', typ: 'JWT' }, [goodClaims()]), NOT_VALID],
  ['of another type', () => jwt.typ('at+jwt').buildSync().token, NOT_VALID],
  ['no token at all', () => 'xyz', NOT_VALID],
];

function tampered(token: string): string {
  const [header, payload, signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()) as object;
  return [
    header,
    Buffer.from(JSON.stringify({ ...claims, roles: ['root'] })).toString('base64url'),
    signature,
  ].join('.');
}

describe.each(['127.0.0.1', 'localhost'] as const)('at %s', (host) => {
  const ask = (path: string, options: Ask = {}) => tutorial.ask(path, { ...options, host });

  // Whatever came before, the server goes on.
  afterEach(async () => {
    const { token } = await jwt.build();
    expect(await ask('/secure/jwt/hello', { headers: bearer(token) })).toMatchObject({ status: 200 });
  });

  describe.each(['/secure/jwt/hello', '/token/renew'])('%s', (path) => {
    it('asks for a token when none came, without an error code', async () => {
      const answer = await ask(path);
      expectProblem(answer, 401, 'credentials_required');
      expect(answer.headers['www-authenticate']).toBe(NO_TOKEN);
    });

    it.each(BAD_TOKENS)('refuses a token that is %s', async (_what, make, sentence) => {
      const token = make();
      const answer = await ask(path, { headers: bearer(token) });
      expectProblem(answer, 401, 'invalid_token');
      expect(answer.headers['www-authenticate']).toBe(challengeFor(sentence));
      expect(answer.text).not.toContain(token);
    });

    it.each(['?access_token=', '?token='])('takes no token from the query string %s', async (query) => {
      const answer = await ask(`${path}${query}${jwt.buildSync().token}`);
      expectProblem(answer, 401, 'credentials_required');
    });

    it.each([
      ['nothing', 'Bearer'],
      ['two blanks', 'Bearer  abc'],
      ['two words', 'Bearer abc def'],
      ['quotes', 'Bearer "abc"'],
      ['a comma', 'Bearer a,b'],
    ])('answers 400 when Bearer is followed by %s', async (_what, authorization) => {
      const answer = await ask(path, { headers: { authorization } });
      expectProblem(answer, 400, 'invalid_request');
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="api", error="invalid_request"/);
    });

    it.each(['Basic', 'Token', 'JWT', 'Foo'])(
      'does not take a good token under the name %s',
      async (scheme) => {
        const answer = await ask(path, {
          headers: { authorization: `${scheme} ${jwt.buildSync().token}` },
        });
        expectProblem(answer, 401, 'credentials_required');
      },
    );

    it('answers 400 for two tokens at once, in either order', async () => {
      const good = `Bearer ${jwt.buildSync().token}`;
      for (const authorization of [
        [good, 'Bearer bad'],
        ['Bearer bad', good],
      ]) {
        expectProblem(await ask(path, { headers: { authorization } }), 400, 'invalid_request');
      }
    });
  });

  describe('/token/new', () => {
    it.each([
      ['no credentials', {}],
      ['a wrong password', basic('admin:wrong')],
      ['an empty password', basic('admin:')],
      ['an unknown user', basic('root:password')],
      ['a name in another case', basic('Admin:password')],
      ['no colon', basic('admin')],
      ['what is no base64', { authorization: 'Basic ***' }],
      ['a valid token', bearer(jwt.buildSync().token)],
    ])('refuses %s, and always in the same words', async (_what, headers) => {
      const answer = await ask('/token/new', { headers });
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Basic realm="Init", charset="UTF-8"');
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(answer.text).not.toContain('password"');
    });
  });

  describe('paths and methods', () => {
    it('answers 404 for an unknown path', async () => {
      expectProblem(await ask('/token/old'), 404, 'not_found');
    });

    it.each([
      ['/token/new', 'DELETE', ['GET', 'HEAD', 'POST']],
      ['/secure/jwt/hello', 'POST', ['GET', 'HEAD']],
    ])('answers 405 for %s with %s and names what is allowed', async (path, method, allowed) => {
      const answer = await ask(path, { method });
      expectProblem(answer, 405, 'method_not_allowed');
      const named = String(answer.headers['allow']).split(/,\s*/);
      expect(named).toEqual(expect.arrayContaining(allowed));
      expect(named).not.toContain(method);
    });
  });

  describe('sizes', () => {
    it('answers 431 for a header that is too large', async () => {
      const answer = await ask('/secure/jwt/hello', { headers: bearer('a'.repeat(20_000)) });
      expect(answer.status).toBe(431);
    });

    it('answers 413 for a body that is too large', async () => {
      const headers = basic('admin:password');
      const answer = await ask('/token/new', { method: 'POST', headers, body: 'x'.repeat(70_000) });
      expectProblem(answer, 413, 'payload_too_large');
    });
  });

  describe('a renewal', () => {
    it('is refused when the session has lasted its whole time, and says so', async () => {
      const began = Math.floor(Date.now() / 1000) - 13 * 3600;
      const { token } = jwt.claim('auth_time', began).buildSync();
      const answer = await ask('/token/renew', { headers: bearer(token) });
      expectProblem(answer, 401, 'invalid_token');
      expect(answer.headers['www-authenticate']).toBe(
        challengeFor('The session of the access token is over'),
      );
    });

    it('never outlives the session', async () => {
      const began = Math.floor(Date.now() / 1000) - 11.5 * 3600;
      const { token } = jwt.claim('auth_time', began).buildSync();
      const renewed = (await ask('/token/renew', { headers: bearer(token) })).json();
      expect(Number(renewed['expires_in'])).toBeLessThanOrEqual(1800);
    });

    it('is refused for a token of somebody else’s builder, and makes none', async () => {
      const foreign = new JwtBuilder()
        .issuer('KestrunApi')
        .audience('KestrunClients')
        .signWith({ text: 'x'.repeat(32) }, 'HS256');
      const answer = await ask('/token/renew', {
        headers: bearer(foreign.subject('admin').buildSync().token),
      });
      expectProblem(answer, 401, 'invalid_token');
      expect(answer.text).not.toContain('access_token"');
    });
  });
});
