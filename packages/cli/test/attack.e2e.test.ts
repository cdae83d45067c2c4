import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { generateKey, JwtBuilder } from '@tokenwright/jwt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { file, folder, tokenwright } from './process.ts';
import { hasTerminal, onTerminal } from './terminal.ts';
import { type WeakService, weakService } from './weak-service.ts';

const key = await generateKey('ES256');
const jwt = new JwtBuilder().issuer('https://issuer.example').audience('api').subject('ada').signWith(key);
const { token } = jwt.buildSync();
const signing = `@${await file(JSON.stringify(key.exportPrivateJwk()))}`;
const publicHalf = `@${await file(JSON.stringify(key.publicJwk()))}`;

interface Result {
  readonly name: string;
  readonly outcome: string;
  readonly words: string;
}

let service: WeakService;
beforeAll(async () => {
  service = await weakService({
    ...{ key, issuer: 'https://issuer.example', audience: 'api' },
    validator: jwt.validator({ cache: false }),
  });
});
afterAll(() => service.close());

async function attack(route: string, args: readonly string[] = ['--key', signing]) {
  const ended = await tokenwright(['attack', service.at(route), '--token', token, '--json', ...args]);
  const results: readonly Result[] = ended.stdout === '' ? [] : JSON.parse(ended.stdout).results;
  const named = (outcome: string) => results.filter((one) => one.outcome === outcome).map(({ name }) => name);
  return { ...ended, results, named };
}

describe('attack', () => {
  it('finds nothing in a service that checks everything, and answers 0', async () => {
    const { code, stderr, named, results } = await attack('good');
    expect(named('fault')).toEqual([]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(named('skipped')).toEqual([]);
    expect(results.length).toBeGreaterThanOrEqual(150);
  });

  // What finds which fault stands in weak-faults.e2e.test.ts; here it is the whole command that runs.
  it.each([
    ['takes "none"', 'alg-none'],
    ['takes the public key for a secret', 'public-key-as-secret'],
    ['believes the certificate in the token', 'x5c'],
    ['follows jku', 'jku'],
  ])('finds that a service %s, and answers 1', async (route, found) => {
    const { code, stderr, named } = await attack(route);
    expect(named('fault')).toContain(found);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^tokenwright: \d+ of \d+ attacks found a fault\.\n$/);
    expect(named('fault')).not.toContain('good-token-afterwards');
  });

  it('finds that a service calls where a token points to, though it refuses the token', async () => {
    const { code, results } = await attack('calls where the token says, and accepts nothing from there');
    expect(code).toBe(1);
    for (const name of ['jku', 'jku-https', 'x5u', 'x5u-https', 'kid-url']) {
      expect(results.find((one) => one.name === name)).toMatchObject({
        outcome: 'fault',
        words: expect.stringMatching(/^401, but it called there\. .*RFC 8725/),
      });
    }
  });

  it('finds every fault of a service that is open to all', async () => {
    const { named, results } = await attack('is open');
    expect(named('pass')).toEqual(['good-token-afterwards']);
    expect(named('fault').length + named('weak').length).toBe(results.length - 1);
  });

  it.each([
    ['breaks', 'fault', /^500: bad input breaks the service$/],
    ['tells nothing', 'fault', /^401 without a challenge/],
    ['repeats', 'fault', /^the answer repeats the token$/],
    ['shows its stack', 'fault', /^the answer shows a stack trace$/],
    ['redirects', 'weak', /^302, where 401 is due/],
  ])('judges how a service refuses that %s', async (route, outcome, words) => {
    const { results } = await attack(route, []);
    const { outcome: judged, words: said } = results.find(({ name }) => name === 'payload-changed')!;
    expect(judged).toBe(outcome);
    expect(said).toMatch(words);
  });

  it('stops when nobody answers, says so, and answers 1 for the faults', async () => {
    const { code, stderr, named } = await attack('hangs up');
    expect(code).toBe(1);
    expect(named('skipped').length).toBeGreaterThan(100);
    expect(stderr).toMatch(
      /^tokenwright: not decided: the service does not answer any more; 3 of \d+ attacks were judged\.\nfix: /,
    );
  });

  it('is no clean bill when the service has had enough: exit 4, and a line that says why', async () => {
    const junit = join(await folder(), 'report.xml');
    const { code, stderr, stdout, named } = await attack('throttles', ['--junit', junit]);
    expect(code).toBe(4);
    expect(stderr).toMatch(
      /^tokenwright: not decided: the service answers 429: too many requests; 0 of \d+ attacks were judged\.\nfix: [^\n]+\n$/,
    );
    expect(named('pass')).toEqual(['good-token-afterwards']);
    expect(JSON.parse(stdout)).toMatchObject({ fault: 0, incomplete: expect.stringContaining('429') });
    expect(await readFile(junit, 'utf8')).toMatch(
      /failures="0" .* errors="1">[\s\S]*name="complete"><error /,
    );
  });

  it('without the key that signs leaves out what needs it', async () => {
    const none = await attack('good', []);
    expect(none.results.find(({ name }) => name === 'public-key-as-secret')).toMatchObject({
      outcome: 'skipped',
      words: 'needs a public key: --key',
    });
    expect(none.named('pass')).not.toContain('expired');
    const half = await attack('good', ['--key', publicHalf]);
    expect(half.named('pass')).toContain('public-key-as-secret');
    expect(half.named('pass')).not.toContain('expired');
  });

  it.skipIf(!hasTerminal)('shows on a terminal that it waits for the answer to the good token', async () => {
    let answer: () => void = () => undefined;
    const server = createServer((_, response) => {
      answer = () => response.writeHead(401).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    // The service answers only when the line has been seen.
    const { code, shown } = await onTerminal(['attack', url, '--token', token], {
      typed: [['calling http://', () => answer()]],
    });
    server.close();
    expect(shown).toContain(`calling ${url} …\r\u001b[K`);
    expect(code).toBe(1);
  });

  it('prints a table, and writes JUnit XML that names each attack', async () => {
    const junit = join(await folder(), 'report.xml');
    const args = ['attack', service.at('takes "none"'), '--token', token, '--key', signing, '--junit', junit];
    const { code, stdout } = await tokenwright(args);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAULT {2}alg-none +200 accepted\. .*RFC 8725/m);
    expect(stdout).toMatch(/^pass {3}expired +401 invalid_token$/m);
    expect(stdout).toMatch(/: \d+ faults, 0 weaknesses, \d+ passed, 0 skipped\n$/);
    const xml = await readFile(junit, 'utf8');
    expect(xml).toMatch(/tests="\d+" failures="\d+" skipped="0"/);
    expect(xml).toContain('<testcase classname="signature" name="alg-none"><failure message="accepted.');
    expect(xml).not.toContain(token);
  });

  it('--strict counts weaknesses as faults', async () => {
    expect((await attack('redirects', [])).code).toBe(0);
    const junit = join(await folder(), 'report.xml');
    const { code, named } = await attack('redirects', ['--strict', '--junit', junit]);
    expect(code).toBe(1);
    const [, failures] = /failures="(\d+)"/.exec(await readFile(junit, 'utf8')) ?? [];
    expect(Number(failures)).toBe(named('weak').length + named('fault').length);
    expect(Number(failures)).toBeGreaterThan(0);
  });

  it.each([
    ['another machine', 2, ['https://service.example/', '--token', token], '--i-own-this'],
    [
      'http to another machine',
      2,
      ['http://service.example/', '--token', token, '--i-own-this'],
      'Use https.',
    ],
    ['what is no token', 2, ['http://127.0.0.1:9/', '--token', 'garbage'], 'no signed token'],
    ['nothing that listens', 4, ['http://127.0.0.1:9/', '--token', token], 'Nothing listens there.'],
    ['what is no URL', 2, ['localhost', '--token', token], 'no URL'],
    [
      'a method that is none',
      2,
      ['http://127.0.0.1:9/', '--token', token, '--method', 'GET X'],
      '--method is no method',
    ],
    [
      'a report in no folder',
      4,
      ['http://127.0.0.1:9/', '--token', token, '--junit', '/no/such/folder/report.xml'],
      'lies in a folder that does not exist',
    ],
    [
      'a report in place of a folder',
      4,
      ['http://127.0.0.1:9/', '--token', token, '--junit', '/tmp'],
      'is a directory',
    ],
  ] as const)('does not begin against %s: exit %i', async (_, code, args, words) => {
    const { stderr, ...ended } = await tokenwright(['attack', ...args]);
    expect(ended).toEqual({ code, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).not.toContain(token);
  });

  it('does not begin with a key that is not that of the service: all would seem good', async () => {
    const other = `@${await file(JSON.stringify((await generateKey('ES256')).exportPrivateJwk()))}`;
    const { code, stdout, stderr } = await attack('good', ['--key', other]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('no longer accepted once it is signed with the key of --key');
  });

  it('does not begin where the good token is refused: nothing could be judged', async () => {
    const foreign = jwt.audience('other').buildSync().token;
    const { code, stderr } = await tokenwright(['attack', service.at('good'), '--token', foreign]);
    expect(code).toBe(1);
    expect(stderr).toContain('The good token is not accepted (401)');
  });
});
