import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StandingHeaders, StandingResponse } from '../src/listeners/standing-headers.js';

const STANDING = new StandingHeaders([
  ['X-Frame-Options', 'DENY'],
  ['Referrer-Policy', 'no-referrer'],
]);

/** The fields of an answer as they were sent, names and values in turn. */
async function fieldsOf(handle: (res: StandingResponse) => void): Promise<string[]> {
  const server = createServer({ ServerResponse: StandingResponse as unknown as typeof ServerResponse });
  server.on('request', (_, res) => {
    const response = res as unknown as StandingResponse;
    response.stand(STANDING, 'id-1');
    handle(response);
    response.end('body');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const [answer] = (await once(
    get({ port: (server.address() as AddressInfo).port, agent: false }),
    'response',
  )) as [IncomingMessage];
  answer.resume();
  return answer.rawHeaders;
}

const valuesOf = (fields: readonly string[], name: string) =>
  fields.filter((_, index) => index % 2 === 1 && fields[index - 1]?.toLowerCase() === name);

describe('standing headers', () => {
  it('are sent once each, with the id, whoever writes the head', async () => {
    for (const handle of [
      () => {},
      (res: StandingResponse) => res.writeHead(200),
      (res: StandingResponse) => res.flushHeaders(),
      (res: StandingResponse) => res.writeHead(200, { 'Content-Type': 'text/plain' }),
    ]) {
      const fields = await fieldsOf(handle);
      expect(valuesOf(fields, 'x-frame-options')).toEqual(['DENY']);
      expect(valuesOf(fields, 'referrer-policy')).toEqual(['no-referrer']);
      expect(valuesOf(fields, 'x-request-id')).toEqual(['id-1']);
    }
  });

  it.each([
    ['setHeader', (res: StandingResponse) => res.setHeader('x-frame-options', 'SAMEORIGIN')],
    ['writeHead', (res: StandingResponse) => res.writeHead(200, { 'X-FRAME-OPTIONS': 'SAMEORIGIN' })],
    [
      'writeHead with a list',
      (res: StandingResponse) => res.writeHead(200, ['X-Frame-Options', 'SAMEORIGIN']),
    ],
    ['setHeaders', (res: StandingResponse) => res.setHeaders(new Map([['X-Frame-Options', 'SAMEORIGIN']]))],
  ])('leave the last word to %s', async (_, handle) => {
    const fields = await fieldsOf(handle);
    expect(valuesOf(fields, 'x-frame-options')).toEqual(['SAMEORIGIN']);
    expect(valuesOf(fields, 'referrer-policy')).toEqual(['no-referrer']);
  });

  it('can be taken away and added to', async () => {
    const fields = await fieldsOf((res) => {
      res.removeHeader('X-Frame-Options');
      res.appendHeader('Referrer-Policy', 'origin');
    });
    expect(valuesOf(fields, 'x-frame-options')).toEqual([]);
    expect(valuesOf(fields, 'referrer-policy')).toEqual(['no-referrer', 'origin']);
  });

  it('are seen by whoever asks', async () => {
    const seen: unknown[] = [];
    await fieldsOf((res) => {
      seen.push(res.hasHeader('x-frame-options'), res.getHeader('REFERRER-POLICY'));
    });
    await fieldsOf((res) => {
      seen.push(res.getHeaders(), res.getHeaderNames());
    });
    await fieldsOf((res) => {
      seen.push(res.getRawHeaderNames());
    });
    expect(seen).toEqual([
      true,
      'no-referrer',
      { 'x-request-id': 'id-1', 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer' },
      ['x-request-id', 'x-frame-options', 'referrer-policy'],
      ['X-Request-Id', 'X-Frame-Options', 'Referrer-Policy'],
    ]);
  });

  it('are refused where Node would refuse them', () => {
    expect(() => new StandingHeaders([['X-Split', 'a\r\nSet-Cookie: b']])).toThrow(TypeError);
    expect(() => new StandingHeaders([['X Split', 'a']])).toThrow(TypeError);
  });
});
