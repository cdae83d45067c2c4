import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandFace } from '../command-face.ts';
import { type Files, manifest, Workspace } from './workspace.ts';

const JWT = 'packages/jwt';

/** Checks of what users get: each is content with the small workspace, and with none of these changes. */
const BREAKS: readonly [check: string, what: string, files: Files, said: string][] = [
  [
    'tarballs',
    'a missing CHANGELOG',
    { [`${JWT}/CHANGELOG.md`]: undefined },
    '@tokenwright/jwt: CHANGELOG.md is missing',
  ],
  [
    'tarballs',
    'a file that no user needs',
    { [`${JWT}/dist/index.test.txt`]: '' },
    'dist/index.test.txt is of no use to a user',
  ],
  [
    'tarballs',
    'a source map without sources',
    { [`${JWT}/dist/index.js.map`]: '{"sources":["a"]}' },
    'comes without its sources',
  ],
  [
    'tarballs',
    'a built file whose source is gone',
    { [`${JWT}/dist/old.js`]: '' },
    'dist/old.js has no source any more',
  ],
  [
    'tarballs',
    'types of what is no dependency',
    { [`${JWT}/dist/index.d.ts`]: "export type { Logger } from 'pino';" },
    'imports types of pino, which is no dependency',
  ],
  [
    'tarballs',
    'a second dependency of jwt',
    { [`${JWT}/package.json`]: manifest('jwt', { dependencies: { jose: '^6.0.0', pino: '^10.0.0' } }) },
    'depends on more than jose',
  ],
  [
    'tarballs',
    'another floor of Node.js',
    { [`${JWT}/package.json`]: manifest('jwt', { engines: { node: '>=18' } }) },
    'engines.node is not ">=20.19"',
  ],
  [
    'tarballs',
    'a server without its page',
    { 'packages/server/dist/lab/page/index.html': undefined },
    'the page of the token lab is missing',
  ],
  [
    'publint',
    'an entry point that is not packed',
    {
      [`${JWT}/package.json`]: manifest('jwt', {
        exports: { '.': { types: './dist/index.d.ts', default: './dist/main.js' } },
      }),
    },
    '@tokenwright/jwt: ',
  ],
  [
    'types-wrong',
    'an entry point without types',
    { [`${JWT}/dist/index.d.ts`]: undefined },
    '@tokenwright/jwt: ',
  ],
  [
    'documented-imports',
    'a path that no package exports',
    { 'README.md': "```ts\nimport { one } from '@tokenwright/jwt/inside';\n```\n" },
    'README.md:2 imports from @tokenwright/jwt/inside, which no package exports',
  ],
  [
    'documented-imports',
    'a name that is not there',
    { 'docs/a.md': "# A\n\n```ts\nimport { two } from '@tokenwright/jwt';\n```\n" },
    'docs/a.md:4: @tokenwright/jwt has no two',
  ],
];

describe.each([...new Set(BREAKS.map(([check]) => check))])('%s', (check) => {
  it('is content with packages that are in order', () => {
    expect(new Workspace().check(check)).toMatchObject({ passed: true });
  });

  it.each(BREAKS.filter(([one]) => one === check).map(([, ...rest]) => rest))(
    'finds %s',
    (_what, files, said) => {
      const outcome = new Workspace(files).check(check);
      expect(outcome.passed).toBe(false);
      expect(outcome.said).toContain(said);
    },
  );
});

describe('the API report', () => {
  const API = `${JWT}/dist/index.d.ts`;

  it('is content with faces that are as reviewed, and finds a name that is new', () => {
    const workspace = new Workspace();
    expect(workspace.check('api-report', '--write')).toMatchObject({ passed: true });
    expect(workspace.check('api-report')).toMatchObject({ passed: true });
    workspace.write({ [API]: 'interface Hidden { a: 1 }\nexport declare const one: Hidden;\n' });
    const { passed, said } = workspace.check('api-report');
    expect(passed).toBe(false);
    expect(said).toContain('packages/jwt/api.md is not what is built');
    expect(said).toContain('+ export const one: Hidden;');
    // What a face refers to is a part of it.
    expect(said).toContain('+ export interface Hidden {');
  });

  it('has the help of every command, the exit codes and the members of JSON answers', async () => {
    const help = (rest: string): string => `Usage: tool [options]\n\nOptions:\n  -h, --help  help\n${rest}`;
    const commands = help(
      '\nCommands:\n  sign [options]  signs\n  help [command]  help\n\nExamples:\n  $ tool sign\n',
    );
    const { folder } = new Workspace({
      'packages/cli/dist/bin.js': `console.log(process.argv[2] === 'sign' ? ${JSON.stringify(help('  --key <key>  a key\n'))} : ${JSON.stringify(commands)});\n`,
      'packages/cli/dist/exit-codes.js': 'export const EXIT = { good: 0, refused: 1 };\n',
      'packages/cli/schema/output.json':
        '{ "$defs": { "sign": { "properties": { "token": {}, "header": {} } }, "time": {} } }',
    });
    const face = (await commandFace('tool', join(folder, 'packages/cli'), 'dist/bin.js')).join('\n');
    expect(face).toContain('### `tool sign`');
    expect(face).toContain('  --key <key>  a key');
    expect(face).not.toContain('$ tool sign');
    expect(face).toContain('- 1 refused');
    expect(face).toContain('- `sign`: `token`, `header`');
  });
});
