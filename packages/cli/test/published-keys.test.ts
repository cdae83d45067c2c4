import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generateKey, JwtBuilder, type Key } from '@tokenwright/jwt';
import { createCA, createCert } from 'mkcert';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { file, tokenwright } from './process.ts';

/** What the issuer answers; a path that is missing is answered with 404. */
type Answers = Record<string, (url: string) => unknown>;

let keys: readonly [Key, Key];
const servers: Server[] = [];

async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function issuer(answers: Answers): Promise<string> {
  const url: string = await serving((request, response) => {
    const answer = answers[request.url ?? '']?.(url);
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  });
  return url;
}

const jwks = () => ({ keys: keys.map((key) => key.publicJwk()) });
const METADATA: Answers = {
  '/.well-known/openid-configuration': (url) => ({ issuer: url, jwks_uri: `${url}/jwks` }),
  '/jwks': jwks,
};

const signed = (key: Key, iss: string) =>
  new JwtBuilder().signWith(key).issuer(iss).audience('api').buildSync().token;

beforeAll(async () => {
  keys = [await generateKey('ES256'), await generateKey('EdDSA')];
});
afterAll(() => {
  for (const server of servers) server.close();
});

describe('verify with several keys', () => {
  it('takes each key of a JWK Set, from a file and from a URL', async () => {
    const url = await issuer(METADATA);
    const path = `@${await file(JSON.stringify(jwks()))}`;
    const other = await generateKey('ES256');
    for (const key of [path, `${url}/jwks`]) {
      const ended = await Promise.all(
        [...keys, other].map((one) =>
          tokenwright(['verify', '--key', key, '--issuer', 'i', '--audience', 'api', signed(one, 'i')]),
        ),
      );
      expect(ended.map(({ code }) => code)).toEqual([0, 0, 1]);
    }
  });

  it('takes only those for --alg', async () => {
    const path = `@${await file(JSON.stringify(jwks()))}`;
    const args = ['verify', '--key', path, '--issuer', 'i', '--audience', 'api'];
    expect((await tokenwright([...args, '--alg', 'EdDSA', signed(keys[1], 'i')])).code).toBe(0);
    expect((await tokenwright([...args, '--alg', 'EdDSA', signed(keys[0], 'i')])).code).toBe(1);
    const none = await tokenwright([...args, '--alg', 'RS256', signed(keys[0], 'i')]);
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('has no key for RS256');
  });
});

describe('verify with an issuer alone', () => {
  it.each([
    ['OpenID Connect Discovery', METADATA],
    [
      'RFC 8414',
      {
        '/.well-known/oauth-authorization-server': METADATA['/.well-known/openid-configuration']!,
        '/jwks': jwks,
      },
    ],
  ])('finds its keys by %s', async (_, answers) => {
    const url = await issuer(answers);
    const good = await tokenwright(['verify', '--issuer', url, '--audience', 'api', signed(keys[0], url)]);
    expect(good).toMatchObject({ code: 0, stderr: '' });
    const foreign = await tokenwright([
      'verify',
      '--issuer',
      url,
      '--audience',
      'api',
      signed(keys[0], 'other'),
    ]);
    expect(foreign.code).toBe(1);
  });

  it('answers 2 for an issuer that is no URL, for two, and for http to another machine', async () => {
    const token = signed(keys[0], 'i');
    for (const [args, words] of [
      [['--issuer', 'KestrunApi'], 'The key to check with is missing.'],
      [
        ['--issuer', 'https://a.example', '--issuer', 'https://b.example'],
        'The key to check with is missing.',
      ],
      [['--issuer', 'http://issuer.example'], 'http is for this machine alone'],
      [['--issuer', 'i', '--key', 'http://issuer.example/jwks'], 'http is for this machine alone'],
    ] as const) {
      const { stderr, ...ended } = await tokenwright(['verify', ...args, '--audience', 'api', token]);
      expect(ended).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(words);
    }
  });
});

describe('keys that cannot be fetched', () => {
  it.each([
    ['nothing is there', {}, 'answered with status 404'],
    [
      'the metadata are of another issuer',
      { ...METADATA, '/.well-known/openid-configuration': () => ({ issuer: 'x' }) },
      'another issuer',
    ],
    ['the set has no keys in it', { ...METADATA, '/jwks': () => ({}) }, 'JWK Set'],
    [
      'the set has a secret in it',
      { ...METADATA, '/jwks': () => ({ keys: [{ kty: 'oct', k: 'AAAA' }] }) },
      '/jwks',
    ],
    ['the answer is endless', { ...METADATA, '/jwks': () => 'x'.repeat(2_000_000) }, '/jwks'],
  ])('are told with exit 4, in one line, when %s', async (_, answers, words) => {
    const url = await issuer(answers);
    const { stderr, ...ended } = await tokenwright([
      'verify',
      '--issuer',
      url,
      '--audience',
      'api',
      signed(keys[0], url),
    ]);
    expect(ended).toEqual({ code: 4, stdout: '' });
    expect(stderr).toMatch(/^tokenwright: The keys cannot be fetched: [^\n]+\nfix: [^\n]+\n$/);
    expect(stderr).toContain(words);
  });

  it('because the server is not there, or redirects, are told with exit 4', async () => {
    const redirecting = await serving((_, response) => response.writeHead(302, { location: '/jwks' }).end());
    for (const [url, words] of [
      ['http://127.0.0.1:9/jwks', 'Nothing listens there.'],
      [`${redirecting}/jwks`, 'redirects are not followed'],
    ] as const) {
      const { stderr, ...ended } = await tokenwright([
        'verify',
        '--key',
        url,
        '--issuer',
        'i',
        '--audience',
        'api',
        signed(keys[0], 'i'),
      ]);
      expect(ended).toEqual({ code: 4, stdout: '' });
      expect(stderr).toContain(words);
    }
  });

  it('because the certificate is not trusted are fetched with --ca, and only then', async () => {
    const names = { countryCode: 'XX', state: 's', locality: 'l', organization: 'Test CA', validity: 10 };
    const ca = await createCA(names);
    const { key, cert } = await createCert({ ca, domains: ['127.0.0.1'], validity: 5 });
    const server = createTlsServer({ key, cert }, (_, response) => response.end(JSON.stringify(jwks())));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
    const args = ['verify', '--key', url, '--issuer', 'i', '--audience', 'api', signed(keys[0], 'i')];
    const refused = await tokenwright(args);
    expect(refused).toMatchObject({ code: 4, stdout: '' });
    expect(refused.stderr).toMatch(/from a CA that is not trusted here\.\nfix: .*--ca FILE/);
    expect((await tokenwright([...args, '--ca', await file(ca.cert)])).code).toBe(0);
    expect((await tokenwright([...args, '--ca', await file('none')])).code).toBe(2);
  });
});
