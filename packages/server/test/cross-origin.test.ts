import { basic } from '@tokenwright/auth';
import { describe, expect, it } from 'vitest';
import { type CorsOptions, createServer } from '../src/index.js';
import { loopback, start } from './running.js';

const APP = 'https://app.example';

async function shared(cors?: CorsOptions) {
  let builder = loopback().scheme('Basic', basic({ realm: 'x', users: { a: 'b' } }));
  if (cors !== undefined) builder = builder.security({ cors });
  const server = builder.enable();
  server.route(['GET', 'DELETE'], '/me', { auth: 'Basic' }, (ctx) => {
    ctx.body = 'me';
  });
  server.get('/boom', { auth: false }, () => {
    throw new Error('it broke');
  });
  const { url } = await start(server);
  const ask = (origin: string, path = '/me', init: RequestInit = {}) =>
    fetch(url + path, {
      ...init,
      headers: { origin, authorization: `Basic ${btoa('a:b')}`, ...init.headers },
    });
  const preflight = (origin: string, path = '/me') =>
    fetch(url + path, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'DELETE' },
    });
  return { ask, preflight };
}

const corsFields = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));

describe('H22 an origin that is not listed', () => {
  const foreign = [
    'https://evil.example',
    'null',
    'https://app.example.evil',
    'https://evilapp.example',
    'http://app.example',
    'https://app.example:8443',
    'https://APP.example',
    'https://app.example/',
    'https://sub.app.example',
  ];

  it.each(foreign)('is not told anything, and caches are told to tell origins apart: %s', async (origin) => {
    const { ask, preflight } = await shared({ origins: [APP], credentials: true });
    for (const response of [await ask(origin), await preflight(origin)]) {
      expect(corsFields(response)).toEqual({});
      expect(response.headers.get('vary')).toMatch(/\bOrigin\b/);
    }
  });

  it('is every one without cors', async () => {
    const { ask, preflight } = await shared();
    expect([corsFields(await ask(APP)), corsFields(await preflight(APP))]).toEqual([{}, {}]);
  });

  it('learns from a preflight no more than from any other OPTIONS', async () => {
    const { preflight } = await shared({ origins: [APP] });
    const response = await preflight('https://evil.example', '/nothing');
    expect([response.status, corsFields(response)]).toEqual([404, {}]);
  });
});

describe('H22 an origin that is listed', () => {
  it('is named, with credentials where they are wanted', async () => {
    const { ask } = await shared({ origins: ['https://other.example', APP], credentials: true });
    const response = await ask(APP);
    expect([response.status, corsFields(response)]).toEqual([
      200,
      {
        'access-control-allow-origin': APP,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'X-Request-Id,WWW-Authenticate',
      },
    ]);
    expect(response.headers.get('vary')).toMatch(/\bOrigin\b/);
  });

  it('is answered a preflight before anybody asks for credentials', async () => {
    const { preflight } = await shared({ origins: [APP], maxAge: '1m', methods: ['GET', 'DELETE'] });
    const response = await preflight(APP);
    expect([response.status, corsFields(response)]).toEqual([
      204,
      {
        'access-control-allow-origin': APP,
        'access-control-allow-methods': 'GET,DELETE',
        'access-control-allow-headers': 'Authorization,Content-Type',
        'access-control-max-age': '60',
      },
    ]);
  });

  it.each([
    ['a refusal', '/me', 401],
    ['an unknown path', '/nothing', 404],
    ['an error', '/boom', 500],
  ])('may read %s too', async (_, path, status) => {
    const { ask } = await shared({ origins: [APP], credentials: true });
    const response = await ask(APP, path, { headers: { authorization: 'Basic x' } });
    expect(response.status).toBe(status);
    expect(corsFields(response)).toMatchObject({
      'access-control-allow-origin': APP,
      'access-control-allow-credentials': 'true',
    });
    expect(response.headers.get('vary')).toMatch(/\bOrigin\b/);
  });
});

describe("H22 origins: '*'", () => {
  it('is `*` for everybody, never the origin itself, never with credentials', async () => {
    const { ask } = await shared({ origins: '*' });
    const fields = corsFields(await ask('https://evil.example'));
    expect(fields['access-control-allow-origin']).toBe('*');
    expect(fields).not.toHaveProperty('access-control-allow-credentials');
  });
});

describe('H22 cors is refused', () => {
  it.each([
    ["for '*' with credentials", { origins: '*', credentials: true }, /Name the origins/],
    ["for '*' in a list with credentials", { origins: [APP, '*'], credentials: true }, /Name the origins/],
    ["for '*' in a list", { origins: [APP, '*'] }, /alone/],
    ["for 'null', which every sandboxed page has", { origins: ['null'] }, /is no origin/],
    ['with a path', { origins: ['https://app.example/'] }, /is no origin/],
    ['with a pattern', { origins: ['https://*.example'] }, /is no origin|no name/],
    ['with the usual port', { origins: ['https://app.example:443'] }, /is no origin/],
    ['without origins', {}, /origins is missing/],
    ['with an empty list', { origins: [] }, /origins is missing/],
    ['with a header that breaks the line', { origins: '*', allowHeaders: ['a\r\nb'] }, /is no name/],
    ['with a wildcard for headers', { origins: '*', exposeHeaders: ['*'] }, /is no name/],
    ['with a misspelt option', { origins: '*', credential: true }, /Did you mean 'credentials'/],
  ])('%s', (_, cors, message) => {
    expect(() => createServer('x').security({ cors: cors as never })).toThrow(message);
  });
});
