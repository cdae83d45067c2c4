import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { inspect } from '@tokenwright/jwt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificateFolder, removeFolder, Tutorial } from './tutorial-process.js';

const folder = certificateFolder();
let tutorial: Tutorial;

beforeAll(async () => {
  tutorial = await Tutorial.start({ TOKENWRIGHT_CERTIFICATES: folder });
});

afterAll(async () => {
  await tutorial.stop();
  removeFolder(folder);
});

/** The machine's programs; where there is no curl among them, `curl.ts` under its name. */
function pathWithCurl(into: string): string {
  const path = process.env['PATH'] ?? '';
  if (path.split(delimiter).some((programs) => existsSync(join(programs, 'curl')))) return path;
  const program = join(import.meta.dirname, 'curl.ts');
  const options = '--disable-warning=ExperimentalWarning';
  writeFileSync(join(into, 'curl'), `#!/bin/sh\nexec '${process.execPath}' ${options} '${program}' "$@"\n`, {
    mode: 0o755,
  });
  return [into, path].join(delimiter);
}

const basic = { authorization: `Basic ${Buffer.from('admin:password').toString('base64')}` };
const bearer = (token: unknown) => ({ authorization: `Bearer ${String(token)}` });

describe.each(['127.0.0.1', 'localhost'] as const)('the try-it sequence at %s', (host) => {
  it.each(['GET', 'POST'])('issues, uses, renews and uses again, with %s', async (method) => {
    const issued = await tutorial.ask('/token/new', { method, host, headers: basic });
    expect(issued.status).toBe(200);
    expect(issued.headers['cache-control']).toBe('no-store');
    const first = issued.json();
    expect(Object.keys(first).sort()).toEqual(['access_token', 'expires', 'expires_in', 'token_type']);
    expect(first).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });

    const hello = await tutorial.ask('/secure/jwt/hello', { host, headers: bearer(first['access_token']) });
    expect(hello).toMatchObject({ status: 200, text: 'JWT Hello admin' });
    expect(hello.headers['content-type']).toBe('text/plain; charset=utf-8');

    const renewal = await tutorial.ask('/token/renew', {
      method,
      host,
      headers: bearer(first['access_token']),
    });
    expect(renewal.status).toBe(200);
    const second = renewal.json();
    expect(second['access_token']).not.toBe(first['access_token']);
    expect(Date.parse(String(second['expires']))).toBeGreaterThanOrEqual(
      Date.parse(String(first['expires'])),
    );

    const again = await tutorial.ask('/secure/jwt/hello', { host, headers: bearer(second['access_token']) });
    expect(again).toMatchObject({ status: 200, text: 'JWT Hello admin' });
  });
});

describe('the tokens of the sequence', () => {
  it('carry subject, name and role, and keep them through a renewal under another jti', async () => {
    const first = (await tutorial.ask('/token/new', { headers: basic })).json()['access_token'];
    const second = (await tutorial.ask('/token/renew', { headers: bearer(first) })).json()['access_token'];
    const [before, after] = [inspect(String(first)).claims, inspect(String(second)).claims];
    expect(before).toMatchObject({
      iss: 'KestrunApi',
      aud: 'KestrunClients',
      sub: 'admin',
      name: 'admin',
      roles: ['admin'],
    });
    expect(after).toMatchObject({
      iss: 'KestrunApi',
      aud: 'KestrunClients',
      sub: 'admin',
      name: 'admin',
      roles: ['admin'],
    });
    expect(after?.jti).not.toBe(before?.jti);
    expect(after?.auth_time).toBe(before?.auth_time);
  });

  it('do not reach the log', async () => {
    const token = String((await tutorial.ask('/token/new', { headers: basic })).json()['access_token']);
    await tutorial.ask('/secure/jwt/hello', { headers: bearer(token) });
    await tutorial.ask('/secure/jwt/hello', { headers: bearer(`${token}x`) });
    expect(tutorial.output).toContain('/secure/jwt/hello');
    expect(tutorial.output).not.toContain(token.split('.')[2]);
    expect(tutorial.output).not.toContain(basic.authorization);
  });
});

describe('what is printed on start', () => {
  it('is a sequence of curl commands that run as they stand', async () => {
    const commands = tutorial.output.match(/^(?:TOKEN=.*|curl .*)$/gm) ?? [];
    expect(commands).toHaveLength(4);
    const env = { PATH: pathWithCurl(folder) };
    const { stdout } = await promisify(execFile)('sh', ['-c', commands.join('\n')], { env });
    expect(stdout).toBe('JWT Hello admin\nJWT Hello admin\n');
  });

  it('warns in one loud line while key and password are the published ones', () => {
    const loud = tutorial.output.split('\n').filter((line) => line.startsWith('!!!'));
    expect(loud).toHaveLength(1);
    expect(loud[0]).toContain('TOKENWRIGHT_KEY and TOKENWRIGHT_PASSWORD');
  });

  it('warns in the log as well, in one record at warn', () => {
    const records = tutorial.output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as { published?: string[] });
    expect(records.filter(({ published }) => published !== undefined)).toMatchObject([
      {
        level: 40,
        published: ['TOKENWRIGHT_KEY', 'TOKENWRIGHT_PASSWORD'],
        msg: expect.stringContaining('known to everybody'),
      },
    ]);
  });
});

describe('the open paths', () => {
  it('answer the token lab, with all it loads from this server and a policy that lets nothing else in', async () => {
    const page = await tutorial.ask('/');
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    );
    const files = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(files).toHaveLength(3);
    for (const path of files) expect(await tutorial.ask(path)).toMatchObject({ status: 200 });
  });

  it('tell the lab the name and the password that are published', async () => {
    expect((await tutorial.ask('/lab/settings')).json()).toMatchObject({
      name: 'Auth JWT',
      prefill: { user: 'admin', password: 'password' },
    });
  });

  it('give no report on a token to whoever is not the lab', async () => {
    const token = String((await tutorial.ask('/token/new', { headers: basic })).json()['access_token']);
    const headers = { 'content-type': 'application/json' };
    const answer = await tutorial.ask('/lab/explain', {
      method: 'POST',
      headers,
      body: JSON.stringify({ token }),
    });
    expect(answer).toMatchObject({ status: 403 });
    expect(answer.headers['content-type']).toBe('application/problem+json');
  });

  it('publish no key, because the only one is a secret', async () => {
    const jwks = await tutorial.ask('/.well-known/jwks.json');
    expect(jwks.status).toBe(200);
    expect(jwks.json()).toEqual({ keys: [] });
  });

  it.each(['/healthz', '/readyz'])('answer 200 at %s', async (path) => {
    expect((await tutorial.ask(path)).status).toBe(200);
  });
});
