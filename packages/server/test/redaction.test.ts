import type { LoggerOptions } from 'pino';
import { describe, expect, it } from 'vitest';
import { createLogger, createServer } from '../src/index.js';
import { start } from './running.js';

const MARK = 'xyzzy-secret-0123456789';
const JWT = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.${MARK}`;

/** The logger as it is shipped, and everything it wrote. */
function shipped(options: LoggerOptions = {}) {
  const lines: string[] = [];
  const streamWrite = (line: string) => {
    lines.push(line);
    return '';
  };
  const log = createLogger('x', { level: 'trace', ...options, hooks: { streamWrite } });
  return { log, text: () => lines.join(''), last: () => JSON.parse(lines.at(-1) ?? '{}') };
}

function nested(depth: number, innermost: object): object {
  return depth === 0 ? innermost : { inner: nested(depth - 1, innermost) };
}

/** As axios throws them: with the whole request on it. */
function clientError(): Error {
  const headers = { authorization: `Bearer ${MARK}` };
  return Object.assign(new Error('Request failed with status code 401'), {
    code: 'ERR_BAD_REQUEST',
    config: { url: '/token', headers, data: `client_secret=${MARK}` },
    response: { data: { access_token: MARK } },
  });
}

describe('a record of the shipped logger', () => {
  it.each<[string, object]>([
    ['a header field in any letter case', { headers: { Authorization: MARK, 'PROXY-Authorization': MARK } }],
    ['a cookie', { headers: { cookie: MARK, 'Set-Cookie': [MARK, MARK] } }],
    ['an API key', { headers: { 'x-api-key': MARK, 'X-Shop-Key': MARK }, apiKey: MARK }],
    ['a DPoP proof', { headers: { DPoP: MARK } }],
    ['raw headers', { rawHeaders: ['Host', 'localhost', 'Authorization', MARK, 'COOKIE', MARK] }],
    [
      'pairs of headers',
      {
        headers: [
          ['accept', '*/*'],
          ['authorization', MARK],
        ],
      },
    ],
    ['tokens', { token: MARK, access_token: MARK, accessToken: MARK, id_token: MARK, refreshToken: MARK }],
    [
      'secrets of clients',
      { client_secret: MARK, clientSecret: MARK, assertion: MARK, client_assertion: MARK },
    ],
    ['passwords', { password: MARK, PASSWORD: MARK, passphrase: MARK, secret: MARK, code_verifier: MARK }],
    ['a list under such a name', { tokens: { token: [MARK, { a: MARK }] } }],
    ['a private JWK', { key: { kty: 'RSA', n: 'n', e: 'AQAB', d: MARK, p: MARK, qi: MARK } }],
    ['a symmetric JWK', { keys: [{ kty: 'oct', k: MARK }] }],
    ['a member seven levels down', nested(6, { password: MARK })],
    ['whatever is too deep to be looked at', nested(40, { harmless: MARK })],
    ['an error of an HTTP client', { err: clientError() }],
    ['an error under any other name', { failure: clientError(), list: [clientError()] }],
    ['the cause of an error', { err: new Error('down', { cause: clientError() }) }],
    ['a token in a message', { err: new Error(`the token ${JWT} is bad`) }],
    ['a token in a text', { note: `got ${JWT} from the client` }],
    ['a field in a text', { note: `Authorization: Bearer ${MARK}` }],
    ['a parameter in a URL', { url: `https://a.example/cb?state=1&access_token=${MARK}&x=2` }],
    ['a parameter in a form', { body: `grant_type=password&password=${MARK}` }],
    ['the password of a URL', { store: `redis://default:${MARK}@cache.example:6379/0` }],
    ['a private key', { note: `-----BEGIN PRIVATE KEY-----\n${MARK}\n-----END PRIVATE KEY-----` }],
    ['a Buffer', { found: Buffer.from(MARK) }],
    ['what an object says of itself as JSON', { found: { toJSON: () => ({ token: MARK }) } }],
  ])('never has %s', (_what, record) => {
    const { log, text } = shipped();
    log.info(record, 'somebody logs it all the same');
    log.child({ bound: record }).child({ more: record }).warn('bound to a child of a child');
    expect(text()).toContain('somebody logs it all the same');
    expect(text()).toContain('bound to a child of a child');
    expect(text()).not.toContain(MARK);
    expect(text()).not.toContain(Buffer.from(MARK).join());
  });

  it('has the type of an error, by itself or as a member', () => {
    const { log, last } = shipped();
    log.error(new RangeError('too far'));
    expect(last()).toMatchObject({ err: { type: 'RangeError', message: 'too far' } });
    log.error({ err: new RangeError('too far') }, 'again');
    expect(last()).toMatchObject({ err: { type: 'RangeError', stack: expect.any(String) } });
  });

  it('never has an error that is logged by itself', () => {
    const { log, text, last } = shipped();
    log.error(clientError());
    expect(text()).not.toContain(MARK);
    expect(last()).toMatchObject({
      msg: 'Request failed with status code 401',
      err: { message: 'Request failed with status code 401', code: 'ERR_BAD_REQUEST' },
    });
    expect(last().err.stack).toContain('redaction.test.ts');
  });

  it('never has the credentials of a request or response, logged whole in any way', async () => {
    const { log, text, last } = shipped();
    const server = createServer('x').logger(log).listener({ port: 0 }).enable();
    server.post('/', { auth: false }, (ctx) => {
      ctx.set('Set-Cookie', `session=${MARK}`);
      const { req, res, request, response } = ctx;
      log.info({ req, res }, 'of Node');
      expect(last()).toMatchObject({
        req: { method: 'POST', url: '/', headers: { accept: 'a/b', authorization: '[Redacted]' } },
        res: { headers: { 'set-cookie': '[Redacted]' } },
      });
      log.info({ ctx, request, response, headers: req.headers, rawHeaders: req.rawHeaders }, 'of Koa');
      log.info(req, 'a request alone');
      log.info({ socket: req.socket }, 'a socket');
      ctx.body = 'done';
    });
    const { url } = await start(server);
    const headers = {
      authorization: `Bearer ${MARK}`,
      cookie: `a=${MARK}`,
      'x-api-key': MARK,
      accept: 'a/b',
    };
    expect((await fetch(`${url}/?access_token=${MARK}`, { method: 'POST', headers })).status).toBe(200);
    expect(text()).toContain('a socket');
    expect(text()).not.toContain(MARK);
  });

  it('keeps everything else as it was', () => {
    const { log, last } = shipped();
    const record = {
      requestId: 'a',
      token_type: 'Bearer',
      expires_in: 3_600,
      hasToken: true,
      password: null,
      at: new Date(0),
      list: [1, 'two', { three: 3 }],
      scheme: 'Basic authentication',
      url: 'https://a.example/x?page=2&sort=name',
      key: { kty: 'EC', x: 'x', y: 'y' },
    };
    log.info(record);
    expect(last()).toMatchObject({ ...record, at: '1970-01-01T00:00:00.000Z' });
  });

  it('is cut where it contains itself, is endless, or cannot be read', () => {
    const { log, last } = shipped();
    const round: { self?: object; token: string } = { token: MARK };
    round.self = round;
    const trap = Object.defineProperty({}, 'x', {
      enumerable: true,
      get() {
        throw new Error(MARK);
      },
    });
    const many = Array.from({ length: 100_000 }, () => ({ password: MARK }));
    log.info({ round, trap, many, 'of Object.prototype': { ['__proto__']: { a: 1 } } });
    expect(last()).toMatchObject({ round: { self: '[Cut]', token: '[Redacted]' }, trap: '[Cut]' });
    expect(JSON.stringify(last())).not.toContain(MARK);
    expect(JSON.stringify(last()).length).toBeLessThan(20_000);
  });

  it('is looked through after the formatter, serializers and paths of the application', () => {
    const { log, text, last } = shipped({
      redact: ['own'],
      formatters: { log: (record) => ({ ...record, added: { token: MARK } }) },
      serializers: { user: (user: { name: string }) => ({ name: user.name, password: MARK }) },
    });
    log.info({ own: MARK, user: { name: 'ada' } });
    expect(last()).toMatchObject({
      added: { token: '[Redacted]' },
      user: { name: 'ada' },
      own: '[Redacted]',
    });
    expect(text()).not.toContain(MARK);
  });
});
