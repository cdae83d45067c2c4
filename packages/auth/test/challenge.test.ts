import { describe, expect, it } from 'vitest';
import { authenticate, authorize, basic, bearer, challenge, hasScope, type Scheme } from '../src/index.js';
import { ask, askAs, problemOf, serve } from './koa-app.ts';
import { parseChallenge } from './parse-challenge.ts';
import { jwt, tokenFor } from './tokens.ts';

describe('a challenge', () => {
  it('is the scheme alone when it has no parameters', () => {
    expect(challenge('Negotiate', {})).toBe('Negotiate');
  });

  it('has its parameters quoted, in the order given', () => {
    expect(challenge('Bearer', { realm: 'api', error: 'invalid_token' })).toBe(
      'Bearer realm="api", error="invalid_token"',
    );
  });

  it('leaves out what is undefined', () => {
    expect(challenge('Bearer', { realm: undefined, scope: 'read' })).toBe('Bearer scope="read"');
  });

  it.each(['a "quoted" word', 'C:\\path', 'trailing \\', '", error="none', "it's 100 % fine, or not"])(
    'escapes %j so that a parser reads it back',
    (realm) => {
      expect(parseChallenge(challenge('Basic', { realm, charset: 'UTF-8' }))).toEqual({
        scheme: 'Basic',
        parameters: { realm, charset: 'UTF-8' },
      });
    },
  );

  it.each(['a\r\nSet-Cookie: a=b', 'a\n', 'a\rb', 'a\0b', '\x7f', 'Größe', '日本'])(
    'refuses %j, which a header cannot carry',
    (realm) => {
      expect(() => challenge('Basic', { realm })).toThrow(TypeError);
    },
  );

  it.each(['', 'Two words', 'Basic\r\nSet-Cookie:', 'Bäsic'])(
    'refuses %j as the name of a scheme',
    (name) => {
      expect(() => challenge(name, { realm: 'api' })).toThrow(TypeError);
    },
  );

  it.each(['', 'a b', 'a="b", c', 'a\r\nb'])('refuses %j as the name of a parameter', (name) => {
    expect(() => challenge('Basic', { [name]: 'value' })).toThrow(TypeError);
  });
});

describe('H11 the realm of a scheme', () => {
  const makers: [string, (realm: string) => Scheme][] = [
    ['basic', (realm) => basic({ realm, check: () => true })],
    ['bearer', (realm) => bearer(jwt.validator(), { realm })],
  ];
  for (const [name, make] of makers) {
    it.each(['a "b"', 'a\\b'])(`of ${name} is escaped: %j`, (realm) => {
      expect(parseChallenge(make(realm).challenge()).parameters['realm']).toBe(realm);
    });

    it.each(['a\r\nb', 'a\nb', 'Größe', ''])(`of ${name} is refused when the scheme is made: %j`, (realm) => {
      expect(() => make(realm)).toThrow(/realm/);
    });

    it(`of ${name} must be a string`, () => {
      expect(() => make(7 as unknown as string)).toThrow(TypeError);
    });
  }
});

describe('H11 the challenges of an answer', () => {
  const custom: Scheme = {
    kind: 'Ticket',
    authenticate: () => undefined,
    challenge: () => challenge('Ticket', { realm: 'stage' }),
  };
  const three: readonly [Scheme, Scheme, Scheme] = [
    bearer(jwt.validator(), { realm: 'api' }),
    basic({ realm: 'Init', users: { admin: 'password' } }),
    custom,
  ];

  it('are one for each of three schemes, a header line each, without an error when no credentials came', async () => {
    await using app = await serve((koa) => koa.use(authenticate(three)));
    const answer = await ask(app);
    expect(answer.status).toBe(401);
    expect(answer.challenges.map(parseChallenge)).toEqual([
      { scheme: 'Bearer', parameters: { realm: 'api' } },
      { scheme: 'Basic', parameters: { realm: 'Init', charset: 'UTF-8' } },
      { scheme: 'Ticket', parameters: { realm: 'stage' } },
    ]);
  });

  it('name the error in the one whose credential was bad', async () => {
    await using app = await serve((koa) => koa.use(authenticate(three)));
    const answer = await askAs(app, 'Bearer x.y.z');
    expect(answer.status).toBe(401);
    expect(answer.challenges.map(parseChallenge)).toEqual([
      {
        scheme: 'Bearer',
        parameters: {
          realm: 'api',
          error: 'invalid_token',
          error_description: 'The access token is not valid',
        },
      },
      { scheme: 'Basic', parameters: { realm: 'Init', charset: 'UTF-8' } },
      { scheme: 'Ticket', parameters: { realm: 'stage' } },
    ]);
  });

  it('name the missing scope, in the scheme that was used, and only there', async () => {
    await using app = await serve((koa) =>
      koa.use(authenticate(three)).use(authorize(hasScope('orders:write'))),
    );
    const answer = await askAs(app, `Bearer ${await tokenFor('admin')}`);
    expect(answer.status).toBe(403);
    expect(problemOf(answer)['code']).toBe('insufficient_scope');
    expect(answer.challenges.map(parseChallenge)).toEqual([
      {
        scheme: 'Bearer',
        parameters: {
          realm: 'api',
          error: 'insufficient_scope',
          error_description: 'The credentials are good, but not for this',
          scope: 'orders:write',
        },
      },
    ]);
  });

  it('take nothing from the text of an exception', async () => {
    const verifier = {
      verify: () => {
        throw Object.assign(new Error('key 6f1a", error="none'), { code: 'ERR_JWS_INVALID' });
      },
    };
    await using app = await serve((koa) => koa.use(authenticate(bearer(verifier))));
    const answer = await askAs(app, 'Bearer abc');
    expect(answer.status).toBe(401);
    expect(answer.challenges).toEqual([
      'Bearer realm="api", error="invalid_token", error_description="The access token is not valid"',
    ]);
  });
});
