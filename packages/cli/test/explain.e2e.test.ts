import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createCA, createCert } from 'mkcert';
import { afterAll, describe, expect, it } from 'vitest';
import { file, tokenwright } from './process.ts';
import { hasTerminal, onTerminal } from './terminal.ts';
import { builder, EXPECTED, expiredBy, HEX, OTHER_HEX, token } from './tokens.ts';

const KEY = { KEY: `hex:${HEX}` };
const explain = (args: readonly string[], key = HEX, stdin = '') =>
  tokenwright(['explain', '--key', 'env:KEY', ...args], { env: { KEY: `hex:${key}` }, stdin });

describe('explain', () => {
  it('lists every check, with cause and fix under each that fails, and what would be accepted', async () => {
    const { code, stdout, stderr } = await explain([
      ...['--issuer', 'Other', '--audience', 'Other'],
      expiredBy(180),
    ]);
    expect(code).toBe(1);
    expect(stdout.match(/^FAIL/gm)).toHaveLength(3);
    expect(stdout.match(/^ +fix: \S/gm)).toHaveLength(3);
    expect(stderr).toBe('tokenwright: refused: The token expired 3 minutes ago.\n');
    expect(stdout).not.toContain('would be accepted');
  });

  it('names the one change under which the token would be accepted', async () => {
    const expired = await explain([...EXPECTED, expiredBy(180)]);
    expect(expired.stdout).toMatch(/^would be accepted\n {2}with --at \d{4}-.*Z +the last second/m);
    const foreign = await explain(['--issuer', 'KestrunApi', '--audience', 'c', token]);
    expect(foreign.stdout).toMatch(/^ {2}with --audience "KestrunClients" +an audience it has$/m);
    const otherKey = await explain([...EXPECTED, token], OTHER_HEX);
    expect(otherKey.stdout).not.toContain('would be accepted');
  });

  it.each([
    ['a later time', ['--at', '+2h'], 1, 'expired'],
    ['an earlier time', ['--at', '-10m'], 1, 'issued'],
    ['a greater tolerance', ['--at', '+2h', '--tolerance', '23h'], 0, 'accepted'],
    ['the time of the call', [], 0, 'accepted'],
  ])('answers what if: %s', async (_, args, code, words) => {
    const ended = await explain([...EXPECTED, ...args, token]);
    expect(ended.code).toBe(code);
    expect(ended.stdout + ended.stderr).toContain(words);
  });

  it('--json has the report, the moment it is for and the what-ifs', async () => {
    const { code, stdout } = await explain([...EXPECTED, '--at', '2100-01-01', '--json', token]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      verified: false,
      at: '2100-01-01T00:00:00.000Z',
      decisive: { check: 'expiry' },
      whatIf: [{ option: expect.stringMatching(/^--at /) }, { option: expect.stringMatching(/^--at /) }],
    });
  });

  it('answers 3 for what is no token, and 2 without a key', async () => {
    expect((await explain([...EXPECTED, 'garbage'])).code).toBe(3);
    expect((await tokenwright(['explain', ...EXPECTED, token], { env: KEY })).code).toBe(2);
  });
});

describe('explain with the URL of a service', () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });

  async function service(
    answer: (response: ServerResponse, request: IncomingMessage) => void,
  ): Promise<string> {
    const server = createServer((request, response) => answer(response, request));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hello`;
  }

  const refusing =
    (challenge: string | undefined, { status = 401, ahead = 0 } = {}) =>
    (response: ServerResponse): void => {
      response.writeHead(status, {
        date: new Date(Date.now() + ahead * 1000).toUTCString(),
        ...(challenge === undefined ? {} : { 'www-authenticate': challenge }),
      });
      response.end();
    };

  const INVALID =
    'Bearer realm="api", error="invalid_token", error_description="The access token is not valid"';
  const described = (words: string) => INVALID.replace('The access token is not valid', words);
  const early = builder
    .notBefore(new Date(Date.now() + 3_600_000))
    .validFor('2h')
    .buildSync().token;

  it('says that nothing is wrong when the token is accepted, and sends it as RFC 6750 has it', async () => {
    const seen: (string | undefined)[] = [];
    const url = await service((response, { headers, method }) => {
      seen.push(headers.authorization, method);
      response.end('hello');
    });
    const ended = await tokenwright(['explain', token, url]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('nothing is wrong: The service accepts the token.');
    const piped = await tokenwright(['explain', '--method', 'POST', url], { stdin: token });
    expect(piped.code).toBe(0);
    expect(seen).toEqual([`Bearer ${token}`, 'GET', `Bearer ${token}`, 'POST']);
  });

  it.each([
    ['the token has expired', refusing(INVALID), expiredBy(180), [], 'token', 'expired 3 minutes ago'],
    ['the token is not valid yet', refusing(INVALID), early, [], 'token', 'is not valid yet'],
    [
      "the service's clock is ahead",
      refusing(INVALID, { ahead: 7200 }),
      token,
      [],
      'clock',
      /7\d{3} seconds ahead of.*has ended/,
    ],
    [
      "the service's clock is behind",
      refusing(INVALID, { ahead: -7200 }),
      token,
      [],
      'clock',
      /7\d{3} seconds behind.*not valid yet/,
    ],
    [
      'a token 20 s past its end, which most clocks allow, is signed with another key',
      refusing(INVALID),
      expiredBy(20),
      ['--key', 'env:OTHER'],
      'token',
      'signed with another key',
    ],
    [
      'a token is 20 s past its end and nothing else is known',
      refusing(INVALID),
      expiredBy(20),
      [],
      'token',
      /ends about now .*expired \d+ seconds ago.*less than 60 seconds/,
    ],
    [
      'a token is 20 s past its end and the tolerance is 10 s',
      refusing(INVALID),
      expiredBy(20),
      ['--tolerance', '10s'],
      'token',
      'The token has ended',
    ],
    [
      'the clocks differ by less than is allowed for, and the audience is another',
      refusing(INVALID, { ahead: -30 }),
      token,
      ['--audience', 'c'],
      'token',
      'Expected "c", got "KestrunClients"',
    ],
    [
      'the clocks differ by less than is allowed for, and the token was issued just now',
      refusing(INVALID, { ahead: -30 }),
      token,
      [],
      'unknown',
      'does not say why',
    ],
    [
      'the clocks differ by more than is allowed for, and the key is another',
      refusing(INVALID, { ahead: -7200 }),
      token,
      ['--key', 'env:OTHER'],
      'token',
      'signed with another key',
    ],
    [
      'the clocks differ by more than is allowed for, and the service names the audience',
      refusing(described('The access token is for another audience'), { ahead: 7200 }),
      token,
      [],
      'token',
      'for another audience',
    ],
    [
      'the service says expired and its clock alone agrees, by however little',
      refusing(described('The access token expired'), { ahead: 50 }),
      builder.validFor('40s').buildSync().token,
      [],
      'clock',
      /seconds ahead of.*has ended/,
    ],
    [
      'the service says expired and no clock agrees',
      refusing(described('The access token expired')),
      token,
      [],
      'service',
      'by both clocks it has not',
    ],
    [
      'the service says not valid yet and its clock agrees',
      refusing(described('The access token is not valid yet'), { ahead: -50 }),
      token,
      [],
      'clock',
      /seconds behind.*is not valid yet/,
    ],
    [
      'only the audience is known, and it is the same',
      refusing(INVALID),
      token,
      ['--audience', 'KestrunClients'],
      'unknown',
      'another key, issuer or audience',
    ],
    [
      'only the issuer is known, and it is another',
      refusing(INVALID),
      token,
      ['--issuer', 'Other'],
      'token',
      'Expected "Other", got "KestrunApi"',
    ],
    [
      'the scope is missing, in a 401',
      refusing('Bearer error="insufficient_scope", scope="write"'),
      token,
      [],
      'permission',
      'It needs the scope write.',
    ],
    [
      'the token is bad, in a 403',
      refusing(INVALID, { status: 403 }),
      token,
      ['--key', 'env:OTHER'],
      'token',
      'signed with another key',
    ],
    [
      'an API key is asked for',
      (response: ServerResponse) => {
        response.writeHead(401, { 'content-type': 'text/plain' });
        response.end('API key missing');
      },
      token,
      [],
      'request',
      'asks for an API key',
    ],
    [
      'the key is another',
      refusing(INVALID),
      token,
      ['--key', 'env:OTHER'],
      'token',
      'signed with another key',
    ],
    [
      'the audience is another',
      refusing(INVALID),
      token,
      ['--key', 'env:KEY', '--audience', 'c'],
      'token',
      'Expected "c", got "KestrunClients"',
    ],
    [
      'the service says so: audience',
      refusing(described('The access token is for another audience')),
      token,
      [],
      'token',
      'for another audience. It is for KestrunClients',
    ],
    [
      'the service says so and it is known here, too',
      refusing(described('The access token is for another audience')),
      token,
      ['--audience', 'c'],
      'token',
      'Expected "c", got "KestrunClients"',
    ],
    [
      'the service says so and what is known here is something else',
      refusing(described('The access token is for another audience')),
      token,
      ['--key', 'env:OTHER'],
      'token',
      'The service says that the token is for another audience',
    ],
    [
      'the service says so: revoked',
      refusing(described('The access token was revoked')),
      token,
      [],
      'token',
      'revoked',
    ],
    [
      'the service has other settings',
      refusing(INVALID),
      token,
      ['--key', 'env:KEY', ...EXPECTED],
      'service',
      'it has another key, issuer or audience',
    ],
    ['nothing shows it', refusing(INVALID), token, [], 'unknown', 'another key, issuer or audience'],
    [
      'the service saw no token',
      refusing('Bearer realm="api"'),
      token,
      [],
      'request',
      'may not have seen it',
    ],
    [
      'the route takes passwords',
      refusing('Basic realm="a, Bearer b", charset="UTF-8"'),
      token,
      [],
      'request',
      'asks for Basic',
    ],
    [
      'a scope is missing',
      refusing('Basic realm=x, Bearer error="insufficient_scope", scope="read write"', { status: 403 }),
      token,
      [],
      'permission',
      'It needs the scope read write.',
    ],
    ['the path is another', refusing(undefined, { status: 404 }), token, [], 'request', 'There is no /hello'],
    [
      'the service fails',
      refusing(undefined, { status: 500 }),
      token,
      [],
      'service',
      'The service fails (500).',
    ],
  ] as const)('names the side that is wrong when %s', async (_, answer, given, args, side, words) => {
    const url = await service(answer);
    const env = { ...KEY, OTHER: `hex:${OTHER_HEX}` };
    const { code, stdout, stderr } = await tokenwright(['explain', '--json', ...args, given, url], { env });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const judgement = JSON.parse(stdout);
    expect(judgement.side).toBe(side);
    expect(judgement.cause).toMatch(words);
    expect(judgement.fix).toMatch(/\.$/);
    expect(stdout).not.toContain(given);
  });

  it('compares what is known without the key, and says what that leaves open', async () => {
    const url = await service(refusing(INVALID));
    const { code, stdout } = await tokenwright(['explain', '--audience', 'c', token, url]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^skip {2}signature +The key is not known here: give it with --key\.$/m);
    expect(stdout).toMatch(/^FAIL {2}audience /m);
    expect(stdout).toMatch(/^the token is wrong: .*Expected "c", got "KestrunClients"\.$/m);
  });

  it('calls the service though the keys of the issuer cannot be fetched, and says so', async () => {
    const url = await service(refusing(INVALID));
    for (const known of [
      ['--issuer', 'http://127.0.0.1:9/'],
      ['--key', 'http://127.0.0.1:9/jwks', '--issuer', 'Other'],
    ]) {
      const ended = await tokenwright(['explain', ...known, token, url]);
      expect(ended.code).toBe(1);
      expect(ended.stderr).toMatch(
        /^tokenwright: warning: The keys cannot be fetched: [^\n]* The signature is not checked here\.\n$/,
      );
      expect(ended.stdout).toMatch(/^status +401$/m);
      expect(ended.stdout).toMatch(/^the token is wrong: .*got "KestrunApi"\.$/m);
    }
    // A key file that is not there is the caller's to mend.
    const missing = await tokenwright(['explain', '--key', '@/no/such/key', token, url]);
    expect(missing).toMatchObject({ code: 4, stdout: '' });
  });

  it('says that the certificate is not trusted, and calls with --ca', async () => {
    const names = { countryCode: 'XX', state: 's', locality: 'l', organization: 'Test CA', validity: 10 };
    const ca = await createCA(names);
    const { key, cert } = await createCert({ ca, domains: ['127.0.0.1'], validity: 5 });
    const server = createTlsServer({ key, cert }, (_, response) => response.end('hello'));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/hello`;
    const refused = await tokenwright(['explain', token, url]);
    expect(refused.code).toBe(4);
    expect(refused.stdout).toMatch(/^the certificate is not trusted: .*\nfix: .*--ca FILE/m);
    expect((await tokenwright(['explain', '--ca', await file(ca.cert), token, url])).code).toBe(0);
    const otherName = url.replace('127.0.0.1', 'localhost');
    const misnamed = await tokenwright(['explain', '--ca', await file(ca.cert), token, otherName]);
    expect(misnamed.stdout).toContain('The certificate is for another host.');
  });

  it('says that a certificate has ended', async () => {
    const names = { countryCode: 'XX', state: 's', locality: 'l', organization: 'Test CA', validity: 10 };
    const ca = await createCA(names);
    const { key, cert } = await createCert({ ca, domains: ['127.0.0.1'], validity: -1 });
    const server = createTlsServer({ key, cert }, (_, response) => response.end('hello'));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/hello`;
    const { code, stdout } = await tokenwright(['explain', '--ca', await file(ca.cert), token, url]);
    expect(code).toBe(4);
    expect(stdout).toMatch(
      /^the certificate is not trusted: The certificate has ended\.\nfix: The service has to renew it; .*clock/m,
    );
  });

  it('says that https is called where plain http is spoken, and the other way round', async () => {
    const plain = await service((response) => response.end('hello'));
    const secure = await tokenwright(['explain', token, plain.replace('http:', 'https:')]);
    expect(secure.code).toBe(4);
    expect(secure.stdout).toMatch(
      /^the service cannot be reached: It does not speak TLS there\.\nfix: Use http, or the port that speaks https\.$/m,
    );
    const server = createTlsServer({}, (_, response) => response.end('hello'));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hello`;
    const open = await tokenwright(['explain', token, url]);
    expect(open.code).toBe(4);
    expect(open.stdout).toMatch(/^the service cannot be reached: .*\nfix: .*https/m);
  });

  it.skipIf(!hasTerminal)('shows on a terminal that it waits, and takes that away again', async () => {
    let answer: () => void = () => undefined;
    const url = await service((response) => {
      answer = () => response.end('hello');
    });
    // The service answers only when the line has been seen.
    const { code, shown } = await onTerminal(['explain', token, url], {
      typed: [['calling http://', () => answer()]],
    });
    expect(shown).toContain(`calling ${new URL(url).origin} …\r\u001b[K`);
    expect(code).toBe(0);
  });

  it('says that the token comes first where the two were swapped', async () => {
    const { stderr, ...ended } = await tokenwright(['explain', 'http://127.0.0.1:1/hello', token]);
    expect(ended).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^tokenwright: The token comes first, [^\n]+\nfix: [^\n]+\n$/);
    expect(stderr).not.toContain(token);
  });

  it('answers 4 when nothing is there, 2 for http to another machine, and 3 for what is no token', async () => {
    const nothing = await tokenwright(['explain', token, 'http://127.0.0.1:9/']);
    expect(nothing.code).toBe(4);
    expect(nothing.stdout).toContain('the service cannot be reached: Nothing listens there.');
    const open = await tokenwright(['explain', token, 'http://service.example/']);
    expect(open).toMatchObject({ code: 2, stdout: '' });
    expect(open.stderr).toContain('would show the token to all between');
    const secret = await tokenwright(['explain', 'MarkerOfTheSecret', 'http://127.0.0.1:9/']);
    expect(secret).toMatchObject({ code: 3, stdout: '' });
  });

  it('shows what a hostile service says without obeying it (H36)', async () => {
    const url = await service((response) => {
      response.writeHead(302, { location: '\u009b31mred' });
      response.end();
    });
    const { stdout } = await tokenwright(['explain', token, url]);
    expect(stdout).toMatch(/redirects to \\u009b31mred/);
  });
});
