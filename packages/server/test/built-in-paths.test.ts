import { describe, expect, it } from 'vitest';
import { capturedLog } from './captured-log.js';
import { loopback, start } from './running.js';

const publicKey = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: '1' };

describe('/healthz and /readyz', () => {
  it.each([
    ['/healthz', { status: 'up' }],
    ['/readyz', { status: 'ready' }],
  ])('%s answers JSON that no cache keeps', async (path, body) => {
    const { url } = await start(loopback().enable());
    const response = await fetch(url + path);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual(body);
  });
});

describe('/.well-known/jwks.json', () => {
  it('is empty without a source', async () => {
    const { url } = await start(loopback().enable());
    const response = await fetch(`${url}/.well-known/jwks.json`);
    expect(response.headers.get('content-type')).toBe('application/jwk-set+json');
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    expect(await response.json()).toEqual({ keys: [] });
  });

  it('asks its source at every request, so that a rotated key shows', async () => {
    const keys = [publicKey];
    const { url } = await start(
      loopback()
        .jwks({ jwks: () => ({ keys }) })
        .enable(),
    );
    expect(await (await fetch(`${url}/.well-known/jwks.json`)).json()).toEqual({ keys: [publicKey] });
    keys.push({ ...publicKey, kid: '2' });
    expect(await (await fetch(`${url}/.well-known/jwks.json`)).json()).toMatchObject({
      keys: [{ kid: '1' }, { kid: '2' }],
    });
  });

  it.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'])(
    'never starts with a key that has the private member %s',
    async (member) => {
      const server = loopback()
        .jwks({ jwks: () => ({ keys: [publicKey, { ...publicKey, [member]: 'secret-part' }] }) })
        .enable();
      const refusal = server.start({ signals: false });
      await expect(refusal).rejects.toThrow(`private member '${member}'`);
      await expect(refusal).rejects.not.toThrow('secret-part');
    },
  );

  it('answers 500 and tells the log when a private key turns up later', async () => {
    const log = capturedLog();
    const keys: object[] = [];
    const { url } = await start(
      loopback()
        .logger(log.logger)
        .jwks({ jwks: () => ({ keys }) })
        .enable(),
    );
    keys.push({ kty: 'oct', k: 'secret-part' });
    const response = await fetch(`${url}/.well-known/jwks.json`);
    expect([response.status, await response.text()]).toEqual([
      500,
      expect.not.stringContaining('secret-part'),
    ]);
    expect(await log.line('request failed')).toMatchObject({
      err: { message: expect.stringContaining("private member 'k'") },
    });
  });
});
