import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppProcess } from '../../../tools/testing/app-process.ts';
import { refresh, signIn, tokensOf, withToken } from './client.ts';

const MAIN = join(import.meta.dirname, '..', 'dist', 'main.js');

let folder: string;
let settings: Record<string, string>;
let app: AppProcess;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tokenwright-sessions-'));
  settings = { TOKENWRIGHT_CERTIFICATES: folder, SESSIONS_FILE: join(folder, 'sessions.db') };
  app = await AppProcess.start(MAIN, settings);
});
afterAll(async () => {
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the app about sessions, on SQLite', () => {
  it('signs in, lets in, refreshes and lets in again', async () => {
    const first = tokensOf(await signIn(app));
    expect(await withToken(app, first.access_token, '/hello')).toMatchObject({
      status: 200,
      text: 'Hello admin',
    });
    const second = tokensOf(await refresh(app, first.refresh_token));
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await withToken(app, second.access_token, '/hello')).toMatchObject({ status: 200 });
  });

  it('refuses a wrong password with the challenge, and a token that is none', async () => {
    const refused = await signIn(app, 'a test', 'admin:wrong');
    expect(refused.status).toBe(401);
    expect(refused.headers['www-authenticate']).toBe('Basic realm="Sessions", charset="UTF-8"');
    expect(await withToken(app, 'x.y.z', '/hello')).toMatchObject({ status: 401 });
    expect(await refresh(app, 'x.y')).toMatchObject({ status: 400 });
  });

  it('lists the devices of a user, and logs one of them out', async () => {
    const [phone, laptop] = [tokensOf(await signIn(app, 'phone')), tokensOf(await signIn(app, 'laptop'))];
    const listed = JSON.parse((await withToken(app, laptop.access_token, '/sessions')).text) as {
      id: string;
      device: string;
      current: boolean;
    }[];
    expect(listed.find(({ current }) => current)).toMatchObject({ device: 'laptop' });
    const { id = '' } = listed.find(({ device }) => device === 'phone') ?? {};
    expect(await withToken(app, laptop.access_token, `/sessions/${id}`, 'DELETE')).toMatchObject({
      status: 204,
    });
    expect(await withToken(app, phone.access_token, '/hello')).toMatchObject({ status: 401 });
    expect(await refresh(app, phone.refresh_token)).toMatchObject({ status: 400 });
    expect(await withToken(app, laptop.access_token, '/hello')).toMatchObject({ status: 200 });
    const unknown = `/sessions/0_${'x'.repeat(22)}`;
    expect(await withToken(app, laptop.access_token, unknown, 'DELETE')).toMatchObject({ status: 404 });
  });

  it('logs out everywhere, at once, and lets one sign in again', async () => {
    const devices = await Promise.all(
      ['one', 'two', 'three'].map(async (name) => tokensOf(await signIn(app, name))),
    );
    const [here] = devices as [(typeof devices)[number]];
    expect(await withToken(app, here.access_token, '/sessions', 'DELETE')).toMatchObject({ status: 204 });
    for (const device of devices) {
      expect(await withToken(app, device.access_token, '/hello')).toMatchObject({ status: 401 });
      expect(await refresh(app, device.refresh_token)).toMatchObject({ status: 400 });
    }
    const again = tokensOf(await signIn(app));
    expect(await withToken(app, again.access_token, '/hello')).toMatchObject({ status: 200 });
  });

  it('ends the session of a refresh token that somebody else has used', async () => {
    const owner = tokensOf(await signIn(app));
    const thief = tokensOf(await refresh(app, owner.refresh_token));
    const next = tokensOf(await refresh(app, thief.refresh_token));
    expect(await refresh(app, owner.refresh_token)).toMatchObject({ status: 400 });
    expect(await refresh(app, next.refresh_token)).toMatchObject({ status: 400 });
    expect(await withToken(app, next.access_token, '/hello')).toMatchObject({ status: 401 });
    await expect.poll(() => app.output).toContain('a stolen refresh token');
    expect(app.output).not.toContain(owner.refresh_token);
  });

  it('keeps sessions over a restart', async () => {
    const { refresh_token } = tokensOf(await signIn(app));
    expect(await app.stop()).toBe(0);
    app = await AppProcess.start(MAIN, settings);
    const { access_token } = tokensOf(await refresh(app, refresh_token));
    expect(await withToken(app, access_token, '/hello')).toMatchObject({ status: 200 });
  });
});

describe('settings that cannot be used', () => {
  it.each([
    [
      'Redis without a key that all processes know',
      { REDIS_URL: 'redis://127.0.0.1:1' },
      /set TOKENWRIGHT_KEY/,
    ],
    ['a port that is none', { PORT: 'x' }, /PORT must be/],
    ['a published password where others can come', { HOST: '0.0.0.0' }, /Set TOKENWRIGHT_PASSWORD/],
    ['a folder as the file of sessions', { SESSIONS_FILE: tmpdir() }, /did not start/],
  ])('are told in one line: %s', (_, wrong, why) => {
    const env = { ...settings, ...wrong };
    const { status, stderr } = spawnSync(process.execPath, [MAIN], { env, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr.replace(/^.*ExperimentalWarning.*\n.*\n/m, '').trim()).toMatch(why);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
