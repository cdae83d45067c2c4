import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { KEY } from './tokens.js';
import { certificateFolder, removeFolder, runToEnd, Tutorial } from './tutorial-process.js';

const folder = certificateFolder();
const settings = { TOKENWRIGHT_CERTIFICATES: folder };

afterAll(() => removeFolder(folder));

const OWN = { TOKENWRIGHT_KEY: 'ab'.repeat(32), TOKENWRIGHT_PASSWORD: 'a password of my own' };

describe('a setting that cannot be used stops the start with one clear line', () => {
  it.each([
    [
      'a key that is too short',
      { TOKENWRIGHT_KEY: 'abcd' },
      /TOKENWRIGHT_KEY cannot be used. HS256 needs a key of at least 256 bits/,
    ],
    [
      'a key that is no hexadecimal',
      { TOKENWRIGHT_KEY: 'x'.repeat(64) },
      /TOKENWRIGHT_KEY cannot be used.*no digit at position 0/,
    ],
    ...['KEY', 'PASSWORD', 'USER', 'ISSUER', 'AUDIENCE', 'REALM'].map(
      (name): [string, Record<string, string>, RegExp] => [
        `an empty ${name}`,
        { [`TOKENWRIGHT_${name}`]: '' },
        new RegExp(`TOKENWRIGHT_${name} is set, and empty`),
      ],
    ),
    [
      'a file instead of a folder for certificates',
      { TOKENWRIGHT_CERTIFICATES: import.meta.filename },
      /start-and-stop\.e2e\.test\.ts is no folder.*The setting is TOKENWRIGHT_CERTIFICATES/,
    ],
    [
      'a lifetime without a unit',
      { TOKENWRIGHT_VALID_FOR: '900' },
      /VALID_FOR=900 is a number without a unit/,
    ],
    ['a lifetime of nothing', { TOKENWRIGHT_VALID_FOR: '0s' }, /is not between a second and/],
    [
      'a session that is no duration',
      { TOKENWRIGHT_MAX_SESSION: 'bogus' },
      /MAX_SESSION=bogus is no duration/,
    ],
    ['a session without a unit', { TOKENWRIGHT_MAX_SESSION: '900' }, /MAX_SESSION=900 is a number without/],
    ['a session of millennia', { TOKENWRIGHT_MAX_SESSION: '9999999999d' }, /is not between a second and/],
    [
      'a level that the log does not have',
      { LOG_LEVEL: 'loud' },
      /LOG_LEVEL=loud is no level.*silent, fatal, error/,
    ],
    ['a port that is none', { PORT: 'http' }, /PORT=http is no port/],
    ['a port that is too large', { PORT: '70000' }, /PORT=70000 is no port/],
    ['the published key and password on an address of all', { HOST: '0.0.0.0' }, /published value/],
    [
      'the published key on an address of all',
      { HOST: '::', ...OWN, TOKENWRIGHT_KEY: undefined },
      /TOKENWRIGHT_KEY is the tutorial's published value/,
    ],
    [
      'the published key in capitals on an address of all',
      { HOST: '0.0.0.0', ...OWN, TOKENWRIGHT_KEY: KEY.toUpperCase() },
      /TOKENWRIGHT_KEY is the tutorial's published value/,
    ],
    [
      'the published key with the zero bytes that HMAC appends anyway',
      { HOST: '0.0.0.0', ...OWN, TOKENWRIGHT_KEY: `${KEY}0000` },
      /TOKENWRIGHT_KEY is the tutorial's published value/,
    ],
    [
      'the published password on an address of all',
      { HOST: '0.0.0.0', ...OWN, TOKENWRIGHT_PASSWORD: undefined },
      /TOKENWRIGHT_PASSWORD is the tutorial's published value/,
    ],
    ['an address that only begins like loopback', { HOST: '127.0.0.999' }, /published value/],
  ])('%s', async (_what, wrong, words) => {
    const given = Object.fromEntries(
      Object.entries({ ...settings, ...wrong }).filter(([, value]) => value !== undefined),
    );
    const { code, err } = await runToEnd(given as Record<string, string>);
    expect(code).toBe(1);
    expect(err).toMatch(words);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('a port in use, naming the usual suspect where it is one', async () => {
    const occupant = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => occupant.once('listening', resolve));
    const { port } = occupant.address() as { port: number };
    const { code, err } = await runToEnd({ ...settings, PORT: String(port) });
    occupant.close();
    expect(code).toBe(1);
    expect(err).toContain(`127.0.0.1:${port} is already in use`);
    expect(err).toContain('PORT=5050');
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});

describe('a tutorial with a key and password of its own', () => {
  it('prints neither of them, tells neither to the lab, and gives no warning', async () => {
    const tutorial = await Tutorial.start({ ...settings, ...OWN });
    expect((await tutorial.ask('/lab/settings')).json()).toMatchObject({ prefill: { user: 'admin' } });
    expect((await tutorial.ask('/lab/settings')).text).not.toContain(OWN.TOKENWRIGHT_PASSWORD);
    await tutorial.stop();
    expect(tutorial.output).not.toContain('!!!');
    expect(tutorial.output).not.toContain(OWN.TOKENWRIGHT_KEY);
    expect(tutorial.output).not.toContain(OWN.TOKENWRIGHT_PASSWORD);
  });
});

describe.each(['0.0.0.0', '::'])('a tutorial on every address, HOST=%s', (HOST) => {
  it('prints commands for localhost, where its certificate holds and it can be reached', async () => {
    const tutorial = await Tutorial.start({ ...settings, ...OWN, HOST });
    const commands = tutorial.output.match(/^(?:TOKEN=.*|curl .*)$/gm) ?? [];
    const answer = await tutorial.ask('/healthz', { host: 'localhost' });
    await tutorial.stop();
    expect(commands).toHaveLength(4);
    for (const command of commands) expect(command).toContain(` https://localhost:${tutorial.port}/`);
    expect(tutorial.output).toContain(`Open https://localhost:${tutorial.port}/`);
    expect(answer.status).toBe(200);
  });
});

describe('the certificate', () => {
  it('is kept between two starts, with a key that only its owner can read', async () => {
    const first = await Tutorial.start(settings);
    const authority = readFileSync(first.authority, 'utf8');
    await first.stop();
    const second = await Tutorial.start(settings);
    expect(readFileSync(second.authority, 'utf8')).toBe(authority);
    await second.stop();
    if (process.platform !== 'win32') expect(statSync(folder).mode & 0o077).toBe(0);
  });
});

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  it('lets a request in flight end, takes no other, and ends the tutorial with exit code 0', async () => {
    const tutorial = await Tutorial.start(settings);
    // The one route that reads a body: what the lab asks about a request without a token.
    const headers = { origin: `https://127.0.0.1:${tutorial.port}`, 'content-type': 'application/json' };
    const finish = await tutorial.begin('/lab/explain', headers);
    tutorial.signal(signal);
    await tutorial.closed();
    expect(await finish('{}')).toMatchObject({ status: 200 });
    expect(await tutorial.ended()).toBe(0);
  });
});

describe('main.ts', () => {
  it('has the twelve steps of the tutorial, in order, one comment line each', () => {
    const source = readFileSync(join(import.meta.dirname, '..', 'src', 'main.ts'), 'utf8');
    const steps = [...source.matchAll(/^ {2}\/\/ (\d+)\. (\w+)/gm)].map(
      ([, number, word]) => `${number} ${word}`,
    );
    expect(steps).toEqual([
      '1 Logger',
      '2 Server',
      '3 Listener',
      '4 Runtime',
      '5 Initial',
      '6 Token',
      '7 Bearer',
      '8 Enable',
      '9 Issue',
      '10 Renew',
      '11 Protected',
      '12 Start',
    ]);
  });
});
