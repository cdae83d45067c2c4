import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkJson, definitionFor, schema } from './json-schema.ts';
import { file, folder, tokenwright } from './process.ts';
import { EXPECTED, ec, expiredBy, HEX, token } from './tokens.ts';

const env = { KEY: `hex:${HEX}` };
const home = await folder();
const path = `@${await file(JSON.stringify(ec.privateJwk))}`;
const certs = join(home, 'certs');

/** A command line for every definition; `serve` is tested where it runs, `attack` and a URL where a service does. */
const LINES: readonly (readonly [code: number, args: readonly string[]])[] = [
  [0, ['inspect', token]],
  [3, ['inspect', 'garbage']],
  [0, ['verify', '--key', 'env:KEY', ...EXPECTED, token]],
  [1, ['verify', '--key', 'env:KEY', ...EXPECTED, expiredBy(180)]],
  [3, ['verify', '--key', 'env:KEY', ...EXPECTED, 'garbage']],
  [0, ['explain', '--key', 'env:KEY', ...EXPECTED, token]],
  [1, ['explain', '--key', 'env:KEY', ...EXPECTED, expiredBy(180)]],
  [4, ['explain', token, 'http://127.0.0.1:9/']],
  [0, ['issue', '--key', 'env:KEY', '--never-expires']],
  [0, ['renew', '--key', 'env:KEY', ...EXPECTED, token]],
  [0, ['key', 'new', '--alg', 'ES256']],
  [0, ['key', 'new', '--alg', 'HS256']],
  [0, ['key', 'new', '--alg', 'EdDSA', '--format', 'pem']],
  [0, ['key', 'new', '--alg', 'ES256', '--out', join(home, 'a'), '--public-out', join(home, 'b')]],
  [0, ['key', 'public', path]],
  [0, ['key', 'convert', path]],
  [0, ['key', 'thumbprint', path]],
  [0, ['jwks', path]],
  [0, ['jwks', path, '--out', join(home, 'jwks.json')]],
  [0, ['cert', 'new', '--dir', certs]],
  [0, ['cert', 'show', '--dir', certs]],
  [0, ['cert', 'trust', '--dir', certs]],
];

describe('--json', () => {
  it.each(LINES)('prints what the schema says, with exit %i: %j', async (expected, args) => {
    // The schema is asked wherever a test has --json in its command line: see process.ts.
    const { code, stdout } = await tokenwright([...args, '--json'], { env });
    expect(code).toBe(expected);
    expect(stdout).not.toBe('');
  });

  it.each([
    [2, ['verify', '--key', 'env:KEY', token]],
    [2, ['issue']],
    [2, ['key', 'new', '--alg', 'none']],
    [2, ['jwks', `hex:${HEX}`]],
    [4, ['inspect', '@/no/such/file']],
    [4, ['verify', '--key', '@/no/such/file', ...EXPECTED, token]],
    [4, ['verify', '--key', 'http://127.0.0.1:9/jwks', ...EXPECTED, token]],
    [4, ['key', 'new', '--alg', 'ES256', '--out', '/no/such/folder/key']],
  ])(
    'prints nothing where the command could not do its work, and says why on standard error: exit %i',
    async (expected, args) => {
      const { stderr, ...ended } = await tokenwright([...args, '--json'], { env });
      expect(ended).toEqual({ code: expected, stdout: '' });
      expect(stderr).toMatch(/^(tokenwright: warning: [^\n]+\n)?tokenwright: [^\n]+\nfix: [^\n]+\n$/);
    },
  );

  it('has a line here, or a test where it runs, for every definition', () => {
    const PARTS = ['check', 'issued', 'jwk', 'members', 'time'];
    const elsewhere = ['serve', 'attack'];
    const tried = new Set([...LINES.map(([, args]) => definitionFor(args)), ...elsewhere]);
    expect(Object.keys(schema.$defs).filter((name) => !tried.has(name) && !PARTS.includes(name))).toEqual([]);
  });

  it('is held against a schema that can fail', () => {
    expect(() => checkJson(['jwks'], '{"keys":[]}')).not.toThrow();
    expect(() => checkJson(['jwks'], '{"keys":[{}]}')).toThrow(/must have required property 'kty'/);
    expect(() => checkJson(['jwks'], '{"keys":[],"more":1}')).toThrow(/must NOT have additional properties/);
    expect(() => checkJson(['issue'], '{"token":1}')).toThrow(/token must be string/);
    expect(() => checkJson(['completion'], '{}')).toThrow('there is no schema for completion');
  });

  it('has its schema in the package', () => {
    const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    expect(manifest.files).toContain('schema');
  });
});
