import {
  JWKSNoMatchingKey,
  JWSSignatureVerificationFailed,
  JWTClaimValidationFailed,
  type JwtValidator,
} from '@tokenwright/jwt';
import { describe, expect, it } from 'vitest';
import {
  authenticate,
  type BearerOptions,
  basic,
  bearer,
  createPrincipal,
  type Principal,
  type PrincipalClaims,
  type TokenVerifier,
  withUser,
} from '../src/index.js';
import { RememberedPrincipals } from '../src/schemes/remembered-principals.js';
import {
  type Answer,
  ask,
  askAs,
  basicValue,
  problemOf,
  type Question,
  type RunningApp,
  serve,
} from './koa-app.ts';
import { parseChallenge } from './parse-challenge.ts';
import { askRaw } from './raw-request.ts';
import { builderAt, forge, GOOD_CLAIMS, jwt, NOON, tokenFor } from './tokens.ts';

interface BearerApp extends RunningApp {
  readonly principals: Principal[];
}

async function serveBearer(
  verifier: TokenVerifier | JwtValidator = jwt.validator(),
  options?: BearerOptions,
): Promise<BearerApp> {
  const principals: Principal[] = [];
  const app = await serve((koa) => {
    // What a body parser leaves behind, as koa-body does.
    koa.use(async (ctx, next) => {
      let text = '';
      for await (const chunk of ctx.req) text += chunk;
      if (text !== '') Object.assign(ctx.request, { body: Object.fromEntries(new URLSearchParams(text)) });
      return next();
    });
    koa.use(authenticate(bearer(verifier as TokenVerifier, options)));
    koa.use((ctx) => {
      principals.push(ctx.state['auth'] as Principal);
      ctx.body = 'in';
    });
  });
  return Object.assign(app, { principals });
}

const token = await tokenFor('admin');

function expectMalformed(answer: Answer, description: string): void {
  expect(answer.status).toBe(400);
  expect(problemOf(answer)).toMatchObject({ code: 'invalid_request', detail: description });
  expect(answer.challenges.map(parseChallenge)).toEqual([
    {
      scheme: 'Bearer',
      parameters: { realm: 'api', error: 'invalid_request', error_description: description },
    },
  ]);
}

function expectChallenged(answer: Answer): void {
  expect(answer.status).toBe(401);
  expect(problemOf(answer)['code']).toBe('credentials_required');
  expect(answer.challenges).toEqual(['Bearer realm="api"']);
}

function expectInvalid(answer: Answer, description: string): void {
  expect(answer.status).toBe(401);
  expect(problemOf(answer)).toMatchObject({ code: 'invalid_token', detail: description });
  expect(answer.challenges.map(parseChallenge)).toEqual([
    {
      scheme: 'Bearer',
      parameters: { realm: 'api', error: 'invalid_token', error_description: description },
    },
  ]);
}

describe('the statistics of the cache of tokens', () => {
  it('are those of the verifier, where it has them', () => {
    const validator = jwt.validator();
    validator.verifySync(jwt.subject('a').buildSync().token);
    expect(bearer(validator).cacheStatistics?.()).toEqual({ hits: 0, misses: 1 });
    const loaded = withUser(bearer(validator), () => ({}));
    expect(loaded.cacheStatistics?.()).toEqual({ hits: 0, misses: 1 });
    const other = { verify: (token: string) => validator.verify(token) };
    expect(bearer(other)).not.toHaveProperty('cacheStatistics');
  });
});

describe('H1 the value of Bearer', () => {
  const sentence = 'The Authorization header must be: Bearer, one space, the token';

  it.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])(
    'is taken after the scheme written %s',
    async (scheme) => {
      await using app = await serveBearer();
      expect((await askAs(app, `${scheme} ${token}`)).status).toBe(200);
      expect(app.principals).toMatchObject([{ scheme: 'Bearer', subject: 'admin', token }]);
    },
  );

  it.each<[string, string]>([
    ['the scheme alone', 'Bearer'],
    ['the scheme and a space', 'Bearer '],
    ['two spaces', `Bearer  ${token}`],
    ['a word behind the token', `Bearer ${token} x`],
    ['a comma for the space', `Bearer,${token}`],
    ['quotes', `Bearer "${token}"`],
    ['a tab for the space', `Bearer\t${token}`],
    ['latin1 bytes', `Bearer ${token}\xe9`],
    ['two tokens, joined by a comma', `Bearer ${token},${token}`],
    ['two credentials, joined by a comma', `Bearer ${token}, Bearer ${token}`],
    ['an equals sign for the space', `Bearer=${token}`],
    ['a colon for the space', `Bearer: ${token}`],
    ['padding inside', `Bearer a=b`],
    ['angle brackets', `Bearer <${token}>`],
  ])('is refused as malformed: %s', async (_what, authorization) => {
    await using app = await serveBearer();
    const answer = await askRaw(app, [`Authorization: ${authorization}`]);
    expectMalformed(answer, sentence);
    expect(app.principals).toEqual([]);
    expect((await askAs(app, `Bearer ${token}`)).status).toBe(200);
  });

  it.each(['\0', '\x01', '\x7f'])(
    'never reaches the application with the control character %j',
    async (character) => {
      await using app = await serveBearer();
      const answer = await askRaw(app, [`Authorization: Bearer ${token}${character}`]);
      expect(answer.status).toBe(400);
      expect(app.principals).toEqual([]);
    },
  );

  it('is refused, and not looked at, when it is longer than Node.js takes', async () => {
    await using app = await serveBearer();
    expect((await askRaw(app, [`Authorization: Bearer ${'a'.repeat(20_000)}`])).status).toBe(431);
    expect((await askAs(app, `Bearer ${token}`)).status).toBe(200);
  });

  it.each(['abc', 'a.b.c', 'a-b._~+/c==', `${'a'.repeat(9000)}`])(
    'is handed to the verifier when it is a b64token, however wrong: %.20s',
    async (value) => {
      await using app = await serveBearer();
      expectInvalid(await askAs(app, `Bearer ${value}`), 'The access token is not valid');
    },
  );
});

describe('H2 credentials of another scheme', () => {
  it.each(['Basic', 'Token', 'JWT', 'Foo', 'Bearerx', 'Bearer-2', 'Bear', 'XBearer'])(
    'are no Bearer credentials: a valid token sent as %s',
    async (scheme) => {
      await using app = await serveBearer();
      expectChallenged(await askAs(app, `${scheme} ${token}`));
      expect((await askAs(app, `Bearer ${token}`)).status).toBe(200);
    },
  );

  it('are no Bearer credentials: a valid token alone', async () => {
    await using app = await serveBearer();
    expectChallenged(await askAs(app, token));
  });

  it('are no Bearer credentials: an empty field', async () => {
    await using app = await serveBearer();
    expectChallenged(await askRaw(app, ['Authorization:']));
  });

  it('are no Basic credentials: name and password sent as Foo', async () => {
    await using app = await serve((koa) => {
      koa.use(authenticate(basic({ realm: 'Init', users: { admin: 'password' } })));
      koa.use((ctx) => {
        ctx.body = 'in';
      });
    });
    const refused = await askAs(app, `Foo ${btoa('admin:password')}`);
    expect([refused.status, problemOf(refused)['code']]).toEqual([401, 'credentials_required']);
    expect(refused.challenges).toEqual(['Basic realm="Init", charset="UTF-8"']);
    expect((await askAs(app, basicValue('admin:password'))).status).toBe(200);
  });
});

describe('H3 a repeated Authorization', () => {
  const sentence = 'The request has more than one Authorization header';
  const good = `Bearer ${token}`;

  it.each<[string, string[]]>([
    ['good and bad', [`Authorization: ${good}`, 'Authorization: Bearer bad']],
    ['bad and good', ['Authorization: Bearer bad', `Authorization: ${good}`]],
    ['good twice', [`Authorization: ${good}`, `Authorization: ${good}`]],
    ['in different case', [`authorization: ${good}`, 'AUTHORIZATION: Bearer bad']],
    ['of two schemes', [`Authorization: ${good}`, 'Authorization: Basic YTpi']],
    ['of two schemes, Bearer last', ['Authorization: Basic YTpi', `Authorization: ${good}`]],
    ['empty and good', ['Authorization:', `Authorization: ${good}`]],
    ['with another field between', [`Authorization: ${good}`, 'Accept: */*', 'Authorization: Bearer bad']],
  ])('is 400, never the first or the last: %s', async (_what, lines) => {
    await using app = await serveBearer();
    expectMalformed(await askRaw(app, lines), sentence);
    expect(app.principals).toEqual([]);
    expect(app.refusals[0]?.reasons[0]?.code).toBe('repeated_authorization');
    expect((await askRaw(app, [`Authorization: ${good}`])).status).toBe(200);
  });

  it.each<[string, string[]]>([
    ['good and bad', [basicValue('admin:password'), basicValue('admin:wrong')]],
    ['bad and good', [basicValue('admin:wrong'), basicValue('admin:password')]],
  ])('is 400 for Basic as well: %s', async (_what, values) => {
    await using app = await serve((koa) =>
      koa.use(authenticate(basic({ realm: 'Init', users: { admin: 'password' } }))),
    );
    const answer = await askRaw(
      app,
      values.map((value) => `Authorization: ${value}`),
    );
    expect([answer.status, problemOf(answer)['code']]).toEqual([400, 'invalid_request']);
  });
});

describe('H4 a token outside of Authorization', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  it.each<[string, Question]>([
    ['?access_token=t', { path: `/?access_token=${token}` }],
    ['?api_key=k', { path: '/?api_key=k' }],
    ['a POST form', { method: 'POST', headers: form, body: `access_token=${token}` }],
    ['a GET with a body', { method: 'GET', headers: form, body: `access_token=${token}` }],
    ['a path like a fragment', { path: `/%23access_token=${token}` }],
    ['a cookie', { headers: { cookie: `access_token=${token}` } }],
    ['a header of its own', { headers: { 'access-token': token, 'x-access-token': token } }],
    ['Proxy-Authorization', { headers: { 'proxy-authorization': `Bearer ${token}` } }],
  ])('is no credential: %s', async (_what, question) => {
    await using app = await serveBearer();
    expectChallenged(await ask(app, question));
    expect(app.principals).toEqual([]);
  });
});

describe('two transports of the token at once (RFC 6750 §2)', () => {
  const sentence = 'The request carries an access token in more than one place';
  const authorization = `Bearer ${token}`;
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  it.each<[string, Question]>([
    ['query', { path: `/?access_token=${token}` }],
    ['query, behind another parameter', { path: `/?a=b&access_token=${token}` }],
    ['query, with its name encoded', { path: `/?access%5Ftoken=${token}` }],
    ['query, without a value', { path: '/?access_token' }],
    ['body', { method: 'POST', headers: form, body: `access_token=${token}` }],
  ])('are 400: header and %s', async (_what, question) => {
    await using app = await serveBearer();
    const headers = { ...question.headers, authorization };
    expectMalformed(await ask(app, { ...question, headers }), sentence);
    expect(app.principals).toEqual([]);
  });

  it('are 400 also when the Host field is nonsense', async () => {
    await using app = await serveBearer();
    const lines = ['Host: [', `Authorization: ${authorization}`];
    expectMalformed(await askRaw(app, lines, 'GET /?access_token=x HTTP/1.1'), sentence);
    expect((await askRaw(app, lines)).status).toBe(200);
  });

  it.each<[string, Question]>([
    ['a parameter of a similar name', { path: '/?my_access_token=x&access_tokens=y' }],
    ['a path that reads like it', { path: '/access_token=x' }],
    ['a body without it', { method: 'POST', headers: form, body: 'a=b' }],
    ['__proto__ in query and body', { method: 'POST', path: '/?__proto__[role]=admin', body: '__proto__=x' }],
  ])('are not seen in %s', async (_what, question) => {
    await using app = await serveBearer();
    const answer = await ask(app, { ...question, headers: { ...question.headers, authorization } });
    expect(answer.status).toBe(200);
    expect(({} as Record<string, unknown>)['role']).toBeUndefined();
  });
});

describe('what a client is told of its token', () => {
  const opaque = 'The access token is not valid';
  const tamper = (value: string): string => `${value.slice(0, -2)}${value.endsWith('AA') ? 'BB' : 'AA'}`;
  const other = builderAt(NOON).signWith({ text: 'another secret of at least 256 bits, long enough' });

  it.each<[string, () => string | Promise<string>, string, string]>([
    [
      'expired',
      () => forge({ ...GOOD_CLAIMS, exp: NOON - 61 }),
      'The access token expired',
      'ERR_JWT_EXPIRED',
    ],
    [
      'not valid yet',
      () => forge({ ...GOOD_CLAIMS, nbf: NOON + 61 }),
      'The access token is not valid yet',
      'ERR_JWT_CLAIM_VALIDATION_FAILED',
    ],
    [
      'for another audience',
      () => forge({ ...GOOD_CLAIMS, aud: 'others' }),
      'The access token is for another audience',
      'ERR_JWT_CLAIM_VALIDATION_FAILED',
    ],
    [
      'of another issuer',
      () => forge({ ...GOOD_CLAIMS, iss: 'other' }),
      opaque,
      'ERR_JWT_CLAIM_VALIDATION_FAILED',
    ],
    [
      'without exp',
      () => forge({ ...GOOD_CLAIMS, exp: undefined }),
      opaque,
      'ERR_JWT_CLAIM_VALIDATION_FAILED',
    ],
    [
      'with an exp that is no number',
      () => forge({ ...GOOD_CLAIMS, exp: 'never' }),
      opaque,
      'ERR_JWT_CLAIM_VALIDATION_FAILED',
    ],
    [
      'with an nbf that is no number',
      () => forge({ ...GOOD_CLAIMS, nbf: 'later' }),
      opaque,
      'ERR_JWT_CLAIM_VALIDATION_FAILED',
    ],
    [
      'issued in the future',
      () => forge({ ...GOOD_CLAIMS, iat: NOON + 999 }),
      opaque,
      'ERR_JWT_CLAIM_VALIDATION_FAILED',
    ],
    ['tampered with', () => tamper(token), opaque, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
    [
      'signed with another key',
      async () => (await other.subject('admin').build()).token,
      opaque,
      'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    ],
    [
      'tampered with and expired',
      () => tamper(forge({ ...GOOD_CLAIMS, exp: NOON - 61 })),
      opaque,
      'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    ],
    ['unsigned', () => forge(GOOD_CLAIMS, { alg: 'none' }), opaque, 'ERR_JOSE_ALG_NOT_ALLOWED'],
    ['signed with HS384', () => forge(GOOD_CLAIMS, { alg: 'HS384' }), opaque, 'ERR_JOSE_ALG_NOT_ALLOWED'],
    [
      'with a critical header that nobody knows',
      () => forge(GOOD_CLAIMS, { alg: 'HS256', crit: ['x'], x: 1 }),
      opaque,
      'ERR_JOSE_NOT_SUPPORTED',
    ],
    ['in two parts', () => 'a.b', opaque, 'ERR_JWS_INVALID'],
    ['of claims that are no object', () => forge([]), opaque, 'ERR_JWT_INVALID'],
  ])('of one that is %s', async (_what, make, sentence, code) => {
    await using app = await serveBearer();
    expectInvalid(await askAs(app, `Bearer ${await make()}`), sentence);
    expect(app.refusals[0]?.reasons).toMatchObject([{ scheme: 'Bearer', code }]);
    expect(app.principals).toEqual([]);
  });

  it('of one that was revoked', async () => {
    await using app = await serveBearer(jwt.validator({ isRevoked: () => true }));
    expectInvalid(await askAs(app, `Bearer ${token}`), 'The access token was revoked');
    expect(app.refusals[0]?.reasons).toMatchObject([{ code: 'ERR_JWT_REVOKED' }]);
  });

  it('of one whose session is over when the handler renews it', async () => {
    const late = builderAt(NOON + 13 * 3600);
    const old = forge({ ...GOOD_CLAIMS, exp: NOON + 14 * 3600 });
    await using app = await serve((koa) => {
      koa.use(authenticate(bearer(late.validator())));
      koa.use(async (ctx) => {
        ctx.body = (await late.renew(ctx.get('authorization').slice(7))).token;
      });
    });
    expectInvalid(await askAs(app, `Bearer ${old}`), 'The session of the access token is over');
    expect(app.refusals[0]).toMatchObject({ subject: 'admin', reasons: [{ code: 'ERR_JWT_SESSION_OVER' }] });
    expect(app.errors).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['expires', 'ERR_JWT_EXPIRED', 'The access token expired'],
    ['is revoked', 'ERR_JWT_REVOKED', 'The access token was revoked'],
  ])('of one that %s while the handler renews it', async (_what, code, sentence) => {
    const error = Object.defineProperty(Object.assign(new Error('late'), { code }), 'renewal', {
      value: true,
    });
    await using app = await serve((koa) =>
      koa.use(authenticate(bearer(jwt.validator()))).use(() => Promise.reject(error)),
    );
    expectInvalid(await askAs(app, `Bearer ${token}`), sentence);
  });

  it.each<[string, string]>([
    ['expired', 'ERR_JWT_EXPIRED'],
    ['was revoked', 'ERR_JWT_REVOKED'],
  ])('is nothing when it is another token, which the handler verifies, that %s', async (_what, code) => {
    const error = Object.assign(new Error('another token'), { code });
    await using app = await serve((koa) =>
      koa.use(authenticate(bearer(jwt.validator()))).use(() => Promise.reject(error)),
    );
    expect((await askAs(app, `Bearer ${token}`)).status).toBe(500);
    expect([app.refusals, app.errors]).toEqual([[], [error]]);
  });

  it('is the good one’s principal, as long as it is good', async () => {
    let now = NOON;
    await using app = await serveBearer(jwt.validator({ clock: () => now * 1000 }));
    expect((await askAs(app, `Bearer ${token}`)).status).toBe(200);
    expect((await askAs(app, `Bearer ${token}`)).status).toBe(200);
    now = NOON + 3600 + 60;
    expectInvalid(await askAs(app, `Bearer ${token}`), 'The access token expired');
  });

  it.each<[string, unknown, string]>([
    ['no matching key', new JWKSNoMatchingKey(), opaque],
    ['a bad signature', new JWSSignatureVerificationFailed(), opaque],
    [
      'an audience that was compared',
      new JWTClaimValidationFailed('no', {}, 'aud', 'check_failed'),
      'The access token is for another audience',
    ],
    ['an audience that is missing', new JWTClaimValidationFailed('no', {}, 'aud', 'missing'), opaque],
    ['an nbf that is invalid', new JWTClaimValidationFailed('no', {}, 'nbf', 'invalid'), opaque],
    ['a code that jose may get one day', { code: 'ERR_JWT_TOMORROW' }, opaque],
    ['an encrypted token that cannot be read', { code: 'ERR_JWE_DECRYPTION_FAILED' }, opaque],
  ])('by any verifier that throws jose’s errors: %s', async (_what, error, sentence) => {
    await using app = await serveBearer({ verify: () => Promise.reject(error) });
    expectInvalid(await askAs(app, 'Bearer abc'), sentence);
  });
});

describe('H32 a verifier that fails', () => {
  it.each<[string, unknown]>([
    ['an error', new Error('the key store is down')],
    ['an error with a code of its own', Object.assign(new Error('down'), { code: 'ECONNREFUSED' })],
    ['a code that only begins like jose’s', { code: 'ERR_JWT_eyJhbGciOiJIUzI1NiJ9' }],
    ['a key set that did not come', { code: 'ERR_JWKS_TIMEOUT' }],
    ['a key set that is none', { code: 'ERR_JWKS_INVALID' }],
    ['an answer of the issuer that is no success', { code: 'ERR_JOSE_GENERIC' }],
    ['a string', 'no'],
    ['undefined', undefined],
    ['null', null],
  ])('with %s is a 500, not the fault of the token', async (_what, error) => {
    await using app = await serveBearer({ verify: () => Promise.reject(error) });
    const answer = await askAs(app, 'Bearer abc');
    expect([answer.status, answer.body]).toEqual([500, 'Internal Server Error']);
    expect(app.errors).toHaveLength(1);
    expect(app.principals).toEqual([]);
  });

  it('by throwing is the same as by rejecting', async () => {
    await using app = await serveBearer({
      verify: () => {
        throw new Error('the key store is down');
      },
    });
    expect((await askAs(app, 'Bearer abc')).status).toBe(500);
  });

  it.each<[string, unknown]>([
    ["'false'", 'false'],
    ['{}', {}],
    ['1', 1],
    ['true', true],
    ['undefined', undefined],
    ['null', null],
    ['{ claims: null }', { claims: null }],
    ["{ claims: 'admin' }", { claims: 'admin' }],
    ['{ claims: [] }', { claims: [] }],
  ])('by answering %s lets nobody in', async (_what, answer) => {
    await using app = await serveBearer({ verify: () => answer } as unknown as TokenVerifier);
    expect((await askAs(app, 'Bearer abc')).status).toBe(500);
    expect(app.principals).toEqual([]);
    expect(String(app.errors[0])).toContain('must answer { claims } or throw');
  });

  it('by hanging lets nobody in', async () => {
    let asked: () => void = () => undefined;
    const wasAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    await using app = await serveBearer({
      verify: () => {
        asked();
        return new Promise<never>(() => undefined);
      },
    });
    const hanging = askAs(app, 'Bearer abc').then(
      () => 'answered',
      () => 'no answer',
    );
    await wasAsked;
    await app[Symbol.asyncDispose]();
    expect(await hanging).toBe('no answer');
    expect(app.principals).toEqual([]);
  });
});

describe('the principal of a token', () => {
  async function principalOf(claims: object, options?: BearerOptions): Promise<Principal | undefined> {
    await using app = await serveBearer({ verify: () => ({ claims: claims as PrincipalClaims }) }, options);
    await askAs(app, 'Bearer abc');
    return app.principals[0];
  }

  it('has subject, name, roles, scopes, claims and the token', async () => {
    const principal = await principalOf({
      sub: 'u-7',
      name: 'Ada',
      roles: ['admin'],
      scope: 'read write',
      tier: 3,
    });
    expect(principal).toMatchObject({
      scheme: 'Bearer',
      subject: 'u-7',
      name: 'Ada',
      roles: ['admin'],
      scopes: ['read', 'write'],
      claims: { tier: 3 },
      token: 'abc',
    });
  });

  it.each<[string, object, object]>([
    ['no name: the subject', {}, { name: 'u-7' }],
    ['a name that is no string', { name: 7 }, { name: 'u-7' }],
    ['one role', { roles: 'admin' }, { roles: ['admin'] }],
    ['roles that are no strings', { roles: ['admin', 7, null] }, { roles: ['admin'] }],
    ['roles that are an object', { roles: { admin: true } }, { roles: [] }],
    ['scp as a list', { scp: ['read', 'write'] }, { scopes: ['read', 'write'] }],
    ['scope before scp', { scope: 'read', scp: ['write'] }, { scopes: ['read'] }],
    ['scope with blanks around', { scope: ' read  write ' }, { scopes: ['read', 'write'] }],
    ['a scope that is no string', { scope: 7 }, { scopes: [] }],
    ['permissions', { permissions: ['pay', 7] }, { scopes: ['pay'] }],
    [
      'permissions beside scope',
      { scope: 'read pay', permissions: ['pay', 'write'] },
      { scopes: ['read', 'pay', 'write'] },
    ],
    ['permissions beside scp', { scp: ['read'], permissions: ['pay'] }, { scopes: ['read', 'pay'] }],
  ])('reads %s', async (_what, claims, expected) => {
    expect(await principalOf({ sub: 'u-7', ...claims })).toMatchObject(expected);
  });

  it.each<[string, object]>([
    ['missing', {}],
    ['empty', { sub: '' }],
    ['a number', { sub: 7 }],
    ['an object', { sub: { id: 'admin' } }],
  ])('does not exist when the subject is %s', async (_what, claims) => {
    await using app = await serveBearer({ verify: () => ({ claims: claims as PrincipalClaims }) });
    expectInvalid(await askAs(app, 'Bearer abc'), 'The access token is not valid');
    expect(app.refusals[0]?.reasons).toMatchObject([{ code: 'missing_subject' }]);
  });

  it('does not exist for a token of our builder without a subject', async () => {
    await using app = await serveBearer();
    const { token: nobodys } = await jwt.build();
    expectInvalid(await askAs(app, `Bearer ${nobodys}`), 'The access token is not valid');
  });

  it('is what the option principal makes of it', async () => {
    const principal = await principalOf(
      { client_id: 'robot', permissions: ['read'] },
      {
        principal: ({ claims }) => ({
          subject: String(claims['client_id']),
          scopes: claims['permissions'] as string[],
        }),
      },
    );
    expect(principal).toMatchObject({ subject: 'robot', scopes: ['read'], roles: [] });
  });

  it('does not exist when the option principal finds no subject', async () => {
    const options = { principal: () => ({ subject: '' }) };
    expect(await principalOf({ sub: 'admin' }, options)).toBeUndefined();
  });

  it('is no room that two requests share', async () => {
    const claims = { sub: 'u-7', realm: { roles: ['user'] } };
    await using app = await serveBearer({ verify: () => ({ claims }) });
    await askAs(app, 'Bearer abc');
    expect(() => claims.realm.roles.push('admin')).toThrow(TypeError);
    await askAs(app, 'Bearer abc');
    expect(app.principals).toHaveLength(2);
  });
});

describe('the principal that two requests share', () => {
  async function isShared(claims: object, value = 'abc'): Promise<boolean> {
    await using app = await serveBearer({ verify: () => ({ claims: claims as PrincipalClaims }) });
    await askAs(app, `Bearer ${value}`);
    await askAs(app, `Bearer ${value}`);
    expect(app.principals).toHaveLength(2);
    return app.principals[0] === app.principals[1];
  }
  const frozen = () => Object.freeze({ sub: 'u-7', roles: Object.freeze(['user']) });

  it('is there for claims that are frozen throughout', async () => {
    expect(await isShared(frozen())).toBe(true);
    expect(await isShared(frozen(), 'a'.repeat(4096))).toBe(true);
  });

  it('is there for a token that the validator of @tokenwright/jwt remembers', async () => {
    await using app = await serveBearer();
    for (let i = 0; i < 3; i++) await askAs(app, `Bearer ${token}`);
    expect(app.principals[2]).toBe(app.principals[1]);
  });

  it('is not kept for a verifier that verifies each time: after the second time nothing is', async () => {
    const kept = new RememberedPrincipals<PrincipalClaims>();
    const use = (name: string, claims = frozen()): Principal => {
      const known = kept.recall(name);
      if (known !== undefined && kept.confirms(known, claims)) return known.principal;
      const principal = createPrincipal({ scheme: 'Bearer', subject: 'u-7', claims });
      if (kept.accepts(name, claims)) kept.add(name, { token: name, principal });
      return principal;
    };
    const remembering = frozen();
    expect(use('a', remembering)).toBe(use('a', remembering));
    expect(use('a', remembering)).toBe(use('a', remembering));
    expect(kept.size).toBe(1);
    for (let i = 0; i < 5000; i += 1) use(`b${i % 2}`);
    expect(kept.size).toBe(0);
    // It is tried again from time to time: the verifier may have dropped one token only.
    for (let i = 0; i < 10_000; i += 1) use('c', remembering);
    expect([kept.size, use('c', remembering)]).toEqual([1, use('c', remembering)]);
  });

  it('is each request’s own for a validator without a cache', async () => {
    await using app = await serveBearer(jwt.validator({ cache: false }));
    for (let i = 0; i < 3; i += 1) await askAs(app, `Bearer ${token}`);
    expect(new Set(app.principals).size).toBe(3);
    expect(app.principals[2]).toEqual(app.principals[0]);
  });

  it.each<[string, object, string?]>([
    ['a token of more than 4,096 characters', frozen(), 'a'.repeat(4097)],
    ['claims with a date', Object.freeze({ sub: 'u-7', at: Object.freeze(new Date(0)) })],
    ['claims with a map', Object.freeze({ sub: 'u-7', map: Object.freeze(new Map()) })],
    ['claims with binary data', Object.freeze({ sub: 'u-7', bytes: new Uint8Array(1) })],
  ])('is not there for %s', async (_what, claims, value) => {
    expect(await isShared(claims, value)).toBe(false);
  });

  it('has claims that nobody can change, though their verifier froze the outside alone', async () => {
    const claims = Object.freeze({ sub: 'u-7', roles: ['user'], realm: Object.freeze({ groups: ['a'] }) });
    await isShared(claims);
    expect(() => claims.roles.push('admin')).toThrow(TypeError);
    expect(() => claims.realm.groups.push('b')).toThrow(TypeError);
  });

  it('may have claims that hold themselves', async () => {
    const claims: Record<string, unknown> = { sub: 'u-7' };
    claims['self'] = claims;
    expect(await isShared(Object.freeze(claims))).toBe(true);
  });
});

describe('a credential that is known', () => {
  const good = `Authorization: Bearer ${token}`;

  it.each<[string, string[], string, number]>([
    ['comes twice in one request', [good, good], 'GET / HTTP/1.1', 400],
    ['comes with another token in the query', [good], 'GET /?access_token=abc HTTP/1.1', 400],
    ['has a word more', [`${good} x`], 'GET / HTTP/1.1', 400],
    ['has a letter more', [`${good}x`], 'GET / HTTP/1.1', 401],
    ['is that of another scheme', [good.replace('Bearer', 'JWT')], 'GET / HTTP/1.1', 401],
  ])('is refused as any other when it %s', async (_what, lines, requestLine, status) => {
    await using app = await serveBearer();
    for (let i = 0; i < 3; i += 1) expect((await askRaw(app, [good])).status).toBe(200);
    expect(app.principals[2]).toBe(app.principals[1]);
    expect((await askRaw(app, lines, requestLine)).status).toBe(status);
    expect(app.principals).toHaveLength(3);
  });

  it('is verified again each time', async () => {
    let isRevoked = false;
    await using app = await serveBearer(jwt.validator({ isRevoked: () => isRevoked }));
    for (let i = 0; i < 3; i += 1) expect((await askRaw(app, [good])).status).toBe(200);
    isRevoked = true;
    expectInvalid(await askRaw(app, [good]), 'The access token was revoked');
    isRevoked = false;
    expect((await askRaw(app, [good])).status).toBe(200);
  });
});

describe('the metadata of the resource (RFC 9728)', () => {
  const url = 'https://api.example.com/.well-known/oauth-protected-resource';

  it.each<[string, string | URL, string]>([
    ['a text', url, url],
    ['a URL', new URL(url), url],
    ['on the loopback', 'http://127.0.0.1:5000/meta', 'http://127.0.0.1:5000/meta'],
    [
      'with what would end the parameter',
      'https://api.example.com/a"b?c="d, error="none',
      'https://api.example.com/a%22b?c=%22d,%20error=%22none',
    ],
    ['beyond ASCII', 'https://bücher.example/ä', 'https://xn--bcher-kva.example/%C3%A4'],
  ])('stands in every challenge: %s', async (_what, resourceMetadata, sent) => {
    await using app = await serveBearer(jwt.validator(), { resourceMetadata });
    for (const [authorization, error] of [
      ['Basic x', undefined],
      ['Bearer bad', 'invalid_token'],
      ['Bearer', 'invalid_request'],
    ] as const) {
      const [given = ''] = (await askAs(app, authorization)).challenges;
      expect(parseChallenge(given).parameters).toMatchObject({
        resource_metadata: sent,
        ...(error && { error }),
      });
    }
  });

  it.each([
    'api.example.com/meta',
    'http://api.example.com/meta',
    'ftp://api.example.com/meta',
    'https://user:secret@api.example.com/meta',
    'https://api.example.com/meta#part',
    '',
  ])('is refused at once when it is %j', (resourceMetadata) => {
    expect(() => bearer(jwt.validator(), { resourceMetadata })).toThrow(/resourceMetadata/);
  });
});

describe('wrong options of bearer', () => {
  it.each<[string, () => unknown]>([
    ['no verifier', () => bearer(undefined as unknown as TokenVerifier)],
    ['a function', () => bearer((() => true) as unknown as TokenVerifier)],
    ['a key', () => bearer({ hex: '00' } as unknown as TokenVerifier)],
    ['a principal that is no function', () => bearer(jwt.validator(), { principal: 'sub' as never })],
  ])('are refused at once: %s', (_what, make) => {
    expect(make).toThrow(TypeError);
  });
});
