import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { accessToken, CLIENTS, clientBasic, OTHER_SECRET, SECRET, service } from './service.js';

const GRANT = { grant_type: 'client_credentials' };
const CHALLENGE = 'Basic realm="token endpoints", charset="UTF-8"';
const REFUSED = { error: 'invalid_client', error_description: 'The client is not authenticated.' };

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('client_secret_basic', () => {
  it.each([
    ['a registered secret', ['report', SECRET]],
    ['a secret registered as its hash', ['hashed', OTHER_SECRET]],
  ] as const)('is accepted with %s', async (_, as) => {
    const { post } = await service();
    expect(await post('/oauth/token', GRANT, as)).toMatchObject({ status: 200 });
  });

  it('is form-decoded after it was taken apart, so a colon, a plus and a percent sign are characters like others', async () => {
    const id = 'urn:client:1 + 50%';
    const secret = 'p:a+s s%2Bword&=long enough';
    const { post } = await service({ clients: [{ id, secret, grants: ['client_credentials'] }] });
    const answer = await post('/oauth/token', GRANT, [id, secret]);
    expect(answer.status).toBe(200);
  });

  it('is not accepted as it stands, without the form-encoding of RFC 6749 §2.3.1', async () => {
    const secret = 'with+plus-and-22-characters';
    const { client } = await service({ clients: [{ id: 'c', secret, grants: ['client_credentials'] }] });
    const headers = { authorization: `Basic ${base64(`c:${secret}`)}` };
    expect(await client.post('/oauth/token', { form: GRANT, headers })).toMatchObject({ status: 401 });
  });

  it.each([
    ['another secret', clientBasic('report', OTHER_SECRET)],
    ['the secret and one more letter', clientBasic('report', `${SECRET}x`)],
    ['the secret in another case', clientBasic('report', SECRET.toUpperCase())],
    ['an empty secret', clientBasic('report', '')],
    ['an unknown client', clientBasic('nobody', SECRET)],
    ['an id in another case', clientBasic('Report', SECRET)],
    ['an empty id', clientBasic('', SECRET)],
    ['the id __proto__', clientBasic('__proto__', SECRET)],
    ['a client registered for client_secret_post', clientBasic('post', SECRET)],
    ['a public client', clientBasic('app', '')],
    ['no colon', { authorization: `Basic ${base64('report')}` }],
    ['a malformed escape', { authorization: `Basic ${base64(`report%zz:${SECRET}`)}` }],
    ['bytes that are not UTF-8', { authorization: `Basic ${base64(`report%ff:${SECRET}`)}` }],
    ['what is not base64', { authorization: 'Basic report:secret' }],
    [
      'base64 without its padding',
      { authorization: `${clientBasic('report', 'x').authorization.replace(/=*$/, '')}A` },
    ],
    ['another scheme', { authorization: 'Bearer abc' }],
  ])('is refused with %s, always in the same words and with a challenge', async (_, headers) => {
    const { client } = await service();
    const answer = await client.post('/oauth/token', { form: GRANT, headers });
    expect([answer.status, answer.json]).toEqual([401, REFUSED]);
    expect(answer.headers.get('www-authenticate')).toBe(CHALLENGE);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });
});

describe('client_secret_post', () => {
  it('is accepted from a client that is registered for it', async () => {
    const { post } = await service();
    const form = { ...GRANT, client_id: 'post', client_secret: SECRET };
    expect(await post('/oauth/token', form, null)).toMatchObject({ status: 200 });
  });

  it.each([
    ['from a client that is registered for Basic', { client_id: 'report', client_secret: SECRET }],
    ['with another secret', { client_id: 'post', client_secret: OTHER_SECRET }],
    ['with an empty secret', { client_id: 'post', client_secret: '' }],
    ['from a public client', { client_id: 'app', client_secret: SECRET }],
    ['from an unknown client', { client_id: 'nobody', client_secret: SECRET }],
    ['without an id', { client_secret: SECRET }],
  ])('is refused %s', async (_, form) => {
    const { post } = await service();
    const answer = await post('/oauth/token', { ...GRANT, ...form }, null);
    expect([answer.status, answer.json]).toEqual([401, REFUSED]);
  });
});

describe('a request', () => {
  it('is refused without client authentication', async () => {
    const { post } = await service();
    expect(await post('/oauth/token', GRANT, null)).toMatchObject({ status: 401, json: REFUSED });
  });

  it('is refused when a client with a secret only names itself', async () => {
    const { post } = await service();
    const answer = await post('/oauth/token', { ...GRANT, client_id: 'report' }, null);
    expect(answer).toMatchObject({ status: 401, json: REFUSED });
  });

  it.each([
    ['authenticates in the header and in the body', { client_id: 'report', client_secret: SECRET }],
    ['names another client in the body', { client_id: 'hashed' }],
  ])('is refused as invalid_request when it %s', async (_, form) => {
    const { post } = await service();
    const answer = await post('/oauth/token', { ...GRANT, ...form });
    expect(answer).toMatchObject({ status: 400, json: { error: 'invalid_request' } });
  });

  it('may name the client of its header in the body as well', async () => {
    const { post } = await service();
    expect(await post('/oauth/token', { ...GRANT, client_id: 'report' })).toMatchObject({ status: 200 });
  });

  it('is refused with a client assertion, also beside a good secret', async () => {
    const { post } = await service();
    const answer = await post('/oauth/token', { ...GRANT, client_assertion: 'a.b.c' });
    expect(answer).toMatchObject({ status: 401, json: REFUSED });
  });

  it('is refused as invalid_request with two Authorization fields, of which Node shows the first', async () => {
    const { client } = await service();
    const { authorization } = clientBasic('report', SECRET);
    const body = 'grant_type=client_credentials';
    const head = [
      'POST /oauth/token HTTP/1.1',
      'Host: localhost',
      'Connection: close',
      `Authorization: ${authorization}`,
      `Authorization: ${clientBasic('hashed', OTHER_SECRET).authorization}`,
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${body.length}`,
    ];
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      connect(Number(new URL(client.url).port), '127.0.0.1')
        .on('data', (chunk) => {
          text += chunk;
        })
        .on('error', reject)
        .on('close', () => resolve(text))
        .write(`${head.join('\r\n')}\r\n\r\n${body}`);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"error":"invalid_request"');
  });
});

describe('a look-up of clients', () => {
  const [report] = CLIENTS;

  it('is asked for the id of the request', async () => {
    const asked: string[] = [];
    const clients = (id: string) => {
      asked.push(id);
      return id === 'report' ? report : undefined;
    };
    const { post, validator } = await service({ clients });
    const answer = await post('/oauth/token', GRANT);
    expect((await validator.verify(accessToken(answer))).claims.sub).toBe('report');
    expect(asked).toEqual(['report']);
  });

  it('that answers another client than it was asked for lets nobody in', async () => {
    const { post } = await service({ clients: async () => report });
    expect(await post('/oauth/token', GRANT, ['REPORT', SECRET])).toMatchObject({
      status: 401,
      json: REFUSED,
    });
    expect(await post('/oauth/token', GRANT)).toMatchObject({ status: 200 });
  });

  it.each([
    ['throws', () => Promise.reject(new Error('the database is away'))],
    ['answers a client that is registered wrongly', () => ({ id: 'report', secret: 'short' })],
  ])('that %s is the trouble of the server: 500 in JSON, with nothing of it', async (_, clients) => {
    const { post, log } = await service({ clients });
    const answer = await post('/oauth/token', GRANT);
    const json = { error: 'server_error', error_description: 'The server failed.' };
    expect([answer.status, answer.json]).toEqual([500, json]);
    const line = await log.line('request failed');
    expect(line['err']).toMatchObject({ stack: expect.stringMatching(/Error/) });
  });
});

it('a refusal is in the log with its reason, and no secret and no unknown id is', async () => {
  const { post, log } = await service();
  await post('/oauth/token', GRANT, ['report', 'a-wrong-secret-that-is-long']);
  await post('/oauth/token', GRANT, ['unknown-client', SECRET]);
  const line = await log.line('refused: invalid_client');
  expect(line).toMatchObject({
    reasons: [{ scheme: 'Client', hint: 'another secret' }],
    trace: line['requestId'],
  });
  for (const secret of ['a-wrong-secret', 'unknown-client', SECRET]) expect(log.text()).not.toContain(secret);
});
