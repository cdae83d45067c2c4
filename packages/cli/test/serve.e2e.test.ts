import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { hashPassword } from '@tokenwright/auth';
import { afterEach, describe, expect, it } from 'vitest';
import { checkJson } from './json-schema.ts';
import { BIN, file, tokenwright } from './process.ts';
import { ec } from './tokens.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** What `serve --json` prints. */
interface Facts {
  readonly issuer: string;
  readonly token: string;
  readonly jwks: string;
  readonly metadata: string;
  readonly echo: string;
  readonly lab: string;
  readonly user: { readonly name: string; readonly password: string } | null;
}

/** Starts `serve` on a free port and waits for its one line. */
async function serve(args: readonly string[]): Promise<{ facts: Facts; child: ChildProcess }> {
  const child = spawn(process.execPath, [BIN, 'serve', '--port', '0', '--json', ...args]);
  children.push(child);
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  checkJson(['serve'], line);
  return { facts: JSON.parse(line) as Facts, child };
}

const basic = (name: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
});

async function json(
  url: string,
  init: RequestInit = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(url, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('serve', () => {
  it('issues tokens that its echo takes and that verify accepts by its issuer alone', async () => {
    const { facts, child } = await serve([]);
    const { name, password } = facts.user!;
    const { body } = await json(facts.token, { headers: basic(name, password) });
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
    const token = String(body['access_token']);
    const echoed = await json(facts.echo, { headers: { authorization: `Bearer ${token}` } });
    expect(echoed.body).toMatchObject({
      method: 'GET',
      path: '/echo',
      claims: { sub: 'admin', roles: ['admin'] },
    });
    expect((await fetch(facts.echo)).status).toBe(401);
    expect((await json(facts.metadata)).body).toMatchObject({ issuer: facts.issuer, jwks_uri: facts.jwks });
    const verified = await tokenwright(['verify', '--issuer', facts.issuer, '--audience', 'api', token]);
    expect(verified).toMatchObject({ code: 0, stderr: '' });
    expect((await fetch(facts.token, { headers: basic(name, 'wrong') })).status).toBe(401);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('has the token lab at its root, told of its own routes, of its one user, and of no password', async () => {
    const { facts } = await serve([]);
    const page = await fetch(facts.lab);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const settings = await json(`${facts.lab}lab/settings`);
    expect(settings.body['paths']).toEqual({ issue: '/token', renew: '/token/renew', use: '/echo' });
    expect(settings.body['prefill']).toEqual({ user: 'admin' });
    const { name, password } = facts.user!;
    const { body } = await json(facts.token, {
      method: 'POST',
      headers: { ...basic(name, password), 'Token-Lab': '1' },
    });
    const ask = (path: string, question: object) =>
      json(`${facts.lab}lab/${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Origin: new URL(facts.lab).origin },
        body: JSON.stringify(question),
      });
    const token = body['access_token'];
    expect((await ask('explain', { token })).body).toMatchObject({ accepted: true });
    for (const fault of ['another key', 'session over'])
      expect((await ask('broken', { token, fault })).body).toMatchObject({
        token: expect.stringMatching(/^ey/),
      });
  });

  it('renews a token of its own for the same subject, roles and claims, and no other', async () => {
    const users = await file(JSON.stringify({ ada: { password: 'p', roles: ['ops'], claims: { tier: 3 } } }));
    const { facts } = await serve(['--users', users]);
    const { body } = await json(facts.token, { headers: basic('ada', 'p') });
    const bearer = (token: unknown) => ({ headers: { authorization: `Bearer ${token}` } });
    const renewed = await json(`${facts.token}/renew`, { method: 'POST', ...bearer(body['access_token']) });
    expect(renewed).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 3600 } });
    expect(renewed.body['access_token']).not.toBe(body['access_token']);
    expect((await json(facts.echo, bearer(renewed.body['access_token']))).body).toMatchObject({
      claims: { sub: 'ada', roles: ['ops'], tier: 3 },
    });
    expect((await fetch(`${facts.token}/renew`, bearer(`${body['access_token']}x`))).status).toBe(401);
    expect((await json(`${facts.lab}lab/settings`)).body).toMatchObject({ prefill: { user: 'ada' } });
  });

  it('takes a password as its hash', async () => {
    const hash = await hashPassword('correct horse');
    const { facts } = await serve(['--users', await file(JSON.stringify({ ada: { password: hash } }))]);
    expect((await json(facts.token, { headers: basic('ada', 'correct horse') })).status).toBe(200);
    expect((await fetch(facts.token, { headers: basic('ada', hash) })).status).toBe(401);
  });

  it('names nobody in the sign-in form of the lab where there are several', async () => {
    const users = await file(JSON.stringify({ ada: { password: 'p' }, bob: { password: 'q' } }));
    const { facts } = await serve(['--users', users]);
    expect((await json(`${facts.lab}lab/settings`)).body['prefill']).toEqual({});
  });

  it('takes users, key, issuer and audience from options, and answers as RFC 6749 has it', async () => {
    const users = await file(
      JSON.stringify({
        ada: { password: 'correct horse', roles: ['ops'], scopes: ['read', 'write'], claims: { tier: 3 } },
      }),
    );
    const key = `@${await file(ec.privatePem)}`;
    const { facts } = await serve([
      '--users',
      users,
      '--key',
      key,
      '--issuer',
      'KestrunApi',
      '--audience',
      'b',
    ]);
    expect(facts.user).toBeNull();
    const post = (parameters: Record<string, string>) =>
      json(facts.token, {
        ...{ method: 'POST', headers: basic('ada', 'correct horse') },
        body: new URLSearchParams(parameters),
      });
    const { body } = await post({ grant_type: 'client_credentials', scope: 'read' });
    const checked = await tokenwright([
      'verify',
      '--key',
      key,
      '--issuer',
      'KestrunApi',
      '--audience',
      'b',
      '--json',
      String(body['access_token']),
    ]);
    expect(JSON.parse(checked.stdout).claims).toMatchObject({
      sub: 'ada',
      roles: ['ops'],
      scope: 'read',
      tier: 3,
    });
    for (const absent of [{ scope: '' }, { grant_type: '' }, { grant_type: '', scope: '' }]) {
      expect(await post(absent)).toMatchObject({ status: 200, body: { token_type: 'Bearer' } });
    }
    const asked = await json(`${facts.token}?scope=&grant_type=`, { headers: basic('ada', 'correct horse') });
    expect(asked).toMatchObject({ status: 200, body: { token_type: 'Bearer' } });
    expect(await post({ grant_type: 'password' })).toEqual({
      status: 400,
      body: { error: 'unsupported_grant_type' },
    });
    expect(await post({ scope: 'admin' })).toEqual({ status: 400, body: { error: 'invalid_scope' } });
    const taken = await tokenwright(['serve', '--port', new URL(facts.token).port]);
    expect(taken).toMatchObject({ code: 4, stdout: '' });
    expect(taken.stderr).toMatch(/^tokenwright: .*is already in use.*\n$/);
  });

  it.each([
    ['a secret as its key', ['--key', 'env:KEY'], 2, 'cannot be published'],
    ['a port that is none', ['--port', '70000'], 2, '--port'],
    ['users that are no JSON', ['--users', '@NONE'], 2, 'no JSON object'],
    ['a user without a password', ['--users', '@EMPTY'], 2, 'has no password'],
    ['claims that the issuer writes', ['--users', '@CLAIMS'], 2, 'reserved'],
    ['a claim whose digits would be lost', ['--users', '@DIGITS'], 2, 'too many digits'],
    ['a name without a letter', ['--users', '@NAME'], 2, '"ada" cannot have a token: name'],
    ['a user without a letter', ['--users', '@SUBJECT'], 2, '"" cannot have a token: subject'],
    ['a scope with a blank', ['--users', '@SCOPE'], 2, '"ada" cannot have a token: scopes'],
    ['a user with a colon', ['--users', '@COLON'], 2, 'a colon'],
    ['a user in two spellings', ['--users', '@SPELLINGS'], 2, 'stands twice'],
    ['a user twice', ['--users', '@TWICE'], 2, 'a member twice'],
    ['a password like a hash', ['--users', '@DOLLAR'], 2, 'is no scrypt hash'],
    ['a hash of another algorithm', ['--users', '@BCRYPT'], 2, 'is no scrypt hash'],
    ['a hash that nobody here understands', ['--users', '@ARGON'], 2, 'is no scrypt hash'],
    ['a password that is too long', ['--users', '@LONG'], 2, 'at most'],
    ['a file that is not there', ['--users', 'missing'], 4, 'does not exist'],
  ] as const)('does not start with %s', async (_, args, code, words) => {
    const files: Record<string, string> = {
      '@NONE': await file('MarkerOfThePassword'),
      '@EMPTY': await file('{"ada":{}}'),
      '@DIGITS': await file('{"ada":{"password":"MarkerOfThePassword","claims":{"id":9007199254740993}}}'),
      '@NAME': await file('{"ada":{"password":"MarkerOfThePassword","name":""}}'),
      '@SUBJECT': await file('{"":{"password":"MarkerOfThePassword"}}'),
      '@SCOPE': await file('{"ada":{"password":"MarkerOfThePassword","scopes":["a b"]}}'),
      '@COLON': await file('{"a:b":{"password":"MarkerOfThePassword"}}'),
      '@SPELLINGS': await file(
        '{"\\u00e5":{"password":"MarkerOfThePassword"},"a\\u030a":{"password":"MarkerOfThePassword"}}',
      ),
      '@TWICE': await file('{"ada":{"password":"MarkerOfThePassword"},"ada":{"password":"p"}}'),
      '@DOLLAR': await file('{"ada":{"password":"$MarkerOfThePassword"}}'),
      '@BCRYPT': await file(`{"ada":{"password":"$2b$10$MarkerOfThePassword${'a'.repeat(34)}"}}`),
      '@ARGON': await file(
        `{"ada":{"password":"$argon2id$v=19$m=19456,t=2,p=1$MarkerOfThePasswordAAA$${'A'.repeat(43)}"}}`,
      ),
      '@LONG': await file(`{"ada":{"password":"${'MarkerOfThePassword'.repeat(1000)}"}}`),
      '@CLAIMS': await file('{"ada":{"password":"MarkerOfThePassword","claims":{"iss":"x"}}}'),
    };
    const env = { KEY: `text:${'MarkerOfThePassword'.repeat(3)}` };
    const { stderr, ...ended } = await tokenwright(
      ['serve', '--port', '0', ...args.map((one) => files[one] ?? one)],
      { env },
    );
    expect(ended).toEqual({ code, stdout: '' });
    expect(stderr).toMatch(/^tokenwright: [^\n]+\nfix: [^\n]+\n$/);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('Marker');
  });
});
