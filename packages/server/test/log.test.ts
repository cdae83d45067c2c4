import { basic, hasRole } from '@tokenwright/auth';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createServer } from '../src/index.js';
import { capturedLog } from './captured-log.js';
import { gate } from './gate.js';
import { rawRequest } from './raw-request.js';
import { loopback, start } from './running.js';

const MARK = 'xyzzy-secret';
const admin = { authorization: `Basic ${btoa('admin:password')}` };

async function loggedServer(level?: string) {
  const log = capturedLog(level);
  const scheme = basic({ realm: 'Init', users: { admin: 'password' } });
  const server = loopback().logger(log.logger).scheme('Basic', scheme).enable();
  server.get('/me', { auth: 'Basic' }, (ctx) => {
    ctx.body = 'me';
  });
  server.get('/root', { auth: 'Basic', policy: hasRole('root') }, () => {});
  server.post('/boom', { auth: false }, () => {
    throw Object.assign(new Error('it broke'), { payload: { claim: MARK }, cause: new Error('deep down') });
  });
  const running = await start(server);
  return { ...running, log };
}

describe('the log', () => {
  it('has one line for each request, with its id, without its query string', async () => {
    const { url, log } = await loggedServer();
    const response = await fetch(`${url}/me?access_token=${MARK}`, { headers: admin });
    await response.text();
    const line = await log.line('GET /me 200');
    expect(line).toMatchObject({
      level: 30,
      requestId: response.headers.get('x-request-id'),
      method: 'GET',
      path: '/me',
      status: 200,
      duration: expect.any(Number),
      scheme: 'Basic',
      subject: 'admin',
    });
    expect(log.lines.filter(({ requestId }) => requestId === line['requestId'])).toHaveLength(1);
  });

  it('has the reason of a refusal under the trace the client got', async () => {
    const { url, log } = await loggedServer();
    const response = await fetch(`${url}/me`, {
      headers: { authorization: `Basic ${btoa(`admin:${MARK}`)}` },
    });
    const { trace } = (await response.json()) as { trace: string };
    expect(await log.line('refused')).toMatchObject({
      level: 40,
      trace,
      requestId: response.headers.get('x-request-id'),
      status: 401,
    });
  });

  it('has who was refused by a policy', async () => {
    const { url, log } = await loggedServer();
    await fetch(`${url}/root`, { headers: admin });
    expect(await log.line('refused')).toMatchObject({ status: 403, subject: 'admin' });
  });

  it('has a thrown error with its stack, under the request id', async () => {
    const { url, log } = await loggedServer();
    const response = await fetch(`${url}/boom`, { method: 'POST' });
    expect(await log.line('request failed')).toMatchObject({
      level: 50,
      requestId: response.headers.get('x-request-id'),
      err: {
        message: expect.stringMatching(/^it broke.*deep down/),
        stack: expect.stringContaining('log.test.ts'),
      },
    });
  });

  it('never has a credential, a cookie, a body, a query or what hangs on an error', async () => {
    const { url, port, log } = await loggedServer('trace');
    const headers = { authorization: `Bearer ${MARK}`, cookie: `session=${MARK}`, 'x-api-key': MARK };
    await fetch(`${url}/me?token=${MARK}`, { headers });
    await fetch(`${url}/me`, { headers: { authorization: `Basic ${btoa(`${MARK}:${MARK}`)}` } });
    await fetch(`${url}/boom?${MARK}`, { method: 'POST', body: MARK, headers });
    await rawRequest(port, `GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization : ${MARK}\r\n\r\n`);
    await log.line('POST /boom 500');
    expect(log.lines.length).toBeGreaterThanOrEqual(6);
    expect(log.text()).not.toContain(MARK);
    expect(log.text()).not.toContain(btoa(`${MARK}:${MARK}`));
  });

  it.each<[string, (password: string) => unknown]>([
    ['its message', (password) => new Error(`no user with ${password}`)],
    ['a cause', (password) => new Error('down', { cause: new Error(password) })],
    [
      'a cause of a cause',
      (password) => new Error('down', { cause: new Error('x', { cause: new Error(password) }) }),
    ],
    [
      'a message of several lines',
      (password) => new Error(`down\n    at ${password} (a.js:1:1)\n${password}`),
    ],
    [
      'a message that was changed later',
      (password) => Object.assign(new Error(`a\n${password}\nb`), { message: 'changed' }),
    ],
    ['a text that is no error', (password) => password],
  ])('H17 never has the password that a failing check puts into %s', async (_what, make) => {
    const log = capturedLog();
    const scheme = basic({
      realm: 'Init',
      check: (_name, password) => {
        throw make(password);
      },
    });
    const server = loopback().logger(log.logger).scheme('Basic', scheme).enable();
    server.get('/', { auth: 'Basic' }, () => {});
    const { url } = await start(server);
    const headers = { authorization: `Basic ${btoa(`admin:${MARK}`)}` };
    expect((await fetch(url, { headers })).status).toBe(500);
    await log.line('request failed');
    await log.line('GET /');
    expect(log.text()).not.toContain(MARK);
  });

  it('H17 has type, code and frames of an error that a check throws', async () => {
    const log = capturedLog();
    const failure = Object.assign(new RangeError(MARK), { code: 'ECONNREFUSED' });
    const scheme = basic({ realm: 'Init', check: () => Promise.reject(failure) });
    const server = loopback().logger(log.logger).scheme('Basic', scheme).enable();
    server.get('/', { auth: 'Basic' }, () => {});
    const { url } = await start(server);
    await fetch(url, { headers: admin });
    const { err } = (await log.line('request failed')) as { err: Record<string, string> };
    expect(err).toMatchObject({ code: 'ECONNREFUSED', message: expect.stringContaining('not logged') });
    expect(err['stack']).toMatch(/^ {4}at .*log\.test\.ts/);
  });

  it('calls a client that hangs up nothing worse than debug', async () => {
    const log = capturedLog();
    const entered = gate();
    const server = loopback().logger(log.logger).enable();
    server.get('/wait', { auth: false }, async (ctx) => {
      entered.open();
      await new Promise((resolve) => ctx.req.once('close', resolve));
      ctx.body = 'too late';
    });
    const { url } = await start(server);
    const leaving = new AbortController();
    const gone = fetch(`${url}/wait`, { signal: leaving.signal }).catch(() => 'gone');
    await entered.opened;
    leaving.abort();
    expect(await gone).toBe('gone');
    expect(await log.line('GET /wait')).toMatchObject({ aborted: true });
    expect(log.lines.filter(({ level }) => Number(level) >= 40)).toEqual([]);
  });
});

describe('logger()', () => {
  it('takes a pino logger as it is', () => {
    const own = pino({ level: 'silent' });
    expect(createServer('x').logger(own).enable().log).toBe(own);
  });

  it('takes options of pino', () => {
    expect(createServer('x').logger({ level: 'error' }).enable().log.level).toBe('error');
  });

  it('is silent when it was never called', () => {
    expect(createServer('x').enable().log.level).toBe('silent');
  });
});
