import { basic, createPrincipal, hasRole, type Scheme } from '@tokenwright/auth';
import { describe, expect, it } from 'vitest';
import { createLogger, createServer } from '../src/index.js';
import { start } from './running.js';

const scheme: Scheme = {
  kind: 'Anyone',
  authenticate: () => createPrincipal({ scheme: 'Anyone', subject: 'anyone' }),
  challenge: () => 'Anyone',
};
const open = { auth: false } as const;
const nothing = () => {};

describe('a builder', () => {
  it('is never changed by its own calls', async () => {
    const base = createServer('Base');
    const listening = base.listener({ port: 0 });
    base.scheme('A', scheme).scheme('B', scheme);
    await expect(base.enable().start()).rejects.toThrow(/no listener/);
    expect(() => base.enable().get('/x', { auth: 'A' } as never, nothing)).toThrow(/no scheme is called 'A'/);
    const running = await start(listening.enable());
    expect(running.urls[0]).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('gives an independent server at each enable()', async () => {
    const builder = createServer('Twice').listener({ port: 0 });
    const first = builder.enable();
    const second = builder.enable();
    first.get('/only-first', open, (ctx) => {
      ctx.body = 'here';
    });
    const [one, two] = await Promise.all([start(first), start(second)]);
    expect((await fetch(`${one.url}/only-first`)).status).toBe(200);
    expect((await fetch(`${two.url}/only-first`)).status).toBe(404);
  });

  it('keeps what an earlier runtime() said and a later one leaves out', async () => {
    const server = createServer('Merge')
      .listener({ port: 0 })
      .runtime({ bodyLimit: 4 })
      .runtime({ requestTimeout: '9s' })
      .enable();
    server.post('/', open, nothing);
    const { url } = await start(server);
    expect((await fetch(url, { method: 'POST', body: '12345' })).status).toBe(413);
  });
});

describe('wrong configuration fails where it is written, with a TypeError that says how to mend it', () => {
  const builder = createServer('Test').scheme('Bearer', scheme).scheme('BasicInit', scheme);
  const server = () => builder.enable();

  it.each<[string, () => unknown, RegExp]>([
    ['an empty name', () => createServer(' '), /the name is empty/],
    [
      'options instead of a name',
      () => createServer({ port: 3 } as never),
      /the name comes first.*createServer\('Auth JWT'\)\.listener\(/,
    ],
    ['a port that is none', () => builder.listener({ port: 65_536 }), /port 65536 is no port.*0 .*to 65535/],
    ['a port in a string', () => builder.listener({ port: '5000' as never }), /port "5000" is no port/],
    ['an empty host', () => builder.listener({ port: 1, host: '' }), /host is empty/],
    [
      'a misspelt option',
      () => builder.listener({ port: 1, tsl: 'self-signed' } as never),
      /no option 'tsl'. Did you mean 'tls'\?/,
    ],
    ['an unknown tls', () => builder.listener({ port: 1, tls: 'selfsigned' as never }), /Give 'self-signed'/],
    ['half a tls', () => builder.listener({ port: 1, tls: { key: 'x' } as never }), /tls is incomplete/],
    [
      'a key that is no PEM',
      () => builder.listener({ port: 1, tls: { key: 'k.pem', cert: 'c.pem' } }),
      /keyFile, certFile/,
    ],
    [
      'a bare number in a string',
      () => builder.runtime({ requestTimeout: '30' as never }),
      /requestTimeout: "30" is no duration/,
    ],
    [
      'a size without unit',
      () => builder.runtime({ bodyLimit: '1024' as never }),
      /bodyLimit: "1024" is no size/,
    ],
    ['an unknown limit', () => builder.runtime({ bodylimit: 1 } as never), /Did you mean 'bodyLimit'/],
    ['more header fields than Node keeps', () => builder.runtime({ maxHeaderCount: 1_000 }), /1 to 999/],
    ['a scheme name twice', () => builder.scheme('Bearer' as never, scheme), /'Bearer' is taken already/],
    ['a scheme that is none', () => builder.scheme('X', {} as never), /this is no scheme/],
    ['a JWKS source that is none', () => builder.jwks({} as never), /has no jwks\(\)/],
    ['a logger that is none', () => builder.logger(null as never), /\.logger\(\) takes options of pino/],
    [
      'a misspelt option of a logger',
      () => builder.logger({ levle: 'debug' } as never),
      /^\.logger\(\) has no option 'levle'\. Did you mean 'level'\?/,
    ],
    [
      'a misspelt option of the audit log',
      () => builder.audit({ levle: 'debug' } as never),
      /^\.audit\(\) has no option 'levle'/,
    ],
    [
      'a misspelt option of a logger for before there is a server',
      () => createLogger('Test', { levle: 'debug' } as never),
      /^createLogger\(\) has no option 'levle'/,
    ],
    [
      'a route without auth',
      () => server().get('/x', {} as never, nothing),
      /GET \/x .*use auth: false for an open route/,
    ],
    ['a route without options', () => server().get('/x', undefined as never, nothing), /use auth: false/],
    [
      'a misspelt scheme',
      () => server().get('/x', { auth: 'Baerer' } as never, nothing),
      /Did you mean 'Bearer'\? Known are Bearer, BasicInit/,
    ],
    [
      'a scheme nobody could mean',
      () => server().get('/x', { auth: 'Kerberos' } as never, nothing),
      /no scheme is called 'Kerberos'\. Known are/,
    ],
    [
      'an empty list of schemes',
      () => server().get('/x', { auth: [] } as never, nothing),
      /auth is an empty list/,
    ],
    ...[true, 7, null, scheme, [scheme]].map((auth): [string, () => unknown, RegExp] => [
      `what is no name of a scheme, ${JSON.stringify(auth)}`,
      () => server().get('/x', { auth } as never, nothing),
      /^GET \/x: auth is the name of a scheme.*false for an open route\. Known are Bearer, BasicInit\.$/,
    ]),
    [
      'a role where a policy is due',
      () => server().get('/x', { auth: 'Bearer', policy: 'admin' } as never, nothing),
      /^GET \/x: policy is no policy.*policy: hasRole\('admin'\)/,
    ],
    [
      'the same in a group that has a policy',
      () =>
        server()
          .group('/g', { auth: 'Bearer', policy: hasRole('admin') })
          .get('/x', { policy: 'admin' } as never, nothing),
      /^GET \/g\/x: policy is no policy/,
    ],
    [
      'the same for a whole group',
      () => server().group('/g', { auth: 'Bearer', policy: 'admin' } as never),
      /^group\('\/g'\): policy is no policy/,
    ],
    [
      'the same for the metrics',
      () => builder.metrics({ auth: 'Bearer', policy: 'admin' } as never),
      /^\.metrics\(\): policy is no policy/,
    ],
    [
      'a policy on an open route',
      () => server().get('/x', { auth: false, policy: {} } as never, nothing),
      /a policy judges a principal/,
    ],
    [
      'a misspelt route option',
      () => server().get('/x', { auth: false, polcy: {} } as never, nothing),
      /Did you mean 'policy'/,
    ],
    ['a path without slash', () => server().get('x', open, nothing), /starts with '\/'/],
    ['no handler', () => server().get('/x', open, undefined as never), /the handler is missing/],
    [
      'a method that has no routes',
      () => server().route(['TRACE' as never], '/x', open, nothing),
      /'TRACE' cannot be registered/,
    ],
    ['no method', () => server().route([], '/x', open, nothing), /at least one method/],
    [
      'a method twice',
      () => server().route(['GET', 'GET'], '/x', open, nothing),
      /GET \/x is registered twice/,
    ],
    [
      'a route twice',
      () => server().get('/x', open, nothing).route(['POST', 'GET'], '/x', open, nothing),
      /GET \/x is registered twice/,
    ],
    [
      'a path of the server',
      () => server().get('/healthz', open, nothing),
      /the server answers \/healthz itself/,
    ],
    ['another path of the server', () => server().post('/.well-known/jwks.json', open, nothing), /itself/],
    ['middleware that is none', () => server().use('cors' as never), /takes Koa middleware/],
  ])('%s', (_, wrong, message) => {
    expect(wrong).toThrow(TypeError);
    expect(wrong).toThrow(message);
  });

  it('no listener, at start', async () => {
    await expect(server().start()).rejects.toThrow(/there is no listener.*\.listener\(\{ port: 5000 \}\)/);
  });
});

describe('schemes beyond loopback', () => {
  const builder = createServer('Open').scheme('Basic', basic({ realm: 'x', users: { a: 'b' } }));

  it('are refused over plain HTTP', () => {
    expect(() => builder.listener({ port: 0, host: '0.0.0.0' }).enable()).toThrow(
      /plain HTTP.*allowInsecureHttp: true/,
    );
  });

  it.each([
    { port: 0, host: '0.0.0.0', allowInsecureHttp: true },
    { port: 0, host: '127.0.0.2' },
    { port: 0, host: '::1' },
    { port: 0, host: 'localhost' },
    { port: 0, host: '0.0.0.0', tls: 'self-signed' },
  ] as const)('are accepted with %j', (listener) => {
    expect(builder.listener(listener).enable().name).toBe('Open');
  });
});

describe('a builder without enable()', () => {
  it.each([
    'get',
    'post',
    'put',
    'patch',
    'delete',
    'route',
    'group',
    'openapi',
    'use',
    'onClose',
    'start',
    'test',
    'callback',
  ])('says that it is missing: .%s()', (name) => {
    const builder = createServer('Early') as unknown as Record<string, () => void>;
    expect(() => builder[name]?.()).toThrow(TypeError);
    expect(() => builder[name]?.()).toThrow(`.${name}(): .enable() is missing`);
  });
});

describe('a server', () => {
  it.each(['logger', 'listener', 'runtime', 'security', 'audit', 'metrics', 'scheme', 'jwks', 'enable'])(
    'is locked: .%s() throws and says why',
    (name) => {
      const server = createServer('Locked').enable() as unknown as Record<string, () => void>;
      expect(() => server[name]?.()).toThrow(TypeError);
      expect(() => server[name]?.()).toThrow(/locked after enable\(\).*before \.enable\(\)/);
    },
  );

  it('takes no route and no middleware once it answers requests', async () => {
    const server = createServer('Late').listener({ port: 0 }).enable();
    await start(server);
    expect(() => server.get('/late', open, nothing)).toThrow(/Register every route before start\(\)/);
    expect(() => server.use(nothing)).toThrow(/before start\(\)/);
  });

  it('starts once', async () => {
    const server = createServer('Once').listener({ port: 0 }).enable();
    await start(server);
    await expect(server.start()).rejects.toThrow(/started already/);
  });
});
