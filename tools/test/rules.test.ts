import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Files, Workspace } from './workspace.ts';

/** The rules are this workspace's own. */
const rules = (...names: string[]): Files =>
  Object.fromEntries(
    names.map((name) => [name, readFileSync(join(import.meta.dirname, '..', '..', name), 'utf8')]),
  );
const SOURCE = 'packages/jwt/src/index.ts';

describe('lint', () => {
  it.each<[string, string, boolean]>([
    ['code in order', 'export const one = 1;\n', true],
    ['a forgotten breakpoint', 'debugger;\n', false],
    ['another indentation', 'export const one = {\n      a: 1,\n};\n', false],
    ['any', 'export const one: any = 1;\n', false],
  ])('of %s', (_what, text, passed) => {
    const workspace = new Workspace({ ...rules('biome.json'), [SOURCE]: text });
    expect(workspace.run('biome', 'check', SOURCE).passed).toBe(passed);
  });
});

describe('types', () => {
  it.each<[string, string, boolean]>([
    ['code in order', 'export const one = 1;\n', true],
    ['a wrong type', "export const one: number = 'two';\n", false],
    ['an index that may miss', 'export const one: number = [1, 2][Math.random()] ;\n', false],
    ['an export whose type has to be inferred', 'export const one = [1].map(String);\n', false],
  ])('of %s', (_what, text, passed) => {
    const config =
      '{ "extends": "../../tsconfig.base.json", "compilerOptions": { "noEmit": true }, "include": ["src"] }';
    const files = { ...rules('tsconfig.base.json'), 'packages/jwt/tsconfig.json': config, [SOURCE]: text };
    expect(new Workspace(files).run('tsc', '-p', 'packages/jwt').passed).toBe(passed);
  });
});

describe('unused code', () => {
  const workspaceWith = (files: Files): Workspace =>
    new Workspace({
      ...rules('knip.ts'),
      'packages/jwt/src/index.ts': "import { decodeJwt } from 'jose';\nexport const one = decodeJwt;\n",
      ...files,
    });
  const knip = (files: Files) => workspaceWith(files).run('knip', '--workspace', 'packages/jwt');

  it('is not found where everything is used', () => expect(knip({})).toMatchObject({ passed: true }));
  it.each<[string, Files, string]>([
    [
      'a file',
      { 'packages/jwt/src/forgotten.ts': 'export const two = 2;\n' },
      'packages/jwt/src/forgotten.ts',
    ],
    ['a dependency', { 'packages/jwt/src/index.ts': 'export const one = 1;\n' }, 'jose'],
  ])('is found in %s', (_what, files, said) => {
    const outcome = knip(files);
    expect(outcome.passed).toBe(false);
    expect(outcome.said).toContain(said);
  });
});

describe('licences', () => {
  const PERMISSIVE = { MIT: [{ name: 'a', versions: ['1.0.0'] }] };
  const COPYLEFT = { ...PERMISSIVE, 'GPL-3.0': [{ name: 'b', versions: ['2.0.0'] }] };
  const WEAK = { ...PERMISSIVE, 'MPL-2.0': [{ name: 'c', versions: ['3.0.0'] }] };

  /** `pnpm licenses list` of all, and with `--prod` of what users get. */
  const licences = (all: object, users: object) =>
    new Workspace({
      'bin/pnpm': `#!/bin/sh\ncase "$*" in *--prod*) echo '${JSON.stringify(users)}' ;; *) echo '${JSON.stringify(all)}' ;; esac\n`,
    }).check('licences');

  it('are good when permissive, and weak copyleft is good for tools', () => {
    expect(licences(WEAK, PERMISSIVE)).toMatchObject({ passed: true });
  });
  it.each<[string, object, object, string]>([
    ['copyleft', COPYLEFT, PERMISSIVE, 'b 2.0.0: GPL-3.0'],
    ['weak copyleft that reaches users', WEAK, WEAK, 'c 3.0.0: MPL-2.0, and users install it'],
  ])('are refused when they are %s', (_what, all, users, said) => {
    const outcome = licences(all, users);
    expect(outcome.passed).toBe(false);
    expect(outcome.said).toContain(said);
  });
});
