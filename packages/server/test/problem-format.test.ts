import { basic, writeProblem } from '@tokenwright/auth';
import { describe, expect, it } from 'vitest';
import { loopback, start } from './running.js';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

async function served() {
  const server = loopback()
    .scheme('Basic', basic({ realm: 'x', users: { a: 'b' } }))
    .enable();
  server.get('/me', { auth: 'Basic' }, () => {});
  server.get('/own', { auth: false }, (ctx) => {
    writeProblem(ctx, { status: 409, code: 'conflict', extensions: { request_id: 'own' } });
  });
  server.get('/boom', { auth: false }, () => {
    throw new Error('the password is hunter2');
  });
  server.get('/exposed', { auth: false }, (ctx) => ctx.throw(400, '<script>alert("1")</script> & more'));
  const { url } = await start(server);
  const ask = (path: string, accept?: string) =>
    fetch(url + path, accept === undefined ? {} : { headers: { accept } });
  return { ask };
}

describe('a problem', () => {
  it.each([
    undefined,
    '*/*',
    'application/json',
    'application/problem+json',
    'application/*',
    'image/png',
    'text/html;q=0.5, application/json',
    'nonsense',
  ])('is problem+json unless something else is asked for: %s', async (accept) => {
    const { ask } = await served();
    const response = await ask('/nothing', accept);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(response.headers.get('vary')).toContain('Accept');
    expect(await response.json()).toMatchObject({
      status: 404,
      code: 'not_found',
      request_id: response.headers.get('x-request-id'),
    });
  });

  it.each([
    ['as it is asked for in 1,024 characters', 1_024, 'text/html; charset=utf-8'],
    ['problem+json where more are needed to ask', 1_025, 'application/problem+json'],
    ['problem+json where 15,000 are', 15_000, 'application/problem+json'],
  ])('is %s: nobody waits for a long Accept to be read', async (_, characters, type) => {
    const { ask } = await served();
    const response = await ask('/nothing', 'text/html,a/b;c="'.padEnd(characters, ','));
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe(type);
  });

  it('names its request, whoever wrote it, and keeps what it says of that itself', async () => {
    const { ask } = await served();
    for (const path of ['/me', '/boom', '/exposed']) {
      const response = await ask(path);
      const text = await response.text();
      expect(JSON.parse(text)).toHaveProperty('request_id', response.headers.get('x-request-id'));
      expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(text)));
    }
    expect(await (await ask('/own')).json()).toMatchObject({ request_id: 'own' });
  });

  it.each([
    ['an unknown path', '/nothing', 404, 'not_found'],
    ['a refusal of a scheme', '/me', 401, 'credentials_required'],
    ['a thrown error', '/boom', 500, 'internal_error'],
  ])('is a page for a browser, with its code and the request id: %s', async (_, path, status, code) => {
    const { ask } = await served();
    const response = await ask(path, BROWSER);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      status,
      'text/html; charset=utf-8',
    ]);
    const page = await response.text();
    expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(page)));
    expect(page).toContain(code);
    expect(page).toContain(response.headers.get('x-request-id'));
    expect(page).not.toContain('hunter2');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('keeps its challenge as a page', async () => {
    const { ask } = await served();
    expect((await ask('/me', BROWSER)).headers.get('www-authenticate')).toContain('Basic realm="x"');
  });

  it('never runs what it says', async () => {
    const { ask } = await served();
    const page = await (await ask('/exposed', BROWSER)).text();
    expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; more');
    expect(page).not.toContain('<script');
  });

  it('is text where that is liked best', async () => {
    const { ask } = await served();
    const response = await ask('/nothing', 'text/plain');
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await response.text()).toBe(
      `404 Not Found (not_found)\nRequest ${response.headers.get('x-request-id')}\n`,
    );
  });
});
