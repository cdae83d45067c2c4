import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  authenticate,
  authorize,
  basic,
  bearer,
  hasRole,
  hasScope,
  isSchemeError,
  policy,
  type Scheme,
  type TokenVerifier,
} from '../src/index.js';
import { basicValue, serve } from './koa-app.ts';
import { askRaw } from './raw-request.ts';
import { expectNowhere, MARKER, published, spellings } from './secrets.ts';
import { builderAt, forge, GOOD_CLAIMS, jwt, NOON } from './tokens.ts';

const users = basic({ realm: 'Init', users: { admin: MARKER } });
const checked = basic({
  realm: 'Init',
  check: (name, password) => name === 'admin' && password === 'engine',
});
const tokens = bearer(jwt.validator());

/** A verifier whose error holds the secret wherever an error can, as jose's do with the claims. */
function verifierThrowing(error: Error & { code?: string; claim?: string }): Scheme {
  const verifier: TokenVerifier = {
    verify: () =>
      Promise.reject(
        Object.assign(error, { payload: { password: MARKER }, cause: new Error(MARKER), token: MARKER }),
      ),
  };
  return bearer(verifier);
}

function coded(code: string, claim?: string): Error & { code: string } {
  return Object.assign(new Error(`refused ${MARKER}`), { code, ...(claim === undefined ? {} : { claim }) });
}

const secretClaim = { password: MARKER };
const signed = forge({ ...GOOD_CLAIMS, ...secretClaim });

/** What was asked, by whom it is refused, the status, and what must be found nowhere. */
const refusals: [string, Scheme, string[], number, string[]][] = [
  ['a wrong password', users, [basicValue(`admin:x${MARKER}`)], 401, [MARKER]],
  ['a right password of another name', users, [basicValue(`root:${MARKER}`)], 401, [MARKER]],
  ['a secret sent as the name', users, [basicValue(`${MARKER}:x`)], 401, [MARKER]],
  ['a password that a check refuses', checked, [basicValue(`admin:${MARKER}`)], 401, [MARKER]],
  ['a Basic value without a colon', users, [basicValue(MARKER)], 401, [MARKER]],
  ['a Basic value that is not base64', users, [`Basic admin:${MARKER}`], 401, [MARKER]],
  ['a password with a control character', users, [basicValue(`admin:${MARKER}\n`)], 401, [MARKER]],
  ['a repeated Basic', users, [basicValue(`admin:${MARKER}`), basicValue('a:b')], 400, [MARKER]],
  ['a malformed Bearer', tokens, [`Bearer ${MARKER} ${MARKER}`], 400, [MARKER]],
  ['a repeated Bearer', tokens, [`Bearer ${signed}`, `Bearer ${MARKER}`], 400, [signed, MARKER]],
  ['a token that is none', tokens, [`Bearer ${MARKER}`], 401, [MARKER]],
  ['a token of nonsense parts', tokens, [`Bearer ${MARKER}.${MARKER}.${MARKER}`], 401, [MARKER]],
  ['an unknown scheme', tokens, [`Foo ${MARKER}`], 401, [MARKER]],
  ['a tampered token', tokens, [`Bearer ${signed}x`], 401, [...signed.split('.'), MARKER]],
  ['an alg of the attacker’s', tokens, [`Bearer ${forge(GOOD_CLAIMS, { alg: MARKER })}`], 401, [MARKER]],
  [
    'a kid of the attacker’s',
    tokens,
    [`Bearer ${forge(GOOD_CLAIMS, { alg: 'HS256', kid: MARKER, crit: [MARKER] })}`],
    401,
    [MARKER],
  ],
  ['an issuer that is a secret', tokens, [`Bearer ${forge({ ...GOOD_CLAIMS, iss: MARKER })}`], 401, [MARKER]],
  [
    'an audience that is a secret',
    tokens,
    [`Bearer ${forge({ ...GOOD_CLAIMS, aud: MARKER })}`],
    401,
    [MARKER],
  ],
  [
    'an expired token',
    bearer(builderAt(NOON + 9999).validator()),
    [`Bearer ${signed}`],
    401,
    [...signed.split('.'), MARKER],
  ],
  [
    'a token without a subject',
    tokens,
    [`Bearer ${forge({ ...GOOD_CLAIMS, ...secretClaim, sub: undefined })}`],
    401,
    [MARKER],
  ],
  [
    'a bad signature, told at length',
    verifierThrowing(coded('ERR_JWS_INVALID')),
    ['Bearer abc'],
    401,
    [MARKER],
  ],
  [
    'an expiry, told at length',
    verifierThrowing(coded('ERR_JWT_EXPIRED', 'exp')),
    ['Bearer abc'],
    401,
    [MARKER],
  ],
  [
    'a claim, told at length',
    verifierThrowing(coded('ERR_JWT_CLAIM_VALIDATION_FAILED', MARKER)),
    ['Bearer abc'],
    401,
    [MARKER],
  ],
  ['a code that is a secret', verifierThrowing(coded(`ERR_JWT_ ${MARKER}`)), ['Bearer abc'], 500, [MARKER]],
  ['a verifier that is down', verifierThrowing(new Error(MARKER)), ['Bearer abc'], 500, [MARKER]],
  [
    'a check that is down',
    basic({ realm: 'Init', check: () => Promise.reject(new Error(MARKER)) }),
    [basicValue(`admin:${MARKER}`)],
    500,
    [MARKER],
  ],
];

describe('H17 a secret is found neither with the client nor in the event', () => {
  it.each(refusals)('of %s', async (_what, scheme, values, status, secrets) => {
    await using app = await serve((koa) => koa.use(authenticate(scheme)));
    const answer = await askRaw(
      app,
      values.map((value) => `Authorization: ${value}`),
    );
    expect(answer.status).toBe(status);
    expect(app.refusals).toHaveLength(status === 500 ? 0 : 1);
    // What the application's own code threw may hold anything: the log is told by this to leave out its text.
    expect(app.errors.map(isSchemeError)).toEqual(status === 500 ? [true] : []);
    expectNowhere(secrets, published(app, answer));
  });

  it('of a token in the query beside one in the header', async () => {
    await using app = await serve((koa) => koa.use(authenticate(tokens)));
    const answer = await askRaw(
      app,
      [`Authorization: Bearer ${signed}`],
      `GET /?access_token=${MARKER} HTTP/1.1`,
    );
    expect(answer.status).toBe(400);
    expectNowhere([signed, MARKER], published(app, answer));
  });

  it.each([
    ['hasRole', hasRole('root')],
    ['hasScope', hasScope('root')],
    ['a policy of one’s own', policy('never', () => false)],
  ])('of one who is known but not allowed, by %s', async (_what, rule) => {
    await using app = await serve((koa) => koa.use(authenticate(tokens)).use(authorize(rule)));
    const answer = await askRaw(app, [`Authorization: Bearer ${signed}`]);
    expect(answer.status).toBe(403);
    expect(app.refusals).toHaveLength(1);
    expectNowhere([...signed.split('.'), MARKER], published(app, answer));
  });

  it('of one who is let in, when the principal is printed', async () => {
    await using app = await serve((koa) => {
      koa.use(authenticate(tokens));
      koa.use((ctx) => {
        ctx.body = JSON.stringify(ctx.state['auth']) + inspect(ctx.state['auth'], { depth: null });
      });
    });
    const plain = forge(GOOD_CLAIMS);
    const answer = await askRaw(app, [`Authorization: Bearer ${plain}`]);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('admin');
    expectNowhere(plain.split('.'), published(app, answer));
  });
});

describe('the search for secrets', () => {
  it.each(spellings(MARKER))('would find %s', async (spelling) => {
    await using app = await serve((koa) => {
      koa.use((ctx) => {
        ctx.status = 401;
        ctx.body = `refused: ${spelling}`;
      });
    });
    const answer = await askRaw(app, []);
    expect(() => expectNowhere([MARKER], published(app, answer))).toThrow();
  });
});

describe('H17 the message of wrong options', () => {
  it.each<[string, () => unknown]>([
    ['a name without a password', () => basic({ realm: 'Init', users: { [MARKER]: '' } })],
    ['a password with a line break', () => basic({ realm: 'Init', users: { admin: `${MARKER}\n` } })],
    ['two pairs', () => basic({ realm: 'Init', users: { a: MARKER, b: MARKER } })],
    ['a realm that is a secret', () => basic({ realm: `${MARKER}\n`, check: () => true })],
  ])('holds no secret: %s', (_what, make) => {
    let message = '';
    try {
      make();
    } catch (error) {
      message = inspect(error);
    }
    expect(message).toContain('TypeError');
    expect(message.split('\n')[0]).not.toContain(MARKER);
  });
});
